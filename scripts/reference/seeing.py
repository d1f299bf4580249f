#!/usr/bin/env python3
"""What the models that see give for real pictures, computed without any of this project's code.

    python3 -m venv venv && venv/bin/pip install numpy onnxruntime pillow
    venv/bin/python scripts/reference/seeing.py choose ../shared > tests/fixtures/seeing_pictures.txt
    venv/bin/python scripts/reference/seeing.py ../shared DIR tests/fixtures/seeing_reference.json

Chooses 50 pictures of SHARED/media; with the models of SHARED/models it writes their boxes, points, labels and vectors for
tests/api/seeing.rs. The definitions are those of src/bin/encoder/vision, followed independently: the similarity transform is
Umeyama's with a singular value decomposition, all else is numpy in double precision. Pixels are those that the test
writes, so that decoders of JPEG need not agree to the last bit:

    mkdir DIR; RECOLLECT_REFERENCE_PIXELS=DIR cargo test --release --test api seeing::what_is_seen_in_fifty
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

# How many pictures of which folder.
FOLDERS = {
    "krasserm-lfw": 10, "face_recognition": 6, "dreambooth": 8, "immich-test-assets": 4, "photoprism": 8,
    "photoview": 6, "pigallery2": 6, "exif-samples": 2,
}
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])


def session(models, name):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    return onnxruntime.InferenceSession(str(models / f"{name}.onnx"), options)


def half_up(value):
    return int(np.floor(value + 0.5))


def weights(length, start, end, outputs):
    """The triangle filter as a matrix [outputs, length] of whole 2^-22."""
    scale = (end - start) / outputs
    support = max(scale, 1.0)
    matrix = np.zeros((outputs, length), np.int64)
    for output in range(outputs):
        centre = start + (output + 0.5) * scale
        first = min(max(int(centre - support + 0.5), 0), length - 1)
        last = min(max(int(centre + support + 0.5), first + 1), length)
        exact = [max(0.0, 1.0 - abs((x - centre + 0.5) * (1.0 / support))) for x in range(first, last)]
        matrix[output, first:last] = [int(0.5 + weight / sum(exact) * (1 << 22)) for weight in exact]
    return matrix


def resize(pixels, width, height, box=None):
    """Columns, then rows, each rounded to 8 bits."""
    left, top, right, bottom = box or (0, 0, pixels.shape[1], pixels.shape[0])

    def rounded(sums):
        return ((sums + (1 << 21)) >> 22).clip(0, 255)

    columns, rows = weights(pixels.shape[1], left, right, width), weights(pixels.shape[0], top, bottom, height)
    # Sums stay below 2^53: the product in doubles is exact, and quicker.
    narrow = rounded((columns.astype(float) @ pixels.astype(float)).astype(np.int64))
    flat = narrow.reshape(narrow.shape[0], -1).astype(float)
    return rounded((rows.astype(float) @ flat).astype(np.int64)).reshape(height, width, 3).astype(np.uint8)


def letterbox(pixels, width, height, most, fill):
    lengths = np.array([pixels.shape[1], pixels.shape[0]])
    factor = min(width / lengths[0], height / lengths[1], most)
    size = np.array([min(max(half_up(length * factor), 1), limit) for length, limit in zip(lengths, (width, height))])
    small = pixels if (size == lengths).all() else resize(pixels, *size)
    canvas = np.full((height, width, 3), fill, np.uint8)
    canvas[: size[1], : size[0]] = small
    return canvas, size / lengths


def bgr_planes(pixels):
    return np.ascontiguousarray(pixels.astype(np.float32)[:, :, ::-1].transpose(2, 0, 1)[None])


def overlap(a, b):
    w = max(0.0, min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]))
    h = max(0.0, min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]))
    return w * h / (a[2] * a[3] + b[2] * b[3] - w * h)


def suppress(found, limit):
    kept = []
    for one in sorted(found, key=lambda one: -one["score"]):
        rivals = [k for k in kept if k["class"] == one["class"]]
        if all(overlap(k["box"], one["box"]) <= limit for k in rivals):
            kept.append(one)
    return kept


def faces_at(yunet, pixels, longest):
    factor = min(longest / max(pixels.shape), 1.0)
    height, width = (-(-max(half_up(length * factor), 1) // 32) * 32 for length in pixels.shape[:2])
    canvas, factors = letterbox(pixels, width, height, factor, 0)
    names = [output.name for output in yunet.get_outputs()]
    out = dict(zip(names, yunet.run(None, {"input": bgr_planes(canvas)})))
    found = []
    for stride in (8, 16, 32):
        score = np.sqrt(out[f"cls_{stride}"][0, :, 0].clip(0, 1) * out[f"obj_{stride}"][0, :, 0].clip(0, 1))
        for at in np.flatnonzero(score >= 0.6):
            cell = np.array([at % (width // stride), at // (width // stride)])
            box = out[f"bbox_{stride}"][0, at].astype(float)
            centre, size = (cell + box[:2]) * stride, np.exp(box[2:]) * stride
            points = (cell + out[f"kps_{stride}"][0, at].reshape(5, 2).astype(float)) * stride / factors
            corner, size = (centre - size / 2) / factors, size / factors
            found.append({"class": 0, "score": float(score[at]), "box": [*corner, *size], "points": points})
    return suppress(found, 0.3)


def umeyama(source, target):
    """The similarity transform of least squares (Umeyama, 1991) as a 2 x 3 matrix."""
    ms, mt = source.mean(0), target.mean(0)
    a, b = source - ms, target - mt
    u, d, vt = np.linalg.svd(b.T @ a / len(source))
    s = np.diag([1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    rotation = u @ s @ vt
    scale = np.trace(np.diag(d) @ s) / a.var(0).sum()
    return np.hstack([scale * rotation, (mt - scale * rotation @ ms)[:, None]])


def align(pixels, points):
    matrix = np.vstack([umeyama(points, TEMPLATE), [0, 0, 1]])
    y, x = np.mgrid[0:112, 0:112]
    sx, sy, _ = np.linalg.inv(matrix) @ np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    padded = np.pad(pixels.astype(float), ((1, 1), (1, 1), (0, 0)))
    # Outside of the picture all is black.
    left, top = np.floor(sx).astype(int), np.floor(sy).astype(int)
    fx, fy = (sx - left)[:, None], (sy - top)[:, None]

    def at(row, column):
        inside = (row >= -1) & (row <= pixels.shape[0]) & (column >= -1) & (column <= pixels.shape[1])
        return padded[np.where(inside, row + 1, 0), np.where(inside, column + 1, 0)]

    upper = at(top, left) * (1 - fx) + at(top, left + 1) * fx
    lower = at(top + 1, left) * (1 - fx) + at(top + 1, left + 1) * fx
    return (upper * (1 - fy) + lower * fy).reshape(112, 112, 3)


def unit(vector):
    vector = np.asarray(vector, float).ravel()
    return vector / np.linalg.norm(vector)


def half(vector):
    """16-bit floats in base64: enough for a cosine to one part in a million."""
    return base64.b64encode(vector.astype("<f2").tobytes()).decode()


def faces(yunet, encoder, pixels):
    found = faces_at(yunet, pixels, 1024)
    if not found and max(pixels.shape) > 320:
        found = faces_at(yunet, pixels, 320)
    for face in found:
        aligned = align(pixels, face["points"])
        grey = aligned @ [0.299, 0.587, 0.114]
        laplacian = grey[1:-1, :-2] + grey[1:-1, 2:] + grey[:-2, 1:-1] + grey[2:, 1:-1] - 4 * grey[1:-1, 1:-1]
        planes = ((aligned - 127.5) / 128).transpose(2, 0, 1)[None].astype(np.float32)
        yield {
            "box": np.round(face["box"], 2).tolist(), "score": round(face["score"], 4),
            "landmarks": np.round(face["points"], 2).tolist(), "sharpness": round(float(laplacian.var()), 2),
            "embedding": half(unit(encoder.run(None, {"input0": planes})[0])),
        }


def objects(yolox, pixels):
    canvas, factors = letterbox(pixels, 416, 416, np.inf, 114)
    rows = yolox.run(None, {"images": bgr_planes(canvas)})[0][0].astype(float)
    grid = [(s, c, r) for s in (8, 16, 32) for r in range(416 // s) for c in range(416 // s)]
    strides, cells = np.array([g[0] for g in grid]), np.array([g[1:] for g in grid])
    classes = rows[:, 5:].argmax(1)
    score = rows[:, 4] * rows[:, 5:].max(1)
    found = []
    for at in np.flatnonzero(score >= 0.1):
        centre, size = (rows[at, :2] + cells[at]) * strides[at], np.exp(rows[at, 2:4]) * strides[at]
        box = [*((centre - size / 2) / factors), *(size / factors)]
        found.append({"class": int(classes[at]), "score": float(score[at]), "box": box})
    kept = [one for one in suppress(found, 0.45) if one["score"] >= 0.3]
    return [{**one, "box": np.round(one["box"], 2).tolist(), "score": round(one["score"], 4)} for one in kept]


def centre_square(pixels, side):
    height, width, _ = pixels.shape
    edge = min(height, width)
    left, top = (width - edge) / 2, (height - edge) / 2
    return resize(pixels, side, side, (left, top, left + edge, top + edge))[None]


def choose(shared):
    """Pictures of 64 to 4,000 pixels, chosen by the hash of their path."""
    media = shared / "media"
    for folder, count in FOLDERS.items():
        paths = [p for p in (media / folder).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg")]
        taken = 0
        for path in sorted((str(p.relative_to(media)) for p in paths), key=lambda p: hashlib.sha256(p.encode()).digest()):
            try:
                picture = Image.open(media / path)
                picture.load()
            except OSError:
                continue
            if picture.mode == "RGB" and max(picture.size) <= 4000 and min(picture.size) >= 64 and taken < count:
                print(path)
                taken += 1


def main(shared, folder, target):
    models = shared / "models"
    names = ["yunet_n_dynamic", "mobilefacenet", "yolox_nano", "mobilenet_v2_imagenet", "mobilenet_v1_embedding",
             "nsfw_mobilenet_v2"]
    yunet, encoder, yolox, classifier, general, safety = (session(models, name) for name in names)
    pictures = []
    for number, path in enumerate((target.parent / "seeing_pictures.txt").read_text().splitlines()):
        pixels = np.asarray(Image.open(folder / f"{number}.png"))
        square = centre_square(pixels, 224)
        scores = classifier.run(None, {"input": square})[0][0]
        best = scores.argsort(kind="stable")[::-1][:3]
        whole = resize(pixels, 224, 224).astype(np.float32)[None] / 255
        pictures.append({
            "path": path, "sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
            "width": pixels.shape[1], "height": pixels.shape[0],
            "faces": list(faces(yunet, encoder, pixels)), "objects": objects(yolox, pixels),
            "labels": [[int(at), int(scores[at])] for at in best if at != 0],
            "embedding": half(unit(general.run(None, {"input": square})[0])),
            "safety": np.round(safety.run(None, {"input": whole})[0][0].astype(float), 4).tolist(),
        })
    text = ",\n ".join(json.dumps(picture, separators=(",", ":")) for picture in pictures)
    target.write_text(f'{{"onnxruntime": "{onnxruntime.__version__}", "pictures": [\n {text}\n]}}\n')
    print(len(pictures), "pictures,", sum(len(p["faces"]) for p in pictures), "faces,",
          sum(len(p["objects"]) for p in pictures), "objects")


if __name__ == "__main__":
    if sys.argv[1] == "choose":
        choose(Path(sys.argv[2]))
    else:
        main(*map(Path, sys.argv[1:4]))
