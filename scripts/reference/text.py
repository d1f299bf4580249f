#!/usr/bin/env python3
"""What the models for text in pictures give, computed without any of this project's code.

    python3 -m venv venv && venv/bin/pip install numpy onnx onnxruntime opencv-python-headless pillow
    venv/bin/python scripts/reference/text.py reader tests/fixtures/tiny-reader
    venv/bin/python scripts/reference/text.py lines ../shared DIR tests/fixtures

`reader` makes a tiny random network with CTC in the form of PaddleOCR's readers, with its characters (seeded). `lines` writes,
for the pictures in text_pictures.txt, the lines that the detector of SHARED/models finds and what the tiny reader makes of
the surest of them. The definitions are those of src/bin/encoder/vision/lines.rs and reader.rs and of src/engine/strips.rs,
followed independently: regions and their rectangles are OpenCV's, all else is numpy in double precision. DIR holds the
pixels that the test writes, so that decoders of JPEG need not agree to the last bit:

    mkdir DIR; RECOLLECT_REFERENCE_PIXELS=DIR cargo test --release --test api text::the_lines
"""

import hashlib
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from seeing import half_up, letterbox, session

LONGEST, TEXT, LEAST, GROWTH, LOWEST = 1280, 0.3, 0.5, 1.6, 2.0
MEANS = np.array([122.68, 116.67, 104.01])
# As many as a line's worth of reading takes no time for.
READ = 5
CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz'-"


def make_reader(folder):
    """48 pixels high and any width → steps of 8 pixels with 40 certainties: none, 38 characters, a space."""
    rng = np.random.default_rng(5)
    outputs = len(CHARACTERS) + 2
    weights = {
        "eyes": rng.normal(0, 0.25, (8, 3, 8, 8)), "see": rng.normal(0, 0.3, 8),
        "names": rng.normal(0, 0.9, (outputs, 8, 6, 1)), "know": rng.normal(0, 0.6, outputs),
    }
    nodes = [
        helper.make_node("Conv", ["x", "eyes", "see"], ["a"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Tanh", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "names", "know"], ["c"], kernel_shape=[6, 1]),
        helper.make_node("Squeeze", ["c", "axis"], ["d"]),
        helper.make_node("Transpose", ["d"], ["e"], perm=[0, 2, 1]),
        helper.make_node("Softmax", ["e"], ["fetch_name_0"], axis=2),
    ]
    given = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()]
    given.append(numpy_helper.from_array(np.array([2], np.int64), "axis"))
    picture = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3, 48, "W"])
    steps = helper.make_tensor_value_info("fetch_name_0", TensorProto.FLOAT, ["N", "T", outputs])
    graph = helper.make_graph(nodes, "reader", [picture], [steps], given)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    folder.mkdir(exist_ok=True)
    onnx.save(model, folder / "inference.onnx")
    quoted = ["''''" if c == "'" else f"'{c}'" if not c.isalpha() else c for c in CHARACTERS]
    listed = "\n".join(f"  - {c}" for c in quoted)
    (folder / "inference.yml").write_text(f"PostProcess:\n  name: CTCLabelDecode\n  character_dict:\n{listed}\n")


def upright(middle, along, half):
    """Corners of a rectangle, its direction turned by quarters until it points to the right."""
    for _ in range(4):
        if along[0] >= max(abs(along[1]), 0) - 1e-12 and along[0] > 0:
            break
        along, half = np.array([-along[1], along[0]]), half[::-1]
    across = np.array([-along[1], along[0]])
    signs = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    return np.array([middle + x * half[0] * along + y * half[1] * across for x, y in signs])


