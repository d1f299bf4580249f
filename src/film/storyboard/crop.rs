//! Which part of a picture is seen: paths over stills, and crops of clips.
//!
//! What must stay true: both ends of a path have the frame's shape, lie inside the picture, and hold every face; as what
//! lies between is a mixture of both ends, so does all of it. Where that cannot be, the picture is shown whole. In the film
//! of a life the face lies at the same place and has the same size from shot to shot, as far as its picture allows.

use super::facts::Fact;
use super::{Area, CropPath, Easing};

/// A picture narrower than the frame fills it when so much of it stays; else it lies on its own image out of focus.
const KEEP_HIGH: f64 = 0.62;
/// The same for a picture wider than the frame, over which one can travel.
const KEEP_WIDE: f64 = 0.38;
/// A panorama may be seen in small parts: one travels along it.
const KEEP_PANORAMA: f64 = 0.12;
/// The longest way to the side, in widths of what is seen.
const TRAVEL: f64 = 0.45;
/// Room around a face, of its size: hair and chin are part of it.
const AROUND_FACE: f64 = 0.35;

/// Height of the face in the film of a life, of the frame's; less in a frame that is upright.
const LIFE_SIZE: (f64, f64) = (0.32, 0.2);
/// How far one comes closer to it.
const LIFE_ZOOM: f64 = 0.94;
/// A crop of fewer pixels in height would not be sharp.
const LEAST_PIXELS: f64 = 480.0;

/// A path, and whether the picture does not fill the frame.
pub(super) struct Framing {
    pub path: CropPath,
    pub fit: bool,
}

/// How a still is seen in a frame of width by height `aspect`; `turn` varies the movement from shot to shot, `life_of` says
/// whose life is told.
pub(super) fn still(fact: &Fact, aspect: f64, turn: u64, life_of: Option<&str>) -> Framing {
    if let Some(framing) = life_of.and_then(|name| portrait(fact, aspect, turn, name)) {
        return framing;
    }
    let Some((big, must)) = filling(fact, aspect) else {
        let path = CropPath { from: Area::WHOLE, to: Area::WHOLE, easing: Easing::Gentle };
        return Framing { path, fit: true };
    };
    let focus = subject(fact).map_or((0.5, 0.46), |subject| subject.centre());
    let wide = fact.aspect() / aspect;
    let path = if wide > 1.35 && must.is_none_or(|must| must.w < big.w * 0.5) {
        travel(big, must, turn.is_multiple_of(2))
    } else {
        let large = placed(big, 1.0, focus, must);
        // What is not sharp is not shown from close by.
        let scale = if fact.size.0.min(fact.size.1) < 900 { 0.92 } else { 0.87 };
        let small = placed(big, scale, focus, must);
        if turn % 3 == 2 { (small, large) } else { (large, small) }
    };
    Framing { path: CropPath { from: path.0, to: path.1, easing: Easing::Gentle }, fit: false }
}

/// A still with somebody's face where it is in every other still; `None` when it is not known where that is, or not all
/// faces would be seen with their hair.
fn portrait(fact: &Fact, aspect: f64, turn: u64, name: &str) -> Option<Framing> {
    let own = fact.portraits.iter().filter(|(known, _)| known == name).map(|(_, area)| *area);
    let face = own.max_by(|a, b| (a.w * a.h).total_cmp(&(b.w * b.h)))?;
    let big = largest(fact, aspect);
    let must = faces(fact, AROUND_FACE).filter(|must| fits(must, &big))?;
    let size = if aspect < 1.0 { LIFE_SIZE.1 } else { LIFE_SIZE.0 };
    let sharp = LEAST_PIXELS / (big.h * f64::from(fact.size.1.max(1)));
    // Even what is not sharp moves: a film of pictures that stand still is none.
    let scale = (face.h / size / big.h).max(sharp).min(1.0);
    let [large, small] = [1.0, LIFE_ZOOM].map(|zoom| placed(big, scale * zoom, face.centre(), Some(must)));
    // In one shot one comes closer, in the next one goes back: at the cut the face is as large on both sides.
    let (from, to) = if turn.is_multiple_of(2) { (large, small) } else { (small, large) };
    Some(Framing { path: CropPath { from, to, easing: Easing::Gentle }, fit: false })
}

/// The largest crop of the frame's shape, at no place yet.
fn largest(fact: &Fact, aspect: f64) -> Area {
    let wide = fact.aspect() / aspect;
    let (w, h) = if wide >= 1.0 { (1.0 / wide, 1.0) } else { (1.0, wide) };
    Area { x: 0.0, y: 0.0, w, h }
}

/// What must be seen of a picture so that no face is cut off: faces with room around them or, where that is too large,
/// without.
fn held(fact: &Fact, big: &Area) -> Option<Area> {
    [faces(fact, AROUND_FACE), faces(fact, 0.0)].into_iter().flatten().find(|must| fits(must, big))
}

