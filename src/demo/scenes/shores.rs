//! By the water: the sea, the fjord, the lake.

use super::pets;
use crate::demo::draw::animals::{dog_running, dog_sitting, duck, gull};
use crate::demo::draw::buildings::{house, lighthouse};
use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::{Rgb, rgb};
use crate::demo::draw::figure::{Figure, Pose, Wear, line_up, person};
use crate::demo::draw::land::{beach, grass, hill, light_on_water, peaks, rock, water};
use crate::demo::draw::light::Hour;
use crate::demo::draw::plants::{bush, palm, pines, tree};
use crate::demo::draw::sky::{moon, sky, sun};
use crate::demo::draw::things::{campfire, sand_castle, tent, umbrella};
use crate::demo::draw::vehicles::{rowing_boat, sailboat, sailboat_hull};

const SAND: Rgb = rgb(0xf0d6a0);

pub(super) fn gulls(c: &mut Canvas, count: usize) {
    for _ in 0..count {
        let (x, y, s) =
            (c.rng.between(0.1, 0.9) * c.w, c.rng.between(0.1, 0.36) * c.h, c.rng.between(0.03, 0.06) * c.w.min(c.h));
        gull(c, x, y, s);
    }
}

fn sun_or_moon(c: &mut Canvas, x: f32, y: f32, r: f32) {
    if c.light.hour == Hour::Night { moon(c, x, y, r) } else { sun(c, x, y, r) }
}

/// A sunny beach with a parasol, palms and a sand castle.
pub fn beach_day(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.42);
    sun_or_moon(c, w * 0.8, h * 0.15, h * 0.05);
    water(c, h * 0.4, h * 0.7, rgb(0x1f9fb8));
    sailboat(c, w * 0.24, h * 0.44, h * 0.1, rgb(0x2e5d8a), rgb(0xffffff));
    gulls(c, 5);
    beach(c, h * 0.62, SAND);
    palm(c, w * 0.93, h * 0.8, h * 0.62);
    c.turned(12.0, w * 0.13, h * 0.74, |c| {
        umbrella(c, w * 0.13, h * 0.56, h * 0.36, rgb(0xe8604c));
    });
    c.round(w * 0.04, h * 0.79, w * 0.16, h * 0.035, 8.0, c.lit(rgb(0x4aa3c8)));
    line_up(c, cast, (w * 0.24, w * 0.78), h * 0.88, h * 0.42, Wear::Summer, &[Pose::WAVE, Pose::REST, Pose::CHEER]);
    sand_castle(c, w * 0.84, h * 0.92, h * 0.16);
}

