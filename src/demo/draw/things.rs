//! Things that people bring along: tents, cakes, balls, balloons.

use super::canvas::Canvas;
use super::colour::{Rgb, rgb};

/// Confetti, balloons and lanterns come in these.
pub const BRIGHT: [Rgb; 6] = [rgb(0xe8505b), rgb(0xf6b042), rgb(0x58b368), rgb(0x4a90d9), rgb(0xb565c9), rgb(0xff8fab)];

/// A tent with its entrance open, `w` wide; lit from inside after dark.
pub fn tent(c: &mut Canvas, x: f32, y: f32, w: f32, cloth: Rgb) {
    let (bright, side) = if c.light.is_dark() {
        (cloth.mix(rgb(0xffcf7a), 0.55), cloth.mix(rgb(0x3b2a4a), 0.3))
    } else {
        (c.lit(cloth), c.lit(cloth.dark(0.25)))
    };
    c.shadow(x, y, w * 0.62, w * 0.05);
    if c.light.is_dark() {
        c.glow(x, y - w * 0.2, w * 0.7, rgb(0xffc56b), 0.4);
    }
    let h = w * 0.52;
    c.poly(&[(x - w * 0.1, y - h), (x + w * 0.42, y - h * 0.86), (x + w * 0.62, y), (x + w * 0.28, y)], side);
    let front = c.down(bright.light(0.1), bright);
    c.poly(&[(x - w * 0.1, y - h), (x - w * 0.5, y), (x + w * 0.3, y)], &front);
    let inner = if c.light.is_dark() { rgb(0xffe6ac) } else { c.lit(rgb(0x3c3244)) };
    c.path(
        &format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {y:.1}L{:.1} {y:.1}Q{:.1} {:.1} {:.1} {:.1}Z",
            x - w * 0.1,
            y - h * 0.82,
            x - w * 0.14,
            y - h * 0.3,
            x - w * 0.26,
            x + w * 0.06,
            x - w * 0.05,
            y - h * 0.3,
            x - w * 0.1,
            y - h * 0.82
        ),
        inner,
    );
    c.line((x - w * 0.5, y), (x - w * 0.62, y + w * 0.02), w * 0.006, side);
}

/// A fire of logs with flames and sparks, `s` high.
pub fn campfire(c: &mut Canvas, x: f32, y: f32, s: f32) {
    c.glow(x, y - s * 0.3, s * 3.6, rgb(0xff9a3c), 0.6);
    let bark = rgb(0x6a4128);
    for (a, b) in [((-0.5, 0.02), (0.35, -0.14)), ((0.5, 0.02), (-0.35, -0.14)), ((-0.4, -0.02), (0.42, 0.0))] {
        c.line((x + a.0 * s, y + a.1 * s), (x + b.0 * s, y + b.1 * s), s * 0.13, bark);
    }
    for (scale, colour) in [(1.0, rgb(0xff6a2b)), (0.72, rgb(0xffa63c)), (0.44, rgb(0xffe38a))] {
        let (w, h) = (s * 0.36 * scale, s * scale);
        c.path(&format!("M{x:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {x:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {x:.1} {:.1}Z",
            y, x - w * 1.5, y, x - w * 1.2, y - h * 0.5, y - h, x + w * 0.1, y - h * 0.75, x + w * 0.5, y - h * 0.7, x + w * 0.55, y - h * 0.55,
            x + w * 1.3, y - h * 0.3, x + w * 1.2, y, y), colour);
    }
    for _ in 0..14 {
        let (dx, dy) = (c.rng.between(-0.8, 0.8), c.rng.between(0.9, 2.3));
        c.disc(x + dx * s, y - dy * s, s * 0.018, rgb(0xffc46b).fade(0.9));
    }
}

