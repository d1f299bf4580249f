//! How one shot gives way to the next.

use super::frame::{Frame, blend, mix};
use crate::film::storyboard::TransitionKind;

/// Width of a soft edge, of the frame's width.
const SOFT: f64 = 0.18;

/// Mixes the incoming frame `to` into the outgoing one, `t` (0–1) of the way; the outgoing frame becomes the result.
pub fn cross(from: &mut Frame, to: &Frame, kind: TransitionKind, t: f64) {
    let t = t.clamp(0.0, 1.0);
    let eased = t * t * (3.0 - 2.0 * t);
    match kind {
        TransitionKind::Cut => {
            if t >= 0.5 {
                from.data.copy_from_slice(&to.data);
            }
        }
        TransitionKind::Dissolve => from.mix(to, (eased * 256.0).round() as u16),
        TransitionKind::Dip => {
            if t >= 0.5 {
                from.data.copy_from_slice(&to.data);
            }
            let light = (2.0 * t - 1.0).abs();
            from.dim((light * light * (3.0 - 2.0 * light) * 256.0).round() as u16);
        }
        TransitionKind::Wipe => wipe(from, to, eased),
        TransitionKind::Push => push(from, to, eased),
    }
}

/// The new picture comes in from the right behind a soft edge.
fn wipe(from: &mut Frame, to: &Frame, t: f64) {
    let w = from.w;
    let share = |column: f64| {
        let edge = 1.0 - t * (1.0 + SOFT);
        (((column - edge) / SOFT).clamp(0.0, 1.0) * 256.0).round() as u16
    };
    for (number, (plane, new)) in from.planes_mut().into_iter().zip(to.planes()).enumerate() {
        let width = if number == 0 { w } else { w / 2 };
        let shares: Vec<u16> = (0..width).map(|x| share((x as f64 + 0.5) / width as f64)).collect();
        for (row, new) in plane.chunks_exact_mut(width).zip(new.chunks_exact(width)) {
            for ((old, new), share) in row.iter_mut().zip(new).zip(&shares) {
                *old = blend(*old, *new, *share);
            }
        }
    }
}

/// The new picture pushes the old one out to the left, with half of the shutter open: what moves fast is blurred.
fn push(from: &mut Frame, to: &Frame, t: f64) {
    let old = from.clone();
    shifted(from, &old, to, t);
    let speed = 1.0 - (2.0 * t - 1.0).abs();
    if speed > 0.1 {
        let mut before = old.clone();
        shifted(&mut before, &old, to, (t - 0.012 * speed).max(0.0));
        mix(&mut from.data, &before.data, 128);
    }
}

fn shifted(frame: &mut Frame, old: &Frame, new: &Frame, t: f64) {
    let w = frame.w;
    let by = ((t * w as f64).round() as usize).min(w) & !1;
    let (olds, news) = (old.planes(), new.planes());
    for (number, plane) in frame.planes_mut().into_iter().enumerate() {
        let (width, by) = if number == 0 { (w, by) } else { (w / 2, by / 2) };
        for (at, row) in plane.chunks_exact_mut(width).enumerate() {
            let line = at * width..(at + 1) * width;
            row[..width - by].copy_from_slice(&olds[number][line.clone()][by..]);
            row[width - by..].copy_from_slice(&news[number][line][..by]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_transition_begins_with_the_old_picture_and_ends_with_the_new() {
        let old = Frame { w: 8, h: 4, data: [vec![60; 32], vec![100; 8], vec![140; 8]].concat() };
        let new = Frame { w: 8, h: 4, data: [vec![200; 32], vec![110; 8], vec![120; 8]].concat() };
        let kinds = [
            TransitionKind::Cut,
            TransitionKind::Dissolve,
            TransitionKind::Dip,
            TransitionKind::Wipe,
            TransitionKind::Push,
        ];
        for kind in kinds {
            for (t, wanted) in [(0.0, &old), (1.0, &new)] {
                let mut frame = old.clone();
                cross(&mut frame, &new, kind, t);
                assert_eq!(&frame, wanted, "{kind:?} at {t}");
            }
        }
    }
}
