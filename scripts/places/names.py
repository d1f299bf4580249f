"""How names are compared while the data is built: the same idea as `fold.rs`, which does it when they are looked up."""

import re
import unicodedata
from pathlib import Path

CURATED = Path(__file__).parent / "curated"
SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
# Letters of English, German, French and Spanish: other spellings are hardly typed by those who ask in these languages.
LATIN = re.compile(r"[A-ZÀÁÂÄÇÈÉÊËÍÎÏÑÓÔÖÙÚÛÜŒ][A-Za-zàáâäçèéêëíîïñóôöùúûüßœæ'’. -]*")
HAN = re.compile(r"[\u4e00-\u9fff]+")


def fold(name: str) -> str:
    """Lower case without diacritics and punctuation."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(SPECIAL))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(SPECIAL)
    return " ".join(re.sub(r"[^\w]+", " ", plain.replace("'", "").replace("’", "").replace(".", "")).split())


def table(name: str) -> list[list[str]]:
    """The rows of a tab-separated file in `curated`."""
    lines = (CURATED / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


def listed(field: str) -> list[str]:
    """The parts of a field that are separated by semicolons."""
    return [part.strip() for part in field.split(";") if part.strip()]


def everyday() -> set[str]:
    """Folded words that are not names of places in the first place."""
    lines = (CURATED / "everyday.txt").read_text(encoding="utf-8").splitlines()
    return {fold(word) for line in lines if not line.startswith("#") for word in line.split()}


def distinct(names: list[str], taken: set[str]) -> list[str]:
    """The names whose folded form is not taken, each form once; `taken` grows."""
    found = []
    for name in names:
        key = fold(name)
        if key and key not in taken:
            taken.add(key)
            found.append(name)
    return found
