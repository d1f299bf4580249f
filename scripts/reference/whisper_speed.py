#!/usr/bin/env python3
"""Compares the speed of recollect-whisper with that of whisper.cpp itself: paired, in one run, on one model.

The model has random weights in the shape of Whisper base, for speed does not depend on their values; the very same
library is linked into a program of a hundred lines (whisper_speed.c) that does nothing but write a recording down. The
two take turns, each the first in every other pair. The engine's time is that of a whole HTTP request: upload, queue,
decoding, model and answer.

    whisper_speed.py TARGET_FOLDER TEMPLATE [--pairs N] [--seconds N] [--threads N] [--kind base|tiny]

TARGET_FOLDER is cargo's `target/release`; TEMPLATE is whisper-tiny-no-weights.bin of the shared test data. Needs numpy
and a C++ compiler.
"""

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import whisper_random  # noqa: E402

HERE = Path(__file__).parent


def build(target: Path, folder: Path) -> Path:
    """Links whisper_speed.c with the library that the engine is linked with."""
    library = max(target.glob("build/whisper-rs-sys-*/out/lib/libwhisper.a"), key=lambda file: file.stat().st_mtime)
    source = library.parent.parent / "whisper.cpp"
    names = ["libwhisper.a", "libggml.a", "libggml-cpu.a", "libggml-base.a"]
    program = folder / "whisper_speed"
    command = ["cc", "-O2", "-o", program, "-I", source / "include", "-I", source / "ggml" / "include",
               HERE / "whisper_speed.c", "-Wl,--start-group", *(library.parent / name for name in names),
               "-Wl,--end-group", "-lstdc++", "-lgomp", "-lpthread", "-lm"]
    subprocess.run([str(part) for part in command], check=True)
    return program


class Alone:
    """whisper.cpp without us."""

    def __init__(self, program: Path, model: Path, sound: Path, threads: int):
        self.process = subprocess.Popen([program, model, sound, str(threads)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def run(self) -> tuple[float, list[int]]:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        milliseconds, *tokens = self.process.stdout.readline().split()
        return float(milliseconds), [int(token) for token in tokens]


class Engine:
    """recollect-whisper."""

    def __init__(self, program: Path, model: Path, sound: Path, threads: int):
        arguments = [program, "--model", model, "--listen", "127.0.0.1:0", "--threads", str(threads), "--no-fallback",
                     "--exit-with-stdin"]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "listening on http://" in line:
                self.address = line.rsplit("http://", 1)[1].strip()
                break
        boundary = "speed"
        fields = {"language": "en", "response_format": "verbose_json"}
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                 for name, value in fields.items()]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'.encode()
        self.body = b"".join(parts) + head + sound.read_bytes() + f"\r\n--{boundary}--\r\n".encode()

    def run(self) -> tuple[float, list[int]]:
        began = time.monotonic()
        connection = http.client.HTTPConnection(self.address)
        connection.request("POST", "/v1/audio/transcriptions", self.body,
                           {"content-type": "multipart/form-data; boundary=speed"})
        answer = json.loads(connection.getresponse().read())
        took = 1e3 * (time.monotonic() - began)
        return took, [token for segment in answer["segments"] for token in segment["tokens"]]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("target", type=Path)
    parser.add_argument("template", type=Path)
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--seconds", type=int, default=25)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--kind", default="base")
    how = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model, sound = folder / "model.bin", folder / "sound.wav"
        whisper_random.make_model(how.template, model, how.kind)
        whisper_random.write_wav(sound, whisper_random.sound(how.seconds))
        sides = [Alone(build(how.target, folder), model, sound, how.threads),
                 Engine(how.target / "recollect-whisper", model, sound, how.threads)]
        for side in sides:
            side.run()
        ratios = []
        for pair in range(how.pairs):
            took = [(0.0, []), (0.0, [])]
            for at in (0, 1) if pair % 2 == 0 else (1, 0):
                took[at] = sides[at].run()
            (alone, tokens), (engine, same) = took
            assert tokens == same, "the two write different tokens"
            ratios.append(alone / engine)
            print(f"whisper.cpp {alone:8.1f} ms   recollect-whisper {engine:8.1f} ms   {alone / engine:.3f}x   {len(tokens)} tokens, all the same")
        print(f"median {statistics.median(ratios):.3f}x of whisper.cpp's speed, {how.pairs} pairs, Whisper {how.kind}, "
              f"{how.seconds} s of sound, {how.threads} threads")
        for side in sides:
            side.process.kill()


if __name__ == "__main__":
    main()
