//! The journey to Japan.

use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::rgb;
use crate::demo::draw::festive::lantern;
use crate::demo::draw::figure::{Figure, Pose, Wear, line_up};
use crate::demo::draw::land::{grass, ground, hill, peaks, water};
use crate::demo::draw::plants::{bamboo, bush, petals, pines, tree};
use crate::demo::draw::shrines::{fuji, pagoda, torii};
use crate::demo::draw::sky::{cloud, fog, sky, sun};
use crate::demo::draw::vehicles::express_train;

/// Through the red gates up the mountain.
pub fn gates(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h);
    let wood = c.down(c.lit(rgb(0x4f7a52)), c.lit(rgb(0x2f5540)));
    c.rect(0.0, h * 0.12, w, h, &wood);
    for _ in 0..26 {
        let (x, y, s) = (c.rng.between(0.0, 1.0) * w, c.rng.between(0.05, 0.6) * h, c.rng.between(0.06, 0.14) * h);
        let tone = c.rng.between(0.0, 0.25);
        c.disc(x, y, s, c.lit(rgb(0x3f7a4a).light(tone)).fade(0.8));
    }
    c.glow(w * 0.5, h * 0.46, h * 0.24, rgb(0xfff3c4), 0.8);
    let path = c.down(c.lit(rgb(0xcbb899)), c.lit(rgb(0x9a8468)));
    c.poly(&[(w * 0.47, h * 0.5), (w * 0.53, h * 0.5), (w * 0.92, h), (w * 0.08, h)], &path);
    for i in 0..7 {
        let t = (i as f32 / 6.0).powf(1.7);
        torii(c, w * 0.5, h * (0.53 + 0.44 * t), w.min(h * 0.9) * (0.14 + 1.02 * t), 0.28 * (1.0 - t));
        let step = h * (0.55 + 0.44 * t);
        c.rect(w * (0.46 - 0.34 * t), step, w * (0.08 + 0.68 * t), 2.0 + 3.0 * t, c.lit(rgb(0x7a6650)).fade(0.6));
    }
    line_up(c, cast, (w * 0.24, w * 0.76), h * 0.96, h * 0.36, Wear::Mild, &[Pose::WAVE, Pose::REST, Pose::CHEER]);
}

/// The pagoda among cherry blossoms.
pub fn blossoms(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    let u = w.min(h);
    sky(c, h * 0.6);
    peaks(c, h * 0.64, h * 0.18, 5, rgb(0x7f97a8), 0.0, 0.55);
    hill(c, h * 0.6, h * 0.03, rgb(0x6f9a78), 0.35);
    pagoda(c, w * 0.66, h * 0.74, u * 0.3, 0.08);
    hill(c, h * 0.71, h * 0.015, rgb(0x8ab86a), 0.0);
    grass(c, h * 0.76, h, rgb(0x8ab86a), 70);
    tree(c, w * 0.08, h * 0.86, h * 0.66, rgb(0xf7b3c6), 0.03);
    tree(c, w * 0.95, h * 0.82, h * 0.5, rgb(0xf9c3d2), 0.05);
    tree(c, w * 0.36, h * 0.74, h * 0.3, rgb(0xf9c3d2), 0.2);
    line_up(c, cast, (w * 0.2, w * 0.8), h * 0.95, h * 0.42, Wear::Mild, &[Pose::REST, Pose::WAVE, Pose::HOLD]);
    petals(c, h * 0.2, h, &[rgb(0xffd3df), rgb(0xf7a8be), rgb(0xffffff)], 90);
}

