//! In town: Rome, canals, markets, museums, night.

use super::pets;
use crate::demo::draw::animals::{dog_sitting, duck};
use crate::demo::draw::buildings::{gable_house, house, skyline, stall};
use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::{Rgb, rgb};
use crate::demo::draw::figure::{Figure, Pose, Wear, line_up, person};
use crate::demo::draw::land::{ground, hill, water};
use crate::demo::draw::landmarks::{colosseum, dome, fountain, tv_tower, windmill};
use crate::demo::draw::plants::{bush, cypress, tree};
use crate::demo::draw::sky::{moon, rain, sky, sun};
use crate::demo::draw::things::{BRIGHT, gelato, pumpkin, umbrella};
use crate::demo::draw::vehicles::{bicycle, rowing_boat};

/// Before the Colosseum.
pub fn colosseum_evening(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.66);
    sun(c, w * 0.14, h * 0.42, h * 0.05);
    hill(c, h * 0.58, h * 0.02, rgb(0x8a9a5c), 0.4);
    for (x, s) in [(0.04, 0.3), (0.09, 0.36), (0.94, 0.34), (0.98, 0.28)] {
        cypress(c, w * x, h * 0.7, h * s, 0.12);
    }
    ground(c, h * 0.68, rgb(0xd8bd92));
    colosseum(c, w * 0.52, h * 0.72, w * 0.74);
    for i in 0..26 {
        let (x, t) = (c.rng.between(0.0, 1.0) * w, i as f32 / 26.0);
        c.ellipse(x, h * (0.75 + 0.24 * t), 12.0 + 34.0 * t, 2.0 + 4.0 * t, c.lit(rgb(0xb59a70)).fade(0.5));
    }
    line_up(c, cast, (w * 0.18, w * 0.64), h * 0.95, h * 0.44, Wear::Summer, &[Pose::WAVE, Pose::REST, Pose::CHEER]);
}

/// Ice cream by the fountain on a piazza.
pub fn piazza(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    let u = w.min(h);
    let colours = [rgb(0xe8a860), rgb(0xd9785a), rgb(0xf0c889), rgb(0xc98a5f)];
    for (i, x) in [0.0, 0.26, 0.52, 0.78].into_iter().enumerate() {
        let (left, top, bw) = (w * x, h * (0.2 + 0.04 * (i % 2) as f32), w * 0.265);
        let wall = c.across(c.lit(colours[i].light(0.06)), c.lit(colours[i].dark(0.1)));
        c.rect(left, top, bw, h * 0.62 - top, &wall);
        c.rect(left - 4.0, top - h * 0.012, bw + 8.0, h * 0.022, c.lit(rgb(0x9a5a44)));
        for row in 0..3 {
            for k in 0..2 {
                let (wx, wy) = (left + bw * (0.2 + 0.42 * k as f32), top + h * (0.05 + 0.125 * row as f32));
                c.rect(wx, wy, bw * 0.16, h * 0.065, c.lit(rgb(0x5c6f80)));
                for side in [-0.55, 1.0] {
                    c.rect(wx + bw * 0.16 * side, wy, bw * 0.085, h * 0.065, c.lit(rgb(0x4f7d62)));
                }
            }
        }
    }
    let paving = c.down(c.lit(rgb(0xd9c8ad)), c.lit(rgb(0xb59f82)));
    c.rect(0.0, h * 0.61, w, h * 0.39, &paving);
    for i in 0..9 {
        let t = i as f32 / 9.0;
        c.rect(0.0, h * (0.62 + 0.38 * t * t), w, 1.5 + 2.0 * t, c.lit(rgb(0x94806a)).fade(0.5));
    }
    fountain(c, w * 0.54, h * 0.72, u * 0.62);
    for _ in 0..6 {
        let (x, y) = (w * c.rng.between(0.05, 0.95), h * c.rng.between(0.74, 0.8));
        let grey = c.lit(rgb(0x8c93a3));
        c.ellipse(x, y, u * 0.022, u * 0.013, grey);
        c.disc(x + u * 0.02, y - u * 0.012, u * 0.008, grey.dark(0.2));
    }
    let step = 0.8 / cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let (x, tall) = (w * (0.1 + step * (i as f32 + 0.5)), (h * 0.52).min(w * 0.72));
        person(c, who, x, h * 0.96, tall, Wear::Summer, Pose { right: (40.0, 86.0), ..Pose::REST });
        let s = tall * who.stature();
        let flavours = [c.rng.pick(&[rgb(0xf7b6c2), rgb(0xfff0cf)]), c.rng.pick(&[rgb(0x9ad0a0), rgb(0x8a5a3c)])];
        gelato(c, x + s * 0.34, h * 0.96 - s * 0.6, tall * 0.11, flavours);
    }
}

