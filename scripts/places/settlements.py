"""Chooses the settlements that stand for the world and gives each its region."""

import math
from collections import Counter, defaultdict

from names import fold, listed, table

# A place of fewer than a thousand people is kept where no larger one lies within so many degrees of latitude (about 6 km).
LONELY_DEGREES = 0.055
SMALL_COUNTRY_KM2 = 1000
SUFFIXES = (" Voivodeship", " Governorate", " Prefecture", " Province", " Povince", " Department", " County", " Region", " District", " Wilayah")
PREFIXES = ("Municipality of ", "State of ", "City state ", "Land ", "Province of ", "Region of ", "Departamento de ", "Provincia de ")


def believable(cities: list[dict], country_at) -> list[dict]:
    """Leaves out places that are filed under the wrong country: their time zone and the borders both say another one."""
    of_zone = defaultdict(Counter)
    for city in cities:
        of_zone[city["timezone"]][city["countrycode"]] += 1
    kept = []
    for city in cities:
        zone_country = of_zone[city["timezone"]].most_common(1)[0][0]
        if zone_country == city["countrycode"] or country_at(city) != zone_country:
            kept.append(city)
    print(f"{len(cities) - len(kept)} settlements are filed under the wrong country and left out")
    return kept


def choose(cities: list[dict]) -> list[dict]:
    """Places of a thousand people and more, the largest of each country, and smaller ones where there is nothing else."""
    cells, countries = defaultdict(list), set()

    def near(city):
        row, column = int(city["latitude"] // LONELY_DEGREES), int(city["longitude"] // LONELY_DEGREES)
        shrink = max(0.05, math.cos(math.radians(city["latitude"])))
        reach = math.ceil(1 / shrink)
        for r in range(row - 1, row + 2):
            for c in range(column - reach, column + reach + 1):
                for other in cells[r, c]:
                    away = math.hypot(other["latitude"] - city["latitude"], (other["longitude"] - city["longitude"]) * shrink)
                    if away < LONELY_DEGREES:
                        return True
        return False

    chosen = []
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        if city["population"] >= 1000 or city["countrycode"] not in countries or not near(city):
            chosen.append(city)
            countries.add(city["countrycode"])
            cells[int(city["latitude"] // LONELY_DEGREES), int(city["longitude"] // LONELY_DEGREES)].append(city)
    return chosen


def regions(cities: list[dict], divisions: list[dict], countries: dict[str, dict]) -> dict[int, str]:
    """GeoNames' name of the division that each settlement lies in, by its identifier; empty where there is none.

    Divisions of very small countries are parishes that nobody outside knows: those countries have none here.
    """
    at = {(d["country_code"], round(d["latitude"], 3), round(d["longitude"], 3)): d.get("state") or "" for d in divisions}
    votes, own = defaultdict(Counter), {}
    for city in cities:
        key = (city["countrycode"], round(city["latitude"], 3), round(city["longitude"], 3))
        if at.get(key):
            own[city["geonameid"]] = at[key]
            votes[city["countrycode"], city["admin1code"]][at[key]] += 1
    found = {}
    for city in cities:
        vote = votes.get((city["countrycode"], city["admin1code"]))
        majority = vote.most_common(1)[0][0] if vote else ""
        small = countries.get(city["countrycode"], {}).get("areakm2", 0) < SMALL_COUNTRY_KM2
        found[city["geonameid"]] = "" if small else own.get(city["geonameid"], majority)
    return found


def region_names(found: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """(country, GeoNames' name) to the English name as people type it and the other names it is known by."""
    known = {(row[0], row[1]): (row[2] or row[1], listed(row[3]) if len(row) > 3 else []) for row in table("regions.tsv")}
    missing = sorted(set(known) - found)
    if missing:
        raise SystemExit(f"curated/regions.tsv names divisions that GeoNames has not: {missing}")
    named = {}
    for country, name in found:
        if (country, name) in known:
            english, others = known[country, name]
        else:
            english, others = tidy(name), []
        named[country, name] = (english, [*others, *([name] if fold(name) != fold(english) else [])])
    # Two divisions of a country may not share a name: "Moscow" and "Moscow Oblast", "Madrid" and "Province of Madrid".
    count = Counter((country, fold(english)) for (country, _), (english, _) in named.items())
    for (country, name), (english, others) in list(named.items()):
        if count[country, fold(english)] > 1 and (country, name) not in known:
            named[country, name] = (name, others)
    return named


def tidy(name: str) -> str:
    """A division's name without the word for what it is."""
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name or ""