def lines(detector, pixels):
    height, width = pixels.shape[:2]
    factor = min(LONGEST / max(height, width), 1.0)
    rows, columns = (-(-max(half_up(length * factor), 1) // 32) * 32 for length in (height, width))
    canvas, factors = letterbox(pixels, columns, rows, factor, 0)
    planes = ((canvas[:, :, ::-1].astype(float) - MEANS) / 255).transpose(2, 0, 1)[None].astype(np.float32)
    found = detector.run(None, {detector.get_inputs()[0].name: planes})[0].reshape(rows, columns)
    inside = (found > TEXT).astype(np.uint8)
    outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    y, x = np.mgrid[0:rows, 0:columns]
    for outline in outlines:
        (cx, cy), (w, h), angle = cv2.minAreaRect(outline)
        if min(w, h) < LOWEST:
            continue
        along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        right = (x - cx) * along[0] + (y - cy) * along[1]
        down = (y - cy) * along[0] - (x - cx) * along[1]
        # OpenCV rounds to 32 bits.
        within = (np.abs(right) <= w / 2 + 1e-3) & (np.abs(down) <= h / 2 + 1e-3)
        score = float(found[within].mean())
        if score >= LEAST:
            by = w * h * GROWTH / (2 * (w + h))
            corners = upright(np.array([cx, cy]), along, np.array([w / 2 + by, h / 2 + by]))
            yield (corners + 0.5) / factors, score


def strip(pixels, corners, height):
    a, b, _, d = corners
    long, high = max(np.hypot(*(b - a)), 1), max(np.hypot(*(d - a)), 1)
    width = min(max(half_up(long / high * height), 1), 4096)
    points = min(max(int(np.ceil(high / height)), 1), 8)
    inside = lambda count: (np.arange(count * points) + 0.5) / points
    u, v = np.meshgrid(inside(width) / width, inside(height) / height)
    at = a + u[..., None] * (b - a) + v[..., None] * (d - a)
    xs = (at[..., 0] - 0.5).clip(0, pixels.shape[1] - 1)
    ys = (at[..., 1] - 0.5).clip(0, pixels.shape[0] - 1)
    left, top = xs.astype(int), ys.astype(int)
    right, below = (left + 1).clip(max=pixels.shape[1] - 1), (top + 1).clip(max=pixels.shape[0] - 1)
    fx, fy = (xs - left)[..., None], (ys - top)[..., None]
    p = pixels.astype(float)
    mixed = (p[top, left] * (1 - fx) + p[top, right] * fx) * (1 - fy) + (p[below, left] * (1 - fx) + p[below, right] * fx) * fy
    return np.floor(mixed.reshape(height, points, width, points, 3).mean((1, 3)) + 0.5).clip(0, 255)


def read(reader, pixels, corners):
    a, b, c, d = corners
    ways = [corners]
    if np.hypot(*(d - a)) > 1.5 * np.hypot(*(b - a)):
        ways = [np.array([b, c, d, a]), np.array([d, a, b, c])]
    best = None
    for way in ways:
        cut = strip(pixels, way, 48)
        planes = np.zeros((1, 3, 48, max(cut.shape[1], 320)), np.float32)
        planes[0, :, :, : cut.shape[1]] = (cut[:, :, ::-1] / 127.5 - 1).transpose(2, 0, 1)
        steps = reader.run(None, {"x": planes})[0][0]
        text, sure, before = "", [], 0
        for step in steps:
            best_of = int(step.argmax())
            if best_of not in (0, before):
                text += ["", *CHARACTERS, " "][best_of]
                sure.append(float(step[best_of]))
            before = best_of
        sure = float(np.mean(sure)) if sure else 0.0
        margin = float(min(np.sort(step)[-1] - np.sort(step)[-2] for step in steps))
        if best is None or sure > best[1]:
            best = text.strip(), sure, margin
    return best


def main(shared, folder, fixtures):
    detector = session(shared / "models", "ppocrv3_text_detection")
    reader = onnxruntime.InferenceSession(str(fixtures / "tiny-reader" / "inference.onnx"))
    pictures = []
    for number, path in enumerate((fixtures / "text_pictures.txt").read_text().splitlines()):
        pixels = np.asarray(Image.open(folder / f"{number}.png").convert("RGB"))
        found = sorted(lines(detector, pixels), key=lambda line: -line[1])
        told = []
        for at, (corners, score) in enumerate(found):
            line = {"corners": np.round(corners, 2).tolist(), "score": round(score, 4)}
            if at < READ:
                text, sure, margin = read(reader, pixels, corners)
                # Where two characters are next to equally sure, rounding decides.
                line |= {"text": text, "certainty": round(sure, 4)} if margin > 2e-3 else {}
            told.append(line)
        pictures.append({"path": path, "sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
                         "width": pixels.shape[1], "height": pixels.shape[0], "lines": told})
    text = ",\n ".join(json.dumps(picture, separators=(",", ":"), ensure_ascii=False) for picture in pictures)
    (fixtures / "text_reference.json").write_text(f'{{"onnxruntime": "{onnxruntime.__version__}", "pictures": [\n {text}\n]}}\n')
    print(len(pictures), "pictures,", sum(len(p["lines"]) for p in pictures), "lines,",
          sum("text" in line for p in pictures for line in p["lines"]), "read")


if __name__ == "__main__":
    if sys.argv[1] == "reader":
        make_reader(Path(sys.argv[2]))
    else:
        main(*map(Path, sys.argv[2:5]))
