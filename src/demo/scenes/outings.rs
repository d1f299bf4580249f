//! A day out: woods, meadows, bicycles, games.

use super::pets;
use crate::demo::draw::animals::{dog_running, dog_sitting, sheep};
use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::{Rgb, rgb};
use crate::demo::draw::figure::{Figure, Legs, Pose, Wear, line_up, person};
use crate::demo::draw::land::{grass, hill, trail};
use crate::demo::draw::plants::{petals, pines, stem, tree};
use crate::demo::draw::sky::{fog, sky, sun};
use crate::demo::draw::things::{basket, blanket, football};
use crate::demo::draw::vehicles::bicycle;

const AUTUMN: [Rgb; 4] = [rgb(0xd98a2f), rgb(0xc9562f), rgb(0xe6b23c), rgb(0xa8482f)];

/// A walk in the autumn woods, fog between the stems.
pub fn autumn_woods(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    let back = c.down(c.far(rgb(0xf2cf8a), 0.45), c.far(rgb(0xd99a52), 0.3));
    c.rect(0.0, 0.0, w, h, &back);
    c.glow(w * 0.5, h * 0.34, h * 0.6, rgb(0xfff3cc), 0.7);
    for layer in 0..3 {
        let far = 0.55 - 0.22 * layer as f32;
        for _ in 0..(12 - 2 * layer) {
            let mut x = c.rng.between(0.0, 1.0);
            if layer > 0 && (0.5 - x).abs() < 0.2 {
                x = if x < 0.5 { x - 0.26 } else { x + 0.26 };
            }
            stem(
                c,
                w * x,
                h * (0.62 + 0.1 * layer as f32),
                w.min(h) * (0.02 + 0.018 * layer as f32),
                rgb(0x6f4f3c),
                far,
            );
        }
        for _ in 0..34 {
            let (x, y, r) =
                (c.rng.between(0.0, 1.0) * w, c.rng.between(-0.02, 0.24) * h, c.rng.between(0.03, 0.075) * h);
            let colour = c.rng.pick(&AUTUMN);
            c.disc(x, y, r, c.far(colour, far * 0.8).fade(0.75));
        }
        if layer < 2 {
            fog(c, h * (0.6 + 0.06 * layer as f32), h * 0.12, 0.34);
        }
    }
    hill(c, h * 0.74, h * 0.012, rgb(0xb5783c), 0.02);
    trail(c, w * 0.5, h * 0.72, rgb(0xd9b583));
    petals(c, h * 0.74, h, &AUTUMN, 150);
    line_up(c, cast, (w * 0.2, w * 0.58), h * 0.94, h * 0.48, Wear::Mild, &[Pose::WALK, Pose::WAVE, Pose::REST]);
    dog_running(c, pets::DOG, w * 0.8, h * 0.95, h * 0.22);
    petals(c, h * 0.05, h * 0.7, &AUTUMN, 36);
}

/// In a heap of leaves with the dog.
pub fn leaf_pile(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    hill(c, h * 0.42, h * 0.04, rgb(0xb59a5c), 0.4);
    for (x, s, k) in [(0.1, 0.56, 0), (0.9, 0.6, 1), (0.55, 0.34, 2), (0.36, 0.3, 3)] {
        tree(c, w * x, h * (0.52 + s * 0.22), h * s, AUTUMN[k], (0.7 - s).max(0.0) * 0.5);
    }
    hill(c, h * 0.64, h * 0.012, rgb(0x9fae58), 0.0);
    grass(c, h * 0.68, h, rgb(0x9fae58), 60);
    line_up(c, cast, (w * 0.14, w * 0.56), h * 0.93, (h * 0.56).min(w * 0.9), Wear::Mild, &[Pose::CHEER, Pose::WAVE]);
    dog_sitting(c, pets::DOG, w * 0.7, h * 0.93, h * 0.26);
    for _ in 0..230 {
        let (x, t) = (c.rng.between(0.06, 0.94), c.rng.between(0.0, 1.0));
        let y = 0.985 - 0.13 * t * (1.0 - (x - 0.5).abs() * 1.7).max(0.0);
        let (colour, turn) = (c.rng.pick(&AUTUMN), c.rng.between(0.0, 180.0));
        let (px, py, s) = (w * x, h * y, h * 0.014);
        let colour = c.lit(colour);
        c.turned(turn, px, py, |c| {
            c.path(
                &format!(
                    "M{:.1} {py:.1}Q{px:.1} {:.1} {:.1} {py:.1}Q{px:.1} {:.1} {:.1} {py:.1}Z",
                    px - s,
                    py - s,
                    px + s,
                    py + s,
                    px - s
                ),
                colour,
            )
        });
    }
    petals(c, h * 0.1, h * 0.8, &AUTUMN, 34);
}