/// Roofs and domes at sunset.
pub fn rooftops(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.7);
    sun(c, w * 0.36, h * 0.56, h * 0.06);
    hill(c, h * 0.6, h * 0.03, rgb(0x7a6a86), 0.5);
    dome(c, w * 0.62, h * 0.78, w * 0.26, 0.22);
    for (x, s) in [(0.14, 0.1), (0.87, 0.09)] {
        dome(c, w * x, h * 0.74, w * s, 0.4);
    }
    for row in 0..4 {
        let t = row as f32 / 3.0;
        let mut x = -w * 0.05;
        while x < w {
            let (rw, y) = (
                w * (0.08 + 0.07 * t) * c.rng.between(0.8, 1.25),
                h * (0.72 + 0.08 * row as f32) + h * c.rng.between(-0.015, 0.02),
            );
            let wall = c.rng.pick(&[rgb(0xe6c08a), rgb(0xd99f72), rgb(0xf0d7ac), rgb(0xc98a68)]);
            let (front, tiles) = (c.far(wall, 0.3 - 0.3 * t), c.far(rgb(0xb4583e), 0.3 - 0.3 * t));
            c.rect(x, y, rw, h, front);
            c.poly(
                &[
                    (x - rw * 0.05, y),
                    (x + rw * 0.16, y - h * 0.045 * (0.7 + t)),
                    (x + rw * 0.84, y - h * 0.045 * (0.7 + t)),
                    (x + rw * 1.05, y),
                ],
                tiles,
            );
            for k in 0..3 {
                let lit = c.light.is_dark() && c.rng.chance(0.5);
                let glass = if lit { rgb(0xffd98a) } else { front.dark(0.45) };
                c.rect(x + rw * (0.16 + 0.26 * k as f32), y + h * 0.022, rw * 0.12, h * 0.035 * (0.7 + t), glass);
            }
            x += rw * 1.02;
        }
    }
    cypress(c, w * 0.06, h * 1.02, h * 0.4, 0.0);
    cypress(c, w * 0.94, h * 1.02, h * 0.34, 0.0);
    line_up(c, cast, (w * 0.3, w * 0.7), h * 1.12, h * 0.44, Wear::Summer, &[Pose::REST]);
}

/// A rainy street with umbrellas.
pub fn rainy_street(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    for (i, x) in [-0.05, 0.18, 0.62, 0.84].into_iter().enumerate() {
        gable_house(
            c,
            w * x,
            h * 0.66,
            w * 0.24,
            3 + i % 2,
            [rgb(0xa9756a), rgb(0xc9ab80), rgb(0x8a9a9c), rgb(0xb88a6a)][i],
        );
    }
    tree(c, w * 0.52, h * 0.68, h * 0.5, rgb(0xc9863c), 0.12);
    let street = c.down(c.lit(rgb(0x7d8590)), c.lit(rgb(0x4f5761)));
    c.rect(0.0, h * 0.66, w, h * 0.34, &street);
    for _ in 0..16 {
        let (x, t) = (c.rng.between(0.0, 1.0) * w, c.rng.between(0.1, 1.0));
        let y = h * (0.68 + 0.3 * t);
        c.ellipse(x, y, w * 0.07 * t, h * 0.012 * t, c.light.horizon.fade(0.4));
        c.ellipse(x, y, w * 0.03 * t, h * 0.005 * t, rgb(0xffffff).fade(0.35));
    }
    let count = cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let (x, tall) = (w * (0.16 + 0.68 * (i as f32 + 0.5) / count), (h * 0.5).min(w * 0.66));
        let s = tall * who.stature();
        c.ellipse(x, h * 0.96, s * 0.2, s * 0.03, who.look.wardrobe[0].dark(0.4).fade(0.5));
        person(c, who, x, h * 0.94, tall, Wear::Mild, Pose { right: (50.0, 96.0), ..Pose::REST });
        umbrella(c, x + s * 0.2, h * 0.94 - s * 0.98, tall * 0.62, BRIGHT[(i * 3) % 6]);
    }
    rain(c);
}

