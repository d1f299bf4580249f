#!/usr/bin/env bash
# Measures how right the answers are: builds a library from the shared family library in a fresh data folder, asks every
# question of it through the command line (a server holds the library, as on a user's machine), and scores the answers.
#
#   scripts/eval.sh PATH/TO/recollect [ask_all.py arguments, e.g. --only content]
#
# RECOLLECT_SHARED: the shared test data (default ../shared). EVAL_LIBRARY: the folder with photos/ and questions.json.
# EVAL_OUT: where answers.jsonl, details.jsonl and scores.txt go (default eval-output). EVAL_KEEP=1 keeps the data folder.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bin=$(realpath "${1:?usage: scripts/eval.sh PATH/TO/recollect}")
shift
shared=${RECOLLECT_SHARED:-$root/../shared}
library=${EVAL_LIBRARY:-$shared/library}
out=${EVAL_OUT:-$root/eval-output}
[[ -d $library/photos ]] || { echo "eval: $library/photos is absent; it comes with the shared test data (RECOLLECT_SHARED)" >&2; exit 1; }
library=$(realpath "$library")

mkdir -p "$out"
work=$(mktemp -d)
server=''
finish() {
  local status=$?
  if [[ -n $server ]] && kill "$server" 2>/dev/null; then wait "$server" || true; fi
  if ((status)) && [[ -s $work/server.log ]]; then tail -n 40 "$work/server.log" >&2; fi
  if [[ ${EVAL_KEEP:-} ]]; then echo "eval: the data folder is kept: $work/data"; else rm -rf "$work"; fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

echo "eval: indexing $library/photos"
SECONDS=0
"$bin" --data "$work/data" add "$library/photos" --wait </dev/null
echo "eval: indexed in $SECONDS s"

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$bin" --data "$work/data" run --port "$port" "$library/photos" </dev/null >"$work/server.log" 2>&1 &
server=$!
for ((i = 0; i < 240; i++)); do
  kill -0 "$server" 2>/dev/null || { echo "eval: the server ended" >&2; exit 1; }
  if curl -fsS --noproxy '*' "http://127.0.0.1:$port/api/v1/status" >/dev/null 2>&1; then break; fi
  sleep 0.25
done

python3 "$shared/tools/ask_all.py" --bin "$bin" --data "$work/data" --library "$library/photos" \
  --questions "$library/questions.json" --out "$out/answers.jsonl" "$@"
python3 "$shared/tools/score_answers.py" "$library/questions.json" "$out/answers.jsonl" --details "$out/details.jsonl" |
  tee "$out/scores.txt"
echo "eval: answers, details and scores are in $out"
