//! Trees, flowers and everything else that grows.

use super::canvas::Canvas;
use super::colour::{Rgb, rgb};

/// A conifer `h` high; `snow` puts white on its boughs.
pub fn pine(c: &mut Canvas, x: f32, y: f32, h: f32, distance: f32, snow: bool) {
    let tone = c.rng.between(0.0, 0.2);
    let green = rgb(0x2f6b4f).light(tone);
    let trunk = c.far(rgb(0x5b4030), distance);
    c.rect(x - h * 0.03, y - h * 0.14, h * 0.06, h * 0.14, trunk);
    let (lit, shade) = (c.far(green.light(0.08), distance), c.far(green.dark(0.25), distance));
    let white = c.far(rgb(0xf7fbff), distance * 0.6);
    for i in 0..4 {
        let t = i as f32 / 4.0;
        let (bottom, top) = (y - h * (0.1 + 0.2 * i as f32), y - h * (0.1 + 0.2 * i as f32 + 0.34));
        let half = h * 0.25 * (1.0 - t * 0.68);
        let d = format!(
            "M{:.1} {bottom:.1}Q{x:.1} {:.1} {:.1} {bottom:.1}L{x:.1} {:.1}Z",
            x - half,
            bottom + h * 0.045,
            x + half,
            top.max(y - h)
        );
        c.path(&d, lit);
        c.poly(&[(x, top.max(y - h)), (x + half, bottom), (x + half * 0.15, bottom + h * 0.018)], shade);
        if snow {
            let cap = h * 0.1;
            c.poly(
                &[
                    (x, top.max(y - h)),
                    (x - half * 0.5, top.max(y - h) + cap * 1.2),
                    (x - half * 0.1, top.max(y - h) + cap * 0.85),
                    (x + half * 0.45, top.max(y - h) + cap * 1.15),
                ],
                white,
            );
        }
    }
}

/// A forest edge of conifers along `y`, from `from` to `to`.
pub fn pines(c: &mut Canvas, from: f32, to: f32, y: f32, h: f32, distance: f32, snow: bool) {
    let mut x = from;
    while x < to {
        let size = h * c.rng.between(0.7, 1.1);
        let dip = c.rng.between(-0.03, 0.03) * h;
        pine(c, x, y + dip, size, distance, snow);
        x += h * c.rng.between(0.24, 0.4);
    }
}

/// A round crown of leaves on a trunk, `h` high in all.
pub fn tree(c: &mut Canvas, x: f32, y: f32, h: f32, leaves: Rgb, distance: f32) {
    let bark = c.far(rgb(0x6a4a35), distance);
    c.shadow(x, y, h * 0.32, h * 0.05);
    c.path(
        &format!(
            "M{:.1} {y:.1}Q{x:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}Q{x:.1} {:.1} {:.1} {y:.1}Z",
            x - h * 0.05,
            y - h * 0.2,
            x - h * 0.025,
            y - h * 0.5,
            x + h * 0.025,
            y - h * 0.5,
            y - h * 0.2,
            x + h * 0.055
        ),
        bark,
    );
    c.line((x, y - h * 0.34), (x + h * 0.13, y - h * 0.52), h * 0.022, bark);
    c.line((x, y - h * 0.3), (x - h * 0.12, y - h * 0.5), h * 0.02, bark);
    for (layer, lift, count) in [(leaves.dark(0.22), 0.0, 7), (leaves, -0.035, 7), (leaves.light(0.16), -0.08, 5)] {
        let colour = c.far(layer, distance);
        for i in 0..count {
            let angle = i as f32 / count as f32 * std::f32::consts::TAU + c.rng.between(-0.3, 0.3);
            let spread = if lift < -0.06 { 0.13 } else { 0.2 };
            let r = h * c.rng.between(0.12, 0.17) * if lift < -0.06 { 0.6 } else { 1.0 };
            c.disc(
                x + angle.cos() * h * spread + lift * h,
                y - h * 0.66 + angle.sin() * h * 0.17 + lift * h,
                r,
                colour,
            );
        }
        c.disc(x + lift * h, y - h * 0.66 + lift * h, h * if lift < -0.06 { 0.08 } else { 0.17 }, colour);
    }
}