/// Pumpkins and apples at the weekly market.
pub fn market(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    for (i, x) in [-0.03, 0.17, 0.37, 0.57, 0.77, 0.95].into_iter().enumerate() {
        gable_house(
            c,
            w * x,
            h * 0.66,
            w * 0.19,
            2 + (i + 1) % 2,
            [rgb(0xe9c48a), rgb(0xc98a6a), rgb(0xd9d0ba), rgb(0x9ab0a8)][i % 4],
        );
    }
    let paving = c.down(c.lit(rgb(0xc9bba5)), c.lit(rgb(0xa89880)));
    c.rect(0.0, h * 0.66, w, h * 0.34, &paving);
    stall(c, w * 0.2, h * 0.83, w * 0.32, rgb(0x3f8f62), &[rgb(0xd83f3f), rgb(0x8abf4a), rgb(0xf2b03d)]);
    stall(c, w * 0.6, h * 0.8, w * 0.28, rgb(0xe0703c), &[rgb(0xee8a2d), rgb(0x7a4f9a), rgb(0xf6d365)]);
    stall(c, w * 0.92, h * 0.84, w * 0.28, rgb(0x3f7fb8), &[rgb(0xf4e2bd), rgb(0xd9a860), rgb(0xb5703a)]);
    for (x, y, r) in
        [(0.06, 0.96, 0.05), (0.13, 0.975, 0.042), (0.73, 0.95, 0.04), (0.79, 0.975, 0.055), (0.85, 0.96, 0.035)]
    {
        pumpkin(c, w * x, h * y, h * r);
    }
    line_up(c, cast, (w * 0.28, w * 0.72), h * 0.97, h * 0.52, Wear::Mild, &[Pose::HOLD, Pose::WAVE, Pose::POINT]);
}

/// The city after dark, its lights in the river.
pub fn city_night(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.66);
    moon(c, w * 0.16, h * 0.15, h * 0.045);
    let walls = [rgb(0x4d5a80), rgb(0x5a4f78), rgb(0x3f5573), rgb(0x6a5f80)];
    skyline(c, h * 0.68, h * 0.36, &walls, 0.5);
    tv_tower(c, w * 0.66, h * 0.68, h * 0.58);
    skyline(c, h * 0.68, h * 0.24, &walls, 0.12);
    water(c, h * 0.68, h, rgb(0x16285a));
    for _ in 0..90 {
        let (x, t) = (c.rng.between(0.0, 1.0) * w, c.rng.between(0.0, 1.0));
        let colour = c.rng.pick(&[rgb(0xffd98a), rgb(0xffb85a), rgb(0xbfe3ff), rgb(0xff8f6a)]);
        c.ellipse(x, h * (0.69 + 0.28 * t), 4.0 + 20.0 * t, 2.0 + 2.0 * t, colour.fade(0.5 * (1.0 - t * 0.6)));
    }
    let deck = c.lit(rgb(0x5f5a68));
    c.path(
        &format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {w:.1} {:.1}V{:.1}Q{:.1} {:.1} {:.1} {:.1}Z",
            0.0,
            h * 0.86,
            w * 0.5,
            h * 0.82,
            h * 0.86,
            h,
            w * 0.5,
            h * 0.97,
            0.0,
            h
        ),
        deck,
    );
    for i in 0..5 {
        let x = w * (0.1 + 0.2 * i as f32);
        c.line((x, h * 0.86), (x, h * 0.7), 6.0, rgb(0x17141f));
        c.glow(x, h * 0.69, h * 0.09, rgb(0xffe2a0), 0.9);
        c.disc(x, h * 0.69, h * 0.013, rgb(0xfff6d8));
    }
    line_up(c, cast, (w * 0.22, w * 0.78), h * 0.98, h * 0.38, Wear::Mild, &[Pose::REST, Pose::WAVE, Pose::HOLD]);
}