/// A path through bamboo.
pub fn bamboo_grove(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    let back = c.down(c.lit(rgb(0xd9efb0)), c.lit(rgb(0x7fb068)));
    c.rect(0.0, 0.0, w, h, &back);
    c.glow(w * 0.5, h * 0.4, h * 0.5, rgb(0xfffbd8), 0.7);
    for layer in 0..3 {
        let far = 0.5 - 0.24 * layer as f32;
        for _ in 0..(16 - 4 * layer) {
            let mut x = c.rng.between(0.0, 1.0);
            // The path stays free.
            if (0.5 - x).abs() < 0.06 + 0.1 * layer as f32 {
                x = if x < 0.5 { x - 0.22 } else { x + 0.22 };
            }
            bamboo(c, w * x, h * (0.62 + 0.14 * layer as f32), w.min(h) * (0.014 + 0.012 * layer as f32), far);
        }
        for _ in 0..40 {
            let (x, y, turn) = (c.rng.between(0.0, 1.0) * w, c.rng.between(0.0, 0.32) * h, c.rng.between(-50.0, 50.0));
            let leaf = c.far(rgb(0x78b552), far * 0.7);
            c.turned(turn, x, y, |c| c.path(&format!("M{x:.1} {y:.1}q34 -9 68 0q-34 9 -68 0Z"), leaf.fade(0.85)));
        }
    }
    hill(c, h * 0.76, h * 0.01, rgb(0x6d9a52), 0.05);
    let path = c.down(c.lit(rgb(0xe6d9bd)), c.lit(rgb(0xc2ad88)));
    c.path(
        &format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {h:.1}H{:.1}Q{:.1} {:.1} {:.1} {:.1}Z",
            w * 0.46,
            h * 0.755,
            w * 0.42,
            h * 0.84,
            w * 0.16,
            w * 0.84,
            w * 0.58,
            h * 0.84,
            w * 0.54,
            h * 0.755
        ),
        &path,
    );
    line_up(c, cast, (w * 0.14, w * 0.88), h * 0.95, h * 0.42, Wear::Mild, &[Pose::REST, Pose::CHEER, Pose::WAVE]);
}

/// A lane of paper lanterns at night.
pub fn lantern_lane(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.7);
    pagoda(c, w * 0.5, h * 0.66, w.min(h) * 0.17, 0.3);
    for (side, edge) in [(-1.0f32, 0.0), (1.0, w)] {
        for i in 0..4 {
            let t = 1.0 - i as f32 / 4.0;
            let x0 = edge - side * w * 0.43 * (1.0 - t);
            let x1 = edge - side * w * 0.43 * (1.0 - t + 0.25);
            let (top, floor) = (h * (0.56 - 0.42 * t), h * (0.7 + 0.16 * t));
            let (top1, floor1) = (h * (0.56 - 0.42 * (t - 0.25)), h * (0.7 + 0.16 * (t - 0.25)));
            let wall = c.lit(rgb(0x8a5f42).dark(0.1 * i as f32));
            c.poly(&[(x0, top), (x1, top1), (x1, floor1), (x0, floor)], wall);
            c.poly(
                &[
                    (x0, top - h * 0.03),
                    (x1 - side * 10.0, top1 - h * 0.02),
                    (x1 - side * 22.0, top1 + h * 0.02),
                    (x0 - side * 8.0, top + h * 0.035),
                ],
                c.lit(rgb(0x3a3f4a)),
            );
            let (px, py, pw) = ((x0 + x1) / 2.0, (top + floor) / 2.0 + h * 0.02, w * 0.05 * (0.5 + t));
            c.glow(px, py, pw * 2.0, rgb(0xffc56b), 0.5);
            c.rect(px - pw / 2.0, py - pw * 0.7, pw, pw * 1.6, rgb(0xffdf9f));
            for k in 1..3 {
                c.rect(px - pw / 2.0 + pw * k as f32 / 3.0, py - pw * 0.7, 3.0, pw * 1.6, rgb(0x6a4430));
            }
            c.rect(px - pw / 2.0, py, pw, 3.0, rgb(0x6a4430));
        }
    }
    let street = c.down(c.lit(rgb(0x8d8078)), c.lit(rgb(0x5d5460)));
    c.poly(&[(w * 0.4, h * 0.7), (w * 0.6, h * 0.7), (w * 1.8, h), (-w * 0.8, h)], &street);
    c.glow(w * 0.5, h * 0.86, w * 0.42, rgb(0xffb85a), 0.35);
    for (x, y, r) in [
        (0.07, 0.3, 0.06),
        (0.93, 0.3, 0.06),
        (0.2, 0.4, 0.045),
        (0.8, 0.4, 0.045),
        (0.29, 0.48, 0.03),
        (0.71, 0.48, 0.03),
        (0.36, 0.54, 0.02),
        (0.64, 0.54, 0.02),
    ] {
        lantern(c, w * x, h * y, w.min(h) * r, rgb(0xe8503c));
    }
    line_up(c, cast, (w * 0.26, w * 0.74), h * 0.95, h * 0.44, Wear::Mild, &[Pose::WAVE, Pose::REST]);
}

