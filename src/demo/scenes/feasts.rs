//! Feasts: the wedding, fireworks, concerts, the first day of school.

use super::pets;
use crate::demo::draw::animals::dog_sitting;
use crate::demo::draw::buildings::{gable_house, house, skyline, stall};
use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::rgb;
use crate::demo::draw::festive::{balloon, bunting, cake, fairy_lights, guitar, lantern, school_cone};
use crate::demo::draw::figure::{Figure, Pose, Wear, line_up, person};
use crate::demo::draw::furniture::christmas_tree;
use crate::demo::draw::land::{grass, ground, hill, peaks, water};
use crate::demo::draw::plants::{bush, petals, tree};
use crate::demo::draw::sky::{firework, sky, snowfall};
use crate::demo::draw::things::BRIGHT;

/// Under an arch of flowers: the couple in the middle, whoever else beside them.
pub fn wedding(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    peaks(c, h * 0.5, h * 0.16, 6, rgb(0x7a8fb0), 0.3, 0.55);
    water(c, h * 0.48, h * 0.62, rgb(0x3f93ba));
    hill(c, h * 0.6, h * 0.01, rgb(0x86ba62), 0.02);
    grass(c, h * 0.66, h, rgb(0x86ba62), 110);
    let aisle = c.down(c.lit(rgb(0xfdf3e6)), c.lit(rgb(0xf2dfc8)));
    c.poly(&[(w * 0.42, h * 0.68), (w * 0.58, h * 0.68), (w * 0.72, h), (w * 0.28, h)], &aisle);
    let u = w.min(h * 1.2);
    let (left, right, top, foot) = (w * 0.5 - u * 0.3, w * 0.5 + u * 0.3, h * 0.2, h * 0.86);
    c.stroke(&format!("M{left:.1} {foot:.1}V{:.1}Q{left:.1} {top:.1} {:.1} {top:.1}Q{right:.1} {top:.1} {right:.1} {:.1}V{foot:.1}", h * 0.36, w * 0.5, h * 0.36), 12.0, c.lit(rgb(0xb59372)));
    for i in 0..58 {
        let t = i as f32 / 57.0;
        let (x, y) = if t < 0.28 {
            (left, foot - (foot - h * 0.36) * t / 0.28)
        } else if t > 0.72 {
            (right, h * 0.36 + (foot - h * 0.36) * (t - 0.72) / 0.28)
        } else {
            let a = std::f32::consts::PI * (1.0 - (t - 0.28) / 0.44);
            (w * 0.5 + u * 0.3 * a.cos(), h * 0.36 - (h * 0.36 - top) * a.sin())
        };
        let (dx, dy, r) = (
            c.rng.between(-1.0, 1.0) * u * 0.018,
            c.rng.between(-1.0, 1.0) * u * 0.018,
            u * c.rng.between(0.014, 0.03),
        );
        let leaf = c.lit(rgb(0x5f9a5a));
        c.ellipse(x - dx * 1.4, y + dy * 1.4, r * 1.3, r * 0.6, leaf);
        let colour = c.rng.pick(&[rgb(0xffffff), rgb(0xffd9e2), rgb(0xf4a3b8), rgb(0xfff1c9)]);
        c.disc(x + dx, y + dy, r, c.lit(colour));
        c.disc(x + dx, y + dy, r * 0.4, c.lit(rgb(0xf6c84c)).fade(0.7));
    }
    let others = cast.get(2..).unwrap_or_default();
    for (i, who) in others.iter().enumerate() {
        let side = if i % 2 == 0 { 1.0 } else { -1.0 };
        person(
            c,
            who,
            w * 0.5 + side * u * (0.22 + 0.14 * (i / 2) as f32),
            h * 0.93,
            h * 0.56,
            Wear::Formal,
            Pose::HOLD,
        );
    }
    for (i, who) in cast.iter().take(2).enumerate().rev() {
        let (side, wear) = if i == 0 { (-1.0, Wear::Bride) } else { (1.0, Wear::Formal) };
        person(
            c,
            who,
            w * 0.5 + side * u * 0.075,
            h * 0.92,
            h * 0.58,
            wear,
            if i == 0 { Pose::HOLD.looking(0.5) } else { Pose::REST.looking(-0.5) },
        );
    }
    if !cast.is_empty() {
        let (x, y) = (w * 0.5 - u * 0.075, h * 0.92 - h * 0.58 * 0.5);
        for (dx, dy, colour) in
            [(-0.02, 0.0, 0xffffff), (0.02, 0.0, 0xf4a3b8), (0.0, -0.02, 0xffd9e2), (0.0, 0.018, 0xf6c84c)]
        {
            c.disc(x + u * dx, y + u * dy, u * 0.022, c.lit(rgb(colour)));
        }
    }
    petals(c, h * 0.2, h, &[rgb(0xffffff), rgb(0xffc9d6)], 46);
}