/// A hot-air balloon, `w` wide.
pub fn hot_air_balloon(c: &mut Canvas, x: f32, y: f32, w: f32, colours: [Rgb; 2], distance: f32) {
    let (h, basket) = (w * 1.16, c.far(rgb(0x8a5f3c), distance));
    for (i, share) in [1.0, 0.68, 0.34].into_iter().enumerate() {
        let colour = c.far(colours[i % 2], distance);
        let fill = c.across(colour.light(0.14), colour.dark(0.14));
        let half = w / 2.0 * share;
        let (side, mouth, top, bottom) = (half * 1.36, w * 0.09 * share, y - h * 0.5, y + h * 0.46);
        let d = format!(
            "M{x:.1} {top:.1}C{:.1} {top:.1} {:.1} {:.1} {:.1} {bottom:.1}H{:.1}C{:.1} {:.1} {:.1} {top:.1} {x:.1} {top:.1}Z",
            x - side,
            x - side,
            y + h * 0.14,
            x - mouth,
            x + mouth,
            x + side,
            y + h * 0.14,
            x + side
        );
        c.path(&d, &fill);
    }
    for dx in [-0.08, 0.08] {
        c.line((x + w * dx, y + h * 0.44), (x + w * dx * 0.7, y + h * 0.62), w * 0.008, basket);
    }
    c.round(x - w * 0.075, y + h * 0.6, w * 0.15, w * 0.12, w * 0.02, basket);
}

/// A snowman `h` high.
pub fn snowman(c: &mut Canvas, x: f32, y: f32, h: f32) {
    let (white, shade, coal) = (c.lit(rgb(0xffffff)).light(0.2), c.lit(rgb(0xc3d4ea)), c.lit(rgb(0x2b2b36)));
    c.shadow(x, y, h * 0.34, h * 0.05);
    for (dy, r) in [(0.24, 0.26), (0.57, 0.19), (0.82, 0.135)] {
        let fill = c.radial(white, shade);
        c.disc(x, y - h * dy, h * r, &fill);
    }
    for side in [-1.0, 1.0] {
        c.stroke(
            &format!(
                "M{:.1} {:.1}l{:.1} {:.1}l{:.1} {:.1}",
                x + side * h * 0.17,
                y - h * 0.6,
                side * h * 0.17,
                -h * 0.09,
                side * h * 0.05,
                -h * 0.06
            ),
            h * 0.02,
            c.lit(rgb(0x6a4a35)),
        );
        c.disc(x + side * h * 0.045, y - h * 0.86, h * 0.017, coal);
    }
    c.poly(&[(x, y - h * 0.83), (x + h * 0.13, y - h * 0.8), (x, y - h * 0.79)], c.lit(rgb(0xf28c38)));
    for dy in [0.62, 0.54, 0.3] {
        c.disc(x, y - h * dy, h * 0.018, coal);
    }
    c.stroke(
        &format!(
            "M{:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}",
            x - h * 0.12,
            y - h * 0.71,
            y - h * 0.66,
            x + h * 0.12,
            y - h * 0.71
        ),
        h * 0.05,
        c.lit(rgb(0xd2413a)),
    );
    c.rect(x - h * 0.15, y - h * 0.95, h * 0.3, h * 0.025, coal);
    c.rect(x - h * 0.1, y - h * 1.08, h * 0.2, h * 0.14, coal);
    c.rect(x - h * 0.1, y - h * 0.98, h * 0.2, h * 0.03, c.lit(rgb(0xd2413a)));
}

/// An open umbrella over somebody whose head is at `x`, `y`.
pub fn umbrella(c: &mut Canvas, x: f32, y: f32, w: f32, colour: Rgb) {
    let colour = c.lit(colour);
    c.line((x, y - w * 0.32), (x, y + w * 0.42), w * 0.02, c.lit(rgb(0x4a4250)));
    let fill = c.across(colour.light(0.14), colour.dark(0.2));
    let s = w / 4.0;
    c.path(&format!("M{:.1} {y:.1}A{:.1} {:.1} 0 0 1 {:.1} {y:.1}q{:.1} {:.1} {:.1} 0q{:.1} {:.1} {:.1} 0q{:.1} {:.1} {:.1} 0q{:.1} {:.1} {:.1} 0Z", x - w / 2.0, w / 2.0, w * 0.42, x + w / 2.0, -s / 2.0, -s * 0.4, -s, -s / 2.0, -s * 0.4, -s, -s / 2.0, -s * 0.4, -s, -s / 2.0, -s * 0.4, -s), &fill);
    c.line((x, y - w * 0.4), (x, y - w * 0.47), w * 0.025, colour.dark(0.3));
}

