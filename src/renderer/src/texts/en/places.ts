type MachineFact = 'host' | 'cores' | 'processor' | 'memory' | 'free' | 'graphics'
type PartitionFact = 'name' | 'nodes' | 'cores' | 'time'

/** Words of the places where jobs compute. */
export const places = {
  title: 'Places to compute',
  text: 'Runs of experiments can compute on a Slurm cluster or on a machine behind SSH. Your own ssh is used; no password is kept, and nothing there listens.',
  kinds: { slurm: 'Slurm cluster', process: 'machine without a scheduler' },
  here: 'this computer',
  name: 'Name',
  kind: 'Kind',
  ssh: 'SSH host',
  sshText: 'As in your terminal: ssh my-cluster must work there without a password. Empty: this computer.',
  partition: 'Partition',
  partitionText: 'Empty: the usual one. The check lists those that there are.',
  threads: 'Cores of a job',
  atOnce: 'Jobs at the same time',
  atOnceText: '0: as many as Slurm likes.',
  account: 'Account',
  accountText: 'Empty: your usual one.',
  more: 'More settings',
  folder: 'Folder there',
  folderText: 'Where the lab keeps its things; a relative one lies in your home folder there.',
  folderShared:
    'On a file system that the login node and all nodes see, often your home folder or a project or scratch folder. The check says so if it is not.',
  sshConfig: 'Another ssh configuration',
  sshConfigText: 'Path of a file. Empty: your own.',
  minutes: 'Longest time of a job’s turn, in minutes',
  minutesText: '0: what the partition allows. A job that takes longer goes on in its next turn.',
  memory: 'Memory of a job, in MB',
  memoryText: '0: as much as each job is thought to need, and twice that where it was too little.',
  gpus: 'Graphics processors of a job that can use them',
  gpusText: 'A job that needs one is given one anyway.',
  extra: 'Further options of sbatch',
  extraText: 'One a line, for instance --qos=long or --constraint=avx512.',
  addTitle: 'Add a place',
  add: 'Add and check',
  save: 'Save and check',
  change: 'Change',
  check: 'Check',
  of: (what: string, place: string) => `${what}: ${place}`,
  checkedAt: (when: string) => `Checked ${when}:`,
  wrong: {
    name: 'Give it a name of at most 60 characters.',
    ssh: 'Write a host of your ssh configuration, or user@host.',
    folder: 'Letters, digits, dots, dashes, underscores and slashes only; no step upwards.',
    partition: 'Names of partitions, with commas between them.',
    account: 'The name of an account: letters, digits, dots, dashes and underscores.',
    number: 'Write a number within its limits.'
  },
  refused: {
    form: (option: string) => `“${option}” is no option of sbatch. Write one a line, as --option=value.`,
    several: (option: string) => `One option a line: more than ${option} stands there.`,
    finds: (option: string) => `${option} cannot be set: by it the lab finds its own jobs in Slurm’s queue.`,
    files: (option: string) => `${option} cannot be set: the lab says where its jobs read and write.`,
    turns: (option: string) =>
      `${option} cannot be set: the lab says when its jobs begin, are warned of their end, and go on.`,
    shape: (option: string) => `${option} cannot be set: each job of the lab is one process on one node.`,
    mode: (option: string) => `${option} cannot be set: with it sbatch does not hand jobs in as it must.`,
    field: (option: string) => `${option} has a field of its own: set it there.`
  },
  now: {
    nothing: 'No job of this lab is there now.',
    now: 'Now:',
    atLeast: 'Now at least:',
    running: (n: number, nodes: readonly string[], more: boolean) =>
      `${n} running${nodes.length === 0 ? '' : ` (${nodes.join(', ')}${more ? ', …' : ''})`}`,
    waiting: (n: number) => `${n} waiting for ${n === 1 ? 'its' : 'their'} turn`,
    sending: (n: number) => `${n} being sent there`,
    queued: (n: number) => `${n} waiting for other jobs`
  },
  asks: {
    cores: (n: number) => `${n} ${n === 1 ? 'core' : 'cores'} a job`,
    allCores: 'all cores of the machine',
    atOnce: (n: number) => `${n} ${n === 1 ? 'job' : 'jobs'} at the same time`,
    many: 'as many jobs at the same time as Slurm likes',
    partition: (name: string) => `partition ${name}`,
    account: (name: string) => `account ${name}`,
    minutes: (n: string) => `up to ${n} min a turn`,
    memory: (n: string) => `${n} MB of memory a job`,
    gpus: (n: string) => `graphics processors: ${n}`
  },
  contents: {
    look: 'What lies there',
    title: (place: string) => `What the lab has put on ${place}`,
    what: 'What',
    size: 'Size',
    since: 'Since',
    states: {
      new: 'not started',
      waiting: 'waiting',
      running: 'running',
      done: 'finished',
      failed: 'failed',
      'handed-back': 'put back',
      gone: 'broken off'
    } as Readonly<Record<string, string>>,
    jobs: (n: number, state: string) => `${n} ${n === 1 ? 'job' : 'jobs'}, ${state}`,
    data: (n: number) => `${n} ${n === 1 ? 'file' : 'files'} of data`,
    programs: (hash: string, whole: boolean, inUse: boolean) =>
      `Programs ${hash}, ${inUse ? 'in use' : whole ? 'of another version, not in use' : 'did not come over whole'}`,
    scripts: (n: number) => `${n} ${n === 1 ? 'file' : 'files'} for Slurm`,
    clean: 'Delete what nothing needs',
    freed: (size: string) => `${size} are free again.`,
    empty: 'Delete everything there',
    emptyTitle: (place: string) => `Delete everything that the lab has put on ${place}?`,
    emptyText:
      'Jobs that are over, data and programs go, those of your other labs too; results that are here already stay here. What is needed again is sent again. While a job is unfinished there, nothing is deleted.'
  },
  checking: 'Checking: connection, programs, a small job. The first time the programs have to be sent.',
  unchecked: 'Not checked yet.',
  steps: {
    'connection and programs': 'connection and programs',
    Slurm: 'Slurm',
    'self-test': 'self-test'
  } as Record<string, string>,
  found: {
    machine: ({ host, cores, processor, memory, free, graphics }: Record<MachineFact, string>) =>
      `${host}: ${cores} cores (${processor}), ${memory} of memory, ${free} free on disk; graphics: ${graphics}`,
    noGraphics: 'none seen',
    slurm: (version: string, partitions: string) => `version ${version}; ${partitions}`,
    partition: ({ name, nodes, cores, time }: Record<PartitionFact, string>, usual: boolean) =>
      `${name}${usual ? ' (usual)' : ''}: ${nodes} nodes of ${cores} cores, up to ${time}`,
    job: (seconds: string) => `a job was started, ran and gave its result back in ${seconds}`,
    nodeJob: (seconds: string) =>
      `a job was started, ran on a node that sees the place’s folder, and gave its result back in ${seconds}`
  },
  problems: {
    'place-busy': 'It works, but the small job still waits: its queue is long.',
    'place-host-key-changed': 'The machine shows another key than the one that your ssh knows.',
    'place-host-key-unknown': 'Your ssh does not know this machine yet: connect to it once in a terminal.',
    'place-lost': 'The connection broke off.',
    'place-no-access': 'The machine does not let you in: set up a key for your ssh.',
    'place-no-ssh': 'There is no ssh program on this computer.',
    'place-not-shared': 'The folder is not the same one on the node that ran the job. Choose one that all nodes see.',
    'place-other-system': 'It is another system or processor than the lab has programs for.',
    'place-unknown-host': 'There is no machine of this name.',
    'place-unreachable': 'The machine cannot be reached.',
    'self-test-failed': 'A small job did not end there as it should.',
    'slurm-account':
      'Slurm knows no such account or quality of service, or you may not use it: ask your cluster for its name.',
    'slurm-credential':
      'Slurm does not accept this machine’s credential: its clock may be wrong. Tell its administrator.',
    'slurm-failed': 'Slurm did not do what it was asked.',
    'slurm-limit': 'Your account has as much of the cluster as it may have: wait until some jobs are done.',
    'slurm-missing': 'Slurm cannot be used there.',
    'slurm-nodes-down':
      'The nodes that fit are switched off, drained or reserved, or the partition takes nothing now: choose another one, or try again later.',
    'slurm-partition': 'Slurm has no partition of this name.',
    'slurm-size':
      'No node has so many cores, so much memory or such graphics processors: ask for less, or choose another partition.',
    'slurm-time': 'The partition does not allow so much time: ask for less, as jobs go on from where they were.',
    'slurm-unreachable': 'Slurm does not answer.'
  } as Readonly<Record<string, string>>,
  wording: 'In the words of the program',
  works: 'Works:',
  fails: 'Does not work:',
  remove: 'Remove'
}
