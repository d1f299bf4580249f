//! Land and water: mountains, hills, fields, lakes and the sea.

use std::fmt::Write;

use super::canvas::Canvas;
use super::colour::{Rgb, rgb};
use super::light::Hour;

/// A jagged range whose feet stand at `base`, `height` high at most; `snow` is the share of it that is white.
pub fn peaks(c: &mut Canvas, base: f32, height: f32, count: usize, colour: Rgb, snow: f32, distance: f32) {
    let step = c.w / count as f32;
    let white = c.far(rgb(0xfbfdff), distance * 0.5);
    let shade_white = c.far(rgb(0xb9cbe6), distance * 0.5);
    for i in 0..=count {
        let x = (i as f32 + c.rng.between(-0.3, 0.3)) * step;
        let top = base - height * c.rng.between(0.6, 1.0);
        let (left, right) = (x - step * c.rng.between(0.75, 1.1), x + step * c.rng.between(0.75, 1.1));
        let bend = x + step * c.rng.between(-0.08, 0.16);
        let (light, dark) = (c.far(colour.light(0.12), distance), c.far(colour.dark(0.28), distance));
        let (light_foot, dark_foot) =
            (c.far(colour.light(0.12), (distance + 0.35).min(0.9)), c.far(colour.dark(0.2), (distance + 0.3).min(0.9)));
        let (lit_face, shaded_face) = (c.down(light, light_foot), c.down(dark, dark_foot));
        c.poly(&[(left, base), (x, top), (bend, base)], &lit_face);
        c.poly(&[(right, base), (x, top), (bend, base)], &shaded_face);
        if snow > 0.0 {
            let line = top + (base - top) * snow;
            let at = |to: f32, t: f32| x + (to - x) * t;
            let jag = (line - top) * 0.22;
            let m = at(bend, snow);
            let l = at(left, snow);
            let r = at(right, snow);
            c.poly(
                &[
                    (x, top),
                    (l, line),
                    ((2.0 * l + m) / 3.0, line - jag),
                    ((l + m) / 2.0, line + jag * 0.5),
                    ((l + 2.0 * m) / 3.0, line - jag),
                    (m, line + jag * 0.6),
                ],
                white,
            );
            c.poly(
                &[
                    (x, top),
                    (m, line + jag * 0.6),
                    ((m * 2.0 + r) / 3.0, line - jag),
                    ((m + 2.0 * r) / 3.0, line + jag * 0.3),
                    (r, line),
                ],
                shade_white,
            );
        }
    }
}

/// Rolling land from `y` to the bottom, its crest waving by `swell`; `distance` lets it fade into the haze.
pub fn hill(c: &mut Canvas, y: f32, swell: f32, colour: Rgb, distance: f32) {
    let (phase, waves) = (c.rng.between(0.0, 6.3), c.rng.between(1.1, 2.1));
    let mut d = format!("M0 {:.1}", c.h);
    let steps = 28;
    for i in 0..=steps {
        let t = i as f32 / steps as f32;
        let crest = y + swell
            * ((t * waves * std::f32::consts::TAU + phase).sin() * 0.7
                + (t * waves * 2.3 * std::f32::consts::TAU + phase * 1.7).sin() * 0.3);
        let _ = write!(d, "L{:.1} {crest:.1}", t * c.w);
    }
    let _ = write!(d, "L{:.1} {:.1}Z", c.w, c.h);
    let fill = c.down(c.far(colour.light(0.1), distance), c.far(colour.dark(0.14), distance * 0.5));
    c.path(&d, &fill);
}

/// Flat ground from `y` to the bottom.
pub fn ground(c: &mut Canvas, y: f32, colour: Rgb) {
    let fill = c.down(c.far(colour.light(0.08), 0.12), c.lit(colour.dark(0.12)));
    c.rect(0.0, y, c.w, c.h - y, &fill);
}

/// Tufts of grass between `top` and `bottom`, larger towards the viewer.
pub fn grass(c: &mut Canvas, top: f32, bottom: f32, colour: Rgb, count: usize) {
    for _ in 0..count {
        let (x, t) = (c.rng.between(0.0, c.w), c.rng.between(0.0, 1.0));
        let (y, s) = (top + (bottom - top) * t, 5.0 + 15.0 * t);
        let tone = c.rng.between(-0.18, 0.2);
        let shade = c.lit(if tone < 0.0 { colour.dark(-tone) } else { colour.light(tone) });
        for lean in [-0.6, 0.0, 0.55] {
            c.stroke(
                &format!("M{x:.1} {y:.1}q{:.1} {:.1} {:.1} {:.1}", lean * s * 0.2, -s * 0.6, lean * s, -s),
                s * 0.14,
                shade,
            );
        }
    }
}

