//! In the mountains and in the snow.

use super::pets;
use crate::demo::draw::animals::{dog_running, dog_sitting};
use crate::demo::draw::buildings::{chalet, house};
use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::{Rgb, rgb};
use crate::demo::draw::figure::{Figure, Legs, Pose, Wear, line_up, person};
use crate::demo::draw::land::{grass, hill, peaks, rock, trail, water};
use crate::demo::draw::plants::{flower, pines};
use crate::demo::draw::sky::{moon, sky, snowfall, sun};
use crate::demo::draw::things::{hot_air_balloon, skis, snowman};
use crate::demo::draw::vehicles::chair;

const ROCK: Rgb = rgb(0x74839c);
const SNOW: Rgb = rgb(0xf2f7fd);

/// Skiers on a slope below white peaks.
pub fn skiing(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.55);
    sun(c, w * 0.84, h * 0.14, h * 0.045);
    peaks(c, h * 0.6, h * 0.42, 5, ROCK, 0.6, 0.25);
    pines(c, 0.0, w * 0.34, h * 0.6, h * 0.15, 0.3, true);
    let slope = c.down(c.lit(SNOW), c.lit(rgb(0xc3d8ef)));
    c.path(
        &format!(
            "M0 {:.1}C{:.1} {:.1} {:.1} {:.1} {w:.1} {:.1}V{h:.1}H0Z",
            h * 0.52,
            w * 0.34,
            h * 0.58,
            w * 0.62,
            h * 0.76,
            h * 0.72
        ),
        &slope,
    );
    pines(c, w * 0.82, w * 1.05, h * 0.76, h * 0.26, 0.05, true);
    for i in 0..3 {
        let y = 0.62 + 0.07 * i as f32;
        c.stroke(
            &format!(
                "M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
                w * 0.06,
                h * (y - 0.04),
                w * 0.3,
                h * (y + 0.07),
                w * 0.4,
                h * (y + 0.02),
                w * 0.7,
                h * (y + 0.19)
            ),
            4.0,
            c.lit(rgb(0xa9c4e2)).fade(0.7),
        );
    }
    let count = cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let t = (i as f32 + 0.5) / count;
        let (x, y) = (w * (0.16 + 0.62 * t), h * (0.72 + 0.2 * t));
        let tall = h * 0.42;
        for k in 0..6 {
            c.disc(
                x - tall * (0.3 + 0.07 * k as f32),
                y - tall * 0.05 * (k % 3) as f32,
                tall * 0.05,
                rgb(0xffffff).fade(0.75),
            );
        }
        c.turned(14.0, x, y, |c| skis(c, x, y + 4.0, tall * 0.8 * who.stature().max(0.7), who.look.wardrobe[0]));
        person(
            c,
            who,
            x,
            y,
            tall,
            Wear::Helmet,
            Pose { left: (50.0, 24.0), right: (58.0, 24.0), legs: Legs::Stand, gaze: 0.3 },
        );
        for side in [-1.0, 1.0] {
            c.line(
                (x + side * tall * 0.25 * who.stature(), y - tall * 0.36 * who.stature()),
                (x + side * tall * 0.3, y + tall * 0.06),
                3.5,
                c.lit(rgb(0x3b4250)),
            );
        }
    }
}

/// A chairlift over forest and slopes.
pub fn chairlift(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.6);
    peaks(c, h * 0.66, h * 0.5, 4, ROCK, 0.62, 0.28);
    hill(c, h * 0.66, h * 0.03, rgb(0xe3edf8), 0.2);
    pines(c, 0.0, w, h * 0.78, h * 0.16, 0.18, true);
    hill(c, h * 0.84, h * 0.04, SNOW, 0.0);
    pines(c, -20.0, w * 0.22, h * 1.0, h * 0.3, 0.0, true);
    pines(c, w * 0.84, w * 1.05, h * 1.02, h * 0.34, 0.0, true);
    let rope = c.lit(rgb(0x3b4250));
    let at = |t: f32| (w * t, h * (0.34 - 0.26 * t));
    c.line(at(-0.05), at(1.05), 5.0, rope);
    c.rect(w * 0.86, at(0.87).1, w * 0.018, h * 0.9, c.lit(rgb(0x8d97a5)));
    c.rect(w * 0.82, at(0.87).1 - 6.0, w * 0.1, 14.0, c.lit(rgb(0x6d7785)));
    let (x, y) = at(0.63);
    chair(c, x, y, h * 0.11);
    let s = h * 0.25;
    let (x, y) = at(0.3);
    let seat = chair(c, x, y, s);
    let step = s * 1.3 / cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let px = seat.0 - s * 0.65 + step * (i as f32 + 0.5);
        c.line((px + s * 0.08, seat.1 + s * 0.42), (px + s * 0.3, seat.1 + s * 0.5), 8.0, c.lit(who.look.wardrobe[0]));
        person(c, who, px, seat.1, h * 0.4, Wear::Helmet, [Pose::WAVE.sitting(), Pose::REST.sitting()][i % 2]);
    }
}

