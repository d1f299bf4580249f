//! At home, indoors.

use super::pets;
use crate::demo::draw::animals::{cat_asleep, cat_sitting, dog_sitting};
use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::rgb;
use crate::demo::draw::festive::{balloon, bunting, cake, fairy_lights, gift};
use crate::demo::draw::figure::{Figure, Pose, Wear, line_up, person};
use crate::demo::draw::furniture::{
    bookshelf, christmas_tree, cot, fireplace, lamp, painting, room, rug, sofa, table, view,
};
use crate::demo::draw::plants::bush;
use crate::demo::draw::things::BRIGHT;

/// The Christmas tree, with presents under it.
pub fn christmas(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    room(c, h * 0.74, rgb(0xc9745c));
    view(c, w * 0.13, h * 0.33, h * 0.3, [rgb(0x14204f), rgb(0x3b4a86)], rgb(0xe8f0fa));
    rug(c, w * 0.5, h * 0.9, w * 0.8, rgb(0x8f3b3b));
    christmas_tree(c, w * 0.77, h * 0.88, h * 0.74);
    fairy_lights(c, (0.0, h * 0.06), (w * 0.52, h * 0.05), h * 0.05, 11);
    for (i, (x, y, s)) in
        [(0.6, 0.93, 0.12), (0.7, 0.95, 0.1), (0.86, 0.94, 0.13), (0.95, 0.92, 0.1)].into_iter().enumerate()
    {
        gift(c, w * x, h * y, h * s, BRIGHT[(i + 2) % 6], BRIGHT[(i + 1) % 6].light(0.3));
    }
    line_up(
        c,
        cast,
        (w * 0.08, w * 0.58),
        h * 0.93,
        h * 0.62,
        Wear::Mild,
        &[Pose::REST, Pose::HOLD, Pose::CHEER, Pose::WAVE],
    );
}

/// Around a birthday cake; the candles are as many as the youngest has years, six at most.
pub fn birthday(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    room(c, h * 0.78, rgb(0x8fc1c4));
    bunting(c, (0.0, h * 0.05), (w * 0.5, h * 0.05), h * 0.04, 12);
    bunting(c, (w * 0.5, h * 0.05), (w, h * 0.05), h * 0.04, 12);
    for (i, (x, y)) in [(0.07, 0.3), (0.15, 0.22), (0.92, 0.28), (0.84, 0.2)].into_iter().enumerate() {
        balloon(c, w * x, h * y, h * 0.068, BRIGHT[i]);
    }
    let youngest = cast.iter().map(|who| who.age).fold(6.0, f32::min);
    let count = cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let x = w * (0.12 + 0.76 * (i as f32 + 0.5) / count);
        // Children stand on something: the table hides on what.
        let lift = h * 0.24 * (1.0 - who.stature());
        person(
            c,
            who,
            x,
            h * 0.84 - lift,
            h * 0.88,
            Wear::Summer,
            [Pose::REST.half(), Pose::CHEER.half(), Pose::HOLD.half(), Pose::WAVE.half()][i % 4],
        );
    }
    table(c, w * 0.5, h * 0.75, w * 0.92, rgb(0xfdf6ec));
    cake(c, w * 0.5, h * 0.87, h * 0.44, youngest.round().max(1.0) as usize);
    for (i, x) in [0.16, 0.27, 0.74, 0.86].into_iter().enumerate() {
        gift(c, w * x, h * (0.9 + 0.03 * (i % 2) as f32), h * 0.12, BRIGHT[(i + 3) % 6], rgb(0xfff3d6));
    }
}

