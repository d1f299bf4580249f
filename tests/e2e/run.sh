#!/usr/bin/env bash
# The browser test: starts Recollect on a fresh data folder with the demo library, waits until everything is indexed, and
# lets web's `npm run e2e` use it in a headless Chromium (RECOLLECT_URL says where). The server's log is shown on failure.
#
#   tests/e2e/run.sh PATH/TO/recollect
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=$(realpath "${1:?usage: tests/e2e/run.sh PATH/TO/recollect}")
limit=${RECOLLECT_E2E_WAIT:-300} # seconds the demo library may take to be drawn and indexed on a slow machine

work=$(mktemp -d)
server=''
finish() {
  local status=$?
  if [[ -n $server ]] && kill -0 "$server" 2>/dev/null; then
    kill "$server" 2>/dev/null || true
    for _ in {1..50}; do kill -0 "$server" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$server" 2>/dev/null || true
  fi
  if ((status)); then
    echo "e2e: failed ($status); the end of the server's log:" >&2
    tail -n 60 "$work/server.log" >&2 || true
  fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export RECOLLECT_URL="http://127.0.0.1:$port"
export RECOLLECT_SERVER_GUEST_TOKEN=guest

"$bin" --data "$work/data" run --port "$port" </dev/null >"$work/server.log" 2>&1 &
server=$!

python3 - "$RECOLLECT_URL" "$server" "$limit" <<'PY'
import json, os, sys, time, urllib.request
url, server, limit = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
end, last = time.monotonic() + limit, "it never answered"
while time.monotonic() < end:
    try:
        os.kill(server, 0)
        status = json.load(opener.open(url + "/api/v1/status", timeout=5))["data"]
        jobs = status["jobs"]
        last = f"{status['media']} media, indexing {status['indexing']}, jobs {jobs}"
        if status["media"] > 0 and not status["indexing"] and jobs["queued"] + jobs["running"] == 0:
            print(f"e2e: the demo library is ready: {status['media']} media, {status['people']} people")
            sys.exit(0)
    except ProcessLookupError:
        sys.exit("e2e: the server ended before the library was ready")
    except OSError as error:
        last = str(error)
    time.sleep(0.5)
sys.exit(f"e2e: the library was not ready within {limit:.0f} seconds: {last}")
PY

cd "$root/web"
npm run e2e