/// Whether a crop so large can hold this.
fn fits(must: &Area, big: &Area) -> bool {
    must.w <= big.w + 1e-9 && must.h <= big.h + 1e-9
}

/// What of a clip is seen, and whether it does not fill the frame.
pub(super) fn clip(fact: &Fact, aspect: f64) -> (Area, bool) {
    match filling(fact, aspect) {
        Some((big, must)) => {
            let focus = subject(fact).map_or((0.5, 0.46), |subject| subject.centre());
            (placed(big, 1.0, focus, must), false)
        }
        None => (Area::WHOLE, true),
    }
}

/// The largest crop of the frame's shape, at no place yet, and what must be in it; `None`: the picture is shown whole.
fn filling(fact: &Fact, aspect: f64) -> Option<(Area, Option<Area>)> {
    let (wide, big) = (fact.aspect() / aspect, largest(fact, aspect));
    let keep = big.w * big.h;
    let enough = match wide {
        wide if wide < 1.0 => KEEP_HIGH,
        _ if fact.aspect() >= 2.2 => KEEP_PANORAMA,
        _ => KEEP_WIDE,
    };
    if keep < enough {
        return None;
    }
    match held(fact, &big) {
        Some(must) => Some((big, Some(must))),
        None if fact.faces.is_empty() => Some((big, None)),
        None => None,
    }
}

/// The box around all faces with `room` around each.
fn faces(fact: &Fact, room: f64) -> Option<Area> {
    let padded = fact.faces.iter().map(|face| {
        let (x, y) = ((face.x - face.w * room).max(0.0), (face.y - face.h * room).max(0.0));
        let right = (face.x + face.w * (1.0 + room)).min(1.0);
        let bottom = (face.y + face.h * (1.0 + room)).min(1.0);
        Area { x, y, w: (right - x).max(0.0), h: (bottom - y).max(0.0) }
    });
    padded.reduce(|a, b| a.with(&b))
}

/// What the eye goes to: faces, else the things that are seen.
fn subject(fact: &Fact) -> Option<Area> {
    faces(fact, 0.0).or_else(|| {
        let animate = |label: &str| {
            matches!(label, "person" | "dog" | "cat" | "bird" | "horse" | "sheep" | "cow" | "bear" | "animal")
        };
        let boxes = |wanted: bool| {
            let fitting = fact.objects.iter().filter(move |(label, _)| animate(label) == wanted);
            fitting.map(|(_, area)| *area).max_by(|a, b| (a.w * a.h).total_cmp(&(b.w * b.h)))
        };
        boxes(true).or_else(|| boxes(false))
    })
}

/// A crop of `scale` times the largest one around `focus`, moved so that it is inside the picture and holds `must`. It is
/// made larger when `must` needs it.
fn placed(big: Area, scale: f64, focus: (f64, f64), must: Option<Area>) -> Area {
    let scale = must.map_or(scale, |must| scale.max(must.w / big.w).max(must.h / big.h)).min(1.0);
    let (w, h) = (big.w * scale, big.h * scale);
    // A face looks best a little above the middle.
    let start = (focus.0 - w / 2.0, focus.1 - h * 0.46);
    let range = |size: f64, must: Option<(f64, f64)>| {
        let (low, high) = must.map_or((0.0, 1.0), |(from, length)| (from + length - size, from));
        (low.max(0.0), high.min(1.0 - size).max(low.max(0.0)))
    };
    let within = |value: f64, (low, high): (f64, f64)| value.clamp(low, high);
    let x = within(start.0, range(w, must.map(|must| (must.x, must.w))));
    let y = within(start.1, range(h, must.map(|must| (must.y, must.h))));
    Area { x: x.min(1.0 - w).max(0.0), y: y.min(1.0 - h).max(0.0), w, h }
}

