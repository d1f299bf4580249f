#!/usr/bin/env python3
"""Computes reference vectors of all-MiniLM-L6-v2 for tests/fixtures/minilm_reference.json.

An implementation of its own, straight from the papers, in double precision: BERT's basic and WordPiece tokenisers
(Devlin et al. 2019, with the cleaning and splitting rules of the uncased vocabulary),
BERT's encoder, mean over the tokens and Euclidean normalisation (Reimers and Gurevych 2019). It shares no code with the
engine that it checks: no ONNX Runtime, no `tokenizers`.

Usage: minilm.py MODEL_FOLDER > tests/fixtures/minilm_reference.json
MODEL_FOLDER holds config.json, vocab.txt (or tokenizer.json) and model.safetensors. Needs numpy and safetensors.
"""

import json
import math
import sys
import unicodedata
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

MAX_TOKENS = 256
FULL_VECTORS = 3
HEAD = 32

SENTENCES = [
    "A dog runs along the beach at sunset.",
    "Ein Kind bläst die Kerzen auf der Geburtstagstorte aus.",
    "",
    "Une randonnée en montagne, près d'un lac gelé.",
    "Los abuelos bailan en la boda de su nieta, ¡qué alegría!",
    "海边的日落和两只狗",
    "京都の桜並木を歩く家族",
    "Зимний лес, снег и красные сани",
    "🎂🎉 party 👨‍👩‍👧‍👦 in the garden 🌻",
    "   \t\n ",
    "IMG_20210704_153012.jpg — Tromsø, Norway (69.6°N, 18.9°E)",
    "naïve café, Ångström, ﬁne ligature, ½ price, ＦＵＬＬ width",
    "don't stop-believing... e=mc^2; a/b\\c \"quoted\" [UNK] <tag>",
    "supercalifragilisticexpialidocious " + "x" * 150 + " end",
    "مشهد غروب الشمس في الصحراء مع الجمال",
    "a",
    "zero\u200bwidth\u00adsoft\u0000null\ufffdreplacement and\u00a0no-break\u3000ideographic space",
    "हिमालय में सूर्योदय",
    " ".join(f"On day {day} we walked from hut {day} to hut {day + 1} and photographed glaciers, cows and clouds."
             for day in range(1, 60)),
    "photo of two cats sleeping on a red sofa\n\ncaption: Minka and Felix, winter 2019",
]


def is_whitespace(char):
    return char in " \t\n\r" or unicodedata.category(char) == "Zs"


def is_control(char):
    return char not in "\t\n\r" and unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Cs")


def is_punctuation(char):
    code = ord(char)
    ascii_symbol = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    return ascii_symbol or unicodedata.category(char).startswith("P")


def is_ideograph(char):
    code = ord(char)
    ranges = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
              (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]
    return any(low <= code <= high for low, high in ranges)


def words_of(text):
    """Clean, space out ideographs, lower-case, strip accents, split at white space and punctuation."""
    cleaned = []
    for char in text:
        if ord(char) in (0, 0xFFFD) or is_control(char):
            continue
        cleaned.append(" " if is_whitespace(char) else f" {char} " if is_ideograph(char) else char)
    decomposed = unicodedata.normalize("NFD", "".join(cleaned))
    folded = "".join(char for char in decomposed if unicodedata.category(char) != "Mn").lower()
    spaced = "".join(f" {char} " if is_punctuation(char) else char for char in folded)
    return spaced.split()


def pieces_of(word, vocabulary):
    """Greedy longest match first; a word that cannot be built, or of more than 100 characters, is unknown."""
    if len(word) > 100:
        return ["[UNK]"]
    pieces, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                break
        else:
            return ["[UNK]"]
        pieces.append(piece)
        start = end
    return pieces


SPECIAL = ("[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]")


def split_specials(text):
    """Special tokens written out in a text count as such, as the reference library does it."""
    parts = [text]
    for special in SPECIAL:
        split = []
        for part in parts:
            if part in SPECIAL:
                split.append(part)
                continue
            chunks = part.split(special)
            for index, chunk in enumerate(chunks):
                if index:
                    split.append(special)
                split.append(chunk)
        parts = split
    return parts


def tokenize(text, vocabulary):
    pieces = []
    for part in split_specials(text):
        pieces += [part] if part in SPECIAL else [p for word in words_of(part) for p in pieces_of(word, vocabulary)]
    return [vocabulary[piece] for piece in ["[CLS]", *pieces[: MAX_TOKENS - 2], "[SEP]"]]


ERF = np.vectorize(math.erf)


def encode(ids, weights, config):
    def tensor(name):
        return weights[name].astype(np.float64)

    def linear(x, name):
        return x @ tensor(f"{name}.weight").T + tensor(f"{name}.bias")

    def normalise(x, name):
        mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        scaled = (x - mean) / np.sqrt(variance + config["layer_norm_eps"])
        return scaled * tensor(f"{name}.weight") + tensor(f"{name}.bias")

    heads, length = config["num_attention_heads"], len(ids)
    x = tensor("embeddings.word_embeddings.weight")[ids]
    x = x + tensor("embeddings.position_embeddings.weight")[:length]
    x = normalise(x + tensor("embeddings.token_type_embeddings.weight")[0], "embeddings.LayerNorm")
    for layer in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{layer}"
        query, key, value = (
            linear(x, f"{name}.attention.self.{part}").reshape(length, heads, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1])
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        attended = (scores / scores.sum(-1, keepdims=True)) @ value
        attended = attended.transpose(1, 0, 2).reshape(length, -1)
        x = normalise(x + linear(attended, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        inner = linear(x, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1 + ERF(inner / math.sqrt(2)))
        x = normalise(x + linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    pooled = x.mean(0)
    return pooled, pooled / np.linalg.norm(pooled)


def read_vocabulary(folder):
    plain = folder / "vocab.txt"
    if plain.exists():
        return {token: index for index, token in enumerate(plain.read_text("utf-8").split("\n")) if token}
    return json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]


def main():
    folder = Path(sys.argv[1])
    config = json.loads((folder / "config.json").read_text("utf-8"))
    vocabulary, weights = read_vocabulary(folder), load_file(folder / "model.safetensors")
    cases = []
    for index, text in enumerate(SENTENCES):
        ids = tokenize(text, vocabulary)
        pooled, vector = encode(ids, weights, config)
        kept = vector if index < FULL_VECTORS else vector[:HEAD]
        cases.append({
            "text": text,
            "tokens": len(ids),
            "first_ids": ids[:12],
            "norm_before": round(float(np.linalg.norm(pooled)), 6),
            "head_norm": round(float(np.linalg.norm(vector[:HEAD])), 6),
            "vector": [round(float(value), 6) for value in kept],
        })
    # Dot products of all pairs pin the part of each vector that is not written out.
    vectors = np.array([encode(tokenize(text, vocabulary), weights, config)[1] for text in SENTENCES])
    dots = [[round(float(value), 6) for value in row[: index + 1]] for index, row in enumerate(vectors @ vectors.T)]
    lines = ",\n".join("    " + json.dumps(case, ensure_ascii=True) for case in cases)
    rows = ",\n".join("    " + json.dumps(row) for row in dots)
    print('{\n  "model": "all-MiniLM-L6-v2",\n  "made_by": "scripts/reference/minilm.py",\n  "cases": [\n'
          + lines + '\n  ],\n  "dot_products": [\n' + rows + "\n  ]\n}")


if __name__ == "__main__":
    main()
