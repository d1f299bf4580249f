//! Boxes in pixels, and which of those that overlap remain.

/// A box: `[x, y, width, height]`.
pub type Area = [f32; 4];

/// Something found at a box.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Where.
    pub area: Area,
    /// How certain, 0–1.
    pub score: f32,
    /// Which kind of thing; only those of one kind displace each other.
    pub class: usize,
    /// Points that belong to it.
    pub points: Vec<[f32; 2]>,
}

/// Intersection over union of two boxes.
pub fn overlap(a: &Area, b: &Area) -> f32 {
    let common = |at: usize| ((a[at] + a[at + 2]).min(b[at] + b[at + 2]) - a[at].max(b[at])).max(0.0);
    let both = common(0) * common(1);
    let union = a[2] * a[3] + b[2] * b[3] - both;
    if union > 0.0 { both / union } else { 0.0 }
}

/// Greedy non-maximum suppression: the surest first, without those that overlap a surer one of their kind by more than
/// `limit`; `most` at the most. Boxes that are not finite are dropped.
pub fn surest(mut found: Vec<Found>, limit: f32, most: usize) -> Vec<Found> {
    found.retain(|one| one.score.is_finite() && one.area.iter().all(|value| value.is_finite()));
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        let displaced = |better: &Found| better.class == one.class && overlap(&better.area, &one.area) > limit;
        if !kept.iter().any(displaced) {
            kept.push(one);
            if kept.len() == most {
                break;
            }
        }
    }
    kept
}

/// The box in 0–1 of a picture of this size, cut at its edges; `None` if nothing of it is inside.
pub fn within(area: &Area, width: u32, height: u32) -> Option<Area> {
    let cut = |at: usize, length: u32| {
        let length = length as f32;
        let start = area[at].clamp(0.0, length);
        let end = (area[at] + area[at + 2]).clamp(0.0, length);
        (start / length, (end - start) / length)
    };
    let ((x, w), (y, h)) = (cut(0, width), cut(1, height));
    (w > 0.0 && h > 0.0).then_some([x, y, w, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(x: f32, score: f32, class: usize) -> Found {
        Found { area: [x, 0.0, 10.0, 10.0], score, class, points: Vec::new() }
    }

    #[test]
    fn overlap_is_shared_area_over_all_area() {
        assert_eq!(overlap(&[0.0, 0.0, 10.0, 10.0], &[5.0, 0.0, 10.0, 10.0]), 1.0 / 3.0);
        assert_eq!(overlap(&[0.0, 0.0, 1.0, 1.0], &[5.0, 5.0, 1.0, 1.0]), 0.0);
        assert_eq!(overlap(&[0.0; 4], &[0.0; 4]), 0.0);
    }

    #[test]
    fn of_those_that_overlap_the_surest_of_each_kind_remains() {
        let kept =
            surest(vec![found(1.0, 0.5, 0), found(0.0, 0.9, 0), found(2.0, 0.4, 1), found(50.0, 0.3, 0)], 0.5, 9);
        assert_eq!(kept.iter().map(|one| one.score).collect::<Vec<_>>(), [0.9, 0.4, 0.3]);
        assert_eq!(surest(vec![found(0.0, 0.9, 0), found(50.0, 0.8, 0)], 0.5, 1).len(), 1);
        assert!(surest(vec![found(f32::NAN, 0.9, 0), found(0.0, f32::NAN, 0)], 0.5, 9).is_empty());
    }

    #[test]
    fn boxes_are_cut_at_the_edges() {
        assert_eq!(within(&[-10.0, 0.0, 20.0, 10.0], 100, 20), Some([0.0, 0.0, 0.1, 0.5]));
        assert_eq!(within(&[200.0, 0.0, 20.0, 10.0], 100, 20), None);
    }
}
