//! Rooms and what stands in them.

use super::canvas::Canvas;
use super::colour::{Rgb, rgb};
use super::things::BRIGHT;

/// A room: a papered wall down to the skirting board at `floor`, and a wooden floor; returns nothing but the mood.
pub fn room(c: &mut Canvas, floor: f32, wall: Rgb) {
    let fill = c.down(c.lit(wall.light(0.12)), c.lit(wall.dark(0.06)));
    c.rect(0.0, 0.0, c.w, floor, &fill);
    let stripe = c.lit(wall.light(0.3));
    let step = c.w / 22.0;
    for i in 0..22 {
        c.rect(step * i as f32 + step * 0.3, 0.0, step * 0.14, floor, stripe.fade(0.35));
    }
    let wood = rgb(0xb9825a);
    let boards = c.down(c.lit(wood.dark(0.15)), c.lit(wood.light(0.05)));
    c.rect(0.0, floor, c.w, c.h - floor, &boards);
    for i in 0..7 {
        let t = i as f32 / 7.0;
        c.rect(0.0, floor + (c.h - floor) * t * t, c.w, 1.5 + 2.0 * t, c.lit(wood.dark(0.4)).fade(0.5));
    }
    c.rect(0.0, floor - c.h * 0.02, c.w, c.h * 0.022, c.lit(rgb(0xfdf8ef)));
}

/// A window in a wall, with curtains; what `view` draws is seen through it in a frame of 100 × 100.
pub fn view(c: &mut Canvas, x: f32, y: f32, s: f32, sky: [Rgb; 2], land: Rgb) {
    let (frame, curtain) = (c.lit(rgb(0xfffaf0)), c.lit(rgb(0xe8b7a0)));
    c.rect(x - s * 0.56, y - s * 0.62, s * 1.12, s * 1.24, frame);
    let fill = c.down(sky[0], sky[1]);
    c.rect(x - s * 0.48, y - s * 0.54, s * 0.96, s * 1.08, &fill);
    c.path(
        &format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {x:.1} {:.1}T{:.1} {:.1}V{:.1}H{:.1}Z",
            x - s * 0.48,
            y + s * 0.28,
            x - s * 0.2,
            y + s * 0.08,
            y + s * 0.24,
            x + s * 0.48,
            y + s * 0.2,
            y + s * 0.54,
            x - s * 0.48
        ),
        land,
    );
    c.rect(x - s * 0.02, y - s * 0.54, s * 0.04, s * 1.08, frame);
    c.rect(x - s * 0.48, y - s * 0.08, s * 0.96, s * 0.035, frame);
    c.rect(x - s * 0.64, y + s * 0.58, s * 1.28, s * 0.07, frame.dark(0.06));
    for side in [-1.0, 1.0] {
        let fill = c.across(curtain.light(0.1), curtain.dark(0.12));
        c.path(
            &format!(
                "M{:.1} {:.1}H{:.1}Q{:.1} {:.1} {:.1} {:.1}H{:.1}Z",
                x + side * s * 0.74,
                y - s * 0.7,
                x + side * s * 0.22,
                x + side * s * 0.36,
                y + s * 0.3,
                x + side * s * 0.54,
                y + s * 0.74,
                x + side * s * 0.76
            ),
            &fill,
        );
    }
    c.round(x - s * 0.84, y - s * 0.74, s * 1.68, s * 0.05, s * 0.025, c.lit(rgb(0x8a5f3c)));
}

/// A sofa, `w` wide, on the floor at `y`; returns the height of its seat.
pub fn sofa(c: &mut Canvas, x: f32, y: f32, w: f32, cloth: Rgb) -> f32 {
    let cloth = c.lit(cloth);
    c.shadow(x, y, w * 0.58, w * 0.035);
    for dx in [-0.44, 0.4] {
        c.rect(x + w * dx, y - w * 0.06, w * 0.035, w * 0.06, c.lit(rgb(0x6a4a35)));
    }
    let back = c.down(cloth.light(0.1), cloth.dark(0.1));
    c.round(x - w * 0.47, y - w * 0.44, w * 0.94, w * 0.34, w * 0.06, &back);
    c.round(x - w * 0.44, y - w * 0.23, w * 0.43, w * 0.13, w * 0.03, cloth.light(0.08));
    c.round(x + w * 0.01, y - w * 0.23, w * 0.43, w * 0.13, w * 0.03, cloth.light(0.08));
    c.round(x - w * 0.46, y - w * 0.13, w * 0.92, w * 0.09, w * 0.02, cloth.dark(0.1));
    for side in [-1.0, 1.0] {
        c.round(x + side * w * 0.47 - w * 0.055, y - w * 0.3, w * 0.11, w * 0.26, w * 0.05, cloth.dark(0.06));
    }
    for (dx, colour) in [(-0.34, rgb(0xf0b64a)), (0.33, rgb(0x5fa59a))] {
        c.turned(dx * 40.0, x + w * dx, y - w * 0.3, |c| {
            c.round(x + w * (dx - 0.065), y - w * 0.35, w * 0.13, w * 0.13, w * 0.03, c.lit(colour))
        });
    }
    y - w * 0.22
}

