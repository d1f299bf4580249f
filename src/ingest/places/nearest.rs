//! A k-d tree over points on the unit sphere that can skip points while it searches.
//!
//! Distances are chords in three dimensions, so the poles and the antimeridian need no care. The tree is built once and
//! only read. What a point stands for is left to the caller, who gets its number back.

use std::cmp::Ordering;

/// Mean radius of the Earth, kilometres (IUGG).
const EARTH_KM: f64 = 6371.0088;
/// Subtrees so small are searched one by one.
const LEAF: usize = 8;

/// A point on the unit sphere.
pub(super) type Point = [f32; 3];

/// The point on the unit sphere at a latitude and longitude in degrees.
pub(super) fn point(lat: f64, lon: f64) -> Point {
    let (lat, lon) = (lat.to_radians(), lon.to_radians());
    [(lat.cos() * lon.cos()) as f32, (lat.cos() * lon.sin()) as f32, lat.sin() as f32]
}

/// The great-circle distance, kilometres, that belongs to a squared chord.
pub(super) fn kilometres(squared_chord: f32) -> f64 {
    2.0 * EARTH_KM * (f64::from(squared_chord).sqrt() / 2.0).min(1.0).asin()
}

/// The squared chord of a great-circle distance in kilometres.
pub(super) fn squared_chord(km: f64) -> f32 {
    let chord = 2.0 * (km / EARTH_KM / 2.0).min(std::f64::consts::FRAC_PI_2).sin();
    (chord * chord) as f32
}

fn squared_distance(a: &Point, b: &Point) -> f32 {
    (0..3).map(|axis| (a[axis] - b[axis]) * (a[axis] - b[axis])).sum()
}

/// The tree: the median of every subtree lies in its middle.
pub(super) struct Tree {
    nodes: Vec<(Point, u32)>,
    axes: Vec<u8>,
}

impl Tree {
    /// Builds a tree of numbered points.
    pub(super) fn new(mut nodes: Vec<(Point, u32)>) -> Self {
        let mut axes = vec![0; nodes.len()];
        arrange(&mut nodes, &mut axes);
        Self { nodes, axes }
    }

    /// The accepted point nearest to `from`, nearer than `limit` (a squared chord), and its squared chord.
    pub(super) fn nearest(&self, from: Point, limit: f32, mut accept: impl FnMut(u32) -> bool) -> Option<(u32, f32)> {
        let mut best = (None, limit);
        self.visit(&from, 0, self.nodes.len(), limit, &mut |number, distance| {
            if distance < best.1 && accept(number) {
                best = (Some(number), distance);
            }
            best.1
        });
        best.0.map(|number| (number, best.1))
    }

    /// Calls `each` for every point within `limit` (a squared chord) of `from`.
    pub(super) fn within(&self, from: Point, limit: f32, mut each: impl FnMut(u32, f32)) {
        self.visit(&from, 0, self.nodes.len(), limit, &mut |number, distance| {
            if distance <= limit {
                each(number, distance);
            }
            limit
        });
    }

    /// Visits the points of a subtree, near ones first; what `each` returns is the limit from then on. Returns it.
    fn visit(
        &self,
        from: &Point,
        start: usize,
        end: usize,
        mut limit: f32,
        each: &mut impl FnMut(u32, f32) -> f32,
    ) -> f32 {
        if end - start <= LEAF {
            for (point, number) in &self.nodes[start..end] {
                limit = each(*number, squared_distance(from, point));
            }
            return limit;
        }
        let middle = start + (end - start) / 2;
        let (point, number) = &self.nodes[middle];
        let axis = usize::from(self.axes[middle]);
        let away = from[axis] - point[axis];
        let (near, far) =
            if away < 0.0 { ((start, middle), (middle + 1, end)) } else { ((middle + 1, end), (start, middle)) };
        limit = self.visit(from, near.0, near.1, limit, each);
        if away * away <= limit {
            limit = each(*number, squared_distance(from, point));
            limit = self.visit(from, far.0, far.1, limit, each);
        }
        limit
    }
}

/// Puts the median along the widest axis into the middle, and so on in both halves.
fn arrange(nodes: &mut [(Point, u32)], axes: &mut [u8]) {
    if nodes.len() <= LEAF {
        return;
    }
    let width = |axis: usize| {
        let (low, high) = nodes
            .iter()
            .fold((f32::MAX, f32::MIN), |(low, high), (point, _)| (low.min(point[axis]), high.max(point[axis])));
        high - low
    };
    let axis = (0..3u8)
        .max_by(|a, b| width(usize::from(*a)).partial_cmp(&width(usize::from(*b))).unwrap_or(Ordering::Equal))
        .unwrap_or(0);
    let middle = nodes.len() / 2;
    nodes.select_nth_unstable_by(middle, |a, b| a.0[usize::from(axis)].total_cmp(&b.0[usize::from(axis)]));
    axes[middle] = axis;
    let (left, right) = nodes.split_at_mut(middle);
    let (left_axes, right_axes) = axes.split_at_mut(middle);
    arrange(left, left_axes);
    arrange(&mut right[1..], &mut right_axes[1..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quarter_of_the_equator_is_ten_thousand_kilometres() {
        let chord = squared_distance(&point(0.0, 0.0), &point(0.0, 90.0));
        assert!((kilometres(chord) - 10_007.5).abs() < 1.0);
        assert!((kilometres(squared_chord(25.0)) - 25.0).abs() < 0.01);
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_a_look_at_every_point_finds(
            places in prop::collection::vec((-90.0f64..90.0, -180.0f64..180.0), 1..120),
            lat in -90.0f64..90.0, lon in -180.0f64..180.0, km in 1.0f64..9000.0,
        ) {
            let nodes: Vec<(Point, u32)> = (0..).zip(&places).map(|(number, (lat, lon))| (point(*lat, *lon), number)).collect();
            let from = point(lat, lon);
            let limit = squared_chord(km);
            let even = |number: u32| number.is_multiple_of(2);
            let best = nodes.iter().filter(|node| even(node.1)).map(|node| squared_distance(&from, &node.0))
                .filter(|distance| *distance < limit).min_by(f32::total_cmp);
            let inside = nodes.iter().filter(|node| squared_distance(&from, &node.0) <= limit).count();
            let tree = Tree::new(nodes);
            prop_assert_eq!(tree.nearest(from, limit, even).map(|found| found.1), best);
            let mut count = 0;
            tree.within(from, limit, |_, _| count += 1);
            prop_assert_eq!(count, inside);
        }
    }
}
