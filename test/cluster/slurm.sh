#!/usr/bin/env bash
# A real Slurm on loopback, as root: `slurm.sh start <folder> <port> <port of the node>…` prints the path of its slurm.conf; of several nodes
# each has one core, a name (n1, …) and a partition (p1, …) of its own, as if it were another machine. `slurm.sh stop <folder>`
# ends what was started, by process id; `slurm.sh blind <folder> <other>` starts the node again so that it does not see the other. Nothing of it is reachable from other machines.
set -euo pipefail
verb=$1 folder=$2

start() {
  for program in slurmctld slurmd sbatch munged; do
    command -v $program >/dev/null || [ -x "/usr/sbin/$program" ] || { echo "no $program" >&2; exit 3; }
  done
  [ "$(id -u)" -eq 0 ] || { echo "Slurm's daemons need root here" >&2; exit 3; }
  mkdir -p "$folder"/{state,spool,log,munge}
  # A munge of its own: another key and socket than those of the machine.
  chmod 755 "$folder"
  dd if=/dev/urandom of="$folder/munge/key" bs=1 count=1024 status=none
  chmod 400 "$folder/munge/key"
  chmod 700 "$folder/munge"
  mkdir -p -m 755 "$folder/socket"
  /usr/sbin/munged --force --key-file "$folder/munge/key" --socket "$folder/socket/munge" \
    --pid-file "$folder/munge/pid" --log-file "$folder/munge/log" --seed-file "$folder/munge/seed"
  cat >"$folder/slurm.conf" <<EOF
ClusterName=lab
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/socket/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort=${3:-36817}
SlurmdPort=${4:-36818}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
MpiDefault=none
ReturnToService=2
MaxArraySize=10001
SchedulerParameters=sched_interval=5
MinJobAge=300
KillWait=5
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld
SlurmdLogFile=$folder/log/slurmd
# Two cores, whatever the machine has.
SlurmdParameters=config_overrides
# Two graphics processors that are numbers only: enough to see what is asked for.
GresTypes=gpu
NodeName=localhost NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000 Gres=gpu:2 State=UNKNOWN
PartitionName=main Nodes=localhost Default=YES MaxTime=INFINITE State=UP DefMemPerCPU=500
EOF
  names=localhost
  if [ $# -gt 4 ]; then several "${@:4}"; fi
  printf 'Name=gpu File=%s\n' /dev/null /dev/zero >"$folder/gres.conf"
  export SLURM_CONF=$folder/slurm.conf
  /usr/sbin/slurmctld -f "$SLURM_CONF"
  for name in $names; do /usr/sbin/slurmd -f "$SLURM_CONF" -N "$name"; done
  for _ in $(seq 100); do
    [ "$(sinfo -h -N -o %T 2>/dev/null | grep -c idle)" -ge "$(wc -w <<<"$names")" ] && { echo "$SLURM_CONF"; return; }
    sleep 0.2
  done
  echo "Slurm did not come up" >&2
  cat "$folder"/log/* >&2
  stop
  exit 1
}

# In place of the one node: what each of them writes bears its name, and one that does not answer counts as dead soon.
several() {
  sed -i -E -e '/^(NodeName|PartitionName|SlurmdPort|GresTypes)=/d' -e 's/^(SlurmdPidFile=.*)\.pid/\1-%n.pid/' \
    -e 's/^(Slurmd(LogFile|SpoolDir)=.*)/\1-%n/' "$folder/slurm.conf"
  echo SlurmdTimeout=15 >>"$folder/slurm.conf"
  names=
  for port; do
    number=$(($(wc -w <<<"$names") + 1)) usual=NO
    [ $number -gt 1 ] || usual=YES
    names+=" n$number"
    echo "NodeName=n$number NodeHostname=localhost NodeAddr=127.0.0.1 Port=$port CPUs=1 RealMemory=4000 State=UNKNOWN"
    echo "PartitionName=p$number Nodes=n$number Default=$usual MaxTime=INFINITE State=UP DefMemPerCPU=500"
  done >>"$folder/slurm.conf"
}

stop() {
  for pid in "$folder"/slurmd*.pid "$folder/slurmctld.pid" "$folder/munge/pid"; do
    [ -s "$pid" ] && kill "$(cat "$pid")" 2>/dev/null || true
  done
}

# The node anew, with another view of the disk: an empty folder lies over the one that it is not to see.
blind() {
  export SLURM_CONF=$folder/slurm.conf
  kill "$(cat "$folder/slurmd.pid")"
  while [ -e "$folder/slurmd.pid" ]; do sleep 0.2; done
  unshare -m sh -c 'mount -t tmpfs none "$1" && exec /usr/sbin/slurmd -f "$SLURM_CONF" -N localhost' sh "$1"
}

case $verb in
  start) shift 2; start "$folder" "$folder" "$@" ;;
  stop) stop ;;
  blind) blind "$3" ;;
esac