/// A lodge at night, its windows lit, snow falling.
pub fn chalet_night(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.6);
    moon(c, w * 0.17, h * 0.16, h * 0.05);
    peaks(c, h * 0.6, h * 0.4, 4, ROCK, 0.65, 0.25);
    hill(c, h * 0.58, h * 0.03, rgb(0xdbe6f5), 0.1);
    pines(c, 0.0, w * 0.3, h * 0.72, h * 0.28, 0.05, true);
    pines(c, w * 0.82, w * 1.05, h * 0.74, h * 0.3, 0.0, true);
    chalet(c, w * 0.56, h * 0.78, w * 0.46, true);
    hill(c, h * 0.8, h * 0.015, SNOW, 0.0);
    c.glow(w * 0.56, h * 0.82, w * 0.26, rgb(0xffca78), 0.35);
    line_up(c, cast, (w * 0.14, w * 0.44), h * 0.94, h * 0.4, Wear::Winter, &[Pose::REST, Pose::WAVE]);
    snowfall(c, 130);
}

/// At the top: the view, and those who got there.
pub fn summit(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.6);
    peaks(c, h * 0.62, h * 0.22, 8, rgb(0x66788c), 0.2, 0.55);
    water(c, h * 0.58, h * 0.74, rgb(0x2f7c9c));
    peaks(c, h * 0.75, h * 0.34, 4, rgb(0x5d7264), 0.0, 0.25);
    hill(c, h * 0.79, h * 0.03, rgb(0x7da254), 0.0);
    grass(c, h * 0.82, h, rgb(0x7da254), 120);
    for (x, y, s) in [(0.08, 0.92, 0.1), (0.17, 0.9, 0.05), (0.93, 0.93, 0.09)] {
        rock(c, w * x, h * y, h * s);
    }
    let cairn = w * 0.86;
    for (i, s) in [0.06, 0.05, 0.042, 0.032, 0.022].into_iter().enumerate() {
        c.ellipse(cairn, h * (0.86 - 0.042 * i as f32), h * s, h * 0.026, c.lit(rgb(0x8d8f96).dark(0.06 * i as f32)));
    }
    line_up(
        c,
        cast,
        (w * 0.2, w * 0.68),
        h * 0.92,
        h * 0.46,
        Wear::Mild,
        &[Pose::CHEER, Pose::REST, Pose::WAVE, Pose::HOLD],
    );
    dog_sitting(c, pets::DOG, w * 0.75, h * 0.94, h * 0.2);
}

/// Building a snowman in the garden.
pub fn first_snow(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.55);
    hill(c, h * 0.5, h * 0.04, rgb(0xdde8f3), 0.35);
    pines(c, 0.0, w * 0.45, h * 0.58, h * 0.24, 0.3, true);
    house(c, w * 0.8, h * 0.66, w * 0.26, h * 0.2, rgb(0xf0d9b8), rgb(0xb35a43));
    c.stroke(
        &format!(
            "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}",
            w * 0.65,
            h * 0.455,
            w * 0.8,
            h * 0.66 - h * 0.2 - w * 0.135,
            w * 0.95,
            h * 0.455
        ),
        h * 0.025,
        c.lit(rgb(0xffffff)),
    );
    hill(c, h * 0.66, h * 0.02, SNOW, 0.0);
    snowman(c, w * 0.5, h * 0.92, h * 0.5);
    let spots = [0.25, 0.74, 0.12, 0.9];
    for (i, who) in cast.iter().enumerate() {
        person(
            c,
            who,
            w * spots[i % 4],
            h * 0.93,
            h * 0.58,
            Wear::Winter,
            [Pose::CHEER, Pose::POINT.looking(-0.5), Pose::WAVE, Pose::HOLD][i % 4],
        );
    }
    snowfall(c, 170);
}