/// A standing lamp, `h` high, that is on.
pub fn lamp(c: &mut Canvas, x: f32, y: f32, h: f32) {
    let steel = c.lit(rgb(0x5a4a42));
    c.glow(x, y - h * 0.85, h * 0.75, rgb(0xffd58a), 0.55);
    c.ellipse(x, y, h * 0.1, h * 0.016, steel);
    c.rect(x - h * 0.01, y - h * 0.8, h * 0.02, h * 0.8, steel);
    let shade = c.down(rgb(0xffe9b4), rgb(0xffcf80));
    c.poly(
        &[(x - h * 0.08, y - h), (x + h * 0.08, y - h), (x + h * 0.14, y - h * 0.78), (x - h * 0.14, y - h * 0.78)],
        &shade,
    );
}

/// A stone fireplace with a fire, `w` wide.
pub fn fireplace(c: &mut Canvas, x: f32, y: f32, w: f32) {
    let stone = rgb(0x9d948c);
    let fill = c.across(c.lit(stone.light(0.15)), c.lit(stone.dark(0.15)));
    c.rect(x - w * 0.5, y - w * 0.8, w, w * 0.8, &fill);
    c.rect(x - w * 0.34, 0.0, w * 0.68, y - w * 0.8, &fill);
    for row in 0..12 {
        for i in 0..6 {
            let (sx, sy) =
                (x - w * 0.5 + w * (i as f32 + 0.5 * (row % 2) as f32) / 6.0, y - w * 0.8 + w * 0.067 * row as f32);
            let (inside, tone) = (sx + w * 0.15 < x + w * 0.5, c.rng.between(0.0, 0.14));
            if inside {
                c.round(sx + 2.0, sy + 2.0, w / 6.0 - 4.0, w * 0.067 - 4.0, 5.0, c.lit(stone.dark(tone)));
            }
        }
    }
    c.rect(x - w * 0.58, y - w * 0.86, w * 1.16, w * 0.08, c.lit(rgb(0x6d4a32)));
    c.path(
        &format!(
            "M{:.1} {y:.1}V{:.1}A{:.1} {:.1} 0 0 1 {:.1} {:.1}V{y:.1}Z",
            x - w * 0.32,
            y - w * 0.36,
            w * 0.32,
            w * 0.2,
            x + w * 0.32,
            y - w * 0.36
        ),
        rgb(0x2a1a18),
    );
    super::things::campfire(c, x, y - w * 0.05, w * 0.36);
    for (dx, colour) in [(-0.4, BRIGHT[0]), (-0.26, BRIGHT[2]), (0.28, BRIGHT[3])] {
        c.round(x + w * dx, y - w * 0.97, w * 0.1, w * 0.11, w * 0.02, c.lit(colour.dark(0.1)));
    }
}

/// Shelves of books, `w` wide and `h` high.
pub fn bookshelf(c: &mut Canvas, x: f32, y: f32, w: f32, h: f32) {
    let wood = c.lit(rgb(0x8a5f3f));
    c.rect(x - w / 2.0, y - h, w, h, wood.dark(0.35));
    let shelves = 4;
    for i in 0..shelves {
        let base = y - h * i as f32 / shelves as f32 - h * 0.025;
        let mut bx = x - w * 0.46;
        while bx < x + w * 0.4 {
            let (bw, bh, colour) =
                (w * c.rng.between(0.04, 0.085), h / shelves as f32 * c.rng.between(0.55, 0.82), c.rng.pick(&BRIGHT));
            let tone = c.rng.between(0.1, 0.45);
            if c.rng.chance(0.9) {
                c.rect(bx, base - bh, bw, bh, c.lit(colour.dark(tone)));
                c.rect(bx, base - bh * 0.8, bw, bh * 0.06, rgb(0xffe9b8).fade(0.6));
            }
            bx += bw * 1.06;
        }
        c.rect(x - w / 2.0, base, w, h * 0.03, wood);
    }
    for dx in [-0.5, 0.46] {
        c.rect(x + w * dx, y - h, w * 0.04, h, wood);
    }
    c.rect(x - w * 0.52, y - h * 1.02, w * 1.04, h * 0.03, wood.light(0.1));
}