/// Somebody rides a wave on a surfboard.
pub fn surfing(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.36);
    gulls(c, 3);
    water(c, h * 0.34, h, rgb(0x17879e));
    let wave = c.down(c.lit(rgb(0x8fe0dc)), c.lit(rgb(0x117a94)));
    c.path(&format!("M0 {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {w:.1} {:.1}V{h:.1}H0Z", h * 0.78, w * 0.16, h * 0.74, w * 0.28, h * 0.28, w * 0.54, h * 0.24, w * 0.72, h * 0.22, w * 0.72, h * 0.4, w * 0.6, h * 0.4, w * 0.66, h * 0.62, w * 0.86, h * 0.7, h * 0.72), &wave);
    for (dx, dy, r) in [
        (0.5, 0.25, 0.05),
        (0.56, 0.235, 0.055),
        (0.62, 0.26, 0.05),
        (0.655, 0.31, 0.042),
        (0.64, 0.37, 0.036),
        (0.6, 0.4, 0.03),
        (0.44, 0.29, 0.035),
        (0.69, 0.27, 0.02),
        (0.7, 0.35, 0.022),
    ] {
        c.disc(w * dx, h * dy, h * r, rgb(0xffffff).fade(0.85));
    }
    for i in 0..9 {
        let t = i as f32 / 9.0;
        c.stroke(
            &format!(
                "M{:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}",
                w * (0.12 + 0.045 * i as f32),
                h * (0.76 - 0.22 * t),
                w * 0.05,
                -h * 0.1 * t,
                w * 0.14,
                -h * 0.17 * t
            ),
            3.0,
            rgb(0xffffff).fade(0.35),
        );
    }
    for (i, who) in cast.iter().enumerate() {
        let (x, y) = (w * (0.4 + 0.34 * i as f32), h * (0.72 + 0.03 * i as f32));
        c.turned(-8.0, x, y, |c| {
            c.ellipse(x, y + h * 0.01, w * 0.12, h * 0.022, c.lit(rgb(0xfff1d0)));
            c.ellipse(x, y + h * 0.008, w * 0.105, h * 0.008, c.lit(rgb(0xe8604c)));
        });
        for k in 0..7 {
            c.disc(x - w * (0.1 + 0.018 * k as f32), y + h * 0.02 * (k % 3) as f32, h * 0.014, rgb(0xffffff).fade(0.8));
        }
        person(
            c,
            who,
            x,
            y + h * 0.008,
            h * 0.42,
            Wear::Swim,
            Pose { left: (82.0, 10.0), right: (82.0, 6.0), ..Pose::WALK },
        );
    }
    let foam = c.down(rgb(0xffffff).fade(0.8), rgb(0xffffff).fade(0.1));
    c.path(
        &format!(
            "M0 {:.1}Q{:.1} {:.1} {:.1} {:.1}T{w:.1} {:.1}V{h:.1}H0Z",
            h * 0.9,
            w * 0.25,
            h * 0.84,
            w * 0.5,
            h * 0.91,
            h * 0.9
        ),
        &foam,
    );
}

/// A lighthouse on a cliff above the sea.
pub fn lighthouse_cliff(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.56);
    sun(c, w * 0.26, h * 0.47, h * 0.05);
    water(c, h * 0.54, h, rgb(0x2b6f94));
    light_on_water(c, w * 0.26, h * 0.55, h * 0.95);
    gulls(c, 6);
    lighthouse(c, w * 0.72, h * 0.56, h * 0.46);
    house(c, w * 0.87, h * 0.58, w * 0.1, h * 0.07, rgb(0xfbf5ea), rgb(0xc0563f));
    let cliff = c.down(c.lit(rgb(0xd69a62)), c.lit(rgb(0x8a5138)));
    c.path(
        &format!(
            "M{w:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {h:.1}H{w:.1}Z",
            h * 0.58,
            w * 0.56,
            h * 0.55,
            w * 0.47,
            h * 0.6,
            w * 0.5,
            h * 0.72,
            w * 0.43,
            h * 0.84,
            w * 0.36
        ),
        &cliff,
    );
    for (a, b) in [((0.56, 0.6), (0.53, 0.9)), ((0.68, 0.62), (0.63, 0.95)), ((0.82, 0.64), (0.8, 0.98))] {
        c.line((w * a.0, h * a.1), (w * b.0, h * b.1), 5.0, c.lit(rgb(0x6f3f2e)).fade(0.5));
    }
    let turf = c.lit(rgb(0x7aa552));
    c.path(
        &format!(
            "M{w:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Q{:.1} {:.1} {w:.1} {:.1}Z",
            h * 0.57,
            w * 0.56,
            h * 0.545,
            w * 0.465,
            h * 0.6,
            w * 0.7,
            h * 0.63,
            h * 0.66
        ),
        turf,
    );
    line_up(
        c,
        cast,
        (w * 0.5, w * 0.66),
        h * 0.62,
        h * 0.24,
        Wear::Mild,
        &[Pose::POINT.looking(-0.6), Pose::REST.looking(-0.6)],
    );
}