/// A bush of radius `s`.
pub fn bush(c: &mut Canvas, x: f32, y: f32, s: f32, leaves: Rgb) {
    c.shadow(x, y, s * 1.3, s * 0.22);
    let (dark, mid, light) = (c.lit(leaves.dark(0.2)), c.lit(leaves), c.lit(leaves.light(0.18)));
    for (dx, dy, r, colour) in [
        (-0.6, -0.35, 0.5, dark),
        (0.6, -0.35, 0.5, dark),
        (0.0, -0.55, 0.62, mid),
        (-0.35, -0.7, 0.36, light),
        (0.3, -0.3, 0.34, mid),
        (0.2, -0.82, 0.26, light),
    ] {
        c.disc(x + dx * s, y + dy * s, r * s, colour);
    }
}

/// A palm `h` high.
pub fn palm(c: &mut Canvas, x: f32, y: f32, h: f32) {
    let (bark, leaf, dark) = (c.lit(rgb(0x9a7650)), c.lit(rgb(0x3f8f5a)), c.lit(rgb(0x2c6c48)));
    let (tx, ty) = (x + h * 0.14, y - h * 0.82);
    c.shadow(x, y, h * 0.2, h * 0.03);
    c.stroke(&format!("M{x:.1} {y:.1}Q{:.1} {:.1} {tx:.1} {ty:.1}", x - h * 0.04, y - h * 0.45), h * 0.045, bark);
    for (i, angle) in [-2.9f32, -2.4, -1.9, -1.3, -0.75, -0.2, 0.25, -3.3].into_iter().enumerate() {
        let (ex, ey) = (tx + angle.cos() * h * 0.34, ty + angle.sin() * h * 0.2 + h * 0.07);
        let (mx, my) = (tx + angle.cos() * h * 0.18, ty + angle.sin() * h * 0.24 - h * 0.05);
        let d =
            format!("M{tx:.1} {ty:.1}Q{mx:.1} {my:.1} {ex:.1} {ey:.1}Q{mx:.1} {:.1} {tx:.1} {ty:.1}Z", my + h * 0.1);
        c.path(&d, if i % 2 == 0 { leaf } else { dark });
    }
    for dx in [-0.02, 0.025] {
        c.disc(tx + dx * h, ty + h * 0.025, h * 0.026, c.lit(rgb(0x6b4a2c)));
    }
}

/// A cypress: a slim dark flame of leaves.
pub fn cypress(c: &mut Canvas, x: f32, y: f32, h: f32, distance: f32) {
    let fill = c.across(c.far(rgb(0x3f7050), distance), c.far(rgb(0x244a38), distance));
    c.path(
        &format!(
            "M{x:.1} {:.1}C{:.1} {:.1} {:.1} {y:.1} {x:.1} {y:.1}C{:.1} {y:.1} {:.1} {:.1} {x:.1} {:.1}Z",
            y - h,
            x - h * 0.13,
            y - h * 0.5,
            x - h * 0.12,
            x + h * 0.12,
            x + h * 0.13,
            y - h * 0.5,
            y - h
        ),
        &fill,
    );
}

/// A bare birch stem from `y` up and out of the picture's top.
pub fn stem(c: &mut Canvas, x: f32, y: f32, width: f32, bark: Rgb, distance: f32) {
    let fill = c.across(c.far(bark.light(0.12), distance), c.far(bark.dark(0.3), distance));
    let (lean, h) = (c.rng.between(-0.4, 0.4) * width, c.h);
    c.path(
        &format!(
            "M{:.1} {y:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {y:.1}Q{x:.1} {:.1} {:.1} {y:.1}Z",
            x - width * 0.75,
            x - width * 0.4 + lean,
            -h * 0.02,
            x + width * 0.4 + lean,
            -h * 0.02,
            x + width * 0.75,
            y + width * 0.3,
            x - width * 0.75
        ),
        &fill,
    );
}

