//! Connected regions of a map, and the smallest rectangle around each, which may be turned.
//!
//! Coordinates are those of pixels' centres. Two pixels are connected when they touch, corners included. The smallest
//! rectangle shares a side's direction with the convex hull (Freeman and Shapira, 1975), so every side of the hull is tried.

/// A point, `[x, y]`.
pub type Point = [f64; 2];

/// A rectangle: its middle, half of its width along a direction of length 1, and half of its height across it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle {
    /// The middle.
    pub middle: Point,
    /// Where its width points; from −45° (left out) to 45° from the horizontal, so that text is upright.
    pub along: Point,
    /// Half of its width.
    pub half_width: f64,
    /// Half of its height.
    pub half_height: f64,
}

impl Rectangle {
    /// Its corners: top left, top right, bottom right, bottom left, seen along its direction.
    pub fn corners(&self) -> [Point; 4] {
        let ([x, y], [a, b]) = (self.middle, self.along);
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(right, down)| {
            let (w, h) = (right * self.half_width, down * self.half_height);
            [x + w * a - h * b, y + w * b + h * a]
        })
    }

    /// The rectangle with all sides moved outwards.
    pub fn grown(&self, by: f64) -> Self {
        Self { half_width: self.half_width + by, half_height: self.half_height + by, ..*self }
    }

    /// Whether a point lies in it.
    pub fn holds(&self, [x, y]: Point) -> bool {
        const NEXT_TO_NOTHING: f64 = 1e-6;
        let (dx, dy) = (x - self.middle[0], y - self.middle[1]);
        let (right, down) = (dx * self.along[0] + dy * self.along[1], dy * self.along[0] - dx * self.along[1]);
        right.abs() <= self.half_width + NEXT_TO_NOTHING && down.abs() <= self.half_height + NEXT_TO_NOTHING
    }
}

/// The regions of the map where `inside` holds, each as the leftmost and rightmost pixels of its rows.
pub fn regions(inside: &[bool], width: usize) -> Vec<Vec<Point>> {
    let mut left = inside.to_vec();
    let mut regions = Vec::new();
    for start in 0..left.len() {
        if left[start] {
            regions.push(ends_of_rows(take(&mut left, width, start), width));
        }
    }
    regions
}

/// Takes the region around a pixel out of the map.
fn take(left: &mut [bool], width: usize, start: usize) -> Vec<usize> {
    let height = left.len() / width;
    let (mut taken, mut at) = (vec![start], 0);
    left[start] = false;
    while let Some(pixel) = taken.get(at).copied() {
        let (x, y) = (pixel % width, pixel / width);
        for row in y.saturating_sub(1)..(y + 2).min(height) {
            for column in x.saturating_sub(1)..(x + 2).min(width) {
                let near = row * width + column;
                if std::mem::take(&mut left[near]) {
                    taken.push(near);
                }
            }
        }
        at += 1;
    }
    taken
}

fn ends_of_rows(pixels: Vec<usize>, width: usize) -> Vec<Point> {
    let mut rows = std::collections::BTreeMap::<usize, (usize, usize)>::new();
    for pixel in pixels {
        let (x, y) = (pixel % width, pixel / width);
        let ends = rows.entry(y).or_insert((x, x));
        *ends = (ends.0.min(x), ends.1.max(x));
    }
    let ends = rows.into_iter().flat_map(|(y, (first, last))| {
        let first_of_row = [first as f64, y as f64];
        std::iter::once(first_of_row).chain((last != first).then_some([last as f64, y as f64]))
    });
    ends.collect()
}