/// The evening of the feast: a dance under strings of lights.
pub fn evening_dance(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.66);
    hill(c, h * 0.56, h * 0.03, rgb(0x4f6a58), 0.3);
    tree(c, w * 0.06, h * 0.76, h * 0.62, rgb(0x4d8050), 0.05);
    tree(c, w * 0.95, h * 0.76, h * 0.66, rgb(0x4d8050), 0.05);
    let floor = c.down(c.lit(rgb(0xd6a877)).mix(rgb(0xffc46b), 0.3), c.lit(rgb(0x9a6f4a)));
    c.poly(&[(w * 0.02, h * 0.74), (w * 0.98, h * 0.74), (w * 1.1, h), (-w * 0.1, h)], &floor);
    for (a, b) in
        [((0.0, 0.1), (0.5, 0.2)), ((0.5, 0.2), (1.0, 0.1)), ((0.0, 0.26), (0.5, 0.2)), ((0.5, 0.2), (1.0, 0.28))]
    {
        fairy_lights(c, (w * a.0, h * a.1), (w * b.0, h * b.1), h * 0.06, 12);
    }
    cake(c, w * 0.85, h * 0.8, h * 0.22, 0);
    c.rect(w * 0.76, h * 0.8, w * 0.18, h * 0.12, c.lit(rgb(0xfff6ea)));
    c.glow(w * 0.46, h * 0.8, w * 0.4, rgb(0xffd08a), 0.4);
    let count = cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let x = w * (0.2 + 0.5 * (i as f32 + 0.5) / count);
        let wear = if i == 0 { Wear::Bride } else { Wear::Formal };
        let pose = if i % 2 == 0 {
            Pose { left: (40.0, 20.0), right: (92.0, 30.0), gaze: 0.5, ..Pose::REST }
        } else {
            Pose { left: (92.0, 30.0), right: (120.0, 20.0), gaze: -0.5, ..Pose::REST }
        };
        person(c, who, x, h * 0.93, h * 0.56, wear, pose);
    }
}

/// Fireworks over the town at midnight.
pub fn fireworks(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    fireworks_sky(c);
    let u = w.min(h);
    for (x, y, r, k) in
        [(0.26, 0.24, 0.2, 0), (0.7, 0.2, 0.24, 1), (0.48, 0.4, 0.15, 3), (0.88, 0.42, 0.12, 4), (0.1, 0.46, 0.11, 5)]
    {
        firework(c, w * x, h * y, u * r, BRIGHT[k]);
    }
    fireworks_town(c, cast);
}

/// The sky that fireworks rise into.
pub fn fireworks_sky(c: &mut Canvas) {
    let h = c.h;
    sky(c, h * 0.8);
}

/// The town below the fireworks, and who watches them.
pub fn fireworks_town(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    skyline(c, h * 0.84, h * 0.22, &[rgb(0x4a4f78), rgb(0x3d4a68), rgb(0x5a4a6a)], 0.15);
    let roof = c.down(c.lit(rgb(0x4a4050)), c.lit(rgb(0x2a2430)));
    c.rect(0.0, h * 0.84, w, h * 0.16, &roof);
    line_up(c, cast, (w * 0.2, w * 0.8), h * 0.98, h * 0.34, Wear::Winter, &[Pose::REST, Pose::CHEER, Pose::REST]);
    let rail = c.lit(rgb(0x15131f));
    c.rect(0.0, h * 0.88, w, h * 0.012, rail);
    for i in 0..24 {
        c.rect(w * i as f32 / 23.0, h * 0.88, 4.0, h * 0.12, rail);
    }
}

/// Children with lanterns in the dark, on Saint Martin's day.
pub fn lantern_walk(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.6);
    for (i, x) in [0.0, 0.14, 0.29, 0.44, 0.6, 0.75, 0.88].into_iter().enumerate() {
        let (floors, colour) = (3 + (i * 7) % 2, [rgb(0xd9a066), rgb(0xb56a5a), rgb(0xc9b48a), rgb(0x8f9ab0)][i % 4]);
        gable_house(c, w * x, h * 0.72, w * 0.135, floors, colour);
    }
    ground(c, h * 0.72, rgb(0x6d6672));
    let count = cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let x = w * (0.1 + 0.72 * (i as f32 + 0.5) / count);
        let tall = h * 0.6;
        person(c, who, x, h * 0.94, tall, Wear::Winter, Pose { right: (66.0, 24.0), ..Pose::WALK });
        let s = tall * who.stature();
        let (hx, hy) = (x + s * 0.36, h * 0.94 - s * 0.58);
        c.line((hx - s * 0.02, hy), (hx + s * 0.12, hy - s * 0.12), 4.0, rgb(0x6a4a35));
        c.line((hx + s * 0.12, hy - s * 0.12), (hx + s * 0.12, hy + s * 0.02), 2.0, rgb(0x6a4a35));
        lantern(c, hx + s * 0.12, hy + s * 0.1, tall * 0.075, BRIGHT[(i * 2 + 1) % 6]);
    }
}