/// A flower with its stalk, `h` high.
pub fn flower(c: &mut Canvas, x: f32, y: f32, h: f32, petals: Rgb) {
    let (stalk, petal) = (c.lit(rgb(0x4d8a48)), c.lit(petals));
    c.line((x, y), (x, y - h * 0.8), h * 0.05, stalk);
    c.ellipse(x + h * 0.1, y - h * 0.3, h * 0.1, h * 0.045, stalk);
    for i in 0..6 {
        let angle = i as f32 * std::f32::consts::TAU / 6.0;
        c.disc(x + angle.cos() * h * 0.13, y - h * 0.85 + angle.sin() * h * 0.13, h * 0.1, petal);
    }
    c.disc(x, y - h * 0.85, h * 0.085, c.lit(rgb(0xf5c542)));
}

/// A sunflower `h` high.
pub fn sunflower(c: &mut Canvas, x: f32, y: f32, h: f32) {
    let (stalk, leaf) = (c.lit(rgb(0x4f8f3f)), c.lit(rgb(0x5fa548)));
    let (hx, hy, r) = (x + c.rng.between(-0.04, 0.04) * h, y - h, h * 0.13);
    c.stroke(&format!("M{x:.1} {y:.1}Q{:.1} {:.1} {hx:.1} {hy:.1}", x - h * 0.04, y - h * 0.5), h * 0.03, stalk);
    for (t, side) in [(0.3, 1.0), (0.48, -1.0), (0.65, 1.0)] {
        let ly = y - h * t;
        c.path(
            &format!(
                "M{x:.1} {ly:.1}q{:.1} {:.1} {:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}Z",
                side * h * 0.07,
                -h * 0.1,
                side * h * 0.17,
                -h * 0.03,
                -side * h * 0.06,
                h * 0.07,
                -side * h * 0.17,
                h * 0.03
            ),
            leaf,
        );
    }
    for (turn, colour, reach) in [(0.0, rgb(0xe8a21f), 1.75), (0.2, rgb(0xf9c834), 1.6)] {
        let petal = c.lit(colour);
        for i in 0..16 {
            c.turned(i as f32 * 22.5 + turn * 57.3, hx, hy, |c| {
                c.ellipse(hx, hy - r * 1.05, r * 0.26, r * (reach - 1.0), petal)
            });
        }
    }
    let seeds = c.radial(c.lit(rgb(0x8a5a2b)), c.lit(rgb(0x4a2d18)));
    c.disc(hx, hy, r * 0.9, &seeds);
}

/// A stalk of bamboo from `y` up and out of the picture.
pub fn bamboo(c: &mut Canvas, x: f32, y: f32, width: f32, distance: f32) {
    let green = rgb(0x6fae4f);
    let fill = c.across(c.far(green.light(0.25), distance), c.far(green.dark(0.35), distance));
    c.rect(x - width / 2.0, -5.0, width, y + 5.0, &fill);
    let knot = c.far(green.dark(0.4), distance);
    let mut ky = y - c.rng.between(0.2, 1.0) * width * 6.0;
    while ky > 0.0 {
        c.round(x - width * 0.56, ky, width * 1.12, width * 0.16, width * 0.08, knot);
        ky -= width * c.rng.between(6.0, 7.5);
    }
}

/// Petals or leaves lying and falling about, in `colours`.
pub fn petals(c: &mut Canvas, top: f32, bottom: f32, colours: &[Rgb], count: usize) {
    for _ in 0..count {
        let (x, t) = (c.rng.between(0.0, c.w), c.rng.between(0.0, 1.0));
        let y = top + (bottom - top) * t;
        let (colour, turn, s) = (c.rng.pick(colours), c.rng.between(0.0, 180.0), 3.0 + 7.0 * t);
        let colour = c.lit(colour);
        c.turned(turn, x, y, |c| c.ellipse(x, y, s, s * 0.5, colour.fade(0.9)));
    }
}
