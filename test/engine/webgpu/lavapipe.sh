#!/usr/bin/env bash
# Puts Mesa's lavapipe, a Vulkan driver in software that has 16-bit numbers, into a folder and nowhere else: installed, every program would
# take it for a graphics card. Debian's own is too old, so it comes from the backports. For Debian 12, as root: lavapipe.sh [FOLDER]
set -euo pipefail
folder=${1:-${RECROSS_LAVAPIPE:-${TMPDIR:-/tmp}/recross-lavapipe}}
description=$folder/lavapipe.json
if [ ! -e "$description" ]; then
  mkdir -p "$folder/lists/partial"
  echo "deb http://deb.debian.org/debian bookworm-backports main" >"$folder/backports.list"
  own=(-o Dir::Etc::SourceList="$folder/backports.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$folder/lists")
  timeout 60 apt-get "${own[@]}" update -qq
  (cd "$folder" && timeout 120 apt-get "${own[@]}" download -qq mesa-vulkan-drivers)
  # The loader beside it, as the tests look for libraries where the description lies.
  (cd "$folder" && timeout 60 apt-get download -qq libvulkan1)
  for package in "$folder"/*.deb; do dpkg-deb -x "$package" "$folder/files"; done
  ln -sf "$(find "$folder/files" -name libvulkan.so.1)" "$folder/libvulkan.so.1"
  timeout 120 env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-upgrade --no-remove libllvm15 libdrm2 libwayland-client0 \
    libx11-xcb1 libxcb-dri3-0 libxcb-present0 libxcb-randr0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxshmfence1 libexpat1 >&2
  library=$(find "$folder/files" -name libvulkan_lvp.so)
  echo "{ \"file_format_version\": \"1.0.0\", \"ICD\": { \"api_version\": \"1.4.305\", \"library_path\": \"$library\" } }" >"$description"
fi
echo "lavapipe: $description"
