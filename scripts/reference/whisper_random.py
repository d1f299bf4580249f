#!/usr/bin/env python3
"""Makes Whisper models with random weights, and asks whisper.cpp what they say.

The weights come from a hash of their tensor's name and position, so that tests/api/whisper.rs makes the very same model
without any file of weights. Hyper-parameters are given here; mel filters and vocabulary are those of real Whisper, taken
from `whisper-tiny-no-weights.bin` of the shared test data. whisper.cpp is asked through `pywhispercpp`.

    python3 -m venv V && V/bin/pip install numpy pywhispercpp==1.5.1  # whisper.cpp 1.8.5
    V/bin/python scripts/reference/whisper_random.py reference ../shared/models/whisper-tiny-no-weights.bin \
        > tests/fixtures/whisper_reference.json
    V/bin/python scripts/reference/whisper_random.py make ../shared/models/whisper-tiny-no-weights.bin OUT.bin [tiny|base]
    V/bin/python scripts/reference/whisper_random.py sound OUT.wav SECONDS
"""

import json
import struct
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np

# layers that listen, layers that write, width, heads
SHAPES = {"tiny": (2, 3, 128, 2), "base": (6, 6, 512, 8)}
AUDIO_CONTEXT, TEXT_CONTEXT, MELS, VOCABULARY, END_OF_TEXT = 1500, 448, 80, 51865, 50257
MASK = (1 << 64) - 1


