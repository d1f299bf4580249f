//! What a feast needs: cake, balloons, presents, lights.

use super::canvas::Canvas;
use super::colour::{Rgb, rgb};
use super::things::BRIGHT;

/// A birthday cake with `candles` burning, `w` wide.
pub fn cake(c: &mut Canvas, x: f32, y: f32, w: f32, candles: usize) {
    let (sponge, icing, plate) = (c.lit(rgb(0xf3c98b)), c.lit(rgb(0xffb7c9)), c.lit(rgb(0xffffff)));
    c.ellipse(x, y, w * 0.62, w * 0.07, plate.dark(0.06));
    c.ellipse(x, y - w * 0.012, w * 0.58, w * 0.055, plate);
    for (half, base, height) in [(0.46, 0.0, 0.26), (0.32, 0.25, 0.2)] {
        let (left, top) = (x - w * half, y - w * (base + height));
        let body = c.across(sponge.light(0.12), sponge.dark(0.12));
        c.round(left, top, w * half * 2.0, w * height, w * 0.03, &body);
        let mut d = format!("M{left:.1} {:.1}V{top:.1}", top + w * 0.07);
        d.push_str(&format!(
            "Q{left:.1} {:.1} {x:.1} {:.1}Q{:.1} {:.1} {:.1} {top:.1}V{:.1}",
            top - w * 0.03,
            top - w * 0.03,
            x + w * half,
            top - w * 0.03,
            x + w * half,
            top + w * 0.07
        ));
        let drips = 7;
        for i in 0..drips {
            let dx = w * half * 2.0 / drips as f32;
            let deep = if i % 2 == 0 { 0.075 } else { 0.045 };
            d.push_str(&format!("q{:.1} {:.1} {:.1} 0", -dx / 2.0, w * deep, -dx));
        }
        d.push('Z');
        c.path(&d, icing);
        for i in 0..6 {
            let colour = c.rng.pick(&BRIGHT);
            c.disc(left + w * half * (0.2 + 0.32 * i as f32), top + w * height * 0.72, w * 0.016, c.lit(colour));
        }
    }
    let top = y - w * 0.46;
    for i in 0..candles {
        let spread = if candles > 1 { (i as f32 / (candles - 1) as f32 - 0.5) * w * 0.48 } else { 0.0 };
        let colour = BRIGHT[i % BRIGHT.len()];
        c.rect(x + spread - w * 0.013, top - w * 0.13, w * 0.026, w * 0.13, c.lit(colour));
        c.glow(x + spread, top - w * 0.18, w * 0.14, rgb(0xffd27a), 0.8);
        c.path(
            &format!(
                "M{:.1} {:.1}q{:.1} {:.1} 0 {:.1}q{:.1} {:.1} 0 {:.1}Z",
                x + spread,
                top - w * 0.14,
                -w * 0.03,
                -w * 0.03,
                -w * 0.075,
                w * 0.03,
                w * 0.045,
                w * 0.075
            ),
            rgb(0xffb02e),
        );
    }
}

/// A balloon on its string, its middle at `x`, `y`.
pub fn balloon(c: &mut Canvas, x: f32, y: f32, r: f32, colour: Rgb) {
    let colour = c.lit(colour);
    c.stroke(
        &format!("M{x:.1} {:.1}q{:.1} {:.1} 0 {:.1}t0 {:.1}", y + r * 1.2, r * 0.3, r * 0.7, r * 1.4, r * 1.2),
        r * 0.05,
        rgb(0x7a7a85).fade(0.7),
    );
    let fill = c.radial(colour.light(0.28), colour.dark(0.08));
    c.ellipse(x, y, r, r * 1.2, &fill);
    c.poly(&[(x, y + r * 1.15), (x - r * 0.14, y + r * 1.36), (x + r * 0.14, y + r * 1.36)], colour.dark(0.1));
    c.ellipse(x - r * 0.35, y - r * 0.5, r * 0.16, r * 0.3, rgb(0xffffff).fade(0.5));
}

/// A present with a bow, `s` wide.
pub fn gift(c: &mut Canvas, x: f32, y: f32, s: f32, paper: Rgb, ribbon: Rgb) {
    let (paper, ribbon) = (c.lit(paper), c.lit(ribbon));
    let fill = c.across(paper.light(0.06), paper.dark(0.16));
    c.rect(x - s / 2.0, y - s * 0.8, s, s * 0.8, &fill);
    c.rect(x - s * 0.54, y - s * 0.86, s * 1.08, s * 0.16, paper.light(0.12));
    c.rect(x - s * 0.07, y - s * 0.86, s * 0.14, s * 0.86, ribbon);
    for side in [-1.0, 1.0] {
        c.ellipse(x + side * s * 0.17, y - s * 0.95, s * 0.17, s * 0.09, ribbon.light(0.08));
    }
    c.disc(x, y - s * 0.93, s * 0.07, ribbon.dark(0.12));
}

