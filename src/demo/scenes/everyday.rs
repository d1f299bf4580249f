//! The garden, the park, small things.

use super::pets;
use crate::demo::draw::animals::{cat_sitting, dog_running, dog_sitting};
use crate::demo::draw::buildings::house;
use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::rgb;
use crate::demo::draw::figure::{Figure, Pose, Wear, line_up};
use crate::demo::draw::land::{grass, hill};
use crate::demo::draw::plants::{bush, flower, petals, pines, sunflower, tree};
use crate::demo::draw::sky::{rain, rainbow, sky, stars, sun};
use crate::demo::draw::things::{BRIGHT, football, tent};

/// The young dog on the lawn.
pub fn puppy(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    lawn(c);
    line_up(c, cast, (w * 0.05, w * 0.36), h * 0.88, h * 0.62, Wear::Mild, &[Pose::CHEER]);
    dog_sitting(c, pets::DOG, w * 0.6, h * 0.9, h * 0.43);
    football(c, w * 0.87, h * 0.88, h * 0.05);
    for _ in 0..20 {
        let (x, y, colour) =
            (c.rng.between(0.0, 1.0) * w, c.rng.between(0.9, 1.0) * h, c.rng.pick(&[rgb(0xffffff), rgb(0xf5cf4c)]));
        flower(c, x, y, h * 0.055, colour);
    }
}

/// The dog after the ball.
pub fn dog_and_ball(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    lawn(c);
    line_up(c, cast, (w * 0.04, w * 0.3), h * 0.84, h * 0.54, Wear::Summer, &[Pose::WAVE, Pose::CHEER]);
    dog_running(c, pets::DOG, w * 0.54, h * 0.9, h * 0.3);
    football(c, w * 0.88, h * 0.72, h * 0.05);
    for i in 0..3 {
        c.line(
            (w * (0.79 + 0.01 * i as f32), h * (0.77 - 0.02 * i as f32)),
            (w * (0.83 + 0.006 * i as f32), h * (0.75 - 0.02 * i as f32)),
            3.0,
            rgb(0xffffff).fade(0.7),
        );
    }
}

fn lawn(c: &mut Canvas) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.46);
    hill(c, h * 0.4, h * 0.035, rgb(0x6f9f72), 0.45);
    house(c, w * 0.84, h * 0.56, w * 0.24, h * 0.17, rgb(0xf0d9b8), rgb(0xb35a43));
    tree(c, w * 0.12, h * 0.6, h * 0.42, rgb(0x5e9e4f), 0.15);
    for i in 0..17 {
        c.round(w * i as f32 / 16.0 - 7.0, h * 0.5, 14.0, h * 0.11, 7.0, c.far(rgb(0xfdf9ee), 0.1));
    }
    c.rect(0.0, h * 0.53, w, 7.0, c.far(rgb(0xe9e2d0), 0.1));
    hill(c, h * 0.6, h * 0.01, rgb(0x86bf5a), 0.0);
    grass(c, h * 0.63, h, rgb(0x86bf5a), 180);
}

/// Under the cherry tree with the little one.
pub fn spring_garden(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    hill(c, h * 0.44, h * 0.03, rgb(0x79ab7a), 0.4);
    house(c, w * 0.8, h * 0.6, w * 0.3, h * 0.16, rgb(0xf0d9b8), rgb(0xb35a43));
    hill(c, h * 0.6, h * 0.012, rgb(0x8cc262), 0.0);
    tree(c, w * 0.16, h * 0.74, h * 0.62, rgb(0xf9bdd0), 0.0);
    grass(c, h * 0.64, h, rgb(0x8cc262), 100);
    for i in 0..26 {
        let (x, t, colour) = (c.rng.between(0.0, 1.0), c.rng.between(0.0, 1.0), BRIGHT[i % 6]);
        if !(0.22..0.86).contains(&x) {
            flower(c, w * x, h * (0.76 + 0.24 * t), h * (0.05 + 0.05 * t), colour);
        }
    }
    line_up(
        c,
        cast,
        (w * 0.24, w * 0.84),
        h * 0.94,
        (h * 0.56).min(w * 0.74),
        Wear::Mild,
        &[Pose::HOLD, Pose::REST, Pose::WAVE],
    );
    petals(c, h * 0.2, h, &[rgb(0xffd3df), rgb(0xffffff)], 44);
}

/// Sunflowers and vegetables.
pub fn sunflowers(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    sun(c, w * 0.84, h * 0.14, h * 0.05);
    hill(c, h * 0.46, h * 0.03, rgb(0x79ab6a), 0.35);
    pines(c, 0.0, w, h * 0.54, h * 0.1, 0.4, false);
    hill(c, h * 0.58, h * 0.01, rgb(0x8a6a48), 0.05);
    for (i, tall) in [0.5, 0.36, 0.56, 0.42, 0.58, 0.38, 0.52].into_iter().enumerate() {
        sunflower(c, w * (0.04 + 0.155 * i as f32), h * 0.82, (h * tall).min(w * tall * 1.1));
    }
    for row in 0..2 {
        for i in 0..12 {
            bush(
                c,
                w * (0.02 + 0.088 * i as f32 + 0.04 * row as f32),
                h * (0.86 + 0.1 * row as f32),
                h * 0.034,
                if row == 0 { rgb(0x6fae52) } else { rgb(0x8fc46a) },
            );
        }
    }
    line_up(c, cast, (w * 0.28, w * 0.74), h * 0.95, (h * 0.54).min(w * 0.8), Wear::Summer, &[Pose::HOLD, Pose::CHEER]);
}