def name_seed(name: str) -> int:
    """FNV-1a, 64 bits."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 & MASK
    return state


def hashes(name: str, count: int) -> np.ndarray:
    """The SplitMix64 sequence that starts at the name's hash."""
    with np.errstate(over="ignore"):
        state = np.uint64(name_seed(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def values(name: str, count: int, exponent: int) -> np.ndarray:
    """Whole numbers from -1024 to 1023 times 2**exponent: exact in 16-bit floats."""
    return ((hashes(name, count) >> np.uint64(53)).astype(np.int64) - 1024).astype(np.float32) * np.float32(2.0**exponent)


def tensors(shape):
    """(name, numpy shape, 16-bit?, exponent or the one value) of every tensor, in whisper.cpp's order."""
    audio_layers, text_layers, state, _ = shape
    # Widths differ; what a layer gives should not. Attention is spread and layers are gentle, so that rounding, which
    # differs from processor to processor, is not blown up; the last norm's random signs keep words from repeating.
    weight = -11 - (state // 128).bit_length() // 2
    yield "encoder.positional_embedding", (AUDIO_CONTEXT, state), False, -11
    yield "encoder.conv1.weight", (state, MELS, 3), True, weight
    yield "encoder.conv1.bias", (state, 1), False, -13
    yield "encoder.conv2.weight", (state, state, 3), True, weight
    yield "encoder.conv2.bias", (state, 1), False, -13
    yield "encoder.ln_post.weight", (state,), False, 1.0
    yield "encoder.ln_post.bias", (state,), False, 0.0
    yield "decoder.positional_embedding", (TEXT_CONTEXT, state), False, -10
    yield "decoder.token_embedding.weight", (VOCABULARY, state), True, weight + 2
    yield "decoder.ln.weight", (state,), False, -9
    yield "decoder.ln.bias", (state,), False, 0.0
    for side, layers in (("encoder", audio_layers), ("decoder", text_layers)):
        for layer in range(layers):
            block = f"{side}.blocks.{layer}"
            for part in ("attn",) if side == "encoder" else ("attn", "cross_attn"):
                yield f"{block}.{part}_ln.weight", (state,), False, 1.0
                yield f"{block}.{part}_ln.bias", (state,), False, 0.0
                for name in ("query", "key", "value", "out"):
                    gentle = weight - 1 if name in ("query", "key") else weight
                    yield f"{block}.{part}.{name}.weight", (state, state), True, gentle
                    if name != "key":
                        yield f"{block}.{part}.{name}.bias", (state,), False, -13
            yield f"{block}.mlp_ln.weight", (state,), False, 1.0
            yield f"{block}.mlp_ln.bias", (state,), False, 0.0
            yield f"{block}.mlp.0.weight", (4 * state, state), True, weight
            yield f"{block}.mlp.0.bias", (4 * state,), False, -13
            yield f"{block}.mlp.2.weight", (state, 4 * state), True, weight
            yield f"{block}.mlp.2.bias", (state,), False, -13


def make_model(template: Path, out: Path, kind: str) -> None:
    audio_layers, text_layers, state, heads = shape = SHAPES[kind]
    header = struct.pack("<12i", 0x67676D6C, VOCABULARY, AUDIO_CONTEXT, state, heads, audio_layers, TEXT_CONTEXT, state,
                         heads, text_layers, MELS, 1)
    with out.open("wb") as file:
        file.write(header)
        file.write(template.read_bytes()[len(header):])
        for name, sides, half, exponent in tensors(shape):
            count = int(np.prod(sides))
            data = np.full(count, exponent, np.float32) if isinstance(exponent, float) else values(name, count, exponent)
            if name == "decoder.token_embedding.weight":
                # Times and ends are never chosen: each window is written to its last token, and there are few windows.
                data[END_OF_TEXT * state:] /= 1024
            file.write(struct.pack("<3i", len(sides), len(name), 1 if half else 0))
            file.write(struct.pack(f"<{len(sides)}i", *reversed(sides)))
            file.write(name.encode())
            file.write(data.astype("<f2" if half else "<f4").tobytes())


def sound(seconds: int) -> np.ndarray:
    """Sawteeth whose pitch and loudness change each tenth of a second, with some noise; whole numbers throughout."""
    at = np.arange(seconds * 16000, dtype=np.int64)
    tenth = at // 1600
    chance = hashes("sound", seconds * 10)[tenth]
    period = 40 + (chance % np.uint64(200)).astype(np.int64)
    loud = 1000 + ((chance >> np.uint64(20)) % np.uint64(9000)).astype(np.int64)
    noise = (hashes("noise", len(at)) >> np.uint64(55)).astype(np.int64) - 256
    return ((at % period) * 2 * loud // period - loud + noise).astype(np.int16)


def write_wav(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(samples.astype("<i2").tobytes())


def reference(template: Path) -> None:
    import _pywhispercpp as cpp
    from pywhispercpp.model import Model

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tiny.bin"
        make_model(template, file, "tiny")
        model = Model(str(file), redirect_whispercpp_logs_to=None, print_progress=False, print_realtime=False, n_threads=1,
                      context_params={"flash_attn": False})
        context = model._ctx
        cases = []
        for seconds, language, translate in ((5, "en", False), (12, "de", True), (40, "es", False)):
            samples = sound(seconds).astype(np.float32) / 32768.0
            model.transcribe(samples, language=language, translate=translate, temperature_inc=0.0)
            segments = []
            for segment in range(cpp.whisper_full_n_segments(context)):
                count = cpp.whisper_full_n_tokens(context, segment)
                segments.append({
                    "start": cpp.whisper_full_get_segment_t0(context, segment) / 100,
                    "end": cpp.whisper_full_get_segment_t1(context, segment) / 100,
                    "tokens": [cpp.whisper_full_get_token_id(context, segment, at) for at in range(count)],
                })
            cases.append({"seconds": seconds, "language": language, "translate": translate, "segments": segments})
    print(json.dumps({"made_by": "scripts/reference/whisper_random.py, pywhispercpp 1.5.1", "cases": cases}))


def main() -> None:
    command, *rest = sys.argv[1:]
    if command == "reference":
        reference(Path(rest[0]))
    elif command == "make":
        make_model(Path(rest[0]), Path(rest[1]), rest[2] if len(rest) > 2 else "tiny")
    elif command == "sound":
        write_wav(Path(rest[0]), sound(int(rest[1])))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