/// A table with a cloth, seen from the front, its top at `y`, down to the picture's bottom.
pub fn table(c: &mut Canvas, x: f32, y: f32, w: f32, cloth: Rgb) {
    let cloth = c.lit(cloth);
    let fill = c.down(cloth.dark(0.04), cloth.dark(0.2));
    c.path(
        &format!(
            "M{:.1} {y:.1}L{:.1} {y:.1}L{:.1} {:.1}L{:.1} {:.1}Z",
            x - w / 2.0,
            x + w / 2.0,
            x + w * 0.53,
            c.h + 5.0,
            x - w * 0.53,
            c.h + 5.0
        ),
        &fill,
    );
    c.ellipse(x, y, w * 0.5, c.h * 0.035, cloth.light(0.25));
    for i in 0..5 {
        let fx = x - w * 0.42 + w * 0.21 * i as f32;
        c.stroke(
            &format!(
                "M{fx:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}",
                y + c.h * 0.05,
                w * 0.01,
                c.h * 0.1,
                -w * 0.012,
                c.h * 0.4
            ),
            5.0,
            cloth.dark(0.14).fade(0.6),
        );
    }
}

/// A cot with bars, `w` wide; what lies in it is drawn before.
pub fn cot(c: &mut Canvas, x: f32, y: f32, w: f32) {
    let wood = c.lit(rgb(0xf3e6d2));
    c.rect(x - w * 0.5, y - w * 0.17, w, w * 0.05, wood.dark(0.12));
    for i in 0..12 {
        c.round(x - w * 0.48 + w * 0.96 * i as f32 / 11.5, y - w * 0.46, w * 0.018, w * 0.42, w * 0.008, wood);
    }
    for ly in [-0.47, -0.06] {
        c.round(x - w * 0.52, y + w * ly, w * 1.04, w * 0.04, w * 0.02, wood.dark(0.05));
    }
    for dx in [-0.52, 0.49] {
        c.round(x + w * dx, y - w * 0.56, w * 0.035, w * 0.56, w * 0.015, wood);
    }
}

/// A framed painting around `x`, `y`: a small landscape, a still life of shapes, or a portrait, by `kind`.
pub fn painting(c: &mut Canvas, x: f32, y: f32, w: f32, h: f32, kind: usize) {
    let gold = c.lit(rgb(0xc99a3f));
    c.rect(x - w / 2.0 + 8.0, y - h / 2.0 + 10.0, w, h, rgb(0x14101c).fade(0.22));
    c.rect(x - w / 2.0, y - h / 2.0, w, h, gold);
    c.rect(x - w * 0.455, y - h * 0.44, w * 0.91, h * 0.88, gold.light(0.35));
    let (l, t, pw, ph) = (x - w * 0.43, y - h * 0.41, w * 0.86, h * 0.82);
    match kind % 3 {
        0 => {
            let sky = c.down(rgb(0xf2a65a), rgb(0xfbe3b0));
            c.rect(l, t, pw, ph, &sky);
            c.disc(x + pw * 0.2, t + ph * 0.4, ph * 0.12, rgb(0xfff4cf));
            c.poly(&[(l, t + ph * 0.7), (l + pw * 0.3, t + ph * 0.32), (l + pw * 0.55, t + ph * 0.7)], rgb(0x5a5f8f));
            c.poly(
                &[(l + pw * 0.3, t + ph * 0.7), (l + pw * 0.66, t + ph * 0.42), (l + pw, t + ph * 0.7)],
                rgb(0x7a76a8),
            );
            c.rect(l, t + ph * 0.68, pw, ph * 0.32, rgb(0x3d7a78));
        }
        1 => {
            c.rect(l, t, pw, ph, rgb(0xf6efe2));
            for _ in 0..11 {
                let (sx, sy, s, colour) = (
                    c.rng.between(0.16, 0.84),
                    c.rng.between(0.16, 0.84),
                    c.rng.between(0.06, 0.14),
                    c.rng.pick(&BRIGHT),
                );
                if c.rng.chance(0.5) {
                    c.disc(l + pw * sx, t + ph * sy, ph * s, colour.fade(0.9))
                } else {
                    c.rect(l + pw * (sx - s / 2.0), t + ph * (sy - s), pw * s, ph * s * 1.9, colour.fade(0.9))
                }
            }
            c.line((l + pw * 0.1, t + ph * 0.8), (l + pw * 0.9, t + ph * 0.2), w * 0.012, rgb(0x2b2b33));
        }
        _ => {
            let back = c.down(rgb(0x3f5a4f), rgb(0x2a3a38));
            c.rect(l, t, pw, ph, &back);
            c.path(
                &format!("M{l:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Z", t + ph, t + ph * 0.42, l + pw, t + ph),
                rgb(0x7a2f3a),
            );
            c.ellipse(x, t + ph * 0.4, ph * 0.15, ph * 0.19, rgb(0xe9c3a0));
            for side in [-0.055, 0.055] {
                c.ellipse(x + ph * side, t + ph * 0.4, ph * 0.012, ph * 0.015, rgb(0x2f2018));
            }
            c.stroke(
                &format!(
                    "M{:.1} {:.1}q{:.1} {:.1} {:.1} 0",
                    x - ph * 0.035,
                    t + ph * 0.49,
                    ph * 0.035,
                    ph * 0.025,
                    ph * 0.07
                ),
                ph * 0.012,
                rgb(0x9c4a48),
            );
            c.path(
                &format!(
                    "M{:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Z",
                    x - ph * 0.17,
                    t + ph * 0.42,
                    t + ph * 0.1,
                    x + ph * 0.17,
                    t + ph * 0.42,
                    t + ph * 0.24,
                    x - ph * 0.17,
                    t + ph * 0.42
                ),
                rgb(0x2f2018),
            );
        }
    }
}