/// The dog in deep snow.
pub fn dog_in_snow(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    hill(c, h * 0.46, h * 0.04, rgb(0xdde8f3), 0.4);
    pines(c, 0.0, w, h * 0.56, h * 0.26, 0.35, true);
    hill(c, h * 0.6, h * 0.03, SNOW, 0.0);
    line_up(c, cast, (w * 0.06, w * 0.3), h * 0.84, h * 0.5, Wear::Winter, &[Pose::WAVE]);
    dog_running(c, pets::DOG, w * 0.56, h * 0.86, h * 0.46);
    for _ in 0..26 {
        let (x, y, r) = (c.rng.between(0.3, 0.62) * w, c.rng.between(0.76, 0.92) * h, c.rng.between(4.0, 15.0));
        c.disc(x, y, r, rgb(0xffffff).fade(0.85));
    }
    let drift = c.down(c.lit(SNOW), c.lit(rgb(0xcfe0f2)));
    c.path(
        &format!(
            "M0 {:.1}Q{:.1} {:.1} {:.1} {:.1}T{w:.1} {:.1}V{h:.1}H0Z",
            h * 0.9,
            w * 0.25,
            h * 0.84,
            w * 0.5,
            h * 0.89,
            h * 0.87
        ),
        &drift,
    );
}

/// Hot-air balloons over the hills at first light.
pub fn balloons(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.7);
    sun(c, w * 0.14, h * 0.56, h * 0.05);
    hill(c, h * 0.6, h * 0.05, rgb(0x6f8fa0), 0.6);
    hill(c, h * 0.68, h * 0.04, rgb(0x6a9468), 0.35);
    for (x, y, s, a, b, far) in [
        (0.72, 0.2, 0.09, 0xe8b03c, 0x3f7fbf, 0.4),
        (0.88, 0.36, 0.065, 0x58a06a, 0xf7efe0, 0.5),
        (0.14, 0.24, 0.08, 0x9a62b8, 0xf6c84c, 0.4),
        (0.55, 0.42, 0.06, 0xe8505b, 0xfff0d8, 0.5),
        (0.36, 0.3, 0.22, 0xe0483f, 0xffd25a, 0.05),
    ] {
        hot_air_balloon(c, w * x, h * y, w.min(h * 1.3) * s, [rgb(a), rgb(b)], far);
    }
    hill(c, h * 0.78, h * 0.03, rgb(0x77a55a), 0.1);
    pines(c, w * 0.7, w * 1.02, h * 0.82, h * 0.14, 0.15, false);
    grass(c, h * 0.84, h, rgb(0x77a55a), 90);
    line_up(c, cast, (w * 0.3, w * 0.66), h * 0.96, h * 0.4, Wear::Mild, &[Pose::POINT, Pose::CHEER, Pose::WAVE]);
}

/// A hike through a meadow of flowers below the peaks.
pub fn alpine_hike(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.52);
    peaks(c, h * 0.58, h * 0.46, 4, ROCK, 0.42, 0.28);
    hill(c, h * 0.56, h * 0.04, rgb(0x5c9160), 0.25);
    pines(c, w * 0.55, w * 1.05, h * 0.64, h * 0.18, 0.2, false);
    hill(c, h * 0.66, h * 0.03, rgb(0x82b657), 0.02);
    trail(c, w * 0.6, h * 0.67, rgb(0xe3cda0));
    grass(c, h * 0.72, h, rgb(0x82b657), 120);
    for _ in 0..34 {
        let t = c.rng.between(0.0, 1.0);
        let (x, colour) =
            (c.rng.between(0.0, 1.0), c.rng.pick(&[rgb(0xf4f4ff), rgb(0xe86a9a), rgb(0x7a6fd0), rgb(0xf5cf4c)]));
        if !(0.3..0.7).contains(&x) {
            flower(c, w * x, h * (0.78 + 0.22 * t), h * (0.04 + 0.05 * t), colour);
        }
    }
    line_up(c, cast, (w * 0.26, w * 0.72), h * 0.93, h * 0.52, Wear::Mild, &[Pose::WALK, Pose::WAVE, Pose::WALK]);
    dog_running(c, pets::DOG, w * 0.82, h * 0.95, h * 0.2);
}
