#!/usr/bin/env python3
"""Makes tests/fixtures/tiny-siglip2: a tiny SigLIP 2 that knows a few colours, and what transformers computes with it.

    python3 -m venv V && V/bin/pip install torch torchvision transformers onnx onnxruntime pillow
    V/bin/python scripts/reference/siglip2_tiny.py

The folder has the form that SigLIP 2 has on the hub (onnx-community/siglip2-base-patch16-224-ONNX): config.json,
preprocessor_config.json, tokenizer.json with Gemma's normaliser, splitting, byte fallback and end token, and
onnx/vision_model.onnx and onnx/text_model.onnx with all lengths open and the outputs last_hidden_state and pooler_output.
Its weights are random at first and then taught for a minute, so that vectors of different pictures and texts differ (those
of random towers hardly do) and a search by words has something to find. tiny-siglip2-384 is a random tower of pictures
alone, 384 pixels wide, with the cubic filter.

reference.json holds the vectors of transformers: pictures by the processor that uses Pillow, texts in five languages by
Siglip2Tokenizer and SiglipProcessor's padding to 64 tokens. Pictures are made by a formula that the test repeats.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import transformers
from PIL import Image
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import SiglipConfig, SiglipModel

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures"
SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
LENGTH = 64
STEPS = 300
COLOURS = {
    "red": ("red", "rot", "rouge", "rojo", "红色"),
    "green": ("green", "grün", "vert", "verde", "绿色"),
    "blue": ("blue", "blau", "bleu", "azul", "蓝色"),
    "yellow": ("yellow", "gelb", "jaune", "amarillo", "黄色"),
}
NIGHT = ("at night", "bei Nacht", "la nuit", "de noche", "在晚上")
PATTERNS = {
    "stripes": ("stripes", "Streifen", "rayures", "rayas", "条纹"),
    "checks": ("a chessboard", "ein Schachbrett", "un échiquier", "un tablero", "棋盘"),
    "snow": ("white snow", "weißer Schnee", "neige blanche", "nieve blanca", "白雪"),
    "stone": ("grey stone", "grauer Stein", "pierre grise", "piedra gris", "灰色的石头"),
}
RGB = {"red": (200, 30, 30), "green": (40, 160, 50), "blue": (30, 60, 200), "yellow": (230, 210, 40)}
TEXTS = [
    "red", "A Blue picture AT NIGHT", "zwei Kinder am STRAND, Übermut", "un gâteau d'anniversaire à l'été",
    "¿Dónde está el perro amarillo?", "晚上的红色房子", "a dog  with two  spaces", "", "🦆 on the lake",
    "very long " * 40,
]
SIZES = [(224, 224), (640, 480), (333, 777), (50, 40), (1, 1), (1500, 300), (1023, 767), (225, 223)]


def formula(width, height):
    """A picture that tests make in the same way."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    return np.stack([(x * 7 + y * 3) // 5 % 256, (x * x // 50 + y) % 256, (x ^ y) * 5 % 256], -1).astype(np.uint8)