/// Water between `top` and `bottom`: sky colour far away, `deep` near by, with glints.
pub fn water(c: &mut Canvas, top: f32, bottom: f32, deep: Rgb) {
    let far = c.lit(deep.light(0.15)).mix(c.light.horizon, 0.6);
    let fill = c.down3(far, c.lit(deep.light(0.14)), c.lit(deep), 0.45);
    c.rect(0.0, top, c.w, bottom - top, &fill);
    let glint = c.light.horizon.light(0.4);
    for _ in 0..70 {
        let t = c.rng.between(0.0, 1.0).powf(1.4);
        let (x, y) = (c.rng.between(0.0, c.w), top + (bottom - top) * t);
        let (rx, opacity) = ((10.0 + 46.0 * t) * c.rng.between(0.5, 1.3), c.rng.between(0.12, 0.42));
        c.ellipse(x, y, rx, 1.0 + 2.0 * t, glint.fade(opacity));
    }
}

/// The road of light that sun or moon at `x` lays on water between `top` and `bottom`.
pub fn light_on_water(c: &mut Canvas, x: f32, top: f32, bottom: f32) {
    let colour = match c.light.hour {
        Hour::Night => rgb(0xdfe4ff),
        Hour::Day | Hour::Indoors => rgb(0xffffff),
        Hour::Dawn | Hour::Golden | Hour::Dusk => rgb(0xffe2a0),
    };
    let rows = 26;
    for i in 0..rows {
        let t = i as f32 / rows as f32;
        let y = top + (bottom - top) * t + 2.0;
        let wide = c.w * (0.012 + 0.06 * t) * c.rng.between(0.5, 1.25);
        let (dx, opacity) = (c.rng.between(-1.0, 1.0) * c.w * 0.022 * t, 0.75 - 0.5 * t);
        c.ellipse(x + dx, y, wide, 1.6 + 3.6 * t, colour.fade(opacity));
    }
}

/// A sandy shore whose edge runs at `y`, with foam where the water ends.
pub fn beach(c: &mut Canvas, y: f32, sand: Rgb) {
    let (w, h) = (c.w, c.h);
    let edge = |lift: f32| {
        format!(
            "M0 {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}S{:.1} {:.1} {w:.1} {:.1}L{w:.1} {h:.1}L0 {h:.1}Z",
            y + lift,
            w * 0.18,
            y - h * 0.03 + lift,
            w * 0.34,
            y + h * 0.04 + lift,
            w * 0.52,
            y + h * 0.012 + lift,
            w * 0.86,
            y - h * 0.02 + lift,
            y + h * 0.02 + lift
        )
    };
    c.path(&edge(-h * 0.03), rgb(0xffffff).fade(0.28));
    c.path(&edge(-h * 0.012), c.lit(rgb(0xffffff)).fade(0.85));
    let (wet, dry) = (c.lit(sand.dark(0.2)), c.lit(sand));
    c.path(&edge(0.0), wet);
    let fill = c.down(dry.light(0.08), dry.dark(0.1));
    c.path(&edge(h * 0.03), &fill);
    for _ in 0..60 {
        let (x, t) = (c.rng.between(0.0, w), c.rng.between(0.12, 1.0));
        c.ellipse(x, y + (h - y) * t, 1.5 + 4.0 * t, 0.8 + 1.4 * t, dry.dark(0.22).fade(0.5));
    }
}

/// A path that winds from the middle of the bottom edge to `x`, `y`.
pub fn trail(c: &mut Canvas, x: f32, y: f32, colour: Rgb) {
    let (w, h) = (c.w, c.h);
    let d = format!(
        "M{:.1} {h:.1}C{:.1} {:.1} {:.1} {:.1} {x:.1} {y:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {h:.1}Z",
        w * 0.32,
        w * 0.5,
        h * 0.86,
        x - w * 0.2,
        y + (h - y) * 0.35,
        x - w * 0.13,
        y + (h - y) * 0.38,
        w * 0.72,
        h * 0.84,
        w * 0.66
    );
    let fill = c.down(c.far(colour, 0.35), c.lit(colour));
    c.path(&d, &fill);
}

/// A boulder of radius `s` lying at `x`, `y`.
pub fn rock(c: &mut Canvas, x: f32, y: f32, s: f32) {
    let colour = rgb(0x7d7f86);
    let (top, side) = (c.lit(colour.light(0.2)), c.lit(colour.dark(0.25)));
    let j = c.rng.between(-0.2, 0.2);
    c.shadow(x, y, s * 1.3, s * 0.25);
    c.poly(
        &[
            (x - s, y),
            (x - s * 0.8, y - s * (0.55 + j)),
            (x - s * 0.1, y - s * 0.95),
            (x + s * 0.7, y - s * (0.6 - j)),
            (x + s, y),
        ],
        side,
    );
    c.poly(
        &[
            (x - s * 0.8, y - s * (0.55 + j)),
            (x - s * 0.1, y - s * 0.95),
            (x + s * 0.7, y - s * (0.6 - j)),
            (x + s * 0.05, y - s * 0.45),
        ],
        top,
    );
}