/// A football.
pub fn football(c: &mut Canvas, x: f32, y: f32, r: f32) {
    let fill = c.radial(rgb(0xffffff), c.lit(rgb(0xcfd3da)));
    c.shadow(x, y + r, r * 1.2, r * 0.2);
    c.disc(x, y, r, &fill);
    let black = c.lit(rgb(0x24242c));
    for i in 0..5 {
        let a = i as f32 * std::f32::consts::TAU / 5.0 - 0.3;
        c.line(
            (x + a.cos() * r * 0.3, y + a.sin() * r * 0.3),
            (x + a.cos() * r * 0.85, y + a.sin() * r * 0.85),
            r * 0.06,
            black,
        );
        c.disc(x + a.cos() * r * 0.86, y + a.sin() * r * 0.86, r * 0.15, black);
    }
    c.disc(x, y, r * 0.32, black);
}

/// A pumpkin.
pub fn pumpkin(c: &mut Canvas, x: f32, y: f32, r: f32) {
    let (orange, stalk) = (c.lit(rgb(0xee8a2d)), c.lit(rgb(0x5f7a3a)));
    c.shadow(x, y, r * 1.3, r * 0.2);
    for (dx, rx, tone) in
        [(-0.6, 0.45, 0.16), (0.6, 0.45, 0.16), (-0.32, 0.48, 0.06), (0.32, 0.48, 0.06), (0.0, 0.45, 0.0)]
    {
        c.ellipse(x + dx * r, y - r * 0.75, r * rx, r * 0.78, orange.dark(tone));
    }
    c.stroke(
        &format!("M{x:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}", y - r * 1.45, r * 0.05, -r * 0.3, r * 0.25, -r * 0.35),
        r * 0.16,
        stalk,
    );
}

/// A sand castle, `w` wide.
pub fn sand_castle(c: &mut Canvas, x: f32, y: f32, w: f32) {
    let sand = c.lit(rgb(0xd9a862));
    let fill = c.across(sand.light(0.14), sand.dark(0.18));
    c.shadow(x, y, w * 0.6, w * 0.06);
    for (dx, tw, h) in [(-0.36, 0.24, 0.42), (0.36, 0.24, 0.42), (0.0, 0.34, 0.6)] {
        c.rect(x + w * (dx - tw / 2.0), y - w * h, w * tw, w * h, &fill);
        for i in 0..3 {
            c.rect(x + w * (dx - tw / 2.0 + tw * 0.37 * i as f32), y - w * (h + 0.06), w * tw * 0.26, w * 0.07, &fill);
        }
    }
    c.rect(x - w * 0.5, y - w * 0.24, w, w * 0.24, &fill);
    c.path(
        &format!(
            "M{:.1} {y:.1}v{:.1}a{:.1} {:.1} 0 0 1 {:.1} 0V{y:.1}Z",
            x - w * 0.07,
            -w * 0.13,
            w * 0.07,
            w * 0.07,
            w * 0.14
        ),
        sand.dark(0.45),
    );
    c.line((x, y - w * 0.62), (x, y - w * 0.92), w * 0.012, c.lit(rgb(0x6a4a35)));
    c.poly(&[(x, y - w * 0.92), (x + w * 0.2, y - w * 0.85), (x, y - w * 0.78)], c.lit(rgb(0xe0533f)));
}

