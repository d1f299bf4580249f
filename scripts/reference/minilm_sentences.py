#!/usr/bin/env python3
"""Encodes tests/fixtures/sentences.txt with sentence-transformers, for tests/fixtures/sentences_minilm.i16.

    python3 -m venv V && V/bin/pip install sentence-transformers
    V/bin/python scripts/reference/minilm_sentences.py MODEL_FOLDER

MODEL_FOLDER holds all-MiniLM-L6-v2 as Hugging Face has it (`recollect models pull all-MiniLM-L6-v2`).
Two hundred captions in English, German, French, Spanish and Chinese, forty each. The file holds their vectors one after
the other: 384 numbers each, of a vector of length 1, times 32767, as 16-bit integers, little end first.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import sentence_transformers
import torch
from sentence_transformers import SentenceTransformer

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures"


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    sentences = (FIXTURES / "sentences.txt").read_text("utf-8").splitlines()
    assert len(sentences) == 200 == len(set(sentences))
    model = SentenceTransformer(sys.argv[1], device="cpu", local_files_only=True)
    vectors = model.encode(sentences, batch_size=1, normalize_embeddings=True).astype(np.float64)
    assert vectors.shape == (200, 384) and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    stored = np.rint(vectors * 32767).astype("<i2")
    kept = stored.astype(np.float64)
    cosines = (kept * vectors).sum(1) / np.linalg.norm(kept, axis=1)
    assert cosines.min() > 0.999999, cosines.min()
    with tempfile.NamedTemporaryFile(dir=FIXTURES, delete=False) as part:
        stored.tofile(part)
    Path(part.name).chmod(0o644)
    Path(part.name).rename(FIXTURES / "sentences_minilm.i16")
    print(f"sentence-transformers {sentence_transformers.__version__}, torch {torch.__version__}: "
          f"{len(sentences)} vectors; what storing them cost: 1 - {1 - cosines.min():.1e}")


if __name__ == "__main__":
    main()
