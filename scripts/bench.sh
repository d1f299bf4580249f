#!/usr/bin/env bash
# Measures speed and memory: searches and questions on a synthetic library of 20,000 media, and what an idle server takes.
#
#   scripts/bench.sh PATH/TO/recollect
#
# BENCH_MEDIA: the number of media (default 20000).
set -euo pipefail
bin=$(realpath "${1:?usage: scripts/bench.sh PATH/TO/recollect}")

"$bin" bench --media "${BENCH_MEDIA:-20000}" </dev/null

# An idle server with the demo library: its own resident memory, engines aside.
work=$(mktemp -d)
"$bin" --data "$work" run --port 0 </dev/null >"$work/out" 2>"$work/log" &
server=$!
finish() {
  kill "$server" 2>/dev/null && wait "$server" || true
  rm -rf "$work"
}
trap finish EXIT
url=''
for ((i = 0; i < 400; i++)); do
  [[ -n $url ]] || url=$(sed -n 's/^Recollect is at //p' "$work/out")
  if [[ -n $url ]] && curl -fsS --noproxy '*' "$url/api/v1/status" 2>/dev/null | grep -q '"indexing":false'; then
    curl -fsS --noproxy '*' "$url/api/v1/status" | grep -q '"media":0,' || break
  fi
  sleep 0.5
done
sleep 20
rss=$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$server/status")
echo "idle server      $rss MB resident"

# Models that see, next to onnxruntime from Python, where both can be had.
shared=${RECOLLECT_SHARED:-$(dirname "${BASH_SOURCE[0]}")/../../shared}
python=${BENCH_PYTHON:-python3}
if [[ -d $shared/models ]] && "$python" -c 'import numpy, onnxruntime, PIL' 2>/dev/null; then
  "$python" "$(dirname "${BASH_SOURCE[0]}")/reference/seeing_speed.py" "$(dirname "$bin")/recollect-encoder" "$shared"
else
  echo 'seeing           skipped: needs ../shared/models and Python with numpy, onnxruntime and pillow (BENCH_PYTHON)'
fi
