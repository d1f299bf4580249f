"""Turns Natural Earth's countries into border lines that know the country on either side.

Whoever looks from a point due west meets, as the nearest line, one whose eastern side is the country of the point.
That needs no polygons, so coasts can be drawn coarsely (a point in the water takes the country of the nearest
settlement) while borders between countries keep every bend.
"""

from bisect import bisect_right
from collections import Counter, defaultdict

COAST_TOLERANCE = 0.02  # degrees a coast may deviate
BORDER_TOLERANCE = 0.0008  # degrees a border may deviate
ISLET = 0.04  # degrees: islands smaller than this in both directions are left to the nearest settlement
BAND = 0.05  # degrees of latitude in one bucket


class Borders:
    """Arcs in degrees, each with the polygon on its left and right (None is water)."""

    def __init__(self, topology: dict):
        scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
        self.scale, self.move = scale, move
        self.around = 360 / scale[0]
        self.arcs = []
        for arc in topology["arcs"]:
            x = y = 0
            points = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                points.append((x, y))
            self.arcs.append(points)
        self.left = [None] * len(self.arcs)
        self.right = [None] * len(self.arcs)
        self.feature = []  # polygon number to the feature it is part of
        for feature in topology["objects"]["countries"]["geometries"]:
            polygons = {"Polygon": [feature.get("arcs")], "MultiPolygon": feature.get("arcs")}.get(feature["type"], [])
            for polygon in polygons:
                self.feature.append(feature)
                for number, ring in enumerate(polygon):
                    self._mark(ring, len(self.feature) - 1, hole=number > 0)

    def degrees(self, point):
        """Longitude and latitude of a grid point."""
        return point[0] * self.scale[0] + self.move[0], point[1] * self.scale[1] + self.move[1]

    def _mark(self, ring, polygon, hole):
        outline = []
        for arc in ring:
            for x, y in self.arcs[arc] if arc >= 0 else reversed(self.arcs[~arc]):
                # The outline runs on past the antimeridian instead of jumping to the other side of the map.
                outline.append((x + self.around * round((outline[-1][0] - x) / self.around) if outline else x, y))
        if outline[0] != outline[-1]:
            # It goes around the world: Antarctica. The pole closes it.
            pole = (-90 - self.move[1]) / self.scale[1]
            outline += [(outline[-1][0], pole), (outline[0][0], pole), outline[0]]
        area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(outline, outline[1:]))
        left = (area > 0) != hole
        for arc in ring:
            side = self.left if left == (arc >= 0) else self.right
            side[arc if arc >= 0 else ~arc] = polygon

    def index(self):
        """Buckets the segments by latitude for `at`."""
        self.bands = defaultdict(list)
        for number, arc in enumerate(self.arcs):
            for a, b in zip(arc, arc[1:]):
                if a[1] != b[1]:
                    (x1, y1), (x2, y2) = self.degrees(a), self.degrees(b)
                    low, high = sorted((y1, y2))
                    bands = range(int((low + 90) // BAND), int((high + 90) // BAND) + 1)
                    turn = 360 * round((x1 - x2) / 360)
                    # A piece across the antimeridian stands on both sides of the map.
                    for x1, x2 in {(x1, x2 + turn), (x1 - turn, x2)}:
                        for band in bands:
                            self.bands[band].append((min(x1, x2), x1, y1, x2, y2, number))
        for band in self.bands.values():
            band.sort()

    def at(self, longitude, latitude):
        """The polygon that holds a point, or None."""
        found = self._west_of(longitude, latitude)
        # Nothing up to the antimeridian: look on from its other side.
        return (found or self._west_of(180.0, latitude) or (None, None))[1]

    def _west_of(self, longitude, latitude):
        best = None
        band = self.bands.get(int((latitude + 90) // BAND), [])
        for _, x1, y1, x2, y2, number in band[: bisect_right(band, (longitude, 1e9))]:
            if (y1 > latitude) != (y2 > latitude):
                x = x1 + (latitude - y1) * (x2 - x1) / (y2 - y1)
                east = self.right[number] if y2 > y1 else self.left[number]
                # Two lines lie on the antimeridian where land is cut in two; the one that faces land is meant.
                if x <= longitude and (best is None or best[0] < x or (best[0] == x and east is not None)):
                    best = (x, east)
        return best


def countries_of(borders: Borders, cities: list[dict], countries: dict[str, dict]) -> list[str]:
    """The ISO code of each polygon: that of most of the settlements in it, else that of its feature, else empty."""
    numeric = {f"{country['isonumeric']:03}": code for code, country in countries.items()}
    votes = defaultdict(Counter)
    for city in cities:
        votes[borders.at(city["longitude"], city["latitude"])][city["countrycode"]] += 1
    agree = sum(count.most_common(1)[0][1] for polygon, count in votes.items() if polygon is not None)
    inside = sum(sum(count.values()) for polygon, count in votes.items() if polygon is not None)
    print(f"borders: {inside} settlements in polygons, {inside - agree} on the wrong side ({(inside - agree) / inside:.3%})")
    codes = []
    for polygon, feature in enumerate(borders.feature):
        vote = votes.get(polygon)
        codes.append(vote.most_common(1)[0][0] if vote else numeric.get(feature.get("id") or "", ""))
    return codes


def simplify(points, tolerance, degrees):
    """Douglas and Peucker's simplification; the ends stay."""
    place = [degrees(point) for point in points]
    keep, stack = {0, len(points) - 1}, [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        (x1, y1), (x2, y2) = place[first], place[last]
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        worst, index = tolerance * tolerance, None
        for i in range(first + 1, last):
            x, y = place[i]
            t = max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / length)) if length else 0.0
            away = (x - x1 - t * dx) ** 2 + (y - y1 - t * dy) ** 2
            if away > worst:
                worst, index = away, i
        if index is not None:
            keep.add(index)
            stack += [(first, index), (index, last)]
    return [points[i] for i in sorted(keep)]


def lines(borders: Borders, codes: list[str]):
    """Yields (left code, right code, grid points) for every line worth keeping."""
    for number, arc in enumerate(borders.arcs):
        left, right = (codes[side] if side is not None else "" for side in (borders.left[number], borders.right[number]))
        if left == right:
            continue
        place = [borders.degrees(point) for point in arc]
        size = max(max(p[axis] for p in place) - min(p[axis] for p in place) for axis in (0, 1))
        if arc[0] == arc[-1] and size < ISLET and not (left and right):
            continue
        points = simplify(arc, BORDER_TOLERANCE if left and right else COAST_TOLERANCE, borders.degrees)
        yield left, right, points