/// A rainbow after the shower.
pub fn after_the_rain(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.6);
    rainbow(c, w * 0.54, h * 0.68, w.min(h) * 0.56);
    hill(c, h * 0.5, h * 0.03, rgb(0x6f9f72), 0.35);
    house(c, w * 0.14, h * 0.64, w * 0.2, h * 0.15, rgb(0xf0d9b8), rgb(0xb35a43));
    hill(c, h * 0.62, h * 0.012, rgb(0x7fb85a), 0.0);
    grass(c, h * 0.66, h, rgb(0x7fb85a), 130);
    for (x, y, s) in [(0.3, 0.9, 0.09), (0.72, 0.93, 0.12)] {
        let puddle = c.down(c.light.middle.fade(0.9), c.light.zenith.fade(0.8));
        c.ellipse(w * x, h * y, w * s, h * s * 0.22, &puddle);
        c.ellipse(w * x, h * y, w * s * 0.5, h * s * 0.08, rgb(0xffffff).fade(0.3));
    }
    rain(c);
    line_up(c, cast, (w * 0.24, w * 0.8), h * 0.93, h * 0.56, Wear::Mild, &[Pose::CHEER, Pose::POINT, Pose::WAVE]);
}

/// The Milky Way over the tent.
pub fn starry_night(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.8);
    c.turned(-28.0, w * 0.5, h * 0.34, |c| {
        for (ry, opacity) in [(0.2, 0.1), (0.13, 0.14), (0.07, 0.2)] {
            let band = c.radial(rgb(0xd7c9ff).fade(opacity * 1.6), rgb(0x8a7fd8).fade(0.0));
            c.ellipse(w * 0.5, h * 0.34, w * 0.8, h * ry, &band);
        }
        for _ in 0..260 {
            let (x, spread) = (c.rng.between(-0.2, 1.2) * w, c.rng.between(-1.0, 1.0));
            let (y, r) = (h * 0.34 + spread * spread * spread * h * 0.14, c.rng.between(0.6, 1.9));
            c.disc(x, y, r, rgb(0xfff6e8).fade(0.8));
        }
    });
    stars(c, h * 0.7, 160);
    c.line((w * 0.7, h * 0.12), (w * 0.82, h * 0.2), 3.0, rgb(0xffffff).fade(0.8));
    hill(c, h * 0.72, h * 0.05, rgb(0x4a5f7a), 0.2);
    pines(c, -20.0, w * 0.3, h * 0.86, h * 0.32, 0.0, false);
    pines(c, w * 0.84, w * 1.05, h * 0.86, h * 0.36, 0.0, false);
    hill(c, h * 0.85, h * 0.012, rgb(0x4f6a4f), 0.0);
    tent(c, w * 0.64, h * 0.93, w * 0.24, rgb(0xe0703c));
    line_up(c, cast, (w * 0.28, w * 0.5), h * 0.95, h * 0.34, Wear::Mild, &[Pose::POINT.looking(0.0), Pose::REST]);
}

/// The cat on the garden wall.
pub fn cat_on_the_wall(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.6);
    tree(c, w * 0.84, h * 0.72, h * 0.6, rgb(0x6faa55), 0.15);
    hill(c, h * 0.56, h * 0.03, rgb(0x79ab6a), 0.35);
    for i in 0..14 {
        let x = w * i as f32 / 13.0;
        flower(c, x, h * 0.74, h * (0.12 + 0.04 * (i % 3) as f32), BRIGHT[(i * 5) % 6]);
    }
    let stone = rgb(0xb5a48f);
    c.rect(0.0, h * 0.72, w, h * 0.28, c.lit(stone.dark(0.25)));
    for row in 0..4 {
        for i in 0..8 {
            let tone = c.rng.between(0.0, 0.16);
            c.round(
                w * (i as f32 - 0.5 * (row % 2) as f32) / 7.0 + 3.0,
                h * (0.735 + 0.068 * row as f32),
                w / 7.0 - 6.0,
                h * 0.062,
                9.0,
                c.lit(stone.dark(tone)),
            );
        }
    }
    c.rect(0.0, h * 0.7, w, h * 0.035, c.lit(stone.light(0.3)));
    cat_sitting(c, pets::CAT, w * 0.46, h * 0.71, h * 0.42);
    line_up(c, cast, (w * 0.05, w * 0.3), h * 1.05, h * 0.6, Wear::Summer, &[Pose::WAVE]);
}
