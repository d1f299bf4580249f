#!/usr/bin/env bash
# Measures speed and memory, each next to a reference of the same run.
#
#   scripts/bench.sh PATH/TO/recollect [questions|library|looks|idle|thumbnails|models|pipeline|films …]
#
# BENCH_MEDIA: media of the invented libraries (default 20000). BENCH_PYTHON: a Python with numpy, onnxruntime and pillow.
# BENCH_PICTURES: pictures that go through the whole pipeline (default 160). BENCH_LOOKS: numbers of vectors
# (default 20000 100000). BENCH_SHEETS: a folder for contact sheets of the films. Without names everything is measured.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: scripts/bench.sh PATH/TO/recollect [WHAT …]}")
shift
shared=${RECOLLECT_SHARED:-$here/../../shared}
python=${BENCH_PYTHON:-python3}
media=${BENCH_MEDIA:-20000}
work=$(mktemp -d)
server=''
finish() {
  [[ -z $server ]] || { kill "$server" 2>/dev/null && wait "$server" || true; }
  rm -rf "$work"
}
trap finish EXIT

skip() { printf '%-28s SKIPPED: %s\n' "$1" "$2"; }
now() { date +%s.%N; }
# seconds since $1, at least a little
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { d = b - a; print (d > 0.001 ? d : 0.001) }'; }

# Searches and questions on an invented library, next to a plain scan.
questions() { "$bin" bench questions --media "$media" </dev/null; }

# A server with a large library: its pages, and its memory.
library() { "$bin" bench library --media "$media" </dev/null; }

# The index of pictures' vectors, next to comparing with each of them.
looks() {
  local pictures
  for pictures in ${BENCH_LOOKS:-20000 100000}; do
    "$bin" bench looks --pictures "$pictures" </dev/null
  done
}

# An idle server with the demo library: its own resident memory, engines aside.
idle() {
  "$bin" --data "$work/idle" run --port 0 </dev/null >"$work/out" 2>"$work/log" &
  server=$!
  local url='' i
  for ((i = 0; i < 400; i++)); do
    [[ -n $url ]] || url=$(sed -n 's/^Recollect is at //p' "$work/out")
    if [[ -n $url ]] && curl -fsS --noproxy '*' "$url/api/v1/status" 2>/dev/null | grep -q '"indexing":false'; then
      curl -fsS --noproxy '*' "$url/api/v1/status" | grep -q '"media":0,' || break
    fi
    sleep 0.5
  done
  sleep 20
  printf '%-28s %s MB resident\n' 'idle server' "$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$server/status")"
  kill "$server" && wait "$server" || true
  server=''
}

# Whole JPEG pictures of camera sizes.
large_pictures() {
  find "$shared/media" "$shared/library" -iname '*.jp*g' -size +400k -not -path '*mei-*' -not -path '*/bad_media/*' | sort
}