/// The corners of the convex hull, counter-clockwise (Andrew, 1979).
fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let turn = |o: Point, a: Point, b: Point| (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while let [.., a, b] = chain[..]
                && turn(a, b, point) <= 0.0
            {
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    if sorted.len() < 3 {
        return sorted;
    }
    let mut corners = half(&mut sorted.iter().copied());
    corners.extend(half(&mut sorted.iter().rev().copied()));
    corners
}

/// The smallest rectangle around the points; `None` when there are none.
pub fn smallest_rectangle(points: &[Point]) -> Option<Rectangle> {
    let corners = hull(points);
    let first = *corners.first()?;
    let alone = Rectangle { middle: first, along: [1.0, 0.0], half_width: 0.0, half_height: 0.0 };
    let mut best: Option<(f64, Rectangle)> = None;
    for (at, from) in corners.iter().enumerate() {
        let to = corners[(at + 1) % corners.len()];
        let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
        let length = dx.hypot(dy);
        if length == 0.0 {
            continue;
        }
        let rectangle = around(&corners, upright([dx / length, dy / length]));
        let area = rectangle.half_width * rectangle.half_height;
        if best.is_none_or(|(least, _)| area < least - 1e-9) {
            best = Some((area, rectangle));
        }
    }
    Some(best.map_or(alone, |(_, rectangle)| rectangle))
}

/// The direction, turned by quarters until it is nearest to the right.
fn upright([a, b]: Point) -> Point {
    let turns = [[a, b], [-b, a], [-a, -b], [b, -a]];
    turns.into_iter().max_by(|p, q| p[0].total_cmp(&q[0])).unwrap_or([1.0, 0.0])
}

fn around(points: &[Point], [a, b]: Point) -> Rectangle {
    let range = |along: &dyn Fn(&Point) -> f64| {
        let values = points.iter().map(along);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    };
    let (left, right) = range(&|[x, y]| x * a + y * b);
    let (top, bottom) = range(&|[x, y]| y * a - x * b);
    let (u, v) = ((left + right) / 2.0, (top + bottom) / 2.0);
    Rectangle {
        middle: [u * a - v * b, u * b + v * a],
        along: [a, b],
        half_width: (right - left) / 2.0,
        half_height: (bottom - top) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(lines: &[&str]) -> (Vec<bool>, usize) {
        (lines.iter().flat_map(|line| line.bytes().map(|byte| byte == b'#')).collect(), lines[0].len())
    }

    #[test]
    fn what_touches_at_a_corner_is_one_region_and_the_end_of_a_row_is_not_beside_the_next() {
        let (inside, width) = map(&["##...#", "..#...", "#....."]);
        let found = regions(&inside, width);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0], [[0.0, 0.0], [1.0, 0.0], [2.0, 1.0]]);
        assert_eq!((found[1][0], found[2][0]), ([5.0, 0.0], [0.0, 2.0]));
    }

    #[test]
    fn a_straight_box_is_its_own_rectangle() {
        let (inside, width) = map(&["......", ".####.", ".####."]);
        let found = smallest_rectangle(&regions(&inside, width)[0]).unwrap();
        assert_eq!((found.middle, found.half_width, found.half_height), ([2.5, 1.5], 1.5, 0.5));
        assert_eq!(found.corners(), [[1.0, 1.0], [4.0, 1.0], [4.0, 2.0], [1.0, 2.0]]);
        assert_eq!(found.grown(1.0).corners()[0], [0.0, 0.0]);
    }

    #[test]
    fn a_turned_box_is_found_turned() {
        let angle = 20.0_f64.to_radians();
        let turned =
            Rectangle { middle: [50.0, 40.0], along: [angle.cos(), angle.sin()], half_width: 30.0, half_height: 6.0 };
        let found = smallest_rectangle(&turned.corners()).unwrap();
        assert!((found.half_width - 30.0).abs() < 1e-6 && (found.half_height - 6.0).abs() < 1e-6, "{found:?}");
        assert!((found.along[1] - turned.along[1]).abs() < 1e-9 && found.along[0] > 0.0);
        assert!(found.holds([50.0, 40.0]) && found.holds(turned.corners()[2]) && !found.holds([50.0, 50.0]));
    }

    #[test]
    fn a_point_and_a_row_have_rectangles_without_area() {
        assert_eq!(smallest_rectangle(&[]), None);
        assert_eq!(smallest_rectangle(&[[3.0, 4.0]]).unwrap().corners(), [[3.0, 4.0]; 4]);
        let row = smallest_rectangle(&[[1.0, 2.0], [5.0, 2.0]]).unwrap();
        assert_eq!((row.half_width, row.half_height), (2.0, 0.0));
    }
}