/// By bicycle through the hills.
pub fn cycling(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    sun(c, w * 0.8, h * 0.15, h * 0.045);
    hill(c, h * 0.42, h * 0.06, rgb(0x4f7f68), 0.5);
    pines(c, 0.0, w, h * 0.52, h * 0.14, 0.35, false);
    hill(c, h * 0.54, h * 0.03, rgb(0x86b55a), 0.12);
    for (x, s) in [(0.12, 0.05), (0.2, -0.045), (0.87, 0.05)] {
        sheep(c, w * x, h * 0.64, h * s);
    }
    let road = c.down(c.lit(rgb(0xd8c8a8)), c.lit(rgb(0xbfa985)));
    c.path(
        &format!(
            "M0 {:.1}Q{:.1} {:.1} {w:.1} {:.1}V{:.1}Q{:.1} {:.1} 0 {:.1}Z",
            h * 0.78,
            w * 0.5,
            h * 0.73,
            h * 0.77,
            h * 0.95,
            w * 0.5,
            h * 0.92,
            h * 0.97
        ),
        &road,
    );
    grass(c, h * 0.95, h, rgb(0x86b55a), 60);
    let count = cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let size = h * 0.6;
        let (x, y, r) = (w * (0.06 + 0.86 * (i as f32 + 0.5) / count), h * 0.92, size * 0.17 * who.stature().max(0.6));
        let seat = bicycle(c, x, y, r, who.look.wardrobe[0].mix(rgb(0x2b6fb0), 0.35));
        let tall = size * who.stature();
        for (fx, fy) in [(x + r * 0.16, y - r * 0.7), (x - r * 0.3, y - r * 1.0)] {
            let knee = (x + r * 0.62, seat.1 + r * 0.5);
            c.stroke(
                &format!(
                    "M{:.1} {:.1}L{:.1} {:.1}L{fx:.1} {fy:.1}",
                    seat.0 + r * 0.1,
                    seat.1 - tall * 0.01,
                    knee.0,
                    knee.1
                ),
                tall * 0.066,
                c.lit(rgb(0x3d4a68)),
            );
            c.ellipse(fx + r * 0.12, fy + r * 0.05, r * 0.24, r * 0.11, c.lit(rgb(0x5a3d33)));
        }
        person(
            c,
            who,
            seat.0 + r * 0.08,
            seat.1,
            size,
            Wear::Helmet,
            Pose { left: (14.0, 60.0), right: (56.0, 20.0), legs: Legs::Hidden, gaze: 0.5 },
        );
    }
}

