#!/usr/bin/env bash
# Installs the system programs that tests compare with and drive: redis-server and redis-cli with
# redis-benchmark, chromium for the web console, tmux for the command line. Nothing but tests needs
# them; without them those tests are skipped.
set -euo pipefail

packages=()
command -v redis-server >/dev/null || packages+=(redis-server)
{ command -v redis-cli && command -v redis-benchmark; } >/dev/null || packages+=(redis-tools)
command -v chromium >/dev/null || packages+=(chromium)
command -v tmux >/dev/null || packages+=(tmux)
if [ "${#packages[@]}" -eq 0 ]; then
  echo "test tools: all there"
  exit 0
fi

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "test tools: missing ${packages[*]}; install them, on Debian or Ubuntu with" >&2
  echo "  sudo apt-get install -y ${packages[*]}" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends "${packages[@]}"
