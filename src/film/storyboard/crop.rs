//! Which part of a picture is seen: paths over stills, and crops of clips.
//!
//! What must stay true: both ends of a path have the frame's shape, lie inside the picture, and hold every face; as what
//! lies between is a mixture of both ends, so does all of it. Where that cannot be, the picture is shown whole.

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

/// A path, and whether the picture does not fill the frame.
pub(super) struct Framing {
    pub path: CropPath,
    pub fit: bool,
}

/// How a still is seen in a frame of width by height `aspect`; `turn` varies the movement from shot to shot.
pub(super) fn still(fact: &Fact, aspect: f64, turn: u64) -> Framing {
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
        let scale = if fact.size.0.min(fact.size.1) < 900 { 0.94 } else { 0.87 };
        let small = placed(big, scale, focus, must);
        if turn % 3 == 2 { (small, large) } else { (large, small) }
    };
    Framing { path: CropPath { from: path.0, to: path.1, easing: Easing::Gentle }, fit: false }
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
    let wide = fact.aspect() / aspect;
    let (w, h) = if wide >= 1.0 { (1.0 / wide, 1.0) } else { (1.0, wide) };
    let keep = w * h;
    let enough = match wide {
        wide if wide < 1.0 => KEEP_HIGH,
        _ if fact.aspect() >= 2.2 => KEEP_PANORAMA,
        _ => KEEP_WIDE,
    };
    if keep < enough {
        return None;
    }
    let big = Area { x: 0.0, y: 0.0, w, h };
    let fits = |must: &Area| must.w <= w + 1e-9 && must.h <= h + 1e-9;
    match [faces(fact, AROUND_FACE), faces(fact, 0.0)].into_iter().flatten().find(fits) {
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
