#!/usr/bin/env python3
"""Makes tests/fixtures/tiny-llama: a Llama of random weights with a tokenizer, and what transformers writes with it.

    python3 -m venv V && V/bin/pip install torch transformers
    V/bin/python scripts/reference/llama_random.py

The folder has the form that Hugging Face's hub has: config.json, generation_config.json, model.safetensors (32-bit floats),
tokenizer.json, tokenizer_config.json with a chat template. reference.json holds five questions, each as plain text and as a
chat, with the tokens that greedy decoding writes. The seed is one of many tried: the one whose nearest second choice is
farthest away, so that another order of additions changes nothing, and which does not repeat itself.
"""

import json
import shutil
import sys
from pathlib import Path

import tokenizers
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures"
FOLDER = FIXTURES / "tiny-llama"
VOCABULARY = 256
TOKENS = 32
PROMPTS = [
    "Grandpa steering his boat",
    "What is in the picture?",
    "The first snow of the year",
    "Two dogs on the beach at sunset, and nobody else.",
    "a",
]
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SPECIAL = ["<unk>", "<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>", "<|end|>"]


def make_tokenizer():
    """Byte-pair encoding over readable pieces, so that every token is whole characters."""
    lines = (FIXTURES / "sentences.txt").read_text("utf-8").splitlines()[:40]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.NFC()
    # As GPT-2 and Llama 3 have it: mistral.rs knows no decoder of metaspaces.
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = [chr(code) for code in range(0x21, 0x7F)] + ["\u0120"]
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=SPECIAL, initial_alphabet=alphabet,
                                  show_progress=False)
    tokenizer.train_from_iterator(lines, trainer)
    assert tokenizer.get_vocab_size() == VOCABULARY, tokenizer.get_vocab_size()
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>",
                                   additional_special_tokens=SPECIAL[3:], chat_template=TEMPLATE,
                                   clean_up_tokenization_spaces=False, model_max_length=256)


def make_model(seed):
    config = LlamaConfig(vocab_size=VOCABULARY, hidden_size=64, intermediate_size=96, num_hidden_layers=2,
                         num_attention_heads=2, num_key_value_heads=1, head_dim=32, max_position_embeddings=256,
                         rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=False, bos_token_id=1, eos_token_id=2,
                         initializer_range=0.25)
    torch.manual_seed(seed)
    model = LlamaForCausalLM(config).eval().to(torch.float32)
    with torch.no_grad():
        # The words that steer a conversation are never the likeliest: nothing ends early.
        model.lm_head.weight[: len(SPECIAL)] = 0
    model.generation_config = GenerationConfig(bos_token_id=1, eos_token_id=2, do_sample=False)
    return model


@torch.no_grad()
def decode(model, ids):
    """What greedy decoding writes, and by how much the first choice won at its closest."""
    ids, margin = list(ids), float("inf")
    start = len(ids)
    for _ in range(TOKENS):
        best = model(torch.tensor([ids])).logits[0, -1].topk(2)
        margin = min(margin, float(best.values[0] - best.values[1]))
        ids.append(int(best.indices[0]))
    return ids[start:], margin


def cases(tokenizer, model):
    for prompt in PROMPTS:
        chat = tokenizer.apply_chat_template([{"role": "user", "content": prompt}], tokenize=False,
                                             add_generation_prompt=True)
        for kind, text, ids in (("text", prompt, tokenizer(prompt)["input_ids"]),
                                ("chat", chat, tokenizer(chat, add_special_tokens=False)["input_ids"])):
            tokens, margin = decode(model, ids)
            yield {"kind": kind, "question": prompt, "prompt": text, "prompt_tokens": ids, "tokens": tokens,
                   "text": tokenizer.decode(tokens, skip_special_tokens=False), "margin": round(margin, 4)}


def varied(case):
    """Not the same few words over and over."""
    return len(set(case["tokens"])) >= TOKENS // 2 and min(case["tokens"]) >= len(SPECIAL)


def main():
    tokenizer = make_tokenizer()
    best = (0.0, None)
    for seed in range(int(sys.argv[1]) if len(sys.argv) > 1 else 100):
        found, least = make_model(seed), float("inf")
        for case in cases(tokenizer, found):
            least = min(least, case["margin"] if varied(case) else 0.0)
            if least <= best[0]:
                break
        else:
            best = (least, seed)
            print("seed", seed, "margin", least, flush=True)
    margin, seed = best
    assert seed is not None, "no seed gives varied text"
    model = make_model(seed)
    reference = list(cases(tokenizer, model))
    for case in reference:
        # The library's own loop, with its cache, writes the same.
        written = model.generate(torch.tensor([case["prompt_tokens"]]), max_new_tokens=TOKENS, do_sample=False)
        assert written[0, len(case["prompt_tokens"]):].tolist() == case["tokens"], case
    shutil.rmtree(FOLDER, ignore_errors=True)
    model.save_pretrained(FOLDER, safe_serialization=True)
    tokenizer.save_pretrained(FOLDER, save_jinja_files=False)
    # As most models on the hub say it, which were saved before version 5 of the library.
    config = json.loads((FOLDER / "config.json").read_text("utf-8"))
    config |= {"rope_theta": config.pop("rope_parameters")["rope_theta"], "torch_dtype": config.pop("dtype")}
    (FOLDER / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", "utf-8")
    for file in FOLDER.iterdir():
        file.chmod(0o644)
    size = (FOLDER / "model.safetensors").stat().st_size
    assert size <= 400_000, size
    versions = {"transformers": transformers.__version__, "torch": torch.__version__,
                "tokenizers": tokenizers.__version__}
    rows = ",\n".join("    " + json.dumps(case, ensure_ascii=False) for case in reference)
    head = f'"made_by": "scripts/reference/llama_random.py", "seed": {seed}, "versions": {json.dumps(versions)}'
    (FOLDER / "reference.json").write_text(f'{{\n  {head},\n  "cases": [\n{rows}\n  ]\n}}\n', "utf-8")
    print(f"seed {seed}: {size} bytes, the closest second choice is {margin:.4f} behind")


if __name__ == "__main__":
    main()