/// Canal houses, a bridge, bicycles.
pub fn canal(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    windmill(c, w * 0.9, h * 0.56, h * 0.34);
    let walls = [rgb(0x9c5a48), rgb(0xd9b277), rgb(0x5f6f7a), rgb(0xb5714f), rgb(0x8a9a7a), rgb(0xc9a58a)];
    for (i, wall) in walls.into_iter().enumerate() {
        gable_house(c, w * 0.137 * i as f32, h * 0.6, w * 0.132, 3 + (i * 5) % 2, wall);
    }
    c.rect(0.0, h * 0.6, w, h * 0.03, c.lit(rgb(0x8a7a6a)));
    for (i, x) in [0.1, 0.4, 0.72].into_iter().enumerate() {
        tree(c, w * x, h * 0.62, h * (0.24 + 0.03 * (i % 2) as f32), rgb(0x6fa552), 0.1);
    }
    water(c, h * 0.63, h * 0.86, rgb(0x3f7a86));
    for (i, colour) in walls.into_iter().enumerate() {
        c.rect(w * (0.01 + 0.137 * i as f32), h * 0.635, w * 0.11, h * 0.13, c.lit(colour).fade(0.18));
    }
    rowing_boat(c, w * 0.26, h * 0.72, w * 0.16, rgb(0xb8423a));
    duck(c, w * 0.55, h * 0.74, w * 0.035);
    duck(c, w * 0.62, h * 0.76, w * 0.03);
    let quay = c.down(c.lit(rgb(0xb5a48c)), c.lit(rgb(0x8f7e68)));
    c.rect(0.0, h * 0.85, w, h * 0.15, &quay);
    let rail = c.lit(rgb(0x2f3a40));
    c.rect(0.0, h * 0.77, w, 6.0, rail);
    for i in 0..12 {
        c.rect(w * (0.03 + 0.09 * i as f32), h * 0.77, 6.0, h * 0.1, rail);
    }
    bicycle(c, w * 0.16, h * 0.96, h * 0.075, rgb(0x3f9a94));
    for (x, colour) in [(0.06, BRIGHT[0]), (0.1, BRIGHT[1])] {
        bush(c, w * (x + 0.8), h * 0.79, h * 0.035, rgb(0x5a9a58));
        c.disc(w * (x + 0.8), h * 0.76, h * 0.012, c.lit(colour));
    }
    line_up(
        c,
        cast,
        (w * 0.3, w * 0.86),
        h * 0.97,
        h * 0.44,
        Wear::Summer,
        &[Pose::REST, Pose::WAVE, Pose::CHEER, Pose::HOLD],
    );
}

/// A village street among vineyards.
pub fn vineyard(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    sun(c, w * 0.82, h * 0.22, h * 0.05);
    hill(c, h * 0.44, h * 0.05, rgb(0x7f8fa0), 0.5);
    hill(c, h * 0.52, h * 0.03, rgb(0x9aa85c), 0.2);
    let wall: Rgb = rgb(0xe0bd8c);
    for (x, s) in [(0.56, 0.09), (0.66, 0.1), (0.76, 0.08)] {
        house(c, w * x, h * 0.59, w * s, h * 0.07, wall, rgb(0xb4583e));
    }
    c.rect(w * 0.7, h * 0.36, w * 0.03, h * 0.2, c.lit(wall));
    c.poly(&[(w * 0.69, h * 0.37), (w * 0.715, h * 0.26), (w * 0.74, h * 0.37)], c.lit(rgb(0x5f6f7a)));
    hill(c, h * 0.6, h * 0.02, rgb(0xb0a050), 0.02);
    for i in 0..15 {
        let t = i as f32 / 14.0;
        let (from, to) = ((w * (0.36 + 0.3 * t), h * 0.62), (w * (-0.7 + 2.4 * t), h * 1.02));
        for k in 0..12 {
            let s = (k as f32 / 12.0).powf(1.5);
            let (x, y) = (from.0 + (to.0 - from.0) * s, from.1 + (to.1 - from.1) * s);
            let colour = c.rng.pick(&[rgb(0x8aa048), rgb(0xc9a23c), rgb(0xd98a3c), rgb(0x6f8f40)]);
            c.disc(x, y, h * (0.008 + 0.036 * s), c.lit(colour));
        }
    }
    line_up(c, cast, (w * 0.22, w * 0.78), h * 0.97, h * 0.52, Wear::Mild, &[Pose::REST, Pose::HOLD, Pose::WAVE]);
    dog_sitting(c, pets::DOG, w * 0.86, h * 0.97, h * 0.2);
}
