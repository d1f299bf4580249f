"""Collects the names that questions use for countries, regions, parts of the world and cities."""

from names import HAN, LATIN, distinct, everyday, fold, listed, table
from sources import LANGUAGES, Sources

NAMED_FROM = 15_000  # people a city needs for names beyond its own
RICH_FROM = 100_000  # people a city needs for every spelling GeoNames has
FEW = 8  # other spellings of a city below that


def countries(sources: Sources) -> dict[str, list[str]]:
    """ISO code to names: English, German, French, Spanish, Chinese, then what else people say."""
    extra = {row[0]: row for row in table("countries.tsv")}
    cldr = {language: sources.territories(language) for language in LANGUAGES}
    found = {}
    for code in sorted(sources.countries()):
        row = extra.get(code, [code, "", ""])
        main = [plain(cldr[language].get(f"{code}-alt-short") if code in ("HK", "MO", "PS") else None, cldr[language].get(code, "")) for language in LANGUAGES]
        if row[1]:
            main[0] = row[1]
        if not main[0]:
            continue
        others = [plain(None, name) for names in cldr.values() for key, name in names.items() if key.startswith(f"{code}-alt-")]
        others += [plain(None, cldr["en"][code]), *(listed(row[2]) if len(row) > 2 else [])]
        found[code] = [*main, *distinct(others, {fold(name) for name in main})]
    return found


def plain(short: str | None, name: str) -> str:
    """A country's name without a bracketed remark and with plain apostrophes."""
    return (short or name).split(" (")[0].split("（")[0].replace("’", "'")


def groups(sources: Sources) -> list[tuple[list[str], list[str]]]:
    """Parts of the world: names, members."""
    contains, codes = sources.containment(), set(sources.countries())

    def members(code):
        if code in contains:
            return sorted({member for part in contains[code] for member in members(part)})
        return [code] if code in codes else []

    found = [(listed(row[0]), listed(row[1])) for row in table("groups.tsv")]
    taken = {fold(name) for names, _ in found for name in names}
    cldr = {language: sources.territories(language) for language in LANGUAGES}
    for code in cldr["en"]:
        if code.isdigit() and code != "001" and members(code):
            names = distinct([cldr[language][code] for language in LANGUAGES], taken)
            if names:
                found.append((names, members(code)))
    return found


def abbreviations(sources: Sources) -> dict[tuple[str, str], str]:
    """(country, folded English name) to the letters that people write for a state in an address."""
    found = {}
    for code, name in sources.subdivisions("en").items():
        if code[:2] in ("us", "ca", "au"):
            found[code[:2].upper(), fold(name)] = code[2:].upper()
    return found


def cities(settlements: list[dict], simplified: dict[int, str]) -> list[tuple[str, list[str], list[str]]]:
    """For each settlement: the English name, the names it is well known by, and other spellings."""
    known = {(row[0], row[1]): row for row in table("exonyms.tsv")}
    largest = {}
    for city in settlements:
        key = (city["countrycode"], city["name"])
        if key in known and city["population"] > largest.get(key, (-1, 0))[0]:
            largest[key] = (city["population"], city["geonameid"])
    chosen = {identifier for _, identifier in largest.values()}
    if missing := sorted(set(known) - set(largest)):
        raise SystemExit(f"curated/exonyms.tsv names cities that GeoNames has not: {missing}")
    words, found = everyday(), []
    for city in settlements:
        row = known.get((city["countrycode"], city["name"])) if city["geonameid"] in chosen else None
        english = (row[2] if row else "") or city["name"]
        taken = {fold(english)}
        well = distinct([city["name"], *(listed(row[3]) if row and len(row) > 3 else [])], taken)
        found.append((english, well, others(city, taken, words, simplified)))
    return found


def others(city: dict, taken: set[str], words: set[str], simplified: dict[int, str]) -> list[str]:
    """GeoNames' other names of a city that somebody could type who writes one of the five languages."""
    if city["population"] < NAMED_FROM:
        return []
    names = city["alternatenames"]
    latin = [name for name in names if LATIN.fullmatch(name) and 4 <= len(name) <= 30 and not name.isupper()]
    latin = [name for name in distinct(latin, set(taken)) if fold(name) not in words]
    written = [name for name in names if HAN.fullmatch(name) and len(name) >= 2]
    written = [name[:-1] if len(name) > 2 and name[-1] in "市县縣" else name for name in written]
    han = [name.translate(simplified) for name in written]
    if city["population"] < RICH_FROM:
        latin, han = latin[:FEW], han[:2]
    else:
        han += written
    han = [name for name in han if name not in words]
    return distinct([*han, *latin], taken)
