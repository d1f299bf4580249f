#!/usr/bin/env python3
"""Compares the speed of recollect-llama with llama.cpp's own benchmark, in pairs, in one run.

Usage: llama_speed.py ENGINE LLAMA_BENCH MODEL [ROUNDS]
ENGINE is recollect-llama, LLAMA_BENCH llama.cpp's own program (built with the same processor features), MODEL a GGUF
file, such as random_gguf.py's qwen3-0.6b: speed does not depend on the values of the weights. Prints the ratios of the
medians (prompt and decode), what four conversations at the same time gain over one after the other, beside what the batch
allows by llama-batched-bench (where that lies beside LLAMA_BENCH), and how many tokens a follow-up evaluates. Other work on
the machine falsifies all of it.
"""

import json
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

ENGINE, BENCH, MODEL = sys.argv[1:4]
ROUNDS = int(sys.argv[4]) if len(sys.argv) > 4 else 3
THREADS = "2"


def ours():
    done = subprocess.run([ENGINE, "--model", MODEL, "--context", "2048", "--threads", THREADS, "--listen", "127.0.0.1:1",
                           "--bench"], capture_output=True, text=True, check=True)
    speeds = dict(re.findall(r"^(pp512|tg128) ([0-9.]+)", done.stdout, re.M))
    return float(speeds["pp512"]), float(speeds["tg128"])


def theirs():
    done = subprocess.run([BENCH, "-m", MODEL, "-t", THREADS, "-p", "512", "-n", "128", "-r", "5", "-o", "json"],
                          capture_output=True, text=True, check=True)
    runs = json.loads(done.stdout)
    def speed(run):
        return statistics.median(run["samples_ts"])
    return (next(speed(run) for run in runs if run["n_prompt"] == 512 and run["n_gen"] == 0),
            next(speed(run) for run in runs if run["n_gen"] == 128 and run["n_prompt"] == 0))


def paired():
    pairs = []
    for n in range(ROUNDS):
        pairs.append((ours(), theirs()) if n % 2 == 0 else tuple(reversed((theirs(), ours()))))
        print(f"round {n + 1}: ours pp {pairs[-1][0][0]:.1f} tg {pairs[-1][0][1]:.1f}, "
              f"llama.cpp pp {pairs[-1][1][0]:.1f} tg {pairs[-1][1][1]:.1f} tokens/s", flush=True)
    for place, name in enumerate(["prompt", "decode"]):
        ratio = statistics.median(ours[place] / theirs[place] for ours, theirs in pairs)
        print(f"{name}: {ratio:.3f} times llama.cpp's own benchmark")


def allowed():
    """What llama.cpp itself gains when it decodes four sequences in a batch; None without its program for that."""
    program = Path(BENCH).with_name("llama-batched-bench")
    if not program.exists():
        return None
    done = subprocess.run([program, "-m", MODEL, "-c", "4096", "-npp", "16", "-ntg", "96", "-npl", "1,4", "-t", THREADS],
                          capture_output=True, text=True, check=True)
    rows = [line.strip("|").split("|") for line in done.stdout.splitlines() if re.match(r"\|\s+\d", line)]
    one, four = (float(row[-1]) for row in rows)
    return four / one


class Server:
    def __init__(self):
        self.child = subprocess.Popen([ENGINE, "--model", MODEL, "--context", "4096", "--slots", "4", "--threads", THREADS,
                                       "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
        for line in self.child.stderr:
            if found := re.search(r"listening on (http\S+)", line):
                self.url = found[1]
                break
        threading.Thread(target=self.child.stderr.read, daemon=True).start()

    def ask(self, text, most):
        body = json.dumps({"messages": [{"role": "user", "content": text}], "temperature": 0, "max_tokens": most}).encode()
        request = urllib.request.Request(self.url + "/v1/chat/completions", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


def together():
    """What four conversations at the same time gain, and how many tokens of a follow-up are evaluated."""
    server = Server()
    try:
        prompts = [f"{n}. Tell me about the {word}" for n, word in enumerate(["sea", "hills", "town", "dog"])]
        server.ask("warm up", 8)
        began = time.monotonic()
        for prompt in prompts:
            server.ask(prompt + " alone", 96)
        alone = time.monotonic() - began
        threads = [threading.Thread(target=server.ask, args=(prompt + " together", 96)) for prompt in prompts]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        gain = alone / (time.monotonic() - began)
        text = "What is in these pictures of a long journey? " * 12
        first = server.ask(text, 16)
        text += first["choices"][0]["message"]["content"] + " And the next day?"
        usage = server.ask(text, 4)["usage"]
        cached = usage["prompt_tokens_details"]["cached_tokens"]
        return gain, f"a follow-up of {usage['prompt_tokens']} tokens evaluates {usage['prompt_tokens'] - cached}"
    finally:
        server.child.kill()


def at_once():
    gains, allow = [], []
    for _ in range(ROUNDS):
        gain, follow_up = together()
        gains.append(gain)
        allow.append(allowed())
    line = f"four conversations at the same time: {statistics.median(gains):.2f} times one after the other"
    if None not in allow:
        line += f", llama.cpp's own batch {statistics.median(allow):.2f} times"
    print(line, follow_up, sep="\n")


paired()
at_once()