/// A glowing paper lantern.
pub fn lantern(c: &mut Canvas, x: f32, y: f32, r: f32, colour: Rgb) {
    c.glow(x, y, r * 3.2, colour.light(0.3), 0.6);
    let fill = c.radial(rgb(0xfff0b8), colour);
    c.ellipse(x, y, r * 0.86, r, &fill);
    for dx in [-0.45, 0.0, 0.45] {
        c.stroke(
            &format!("M{x:.1} {:.1}q{:.1} {:.1} 0 {:.1}", y - r, r * dx * 2.0, r, r * 2.0),
            r * 0.035,
            colour.dark(0.25).fade(0.6),
        );
    }
    for dy in [-1.0, 0.9] {
        c.round(x - r * 0.34, y + r * dy - r * 0.06, r * 0.68, r * 0.16, r * 0.05, rgb(0x3b2a2a));
    }
}

/// Bulbs on a string from `a` to `b`.
pub fn fairy_lights(c: &mut Canvas, a: (f32, f32), b: (f32, f32), sag: f32, count: usize) {
    let mid = ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0 + sag * 2.0);
    c.stroke(
        &format!("M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}", a.0, a.1, mid.0, mid.1, b.0, b.1),
        2.0,
        rgb(0x2b2b33).fade(0.8),
    );
    for i in 1..count {
        let t = i as f32 / count as f32;
        let at = |p: f32, q: f32, r: f32| (1.0 - t) * (1.0 - t) * p + 2.0 * t * (1.0 - t) * q + t * t * r;
        let (x, y) = (at(a.0, mid.0, b.0), at(a.1, mid.1, b.1) + 8.0);
        c.glow(x, y, 26.0, rgb(0xffd27a), 0.75);
        c.disc(x, y, 5.0, rgb(0xfff4cf));
    }
}

/// Bunting: a string of little flags from `a` to `b`.
pub fn bunting(c: &mut Canvas, a: (f32, f32), b: (f32, f32), sag: f32, count: usize) {
    for i in 0..count {
        let at = |t: f32| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t + sag * 4.0 * t * (1.0 - t));
        let (p, q) = (at(i as f32 / count as f32), at((i + 1) as f32 / count as f32));
        c.line(p, q, 2.5, c.lit(rgb(0x8a7a6a)));
        let w = q.0 - p.0;
        c.poly(
            &[(p.0 + w * 0.12, p.1), (q.0 - w * 0.12, q.1), ((p.0 + q.0) / 2.0, p.1 + w.abs() * 0.95)],
            c.lit(BRIGHT[i % BRIGHT.len()]),
        );
    }
}

/// A guitar with its body at `x`, `y`.
pub fn guitar(c: &mut Canvas, x: f32, y: f32, s: f32) {
    let (wood, dark) = (c.lit(rgb(0xc9823f)), c.lit(rgb(0x3d2618)));
    c.turned(-28.0, x, y, |c| {
        c.rect(x + s * 0.2, y - s * 0.045, s * 1.0, s * 0.09, dark);
        c.rect(x + s * 1.15, y - s * 0.07, s * 0.2, s * 0.14, dark);
        let fill = c.radial(wood.light(0.2), wood.dark(0.15));
        c.disc(x - s * 0.1, y, s * 0.36, &fill);
        c.disc(x + s * 0.26, y, s * 0.26, &fill);
        c.disc(x + s * 0.12, y, s * 0.12, dark);
        c.rect(x - s * 0.3, y - s * 0.1, s * 0.06, s * 0.2, dark);
        c.line((x - s * 0.26, y), (x + s * 1.2, y), s * 0.012, rgb(0xf4ead8));
    });
}

/// A paper cone full of sweets, as German children get on their first day of school.
pub fn school_cone(c: &mut Canvas, x: f32, y: f32, h: f32, colour: Rgb) {
    let colour = c.lit(colour);
    c.turned(14.0, x, y, |c| {
        for (dx, tone) in [(-0.14, BRIGHT[1]), (0.0, BRIGHT[5]), (0.14, BRIGHT[3])] {
            c.disc(x + h * dx, y - h * 0.52, h * 0.1, c.lit(tone));
        }
        let fill = c.across(colour.light(0.15), colour.dark(0.2));
        c.poly(&[(x - h * 0.24, y - h * 0.5), (x + h * 0.24, y - h * 0.5), (x, y + h * 0.5)], &fill);
        for (t, r) in [(0.12, 0.03), (0.3, 0.025), (0.45, 0.02)] {
            c.disc(x - h * 0.07, y - h * (0.42 - t), h * r, c.lit(rgb(0xffe27a)));
            c.disc(x + h * 0.07, y - h * (0.36 - t), h * r, c.lit(rgb(0xffe27a)));
        }
        c.rect(x - h * 0.25, y - h * 0.52, h * 0.5, h * 0.06, c.lit(rgb(0xfff3d6)));
    });
}