/// A decorated Christmas tree with lights and a star, `h` high.
pub fn christmas_tree(c: &mut Canvas, x: f32, y: f32, h: f32) {
    c.glow(x, y - h * 0.5, h * 0.75, rgb(0xffd58a), 0.4);
    c.rect(x - h * 0.03, y - h * 0.08, h * 0.06, h * 0.08, c.lit(rgb(0x6a4a35)));
    let green = c.lit(rgb(0x2f7a4f));
    for i in 0..5 {
        let t = i as f32 / 5.0;
        let (bottom, half) = (y - h * (0.06 + 0.165 * i as f32), h * 0.31 * (1.0 - t * 0.8));
        let top = bottom - h * 0.29;
        let fill = c.across(green.light(0.12), green.dark(0.3));
        c.path(&format!("M{:.1} {bottom:.1}Q{:.1} {:.1} {x:.1} {:.1}Q{:.1} {:.1} {:.1} {bottom:.1}Q{:.1} {:.1} {x:.1} {top:.1}Q{:.1} {:.1} {:.1} {bottom:.1}Z",
            x - half, x - half * 0.5, bottom + h * 0.05, bottom + h * 0.012, x + half * 0.5, bottom + h * 0.05, x + half,
            x + half * 0.35, bottom - h * 0.08, x - half * 0.35, bottom - h * 0.08, x - half), &fill);
    }
    for i in 0..34 {
        let t = (i as f32 + 0.5) / 34.0;
        let (by, half) = (y - h * (0.1 + 0.76 * t), h * 0.25 * (1.0 - t * 0.86));
        let bx = x + half * c.rng.between(-1.0, 1.0);
        if i % 2 == 0 {
            c.glow(bx, by, h * 0.035, rgb(0xffe9a8), 0.9);
            c.disc(bx, by, h * 0.006, rgb(0xfffbe6));
        } else {
            let colour = BRIGHT[(i / 2) % BRIGHT.len()];
            let ball = c.radial(colour.light(0.4), colour.dark(0.08));
            c.disc(bx, by, h * 0.018, &ball);
        }
    }
    let (sx, sy, r) = (x, y - h * 1.02, h * 0.05);
    let mut star = Vec::new();
    for i in 0..10 {
        let (a, reach) = (
            i as f32 * std::f32::consts::PI / 5.0 - std::f32::consts::FRAC_PI_2,
            if i % 2 == 0 { r } else { r * 0.42 },
        );
        star.push((sx + a.cos() * reach, sy + a.sin() * reach));
    }
    c.glow(sx, sy, r * 3.0, rgb(0xffe08a), 0.8);
    c.poly(&star, rgb(0xffd34f));
}

/// An oval rug.
pub fn rug(c: &mut Canvas, x: f32, y: f32, w: f32, colour: Rgb) {
    for (share, tone) in [(1.0, 0.12), (0.86, 0.0), (0.7, 0.1), (0.4, 0.02)] {
        c.ellipse(x, y, w / 2.0 * share, w * 0.1 * share, c.lit(colour.dark(tone)));
    }
}