/// A baby's room: somebody with the baby on the arm, the cot beside.
pub fn nursery(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    let u = w.min(h);
    room(c, h * 0.76, rgb(0xc4d8c0));
    view(c, w * 0.72, h * 0.26, u * 0.34, [rgb(0x8fc8f0), rgb(0xe6f5fc)], rgb(0x8fbf72));
    rug(c, w * 0.5, h * 0.9, w * 0.9, rgb(0xe9c07a));
    let (mx, my) = (w * 0.26, h * 0.1);
    c.line((mx, 0.0), (mx, my), 2.0, rgb(0x8a7a6a));
    for (i, dx) in [-0.12, -0.04, 0.05, 0.13].into_iter().enumerate() {
        c.line((mx, my), (mx + u * dx, my + u * 0.08), 2.0, rgb(0x8a7a6a));
        c.disc(mx + u * dx, my + u * 0.1, u * 0.024, BRIGHT[i]);
    }
    if let Some((baby, grown)) = cast.split_last() {
        cot(c, w * 0.72, h * 0.9, u * 0.46);
        let s = 0.62 / grown.len().max(1) as f32;
        for (i, who) in grown.iter().enumerate() {
            person(
                c,
                who,
                w * (0.05 + s * (i as f32 + 0.6)),
                h * 0.95,
                h * 0.72,
                Wear::Mild,
                Pose::HOLD.looking(if i == 0 { 0.3 } else { -0.3 }),
            );
        }
        // The baby lies in a blanket on the first one's arm.
        let holder = w * (0.05 + s * 0.6);
        let (bx, by, r) = (holder + u * 0.035, h * 0.56, h * 0.052);
        let wrap = c.lit(rgb(0xfff1dc));
        c.turned(-24.0, bx, by, |c| {
            c.ellipse(bx - r * 1.2, by + r * 0.5, r * 2.6, r * 1.3, wrap.dark(0.08));
            c.ellipse(bx - r * 1.2, by + r * 0.35, r * 2.4, r * 1.1, wrap);
        });
        let skin = c.lit(baby.look.skin);
        c.disc(bx, by, r * 1.22, wrap.dark(0.05));
        c.disc(bx, by, r, skin);
        c.path(
            &format!(
                "M{:.1} {:.1}A{:.1} {:.1} 0 0 1 {:.1} {:.1}Q{bx:.1} {:.1} {:.1} {:.1}Z",
                bx - r * 0.6,
                by - r * 0.72,
                r,
                r,
                bx + r * 0.6,
                by - r * 0.72,
                by - r * 0.4,
                bx - r * 0.6,
                by - r * 0.72
            ),
            c.lit(baby.look.hair),
        );
        for side in [-1.0, 1.0] {
            c.stroke(
                &format!(
                    "M{:.1} {:.1}q{:.1} {:.1} {:.1} 0",
                    bx + side * r * 0.36 - r * 0.14,
                    by + r * 0.1,
                    r * 0.14,
                    r * 0.14,
                    r * 0.28
                ),
                r * 0.08,
                rgb(0x4a3030),
            );
            c.disc(bx + side * r * 0.55, by + r * 0.4, r * 0.2, rgb(0xf06a6a).fade(0.3));
        }
        c.stroke(
            &format!("M{:.1} {:.1}q{:.1} {:.1} {:.1} 0", bx - r * 0.16, by + r * 0.5, r * 0.16, r * 0.16, r * 0.32),
            r * 0.08,
            rgb(0x9c3a48),
        );
        let size = r * 2.5;
        c.faces.push(crate::demo::draw::canvas::Face {
            name: baby.name.to_owned(),
            pet: false,
            x: bx,
            y: by,
            w: size,
            h: size,
        });
    }
}

/// The cat on the window sill.
pub fn cat_at_the_window(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    room(c, h * 1.02, rgb(0xe0c39a));
    let (zenith, horizon) = (c.light.zenith, c.light.horizon);
    let sky = if c.light.is_dark() { [zenith, horizon] } else { [rgb(0x7fbdec), rgb(0xe4f4fb)] };
    view(c, w * 0.5, h * 0.42, h * 0.62, sky, rgb(0x86b56a));
    for (x, s) in [(0.24, 0.07), (0.79, 0.08)] {
        bush(c, w * x, h * 0.79, h * s, rgb(0x5a9a58));
        c.poly(
            &[
                (w * x - h * s * 0.8, h * 0.78),
                (w * x + h * s * 0.8, h * 0.78),
                (w * x + h * s * 0.55, h * 0.86),
                (w * x - h * s * 0.55, h * 0.86),
            ],
            c.lit(rgb(0xc96f4a)),
        );
    }
    c.rect(0.0, h * 0.85, w, h * 0.06, c.lit(rgb(0xfdf6ea)));
    c.rect(0.0, h * 0.91, w, h * 0.012, c.lit(rgb(0xcdbfa6)));
    cat_sitting(c, pets::CAT, w * 0.5, h * 0.87, h * 0.5);
    line_up(c, cast, (w * 0.02, w * 0.3), h * 1.2, h * 0.9, Wear::Mild, &[Pose::HOLD]);
}

/// Reading on the sofa, the cat asleep beside.
pub fn reading(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    room(c, h * 0.76, rgb(0x7fa3a8));
    bookshelf(c, w * 0.13, h * 0.76, w * 0.2, h * 0.58);
    painting(c, w * 0.5, h * 0.24, w * 0.2, h * 0.22, 0);
    rug(c, w * 0.5, h * 0.92, w * 0.8, rgb(0xc98a5a));
    lamp(c, w * 0.92, h * 0.86, h * 0.66);
    let seat = sofa(c, w * 0.53, h * 0.88, w * 0.62, rgb(0xc65f4f));
    let count = cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let x = w * (0.34 + 0.26 * (i as f32 + 0.5) / count);
        person(c, who, x, seat + h * 0.045, h * 0.62, Wear::Mild, Pose::HOLD.sitting());
        let (bx, by) = (x, seat - h * 0.09 * who.stature());
        let cover = c.lit(BRIGHT[(i + 3) % 6].dark(0.15));
        c.poly(
            &[
                (bx - h * 0.07, by - h * 0.03),
                (bx, by),
                (bx + h * 0.07, by - h * 0.03),
                (bx + h * 0.07, by + h * 0.06),
                (bx, by + h * 0.09),
                (bx - h * 0.07, by + h * 0.06),
            ],
            cover,
        );
        c.line((bx, by), (bx, by + h * 0.09), 3.0, cover.dark(0.3));
    }
    cat_asleep(c, pets::CAT, w * 0.71, seat + h * 0.045, w * 0.16);
}