# Thumbnails of both sizes by vipsthumbnail: two processes of one thread, each with half of the pictures.
by_vips() {
  local first=() second=() picture size
  for picture in "$@"; do
    if ((${#first[@]} > ${#second[@]})); then second+=("$picture"); else first+=("$picture"); fi
  done
  for half in first second; do
    local -n pictures=$half
    (for size in 1024 256; do
      VIPS_CONCURRENCY=1 vipsthumbnail --size "$size" -o "$work/vips/%s_$size.jpg[Q=80]" "${pictures[@]}" 2>>"$work/log"
    done) &
  done
  wait
}

# Processor seconds that the command's processes take, and whole seconds, into the variables $1 and $2.
measured() {
  local -n cpu=$1 wall=$2
  shift 2
  local TIMEFORMAT='%U %S %R' user system
  read -r user system wall < <({ time "$@" >/dev/null; } 2>&1 | tail -1)
  cpu=$(awk -v u="$user" -v s="$system" 'BEGIN { print u + s }')
}

# Decoding and thumbnails alone, next to libvips: the same files, sizes, quality and number of threads, in turns.
thumbnails() {
  command -v vipsthumbnail >/dev/null || { skip thumbnails 'needs vipsthumbnail (Debian: libvips-tools)'; return; }
  local files ours theirs wall_ours wall_theirs round
  mapfile -t files < <(large_pictures)
  ((${#files[@]} > 3)) || { skip thumbnails 'needs the pictures of ../shared'; return; }
  mkdir -p "$work/vips"
  for ((round = 0; round < 5; round++)); do
    measured ours wall_ours "$bin" bench thumbnails --threads 2 --out "$work/ours" "${files[@]}"
    measured theirs wall_theirs by_vips "${files[@]}"
    echo "$wall_ours $wall_theirs $ours $theirs"
  done >"$work/thumbnails"
  awk -v n="${#files[@]}" '
    function median(column,   i, j, t, v) {
      for (i = 1; i <= NR; i++) v[i] = row[i, column]
      for (i = 1; i <= NR; i++) for (j = i + 1; j <= NR; j++) if (v[j] < v[i]) { t = v[i]; v[i] = v[j]; v[j] = t }
      return v[int((NR + 1) / 2)]
    }
    { for (c = 1; c <= 4; c++) row[NR, c] = $c }
    END {
      printf "%-28s %.1f/s, vipsthumbnail %.1f/s: %.2f times as fast (by processor time %.2f)\n",
        "decoding and thumbnails", n / median(1), n / median(2), median(2) / median(1), median(4) / median(3)
    }' "$work/thumbnails"
}

# Models that see, next to onnxruntime from Python, where both can be had.
models() {
  if [[ -d $shared/models ]] && "$python" -c 'import numpy, onnxruntime, PIL' 2>/dev/null; then
    "$python" "$here/reference/seeing_speed.py" "$(dirname "$bin")/recollect-encoder" "$shared"
  else
    skip models 'needs ../shared/models and Python with numpy, onnxruntime and pillow (BENCH_PYTHON)'
  fi
}

# Reading, thumbnails and all models at once, next to each of these alone on the same pictures.
pipeline() {
  [[ -d $shared/models ]] || { skip pipeline 'needs ../shared'; return; }
  local runtime kind slowest=0 sum=0 whole began took model
  runtime=$(find "${RECOLLECT_MODELS:-$HOME/.local/share/recollect/models}/runtime" -name 'libonnxruntime.so*' 2>/dev/null | head -1)
  runtime=${RECOLLECT_ONNXRUNTIME:-$runtime}
  [[ -n $runtime ]] || { skip pipeline 'needs ONNX Runtime (scripts/setup)'; return; }
  export RECOLLECT_ONNXRUNTIME=$runtime RECOLLECT_MODELS=$work/models
  for model in yunet_n_dynamic mobilefacenet yolox_nano mobilenet_v2_imagenet mobilenet_v1_embedding nsfw_mobilenet_v2 ppocrv3_text_detection; do
    "$bin" models import "$shared/models/$model.onnx" >/dev/null
  done
  local kinds='embed_image find_faces find_objects classify'
  # Lines of text are found by a model and read by tesseract.
  if command -v tesseract >/dev/null; then kinds+=' read_text'; else skip 'read_text' 'needs tesseract'; fi
  mkdir -p "$work/photos"
  # The folders give the pictures in turns.
  local number=0 picture
  while read -r picture; do
    cp "$picture" "$work/photos/$((number++))_$(basename "$picture")"
  done < <(find "$shared/media/dreambooth" "$shared/media/krasserm-lfw" "$shared/library" -iname '*.jpg' | sort -t/ -k7 |
    awk -v n="${BENCH_PICTURES:-160}" '{ all[NR] = $0 } END { for (i = 0; i < n && i < NR; i++) print all[1 + int(i * NR / n)] }')
  stage() {
    began=$(now)
    "${@:2}" </dev/null >/dev/null 2>>"$work/log"
    took=$(since "$began")
    sum=$(awk -v a="$sum" -v b="$took" 'BEGIN { print a + b }')
    slowest=$(awk -v a="$slowest" -v b="$took" 'BEGIN { print (a > b ? a : b) }')
    awk -v n="$number" -v t="$took" -v name="$1 alone" 'BEGIN { printf "%-28s %6.1f pictures/s\n", name, n / t }'
  }
  stage reading "$bin" --data "$work/stages" add "$work/photos"
  for kind in $kinds; do
    stage "$kind" "$bin" --data "$work/stages" worker --kinds "$kind" --until-idle
  done
  began=$(now)
  "$bin" --data "$work/whole" add "$work/photos" --wait </dev/null >/dev/null 2>>"$work/log"
  whole=$(since "$began")
  awk -v n="$number" -v w="$whole" -v s="$slowest" -v all="$sum" 'BEGIN {
    printf "%-28s %6.1f pictures/s: %.2f of the slowest stage alone; %.2f times as fast as the stages one after another\n",
      "the whole pipeline", n / w, s / w, all / w }'
}

# Films of the test library, next to ffmpeg encoding the same frames.
films() {
  if [[ -d $shared/library/photos ]]; then
    python3 "$here/reference/films.py" "$bin" "$shared/library/photos" --faces "$shared/models" ${BENCH_SHEETS:+--sheets "$BENCH_SHEETS"} </dev/null
  else
    skip films 'needs ../shared'
  fi
}

(($#)) || set -- questions library looks idle thumbnails models pipeline films
for what in "$@"; do
  case $what in
    questions | library | looks | idle | thumbnails | models | pipeline | films) "$what" ;;
    *) echo "bench: there is no $what; there are questions, library, looks, idle, thumbnails, models, pipeline, films" >&2; exit 2 ;;
  esac
done