/// Sailing on the lake, the Alps behind.
pub fn sailing(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    sun(c, w * 0.16, h * 0.15, h * 0.045);
    peaks(c, h * 0.53, h * 0.26, 7, rgb(0x7a8fb0), 0.36, 0.45);
    hill(c, h * 0.5, h * 0.02, rgb(0x5f9160), 0.35);
    water(c, h * 0.53, h, rgb(0x2b7cab));
    for (x, s, sail) in [(0.18, 0.08, rgb(0xffffff)), (0.88, 0.1, rgb(0xffe2c0)), (0.72, 0.05, rgb(0xffffff))] {
        sailboat(c, w * x, h * 0.57, w * s, rgb(0x8a4a3a), sail);
    }
    let count = cast.len().max(1) as f32;
    let s = w.min(h * 1.2) * 0.62;
    let (white, cloth) = (rgb(0xfbf8f0), rgb(0xfff7ea));
    sailboat(c, w * 0.46, h * 0.86, s, white, cloth);
    for (i, who) in cast.iter().enumerate() {
        let x = w * 0.46 + s * 0.76 * ((i as f32 + 0.5) / count - 0.5) - s * 0.04;
        person(c, who, x, h * 0.82, h * 0.44, Wear::Summer, [Pose::REST.half(), Pose::WAVE.half()][i % 2]);
    }
    sailboat_hull(c, w * 0.46, h * 0.86, s, white);
}

/// Children and dog at the lake's shore, digging and splashing.
pub fn shore_play(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.36);
    hill(c, h * 0.34, h * 0.03, rgb(0x6d9f6a), 0.4);
    pines(c, 0.0, w * 0.3, h * 0.4, h * 0.12, 0.3, false);
    water(c, h * 0.4, h * 0.72, rgb(0x3a97b8));
    rowing_boat(c, w * 0.76, h * 0.48, w * 0.16, rgb(0xd9653f));
    for x in [0.3, 0.36, 0.43] {
        duck(c, w * x, h * 0.5, w * 0.035);
    }
    beach(c, h * 0.62, rgb(0xe8cf9c));
    tree(c, w * 0.06, h * 0.8, h * 0.6, rgb(0x5e9e4f), 0.0);
    sand_castle(c, w * 0.5, h * 0.86, h * 0.2);
    line_up(c, cast, (w * 0.16, w * 0.42), h * 0.88, h * 0.52, Wear::Summer, &[Pose::CHEER, Pose::HOLD]);
    dog_running(c, pets::DOG, w * 0.78, h * 0.88, h * 0.26);
}

/// Tents, a fire and stars by the lake.
pub fn campfire_night(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.56);
    moon(c, w * 0.8, h * 0.16, h * 0.045);
    peaks(c, h * 0.56, h * 0.2, 5, rgb(0x6a7aa8), 0.2, 0.4);
    water(c, h * 0.55, h * 0.7, rgb(0x254a78));
    light_on_water(c, w * 0.8, h * 0.56, h * 0.68);
    hill(c, h * 0.69, h * 0.012, rgb(0x5a7a4a), 0.0);
    pines(c, -w * 0.05, w * 0.2, h * 0.74, h * 0.42, 0.0, false);
    pines(c, w * 0.9, w * 1.1, h * 0.74, h * 0.46, 0.0, false);
    tent(c, w * 0.72, h * 0.8, w * 0.28, rgb(0x3f8fb0));
    c.glow(w * 0.44, h * 0.84, h * 0.5, rgb(0xff9a3c), 0.4);
    let seats = [(0.25, 0.86), (0.62, 0.86), (0.14, 0.93), (0.76, 0.94)];
    for (i, who) in cast.iter().enumerate() {
        let (x, y) = seats[i % seats.len()];
        c.round(
            w * (x - 0.06),
            h * (y + 0.0),
            w * 0.12,
            h * 0.05,
            h * 0.025,
            c.lit(rgb(0x7a5236)).mix(rgb(0xff9a3c), 0.2),
        );
        person(
            c,
            who,
            w * x,
            h * y,
            h * 0.46,
            Wear::Mild,
            Pose::HOLD.looking(if x < 0.44 { 0.6 } else { -0.6 }).sitting(),
        );
    }
    campfire(c, w * 0.44, h * 0.94, h * 0.17);
}