/// The first day of school, with the big paper cone.
pub fn first_school_day(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    let wall = c.across(c.lit(rgb(0xe9b872)), c.lit(rgb(0xd09a58)));
    c.rect(w * 0.08, h * 0.2, w * 0.84, h * 0.46, &wall);
    c.poly(&[(w * 0.05, h * 0.21), (w * 0.5, h * 0.05), (w * 0.95, h * 0.21)], c.lit(rgb(0xa8503c)));
    c.disc(w * 0.5, h * 0.15, h * 0.035, c.lit(rgb(0xfffaf0)));
    c.line((w * 0.5, h * 0.15), (w * 0.5, h * 0.125), 4.0, rgb(0x2b2b33));
    c.line((w * 0.5, h * 0.15), (w * 0.5 + h * 0.018, h * 0.155), 4.0, rgb(0x2b2b33));
    for row in 0..2 {
        for i in 0..6 {
            if row == 1 && (i == 2 || i == 3) {
                continue;
            }
            crate::demo::draw::buildings::window(
                c,
                w * (0.13 + 0.13 * i as f32),
                h * (0.27 + 0.19 * row as f32),
                w * 0.075,
                h * 0.11,
                rgb(0xfffaf0),
            );
        }
    }
    c.rect(w * 0.42, h * 0.45, w * 0.16, h * 0.21, c.lit(rgb(0x6d4a32)));
    bunting(c, (w * 0.08, h * 0.23), (w * 0.92, h * 0.23), h * 0.025, 22);
    hill(c, h * 0.655, h * 0.006, rgb(0x8fb866), 0.0);
    let path = c.down(c.lit(rgb(0xe6d8bf)), c.lit(rgb(0xd3c09f)));
    c.poly(&[(w * 0.42, h * 0.66), (w * 0.58, h * 0.66), (w * 0.8, h), (w * 0.2, h)], &path);
    for (x, s) in [(0.07, 0.08), (0.2, 0.06), (0.82, 0.06), (0.94, 0.09)] {
        bush(c, w * x, h * 0.71, h * s, rgb(0x4f9150));
    }
    if let Some((child, others)) = cast.split_first() {
        for (i, who) in others.iter().enumerate() {
            let side = if i % 2 == 0 { -1.0 } else { 1.0 };
            person(
                c,
                who,
                w * 0.5 + side * w.min(h) * (0.24 + 0.16 * (i / 2) as f32),
                h * 0.95,
                h * 0.62,
                Wear::Mild,
                [Pose::REST, Pose::WAVE, Pose::CHEER][i % 3],
            );
        }
        person(c, child, w * 0.5, h * 0.95, h * 0.64, Wear::Mild, Pose::HOLD);
        school_cone(c, w * 0.5 + h * 0.06, h * 0.8, h * 0.34, rgb(0x3f7fc0));
    }
}