def painted(kind, night, random):
    """A picture of a class, 224 pixels wide."""
    y, x = np.mgrid[0:224, 0:224]
    if kind in RGB:
        base = np.array(RGB[kind]) + random.integers(-25, 26, 3)
        picture = np.tile(base, (224, 224, 1)).astype(float)
    elif kind == "stripes":
        picture = np.tile((((x // random.integers(8, 20)) % 2) * 230)[..., None], 3).astype(float)
    elif kind == "checks":
        size = random.integers(16, 40)
        picture = np.tile((((x // size + y // size) % 2) * 230)[..., None], 3).astype(float)
    else:
        grey = {"snow": 240, "stone": 120}[kind] + random.integers(-12, 13)
        picture = np.full((224, 224, 3), grey, float)
    picture += (x[..., None] - 112) * random.uniform(-0.15, 0.15) + (y[..., None] - 112) * random.uniform(-0.15, 0.15)
    picture += random.normal(0, 8, picture.shape)
    if night:
        picture *= 0.22
    return picture.clip(0, 255).astype(np.uint8)


def classes():
    for colour in RGB:
        yield colour, False, COLOURS[colour]
        yield colour, True, tuple(f"{word} {night}" for word, night in zip(COLOURS[colour], NIGHT))
    for pattern, words in PATTERNS.items():
        yield pattern, False, words


def make_tokenizer(folder):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", "\u2581")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse()])
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=700, special_tokens=SPECIAL + bytes_, show_progress=False)
    texts = [text.lower() for _, _, words in classes() for text in words] + [text.lower() for text in TEXTS[:5]]
    tokenizer.train_from_iterator(texts, trainer)
    text = json.loads(tokenizer.to_str())
    # The hub's file lists the five and not the bytes.
    text["added_tokens"] = [token for token in text["added_tokens"] if token["content"] in SPECIAL]
    tokenizer = Tokenizer.from_str(json.dumps(text))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A <eos>", pair="$A <eos> $B:1 <eos>:1", special_tokens=[("<eos>", 1)])
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {"add_bos_token": False, "add_eos_token": True, "bos_token": "<bos>", "eos_token": "<eos>",
              "pad_token": "<pad>", "unk_token": "<unk>", "model_max_length": LENGTH, "padding_side": "right",
              "do_lower_case": True, "tokenizer_class": "GemmaTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n")
    return tokenizer.get_vocab_size()


def read_tokenizer(folder):
    tokenizer = transformers.Siglip2Tokenizer.from_pretrained(folder, padding_side="right")
    return lambda texts: tokenizer(texts, padding="max_length", max_length=LENGTH, truncation=True,
                                   return_tensors="pt")["input_ids"]


def make_model(vocabulary, side, layers=2):
    config = SiglipConfig(
        text_config=dict(vocab_size=vocabulary, hidden_size=32, intermediate_size=64, num_hidden_layers=layers,
                         num_attention_heads=2, max_position_embeddings=LENGTH, projection_size=32,
                         bos_token_id=2, eos_token_id=1, pad_token_id=0),
        vision_config=dict(hidden_size=32, intermediate_size=64, num_hidden_layers=layers, num_attention_heads=2,
                           image_size=side, patch_size=32))
    config._attn_implementation = "eager"
    return SiglipModel(config).eval()


def processor(side, resample):
    return dict(do_resize=True, size={"height": side, "width": side}, resample=resample, do_rescale=True,
                rescale_factor=1 / 255, do_normalize=True, image_mean=[0.5] * 3, image_std=[0.5] * 3)


def teach(model, tokens_of):
    """Pictures and their texts become nearer to each other than to those of other classes."""
    known = list(classes())
    random = np.random.default_rng(7)
    tokens = torch.stack([tokens_of(list(words)) for _, _, words in known])
    painted_once = np.stack([[painted(kind, night, random) for kind, night, _ in known] for _ in range(8)])
    values = torch.from_numpy(painted_once).permute(0, 1, 4, 2, 3).float() / 127.5 - 1
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
    right = torch.arange(len(known))
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * min(1, (step + 1) / 20) * (1 - step / STEPS)
        language = torch.from_numpy(random.integers(0, 5, len(known)))
        pictures = model.vision_model(pixel_values=values[step % len(values)]).pooler_output
        texts = model.text_model(input_ids=tokens[right, language]).pooler_output
        cosines = torch.nn.functional.normalize(pictures) @ torch.nn.functional.normalize(texts).T
        loss = (torch.nn.functional.cross_entropy(15 * cosines, right)
                + torch.nn.functional.cross_entropy(15 * cosines.T, right)) / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 25 == 0:
            print("step", step, "loss", round(loss.item(), 3), flush=True)
    return model


class Pooled(torch.nn.Module):
    def __init__(self, tower):
        super().__init__()
        self.tower = tower

    def forward(self, given):
        out = self.tower(given)
        return out.last_hidden_state, out.pooler_output


def export(tower, given, name, axes, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        Pooled(tower).eval(), (given,), str(path), input_names=[name], output_names=["last_hidden_state", "pooler_output"],
        dynamic_axes={name: axes, "last_hidden_state": {0: "batch_size", 1: "sequence_length"}, "pooler_output": {0: "batch_size"}},
        opset_version=17, dynamo=False)


def unit(vectors):
    vectors = vectors.detach().double().numpy()
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def rounded(vectors):
    return [[round(float(value), 6) for value in vector] for vector in vectors]


def pictures_of(model, settings):
    slow = transformers.SiglipImageProcessorPil if hasattr(transformers, "SiglipImageProcessorPil") else transformers.SiglipImageProcessor
    pictures = [Image.fromarray(formula(*size)) for size in SIZES]
    values = slow(**settings)(pictures, return_tensors="pt")["pixel_values"]
    vectors = unit(model.vision_model(pixel_values=values).pooler_output)
    fast = getattr(transformers, "SiglipImageProcessorFast", transformers.SiglipImageProcessor)
    other = fast(**settings)(pictures, return_tensors="pt")["pixel_values"]
    compared = (unit(model.vision_model(pixel_values=other).pooler_output) * vectors).sum(1)
    print(slow.__name__, "against", fast.__name__, "least cosine", compared.min())
    apart = vectors @ vectors.T - np.eye(len(vectors))
    print("pictures: nearest pair", apart.max(), "mean", apart.mean())
    return vectors


def write(folder, config, settings, reference):
    (folder / "config.json").write_text(json.dumps(config) + "\n")
    written = {"image_processor_type": "SiglipImageProcessor", "processor_class": "SiglipProcessor", **settings}
    (folder / "preprocessor_config.json").write_text(json.dumps(written, indent=1) + "\n")
    (folder / "reference.json").write_text(json.dumps(reference, ensure_ascii=False, separators=(",", ":")) + "\n")


def main():
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    torch.manual_seed(11)
    folder = FIXTURES / "tiny-siglip2"
    folder.mkdir(exist_ok=True)
    model = make_model(make_tokenizer(folder), 224)
    tokens_of = read_tokenizer(folder)
    teach(model, tokens_of)
    values = torch.zeros(2, 3, 224, 224)
    export(model.vision_model, values, "pixel_values",
           {0: "batch_size", 1: "num_channels", 2: "height", 3: "width"}, folder / "onnx/vision_model.onnx")
    tokens = tokens_of(TEXTS)
    export(model.text_model, tokens, "input_ids", {0: "batch_size", 1: "sequence_length"}, folder / "onnx/text_model.onnx")
    settings = processor(224, 2)
    texts = unit(model.text_model(input_ids=tokens).pooler_output)
    apart = texts @ texts.T - np.eye(len(texts))
    print("texts: nearest pair", apart.max(), "mean", apart.mean())
    random = np.random.default_rng(99)
    for kind, night, words in classes():
        picture = torch.from_numpy(painted(kind, night, random)).permute(2, 0, 1)[None].float() / 127.5 - 1
        all_words = [w[0] for _, _, w in classes()]
        cosines = unit(model.vision_model(pixel_values=picture).pooler_output) @ unit(model.text_model(input_ids=tokens_of(all_words)).pooler_output).T
        print(kind, night, "is told as", all_words[int(cosines.argmax())], np.round(np.sort(cosines[0])[::-1][:3], 2))
    reference = {**versions, "sizes": SIZES, "pictures": rounded(pictures_of(model, settings)), "texts": TEXTS,
                 "tokens": tokens.tolist(), "text_vectors": rounded(texts)}
    # As short as the hub's: what is usual for the family is left out there.
    write(folder, {"model_type": "siglip", "text_config": {"projection_size": 32}}, settings, reference)

    folder = FIXTURES / "tiny-siglip2-384"
    folder.mkdir(exist_ok=True)
    torch.manual_seed(12)
    model = make_model(16, 384, layers=1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.3)
    export(model.vision_model, torch.zeros(2, 3, 384, 384), "pixel_values", {0: "batch_size"}, folder / "onnx/vision_model.onnx")
    settings = processor(384, 3)
    reference = {**versions, "sizes": SIZES, "pictures": rounded(pictures_of(model, settings))}
    write(folder, {"model_type": "siglip"}, settings, reference)


if __name__ == "__main__":
    sys.exit(main())