/// By the fire, while it snows outside.
pub fn by_the_fire(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    room(c, h * 0.76, rgb(0xb5895f));
    view(c, w * 0.85, h * 0.3, h * 0.3, [rgb(0x2d3b74), rgb(0x6a7ab0)], rgb(0xf0f6fc));
    fireplace(c, w * 0.5, h * 0.78, w * 0.34);
    rug(c, w * 0.5, h * 0.92, w * 0.76, rgb(0x6b3f3f));
    let spots = [0.17, 0.8, 0.3];
    for (i, who) in cast.iter().enumerate() {
        let x = w * spots[i % 3];
        let chair = c.lit(rgb(0x4f6b52));
        c.round(x - h * 0.17, h * 0.5, h * 0.34, h * 0.36, h * 0.06, chair);
        c.round(x - h * 0.2, h * 0.66, h * 0.4, h * 0.2, h * 0.05, chair.dark(0.12));
        person(
            c,
            who,
            x,
            h * 0.76,
            h * 0.62,
            Wear::Mild,
            Pose::HOLD.looking(if x < w * 0.5 { 0.5 } else { -0.5 }).sitting(),
        );
    }
    cat_asleep(c, pets::CAT, w * 0.46, h * 0.93, w * 0.15);
    dog_sitting(c, pets::DOG, w * 0.63, h * 0.95, h * 0.24);
    c.glow(w * 0.5, h * 0.76, w * 0.5, rgb(0xff9a4a), 0.28);
}

/// Cooking together in the kitchen.
pub fn kitchen(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    room(c, h * 0.84, rgb(0xf0dca8));
    for i in 0..12 {
        for k in 0..3 {
            let tone = c.rng.between(0.0, 0.2);
            c.round(
                w * i as f32 / 12.0 + 2.0,
                h * (0.4 + 0.075 * k as f32),
                w / 12.0 - 4.0,
                h * 0.07,
                4.0,
                c.lit(rgb(0x9cc5c0).light(tone)),
            );
        }
    }
    view(c, w * 0.5, h * 0.22, h * 0.24, [rgb(0x8fc8f0), rgb(0xe6f5fc)], rgb(0x8fbf72));
    for (x, wide) in [(0.02, 0.26), (0.74, 0.24)] {
        c.round(w * x, h * 0.06, w * wide, h * 0.28, 10.0, c.lit(rgb(0xfbf2e2)));
        c.rect(w * (x + wide / 2.0), h * 0.07, 3.0, h * 0.26, c.lit(rgb(0xd8c8ac)));
        for side in [-0.012, 0.016] {
            c.disc(w * (x + wide / 2.0 + side), h * 0.2, 6.0, c.lit(rgb(0xb08a4a)));
        }
    }
    let count = cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let lift = h * 0.2 * (1.0 - who.stature());
        person(
            c,
            who,
            w * (0.16 + 0.68 * (i as f32 + 0.5) / count),
            h * 0.82 - lift,
            h * 0.7,
            Wear::Summer,
            [Pose::HOLD.half(), Pose::REST.half(), Pose::WAVE.half()][i % 3],
        );
    }
    let top = c.down(c.lit(rgb(0xd9a871)), c.lit(rgb(0xb07f4c)));
    c.rect(0.0, h * 0.74, w, h * 0.05, &top);
    let front = c.down(c.lit(rgb(0x5f8f8a)), c.lit(rgb(0x4a726f)));
    c.rect(0.0, h * 0.79, w, h * 0.21, &front);
    for i in 1..4 {
        c.rect(w * i as f32 / 4.0, h * 0.79, 3.0, h * 0.21, c.lit(rgb(0x3a5a58)));
    }
    c.round(w * 0.3, h * 0.65, w * 0.12, h * 0.1, 8.0, c.lit(rgb(0xd2483f)));
    c.rect(w * 0.27, h * 0.67, w * 0.18, h * 0.018, c.lit(rgb(0xa8342e)));
    for (i, dx) in [0.33, 0.36, 0.39].into_iter().enumerate() {
        c.stroke(
            &format!(
                "M{:.1} {:.1}q{:.1} {:.1} 0 {:.1}t0 {:.1}",
                w * dx,
                h * (0.63 - 0.01 * i as f32),
                14.0,
                -h * 0.03,
                -h * 0.06,
                -h * 0.05
            ),
            7.0,
            rgb(0xffffff).fade(0.5),
        );
    }
    c.ellipse(w * 0.62, h * 0.745, w * 0.09, h * 0.016, c.lit(rgb(0xffffff)));
    for (dx, colour) in [(0.57, BRIGHT[0]), (0.61, BRIGHT[2]), (0.65, BRIGHT[0]), (0.68, BRIGHT[1])] {
        c.disc(w * dx, h * 0.72, h * 0.026, c.lit(colour));
    }
    for (dx, dy) in [(0.8, 0.72), (0.84, 0.725), (0.88, 0.72)] {
        c.ellipse(w * dx, h * dy, w * 0.02, h * 0.022, c.lit(rgb(0xf4e2bd)));
    }
}