/// On a stage with a guitar.
pub fn concert(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    let back = c.down(rgb(0x1c1230), rgb(0x4a2350));
    c.rect(0.0, 0.0, w, h, &back);
    for (i, x) in [0.12, 0.34, 0.66, 0.88].into_iter().enumerate() {
        let colour = BRIGHT[[3, 4, 0, 1][i]];
        let beam = c.down(colour.light(0.3).fade(0.6), colour.fade(0.02));
        let lean = (0.5 - x) * w * 0.6;
        c.poly(
            &[
                (w * x - 12.0, 0.0),
                (w * x + 12.0, 0.0),
                (w * x + lean + w * 0.14, h * 0.84),
                (w * x + lean - w * 0.14, h * 0.84),
            ],
            &beam,
        );
        c.round(w * x - 26.0, -8.0, 52.0, 34.0, 8.0, rgb(0x15101c));
    }
    for side in [0.02, 0.84] {
        for k in 0..2 {
            let (x, y) = (w * side, h * (0.42 + 0.2 * k as f32));
            c.round(x, y, w * 0.14, h * 0.19, 8.0, rgb(0x241a2c));
            c.disc(x + w * 0.07, y + h * 0.12, h * 0.05, rgb(0x3c3048));
            c.disc(x + w * 0.07, y + h * 0.04, h * 0.025, rgb(0x3c3048));
        }
    }
    let floor = c.down(rgb(0x7a4f3a), rgb(0x4a2d24));
    c.rect(0.0, h * 0.8, w, h * 0.2, &floor);
    c.glow(w * 0.5, h * 0.84, w * 0.32, rgb(0xffe0a8), 0.5);
    let count = cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let x = w * (0.22 + 0.56 * (i as f32 + 0.5) / count);
        let tall = h * 0.66;
        person(c, who, x, h * 0.88, tall, Wear::Mild, Pose { left: (36.0, -70.0), right: (58.0, 24.0), ..Pose::REST });
        guitar(c, x - tall * 0.02, h * 0.88 - tall * 0.46, tall * 0.3);
        c.line((x + tall * 0.16, h * 0.88), (x + tall * 0.16, h * 0.88 - tall * 0.78), 5.0, rgb(0x15101c));
        c.line((x + tall * 0.16, h * 0.88 - tall * 0.78), (x + tall * 0.07, h * 0.88 - tall * 0.8), 5.0, rgb(0x15101c));
        c.disc(x + tall * 0.065, h * 0.88 - tall * 0.8, tall * 0.022, rgb(0x33303a));
    }
    for i in 0..17 {
        let (x, r) = (w * (i as f32 + c.rng.between(-0.3, 0.3)) / 16.0, h * c.rng.between(0.035, 0.05));
        c.disc(x, h * 1.0 - r * 0.6, r, rgb(0x120c1a));
        if i % 3 == 0 {
            c.line((x + r, h), (x + r * 1.4, h * 0.9), r * 0.5, rgb(0x120c1a));
        }
    }
}

/// The Christmas market: stalls, lights, snow.
pub fn christmas_market(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.55);
    for (i, x) in [-0.02, 0.15, 0.34, 0.52, 0.7, 0.86].into_iter().enumerate() {
        gable_house(
            c,
            w * x,
            h * 0.68,
            w * 0.165,
            3,
            [rgb(0xb56a5a), rgb(0xd9b07a), rgb(0x8f9a8a), rgb(0xc98a6a)][i % 4],
        );
    }
    ground(c, h * 0.68, rgb(0xdfe6f0));
    christmas_tree(c, w * 0.5, h * 0.74, h * 0.52);
    stall(c, w * 0.17, h * 0.82, w * 0.28, rgb(0xc23b33), &[rgb(0xd9973c), rgb(0xb5562e), rgb(0xf0d9a0)]);
    stall(c, w * 0.84, h * 0.82, w * 0.28, rgb(0x2f7a55), &[rgb(0xe8505b), rgb(0xf6d365), rgb(0xdfe7f0)]);
    fairy_lights(c, (0.0, h * 0.3), (w * 0.5, h * 0.2), h * 0.06, 14);
    fairy_lights(c, (w * 0.5, h * 0.2), (w, h * 0.3), h * 0.06, 14);
    line_up(c, cast, (w * 0.26, w * 0.74), h * 0.96, h * 0.46, Wear::Winter, &[Pose::HOLD, Pose::WAVE, Pose::REST]);
    snowfall(c, 120);
}

/// A party in the garden, with balloons and the dog.
pub fn garden_party(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    hill(c, h * 0.46, h * 0.03, rgb(0x79ab6a), 0.35);
    house(c, w * 0.13, h * 0.62, w * 0.24, h * 0.2, rgb(0xf0d9b8), rgb(0xb35a43));
    tree(c, w * 0.88, h * 0.7, h * 0.58, rgb(0x5f9f52), 0.02);
    hill(c, h * 0.62, h * 0.01, rgb(0x84bb5c), 0.0);
    grass(c, h * 0.66, h, rgb(0x84bb5c), 130);
    bunting(c, (w * 0.2, h * 0.26), (w * 0.84, h * 0.22), h * 0.05, 18);
    for (i, (x, y)) in [(0.3, 0.3), (0.36, 0.22), (0.42, 0.31), (0.66, 0.3), (0.72, 0.23)].into_iter().enumerate() {
        balloon(c, w * x, h * y, h * 0.055, BRIGHT[i]);
    }
    line_up(
        c,
        cast,
        (w * 0.16, w * 0.76),
        h * 0.93,
        h * 0.54,
        Wear::Summer,
        &[Pose::CHEER, Pose::WAVE, Pose::HOLD, Pose::REST],
    );
    dog_sitting(c, pets::DOG, w * 0.83, h * 0.94, h * 0.24);
    petals(c, h * 0.1, h, &BRIGHT, 60);
}
