#!/usr/bin/env python3
"""Asks llama.cpp's own programs what they write with the tiny models: tests/fixtures/llama_reference.json.

Usage: llama.py FOLDER_OF_PROGRAMS
The folder holds `llama-completion` and `llama-mtmd-cli`, built from llama.cpp's own source (any release near the one that
the crate llama-cpp-sys-2 carries). The models are made by random_gguf.py; the pictures are drawn here.
"""

import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures"
PROMPTS = [
    "Once upon a time",
    "How many pictures of the sea are there?",
    "The same words again and again and again and again and again",
    "{ \"a\": 1 }",
    "x",
]
PICTURES = {"stripes.png": lambda x, y: (255 * (x // 8 % 2), 40, 3 * y), "disc.png": lambda x, y: (
    (250, 200, 30) if (x - 28) ** 2 + (y - 28) ** 2 < 400 else (10, 60, 120))}


def png(draw, size=56):
    rows = b"".join(b"\0" + bytes(v for x in range(size) for v in draw(x, y)) for y in range(size))
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def run(*arguments):
    """What a program writes. They print from a thread that is not waited for at their end, so that the last letters are
    lost now and then: an answer is whole when the two line feeds that end it are there."""
    for _ in range(100):
        done = subprocess.run(arguments, capture_output=True, check=True, stdin=subprocess.DEVNULL)
        answer = done.stdout.decode()
        if answer.endswith("\n\n"):
            return answer.strip("\n")
    raise RuntimeError("the program never wrote a whole answer")


def main():
    programs = Path(sys.argv[1])
    model = str(FIXTURES / "tiny-qwen3.gguf")
    common = ["-m", model, "--temp", "0", "-c", "512"]
    text = []
    for prompt in PROMPTS:
        answer = run(programs / "llama-completion", *common, "-p", prompt, "-n", "48", "-no-cnv", "--no-display-prompt",
                     "--ignore-eos")
        text.append({"prompt": prompt, "answer": answer})
    pictures = []
    for name, draw in PICTURES.items():
        (FIXTURES / name).write_bytes(png(draw))
        prompt = "what is this?"
        answer = run(programs / "llama-mtmd-cli", *common, "--mmproj", str(FIXTURES / "tiny-projector.gguf"),
                     "--image", str(FIXTURES / name), "-p", "<__media__>\n" + prompt, "-n", "32", "--jinja")
        pictures.append({"picture": name, "prompt": prompt, "answer": answer})
    (FIXTURES / "llama_reference.json").write_text(json.dumps({"text": text, "pictures": pictures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
