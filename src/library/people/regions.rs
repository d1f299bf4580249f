//! Which detected face a named region of a file means. A function of values.
//!
//! Programs draw regions in their own ways: tightly around the face, around the whole head, as a square. So a face is
//! meant when it overlaps well, or when each lies with its centre within the other; the best pairs are matched first, each
//! region and each face once.

/// `[x, y, w, h]` in 0–1 of the upright picture.
pub type Area = [f64; 4];

/// Overlap from which region and face are the same beyond doubt.
const OVERLAP: f64 = 0.3;

/// A region this many times as large as the face is no face's.
const LARGEST: f64 = 16.0;

/// The share of the union of two areas that both cover.
pub fn overlap(a: Area, b: Area) -> f64 {
    let width = (a[0] + a[2]).min(b[0] + b[2]) - a[0].max(b[0]);
    let height = (a[1] + a[3]).min(b[1] + b[3]) - a[1].max(b[1]);
    if width <= 0.0 || height <= 0.0 {
        return 0.0;
    }
    let both = width * height;
    both / (a[2] * a[3] + b[2] * b[3] - both)
}

fn holds(area: Area, of: Area) -> bool {
    let (x, y) = (of[0] + of[2] / 2.0, of[1] + of[3] / 2.0);
    (area[0]..=area[0] + area[2]).contains(&x) && (area[1]..=area[1] + area[3]).contains(&y)
}

/// For each region the position of the face that it means, if it means one.
pub fn matches(regions: &[Area], faces: &[Area]) -> Vec<Option<usize>> {
    let mut pairs = Vec::new();
    for (region, &drawn) in regions.iter().enumerate() {
        for (face, &found) in faces.iter().enumerate() {
            let overlap = overlap(drawn, found);
            let sizes = (drawn[2] * drawn[3]) / (found[2] * found[3]).max(f64::MIN_POSITIVE);
            let within = holds(drawn, found) && holds(found, drawn) && (1.0 / LARGEST..=LARGEST).contains(&sizes);
            if overlap >= OVERLAP || within {
                pairs.push((overlap, region, face));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let mut meant = vec![None; regions.len()];
    let mut taken = vec![false; faces.len()];
    for (_, region, face) in pairs {
        if let (Some(slot @ None), Some(free @ false)) = (meant.get_mut(region), taken.get_mut(face)) {
            (*slot, *free) = (Some(face), true);
        }
    }
    meant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_means_the_face_it_is_drawn_around() {
        let faces = [[0.1, 0.2, 0.1, 0.15], [0.6, 0.2, 0.1, 0.15]];
        let head = [0.57, 0.12, 0.16, 0.3];
        assert_eq!(matches(&[head, [0.11, 0.21, 0.1, 0.15]], &faces), [Some(1), Some(0)]);
    }

    #[test]
    fn a_region_beside_every_face_or_around_the_whole_picture_means_none() {
        let faces = [[0.48, 0.48, 0.04, 0.04]];
        assert_eq!(matches(&[[0.7, 0.7, 0.1, 0.1], [0.0, 0.0, 1.0, 1.0]], &faces), [None, None]);
        assert_eq!(matches(&[[0.0, 0.0, 0.1, 0.1]], &[]), [None]);
    }

    #[test]
    fn a_face_is_meant_by_one_region_only_the_better_one() {
        let face = [0.2, 0.2, 0.2, 0.2];
        assert_eq!(matches(&[[0.22, 0.22, 0.2, 0.2], face], &[face]), [None, Some(0)]);
    }

    #[test]
    fn areas_without_extent_overlap_nothing() {
        assert!(overlap([0.1, 0.1, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]) < f64::EPSILON);
        assert_eq!(matches(&[[0.5, 0.5, 0.0, 0.0]], &[[0.5, 0.5, 0.0, 0.0]]), [None]);
    }
}