/// A checked picnic blanket seen at a slant, `w` wide.
pub fn blanket(c: &mut Canvas, x: f32, y: f32, w: f32, colour: Rgb) {
    let (white, red) = (c.lit(rgb(0xfff6ea)), c.lit(colour));
    let corner = |u: f32, v: f32| (x + w * ((u - 0.5) * (0.8 + 0.25 * v)), y - w * 0.24 * (1.0 - v));
    c.poly(&[corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)], white);
    for i in 0..5 {
        let (a, b) = (i as f32 / 5.0, i as f32 / 5.0 + 0.1);
        c.poly(&[corner(a, 0.0), corner(b, 0.0), corner(b, 1.0), corner(a, 1.0)], red.fade(0.6));
        c.poly(&[corner(0.0, a), corner(1.0, a), corner(1.0, b), corner(0.0, b)], red.fade(0.6));
    }
}

/// A wicker basket with bread and apples, `w` wide.
pub fn basket(c: &mut Canvas, x: f32, y: f32, w: f32) {
    let wicker = c.lit(rgb(0xb07b43));
    c.ring(x, y - w * 0.5, w * 0.42, w * 0.05, wicker.dark(0.2));
    c.turned(-18.0, x, y - w * 0.5, |c| {
        c.round(x - w * 0.1, y - w * 0.86, w * 0.16, w * 0.5, w * 0.08, c.lit(rgb(0xe0a860)))
    });
    for (dx, colour) in [(-0.22, rgb(0xd83f3f)), (0.02, rgb(0x8abf4a)), (0.24, rgb(0xd83f3f))] {
        c.disc(x + w * dx, y - w * 0.48, w * 0.13, c.lit(colour));
    }
    let fill = c.across(wicker.light(0.12), wicker.dark(0.2));
    c.path(
        &format!(
            "M{:.1} {:.1}L{:.1} {y:.1}L{:.1} {y:.1}L{:.1} {:.1}Z",
            x - w * 0.5,
            y - w * 0.46,
            x - w * 0.38,
            x + w * 0.38,
            x + w * 0.5,
            y - w * 0.46
        ),
        &fill,
    );
    for i in 1..4 {
        let ly = y - w * 0.46 + w * 0.12 * i as f32;
        c.line((x - w * 0.44, ly), (x + w * 0.44, ly), w * 0.018, wicker.dark(0.3));
    }
}

/// A pair of skis under somebody standing at `x`, `y`, pointing right and down.
pub fn skis(c: &mut Canvas, x: f32, y: f32, length: f32, colour: Rgb) {
    let colour = c.lit(colour);
    for dy in [0.0, length * 0.05] {
        c.stroke(
            &format!(
                "M{:.1} {:.1}L{:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}",
                x - length * 0.5,
                y + dy,
                x + length * 0.45,
                y + dy,
                length * 0.06,
                0.0,
                length * 0.09,
                -length * 0.05
            ),
            length * 0.035,
            colour,
        );
    }
}

/// A cone of ice cream in somebody's hand.
pub fn gelato(c: &mut Canvas, x: f32, y: f32, s: f32, scoops: [Rgb; 2]) {
    c.poly(&[(x - s * 0.3, y), (x + s * 0.3, y), (x, y + s)], c.lit(rgb(0xe0a558)));
    c.stroke(
        &format!(
            "M{:.1} {y:.1}L{:.1} {:.1}M{:.1} {y:.1}L{:.1} {:.1}",
            x - s * 0.15,
            x + s * 0.1,
            y + s * 0.66,
            x + s * 0.15,
            x - s * 0.1,
            y + s * 0.66
        ),
        s * 0.03,
        c.lit(rgb(0xb87f3a)),
    );
    for (dx, dy, colour) in [(-0.14, -0.1, scoops[0]), (0.14, -0.42, scoops[1])] {
        let fill = c.radial(c.lit(colour.light(0.3)), c.lit(colour));
        c.disc(x + dx * s, y + dy * s, s * 0.33, &fill);
    }
}