/// A football match of the children's team.
pub fn football_match(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.4);
    hill(c, h * 0.34, h * 0.02, rgb(0x5f8f5a), 0.35);
    for i in 0..46 {
        let (x, y) = (w * (i as f32 + c.rng.between(0.0, 0.6)) / 46.0, h * (0.4 - 0.025 * (i % 3) as f32));
        let (shirt, skin) = (
            c.rng.pick(&crate::demo::draw::things::BRIGHT),
            c.rng.pick(&[rgb(0xf3c9a5), rgb(0xc98f68), rgb(0x8a5a3c), rgb(0xf7d7b8)]),
        );
        c.round(x - h * 0.018, y, h * 0.036, h * 0.05, h * 0.016, c.far(shirt, 0.25));
        c.disc(x, y - h * 0.012, h * 0.016, c.far(skin, 0.25));
    }
    c.rect(0.0, h * 0.43, w, h * 0.05, c.lit(rgb(0xfdfdf8)));
    for i in 0..8 {
        c.round(
            w * (0.02 + 0.125 * i as f32),
            h * 0.44,
            w * 0.09,
            h * 0.03,
            6.0,
            c.lit(crate::demo::draw::things::BRIGHT[i % 6]).fade(0.7),
        );
    }
    for i in 0..9 {
        let (a, b) =
            (h * (0.48 + 0.52 * (i as f32 / 9.0).powf(1.4)), h * (0.48 + 0.52 * ((i + 1) as f32 / 9.0).powf(1.4)));
        c.rect(0.0, a, w, b - a + 1.0, c.lit(if i % 2 == 0 { rgb(0x6db552) } else { rgb(0x5fa548) }));
    }
    let white = c.lit(rgb(0xffffff));
    c.line((0.0, h * 0.62), (w, h * 0.62), 5.0, white.fade(0.8));
    let (gx, gy, gw, gh) = (w * 0.68, h * 0.62, w * 0.28, h * 0.27);
    for i in 0..13 {
        let t = i as f32 / 12.0;
        c.line((gx + gw * t, gy - gh), (gx + gw * t, gy), 1.5, white.fade(0.5));
        if i < 9 {
            c.line((gx, gy - gh * i as f32 / 8.0), (gx + gw, gy - gh * i as f32 / 8.0), 1.5, white.fade(0.5));
        }
    }
    c.stroke(&format!("M{gx:.1} {gy:.1}v{:.1}h{gw:.1}v{gh:.1}", -gh), 10.0, white);
    if let Some((scorer, others)) = cast.split_first() {
        for (i, who) in others.iter().enumerate() {
            person(c, who, w * (0.13 + 0.1 * i as f32), h * 0.8, h * 0.5, Wear::Summer, Pose::CHEER);
        }
        person(
            c,
            scorer,
            w * 0.44,
            h * 0.93,
            h * 0.66,
            Wear::Jersey,
            Pose { left: (60.0, 20.0), right: (48.0, 30.0), legs: Legs::Kick, gaze: 0.5 },
        );
    }
    football(c, w * 0.64, h * 0.82, h * 0.045);
    for i in 0..4 {
        c.line(
            (w * (0.545 + 0.012 * i as f32), h * (0.84 - 0.012 * i as f32)),
            (w * (0.59 + 0.008 * i as f32), h * (0.83 - 0.012 * i as f32)),
            3.0,
            white.fade(0.6),
        );
    }
}

/// A picnic on the meadow.
pub fn picnic(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.46);
    hill(c, h * 0.4, h * 0.04, rgb(0x6f9f72), 0.45);
    hill(c, h * 0.52, h * 0.025, rgb(0x86bb5e), 0.12);
    tree(c, w * 0.86, h * 0.7, h * 0.66, rgb(0x5e9e4f), 0.0);
    tree(c, w * 0.05, h * 0.58, h * 0.32, rgb(0x5e9e4f), 0.2);
    hill(c, h * 0.64, h * 0.01, rgb(0x8cc262), 0.0);
    grass(c, h * 0.66, h, rgb(0x8cc262), 150);
    blanket(c, w * 0.46, h * 0.94, w * 0.66, rgb(0xd2483f));
    let count = cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        person(
            c,
            who,
            w * (0.16 + 0.5 * (i as f32 + 0.5) / count),
            h * 0.83,
            h * 0.58,
            Wear::Summer,
            [Pose::REST.sitting(), Pose::HOLD.sitting(), Pose::WAVE.sitting()][i % 3],
        );
    }
    basket(c, w * 0.68, h * 0.93, h * 0.14);
    c.ellipse(w * 0.58, h * 0.945, w * 0.05, h * 0.014, c.lit(rgb(0xffffff)));
    for dx in [-0.02, 0.0, 0.02] {
        c.disc(w * (0.58 + dx), h * 0.933, h * 0.014, c.lit(rgb(0xd83f5a)));
    }
    dog_sitting(c, pets::DOG, w * 0.84, h * 0.95, h * 0.24);
}