/// The lake at sunset: a jetty, a boat, reeds.
pub fn lake_sunset(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.52);
    sun(c, w * 0.6, h * 0.44, h * 0.055);
    peaks(c, h * 0.53, h * 0.14, 8, rgb(0x6f76a8), 0.2, 0.5);
    hill(c, h * 0.51, h * 0.012, rgb(0x4a5f6a), 0.3);
    water(c, h * 0.53, h, rgb(0x3a5f98));
    light_on_water(c, w * 0.6, h * 0.54, h * 0.96);
    rowing_boat(c, w * 0.82, h * 0.72, w * 0.18, rgb(0x7a3f3a));
    let wood = c.down(c.lit(rgb(0x9a7350)), c.lit(rgb(0x5f4430)));
    c.poly(&[(w * 0.22, h * 0.7), (w * 0.34, h * 0.7), (w * 0.44, h), (w * 0.06, h)], &wood);
    for i in 0..9 {
        let t = (i as f32 / 9.0).powf(1.6);
        c.rect(w * (0.22 - 0.16 * t), h * (0.7 + 0.3 * t), w * (0.12 + 0.26 * t), 3.0, c.lit(rgb(0x3f2c20)));
    }
    for _ in 0..46 {
        let (x, tall, lean) = (c.rng.between(0.86, 1.02) * w, c.rng.between(0.12, 0.3) * h, c.rng.between(-26.0, 14.0));
        c.stroke(
            &format!("M{x:.1} {h:.1}q{:.1} {:.1} {:.1} {:.1}", -8.0, -tall * 0.6, lean, -tall),
            4.0,
            c.lit(rgb(0x46603a)),
        );
    }
    line_up(c, cast, (w * 0.2, w * 0.36), h * 0.82, h * 0.32, Wear::Mild, &[Pose::REST]);
}

/// Everybody in a row by the lake, in their best clothes.
pub fn group_by_the_lake(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.44);
    peaks(c, h * 0.46, h * 0.2, 7, rgb(0x7a8fb0), 0.34, 0.5);
    water(c, h * 0.45, h * 0.62, rgb(0x3186b0));
    sailboat(c, w * 0.12, h * 0.49, w * 0.06, rgb(0x2e5d8a), rgb(0xffffff));
    sailboat(c, w * 0.87, h * 0.5, w * 0.08, rgb(0x8a4a3a), rgb(0xfff3e0));
    hill(c, h * 0.61, h * 0.008, rgb(0x79b05c), 0.05);
    grass(c, h * 0.66, h, rgb(0x79b05c), 150);
    for (x, s) in [(0.04, 0.09), (0.96, 0.1), (0.13, 0.06)] {
        bush(c, w * x, h * 0.7, h * s, rgb(0x4f9150));
    }
    let step = 0.84 / cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let wear = if i == 0 { Wear::Bride } else { Wear::Formal };
        person(
            c,
            who,
            w * (0.08 + step * (i as f32 + 0.5)),
            h * (0.93 + 0.015 * (i % 2) as f32),
            h * 0.6,
            wear,
            [Pose::REST, Pose::REST, Pose::WAVE, Pose::HOLD][i % 4],
        );
    }
}

/// A cold beach with the dog.
pub fn winter_shore(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.44);
    water(c, h * 0.42, h * 0.7, rgb(0x5b8aa0));
    beach(c, h * 0.62, rgb(0xd9cfb8));
    rock(c, w * 0.88, h * 0.76, h * 0.1);
    rock(c, w * 0.78, h * 0.74, h * 0.05);
    gulls(c, 7);
    line_up(c, cast, (w * 0.2, w * 0.52), h * 0.92, h * 0.56, Wear::Winter, &[Pose::WALK, Pose::WAVE]);
    dog_sitting(c, pets::DOG, w * 0.66, h * 0.92, h * 0.28);
}