/// The express train before Mount Fuji.
pub fn train_and_fuji(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.66);
    fuji(c, w * 0.4, h * 0.66, w * 0.96);
    cloud(c, w * 0.3, h * 0.5, h * 0.05, 0.7);
    cloud(c, w * 0.62, h * 0.54, h * 0.04, 0.7);
    hill(c, h * 0.64, h * 0.02, rgb(0x6f9f62), 0.3);
    pines(c, 0.0, w * 0.4, h * 0.69, h * 0.07, 0.25, false);
    ground(c, h * 0.69, rgb(0xa9bd62));
    for i in 0..8 {
        let t = i as f32 / 8.0;
        c.rect(0.0, h * (0.7 + 0.3 * t * t), w, 2.0 + 5.0 * t, c.lit(rgb(0x7d9a48)).fade(0.6));
    }
    let bed = c.down(c.lit(rgb(0xa8a4a0)), c.lit(rgb(0x7d7a78)));
    c.rect(0.0, h * 0.795, w, h * 0.05, &bed);
    express_train(c, w * 0.42, h * 0.8, w * 0.94);
    for i in 0..5 {
        let x = w * (0.08 + 0.23 * i as f32);
        c.rect(x, h * 0.52, 7.0, h * 0.29, c.lit(rgb(0x6b7482)));
        c.rect(x - 4.0, h * 0.535, 50.0, 5.0, c.lit(rgb(0x6b7482)));
    }
    c.rect(0.0, h * 0.55, w, 2.0, c.lit(rgb(0x4b5462)));
    for i in 0..7 {
        bush(c, w * (0.03 + 0.16 * i as f32), h * 0.93, h * 0.045, rgb(0x5a9a58));
    }
    line_up(c, cast, (w * 0.6, w * 0.95), h * 0.98, h * 0.34, Wear::Mild, &[Pose::WAVE]);
}

/// A temple's pond in the morning mist.
pub fn temple_pond(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    sun(c, w * 0.8, h * 0.2, h * 0.045);
    hill(c, h * 0.38, h * 0.05, rgb(0x5f8a6a), 0.5);
    pines(c, 0.0, w, h * 0.54, h * 0.16, 0.35, false);
    water(c, h * 0.54, h, rgb(0x4f8a7a));
    let gold = |tone: f32| rgb(0xe2b348).dark(tone);
    let roof = c.lit(rgb(0x5a4a3a));
    for (y, s) in [(0.545, 0.3), (0.43, 0.27), (0.33, 0.16)] {
        let (half, height) = (w * s / 2.0, h * 0.085);
        let wall = c.across(c.lit(gold(-0.0).light(0.15)), c.lit(gold(0.2)));
        c.rect(w * 0.38 - half * 0.8, h * y - height, half * 1.6, height, &wall);
        for k in 0..6 {
            c.rect(
                w * 0.38 - half * 0.8 + half * 1.6 * k as f32 / 5.0 - 2.5,
                h * y - height,
                5.0,
                height,
                c.lit(gold(0.45)),
            );
        }
        c.path(
            &format!(
                "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}Z",
                w * 0.38 - half * 1.2,
                h * y - height,
                w * 0.38 - half * 0.7,
                h * y - height * 1.1,
                w * 0.38 - half * 0.5,
                h * y - height * 1.55,
                w * 0.38 + half * 0.5,
                h * y - height * 1.55,
                w * 0.38 + half * 0.7,
                h * y - height * 1.1,
                w * 0.38 + half * 1.2,
                h * y - height
            ),
            roof,
        );
        c.rect(w * 0.38 - half * 0.7, h * (1.1 - y) + h * 0.0, half * 1.4, height, c.lit(gold(0.2)).fade(0.25));
    }
    let bank = c.lit(rgb(0x6d9a52));
    c.path(&format!("M{:.1} {h:.1}Q{:.1} {:.1} {w:.1} {:.1}V{h:.1}Z", w * 0.3, w * 0.6, h * 0.84, h * 0.8), bank);
    for (x, y, s) in [(0.09, 0.72, 0.05), (0.2, 0.8, 0.035), (0.14, 0.78, 0.06)] {
        c.ellipse(w * x, h * y, w * s, h * s * 0.3, c.lit(rgb(0x5f9a5a)));
        c.disc(w * x, h * (y - 0.01), h * 0.012, c.lit(rgb(0xf7a8be)));
    }
    tree(c, w * 0.93, h * 0.88, h * 0.5, rgb(0xd2603c), 0.02);
    fog(c, h * 0.55, h * 0.05, 0.5);
    line_up(
        c,
        cast,
        (w * 0.5, w * 0.86),
        h * 0.97,
        h * 0.42,
        Wear::Mild,
        &[Pose::REST, Pose::POINT.looking(-0.4), Pose::HOLD],
    );
}
