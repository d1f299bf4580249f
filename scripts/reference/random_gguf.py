#!/usr/bin/env python3
"""Makes models in GGUF with seeded random weights, for tests of parity and of speed.

    random_gguf.py tiny FILE             a Qwen3 of two small layers; its chat template passes messages through as they are
    random_gguf.py projector FILE        a CLIP vision tower with LLaVA's projector that fits the tiny model
    random_gguf.py qwen3-0.6b FILE       the shape of Qwen3 0.6B in Q4_0, for measuring speed

Needs numpy and gguf (pip install numpy gguf). The same seed gives the same file everywhere: numpy's PCG64 is specified.
"""

import sys

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, LlamaFileType, TokenType, quants

SHAPES = {
    "tiny": dict(width=64, layers=2, heads=4, groups=2, head=16, hidden=128, context=4096, words=300, quantize=False),
    "qwen3-0.6b": dict(
        width=1024, layers=28, heads=16, groups=8, head=128, hidden=3072, context=40960, words=151936, quantize=True
    ),
}

# Messages one after the other, as they are: so the prompt of a chat is known to the letter.
TEMPLATE = "{% for message in messages %}{{ message.content }}{% endfor %}"
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def byte_letters():
    """The letters that stand for bytes in byte-level BPE, as GPT-2 defined them."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    letters, more = {byte: chr(byte) for byte in plain}, 0
    for byte in range(256):
        if byte not in letters:
            letters[byte] = chr(256 + more)
            more += 1
    return [letters[byte] for byte in range(256)]


def vocabulary(words):
    """Single bytes, then made-up words, then control tokens."""
    tokens = byte_letters()
    merges = []
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    pairs = [first + second for first in "Ġetaoinshr" for second in alphabet]
    for pair in pairs[: words - len(tokens) - len(CONTROL)]:
        tokens.append(pair)
        merges.append(f"{pair[0]} {pair[1]}")
    kinds = [TokenType.NORMAL] * len(tokens)
    while len(tokens) < words - len(CONTROL):
        tokens.append(f"<unused{len(tokens)}>")
        kinds.append(TokenType.UNUSED)
    return tokens + CONTROL, kinds + [TokenType.CONTROL] * len(CONTROL), merges


def add_tokenizer(writer, words):
    tokens, kinds, merges = vocabulary(words)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_eos_token_id(words - 1)
    writer.add_bos_token_id(words - 3)
    writer.add_pad_token_id(words - 3)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    return tokens, kinds


def language_model(path, shape):
    random = np.random.Generator(np.random.PCG64(7))
    writer = GGUFWriter(path, "qwen3")
    writer.add_name("random")
    writer.add_context_length(shape["context"])
    writer.add_embedding_length(shape["width"])
    writer.add_block_count(shape["layers"])
    writer.add_feed_forward_length(shape["hidden"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["groups"])
    writer.add_key_length(shape["head"])
    writer.add_value_length(shape["head"])
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    writer.add_file_type(LlamaFileType.MOSTLY_Q4_0 if shape["quantize"] else LlamaFileType.ALL_F32)
    tokens, kinds = add_tokenizer(writer, shape["words"])

    def matrix(name, rows, columns, scale=None):
        values = random.standard_normal((rows, columns), dtype=np.float32) * (scale or columns**-0.5)
        if name == "output.weight":
            # Only letters that can be printed are ever written, so that the text tells the tokens.
            for row, (token, kind) in enumerate(zip(tokens, kinds)):
                if kind != TokenType.NORMAL or not token.isascii():
                    values[row] = 0
        if shape["quantize"]:
            kind = GGMLQuantizationType.Q4_0
            writer.add_tensor(name, quants.quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, values)

    def ones(name, length):
        writer.add_tensor(name, np.ones(length, dtype=np.float32))

    width, head = shape["width"], shape["head"]
    matrix("token_embd.weight", shape["words"], width, 1.0)
    for layer in range(shape["layers"]):
        block = f"blk.{layer}."
        ones(block + "attn_norm.weight", width)
        matrix(block + "attn_q.weight", shape["heads"] * head, width)
        matrix(block + "attn_k.weight", shape["groups"] * head, width)
        matrix(block + "attn_v.weight", shape["groups"] * head, width)
        matrix(block + "attn_output.weight", width, shape["heads"] * head)
        ones(block + "attn_q_norm.weight", head)
        ones(block + "attn_k_norm.weight", head)
        ones(block + "ffn_norm.weight", width)
        matrix(block + "ffn_gate.weight", shape["hidden"], width)
        matrix(block + "ffn_up.weight", shape["hidden"], width)
        matrix(block + "ffn_down.weight", width, shape["hidden"])
    ones("output_norm.weight", width)
    matrix("output.weight", shape["words"], width)
    finish(writer)


def projector(path):
    random = np.random.Generator(np.random.PCG64(11))
    width, layers, hidden, size, patch, text = 32, 2, 64, 56, 14, SHAPES["tiny"]["width"]
    writer = GGUFWriter(path, "clip")
    writer.add_name("random projector")
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_bool("clip.use_gelu", True)
    writer.add_file_type(LlamaFileType.ALL_F32)
    for key, value in [
        ("image_size", size),
        ("patch_size", patch),
        ("embedding_length", width),
        ("feed_forward_length", hidden),
        ("block_count", layers),
        ("projection_dim", text),
        ("attention.head_count", 4),
    ]:
        writer.add_uint32(f"clip.vision.{key}", value)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    writer.add_array("clip.vision.image_mean", [0.48145466, 0.4578275, 0.40821073])
    writer.add_array("clip.vision.image_std", [0.26862954, 0.26130258, 0.27577711])

    def matrix(name, *shape):
        values = random.standard_normal(shape, dtype=np.float32) * np.float32(np.prod(shape[1:]) ** -0.5)
        writer.add_tensor(name, values)

    def norm(name):
        writer.add_tensor(name + ".weight", np.ones(width, dtype=np.float32))
        writer.add_tensor(name + ".bias", np.zeros(width, dtype=np.float32))

    def linear(name, rows, columns):
        matrix(name + ".weight", rows, columns)
        writer.add_tensor(name + ".bias", random.standard_normal(rows, dtype=np.float32) * np.float32(0.1))

    matrix("v.patch_embd.weight", width, 3, patch, patch)
    writer.add_tensor("v.class_embd", random.standard_normal(width, dtype=np.float32))
    matrix("v.position_embd.weight", (size // patch) ** 2 + 1, width)
    norm("v.pre_ln")
    for layer in range(layers):
        block = f"v.blk.{layer}."
        norm(block + "ln1")
        for name in ["attn_q", "attn_k", "attn_v", "attn_out"]:
            linear(block + name, width, width)
        norm(block + "ln2")
        linear(block + "ffn_up", hidden, width)
        linear(block + "ffn_down", width, hidden)
    linear("mm.0", text, width)
    linear("mm.2", text, text)
    finish(writer)


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    kind, path = sys.argv[1:3]
    if kind == "projector":
        projector(path)
    else:
        language_model(path, SHAPES[kind])


if __name__ == "__main__":
    main()
