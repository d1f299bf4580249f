#!/usr/bin/env python3
"""Pictures a second of each model through recollect-encoder, next to onnxruntime from Python with the same threads.

    venv/bin/pip install numpy onnxruntime pillow
    venv/bin/python scripts/reference/seeing_speed.py PATH/TO/recollect-encoder ../shared [THREADS]

Both sides decode the same JPEG pictures (1,024 pixels), resize them, run the model and read its output. Python does so as its
programs usually do: Pillow, one picture after the other, a session with THREADS threads. The engine is asked by HTTP, a
picture a request and 16 a request. Medians of several rounds that take turns, so that a busy machine slows all alike.
"""

import base64
import io
import json
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

PICTURES, ROUNDS, PORT = 32, 5, 18977
FEATURES = {
    "faces": ["yunet_n_dynamic", "mobilefacenet"], "objects": ["yolox_nano"], "labels": ["mobilenet_v2_imagenet"],
    "embedding": ["mobilenet_v1_embedding"], "safety": ["nsfw_mobilenet_v2"],
}


def pictures(shared):
    """Real pictures without faces, so that the face models' work is the detector's."""
    paths = sorted((shared / "media" / "dreambooth").rglob("*.jpg"))
    for number in range(PICTURES):
        picture = Image.open(paths[number % len(paths)]).convert("RGB")
        picture.thumbnail((1024, 1024))
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=88)
        yield file.getvalue()


def python_side(shared, feature, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    path = shared / "models" / f"{FEATURES[feature][0]}.onnx"
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def square(picture, side):
        edge = min(picture.size)
        left, top = (picture.width - edge) / 2, (picture.height - edge) / 2
        return np.asarray(picture.resize((side, side), Image.Resampling.BILINEAR, box=(left, top, left + edge, top + edge)))

    def planes(picture, width, height):
        canvas = Image.new("RGB", (width, height))
        canvas.paste(picture)
        return np.ascontiguousarray(np.asarray(canvas, np.float32)[:, :, ::-1].transpose(2, 0, 1)[None])

    def prepare(picture):
        if feature == "faces":
            return planes(picture, *(-(-length // 32) * 32 for length in picture.size))
        if feature == "objects":
            factor = 416 / max(picture.size)
            return planes(picture.resize([round(length * factor) for length in picture.size], Image.Resampling.BILINEAR), 416, 416)
        if feature == "safety":
            return np.asarray(picture.resize((224, 224), Image.Resampling.BILINEAR), np.float32)[None] / 255
        return square(picture, 224)[None]

    def run(data):
        for jpeg in data:
            session.run(None, {name: prepare(Image.open(io.BytesIO(jpeg)).convert("RGB"))})

    return run


def engine_side(feature, a_request):
    def run(data):
        for start in range(0, len(data), a_request):
            some = data[start : start + a_request]
            images = ["data:image/jpeg;base64," + base64.b64encode(jpeg).decode() for jpeg in some]
            body = json.dumps({"images": images, "features": [feature]}).encode()
            address = f"http://127.0.0.1:{PORT}/v1/images/annotations"
            request = urllib.request.Request(address, body, {"content-type": "application/json"})
            answer = json.load(urllib.request.urlopen(request))
            assert all(seen["error"] is None for seen in answer["data"])

    return run


def main(encoder, shared, threads):
    data = list(pictures(shared))
    models = [shared / "models" / f"{name}.onnx" for names in FEATURES.values() for name in names]
    arguments = [argument for path in models for argument in ("--model", str(path))]
    engine = subprocess.Popen([encoder, "--listen", f"127.0.0.1:{PORT}", "--threads", str(threads), *arguments],
                              stderr=subprocess.DEVNULL)
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health")
                break
            except OSError:
                time.sleep(0.25)
        print(f"pictures a second, {threads} threads: onnxruntime from Python | engine, one a request | 16 a request")
        for feature in FEATURES:
            sides = [python_side(shared, feature, threads), engine_side(feature, 1), engine_side(feature, 16)]
            rates = [[], [], []]
            for side in sides:
                side(data[:4])
            for _ in range(ROUNDS):
                for side, rate in zip(sides, rates):
                    start = time.perf_counter()
                    side(data)
                    rate.append(len(data) / (time.perf_counter() - start))
            python, single, batch = (statistics.median(rate) for rate in rates)
            print(f"{feature:<10} {python:7.1f} | {single:7.1f} ({single / python:.2f}) | {batch:7.1f} ({batch / python:.2f})")
    finally:
        engine.terminate()
        engine.wait()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 2)