/// From one side to the other, as far as faces stay in.
fn travel(big: Area, must: Option<Area>, rightwards: bool) -> (Area, Area) {
    // A little less than there is, unless a face needs all of the height.
    let scale = must.map_or(0.96, |must| (must.h / big.h).clamp(0.96, 1.0));
    let (w, h) = (big.w * scale, big.h * scale);
    let low = must.map_or(0.0, |must| must.x + must.w - w).max(0.0);
    let high = must.map_or(1.0 - w, |must| must.x).min(1.0 - w).max(low);
    let middle = (low + high) / 2.0;
    let half = ((high - low) / 2.0).min(TRAVEL * w / 2.0);
    let top = must.map_or((1.0 - h) / 2.0, |must| {
        let highest = (must.y + must.h - h).max(0.0);
        let lowest = must.y.min(1.0 - h).max(highest);
        (must.y + must.h / 2.0 - h * 0.46).clamp(highest, lowest)
    });
    let at = |x: f64| Area { x, y: top, w, h };
    let (left, right) = (at(middle - half), at(middle + half));
    if rightwards { (left, right) } else { (right, left) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A picture in which Anna's face has this box.
    fn of_anna(size: (u32, u32), face: Area) -> Fact {
        Fact { size, faces: vec![face], portraits: vec![("Anna".to_owned(), face)], ..Fact::sample(1, 0) }
    }

    /// Where a face is in what is seen: its centre and its height, of the frame's.
    fn seen(face: &Area, area: &Area) -> (f64, f64, f64) {
        let (x, y) = face.centre();
        ((x - area.x) / area.w, (y - area.y) / area.h, face.h / area.h)
    }

    proptest! {
        #[test]
        fn a_life_shows_the_face_at_one_place_and_in_one_size(
            place in (0.44f64..0.56, 0.42f64..0.56), height in 0.14f64..0.26, wide in 0.6f64..0.8, turn in 0u64..9,
        ) {
            let size = (4000u32, 3000u32);
            let width = height * wide * 0.75;
            let face = Area { x: place.0 - width / 2.0, y: place.1 - height / 2.0, w: width, h: height };
            let Framing { path, fit } = still(&of_anna(size, face), 16.0 / 9.0, turn, Some("Anna"));
            prop_assert!(!fit);
            let ends = if turn.is_multiple_of(2) { [path.from, path.to] } else { [path.to, path.from] };
            for (area, zoom) in ends.iter().zip([1.0, LIFE_ZOOM]) {
                let (x, y, high) = seen(&face, area);
                prop_assert!((x - 0.5).abs() < 0.12 && (y - 0.46).abs() < 0.12, "at {x}, {y}");
                // A face that fills its picture more than that cannot be made smaller.
                let least = height / 0.75;
                prop_assert!((high - LIFE_SIZE.0.max(least) / zoom).abs() < 0.02, "{high} of the frame");
            }
        }

        #[test]
        fn whoever_else_is_in_the_picture_is_seen_as_well(
            size in (600u32..5000, 600u32..5000), turn in 0u64..3,
            boxes in prop::collection::vec((0.0f64..0.9, 0.0f64..0.9, 0.02f64..0.3, 0.02f64..0.3), 1..4),
        ) {
            let faces: Vec<Area> =
                boxes.into_iter().map(|(x, y, w, h)| Area { x, y, w: w.min(1.0 - x), h: h.min(1.0 - y) }).collect();
            let fact = Fact { faces: faces.clone(), ..of_anna(size, faces[0]) };
            for aspect in [16.0 / 9.0, 9.0 / 16.0, 1.0] {
                let Framing { path, fit } = still(&fact, aspect, turn, Some("Anna"));
                for area in [path.from, path.to] {
                    prop_assert!(Area::WHOLE.holds(&area) && faces.iter().all(|face| area.holds(face)), "{area:?}");
                    prop_assert!(fit || (area.w * fact.aspect() / area.h / aspect - 1.0).abs() < 1e-6);
                }
            }
        }
    }

    #[test]
    fn a_portrait_of_a_life_is_whole_or_moves() {
        // A head that fills a small square picture keeps its hair: the picture is shown whole.
        let close = of_anna((250, 250), Area { x: 0.3, y: 0.25, w: 0.4, h: 0.5 });
        assert!(still(&close, 16.0 / 9.0, 0, Some("Anna")).fit);
        let far = of_anna((320, 240), Area { x: 0.45, y: 0.4, w: 0.06, h: 0.08 });
        let Framing { path, fit } = still(&far, 16.0 / 9.0, 0, Some("Anna"));
        assert!(!fit && path.to.w < path.from.w, "{path:?}");
    }

    #[test]
    fn a_face_is_as_large_on_both_sides_of_a_cut() {
        let small = Area { x: 0.45, y: 0.4, w: 0.06, h: 0.08 };
        let large = Area { x: 0.4, y: 0.4, w: 0.15, h: 0.2 };
        let (before, after) = (of_anna((4000, 3000), small), of_anna((4000, 3000), large));
        let leaves = still(&before, 16.0 / 9.0, 4, Some("Anna")).path.to;
        let comes = still(&after, 16.0 / 9.0, 5, Some("Anna")).path.from;
        let (a, b) = (seen(&small, &leaves), seen(&large, &comes));
        assert!((a.0 - b.0).abs() < 0.01 && (a.1 - b.1).abs() < 0.01 && (a.2 - b.2).abs() < 0.01, "{a:?} and {b:?}");
        // Of somebody else's life it is a picture like any other.
        let other = still(&before, 16.0 / 9.0, 4, Some("Ben")).path;
        assert_eq!(other, still(&before, 16.0 / 9.0, 4, None).path);
    }
}
