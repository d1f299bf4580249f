//! Houses, towers and stalls.

use super::canvas::Canvas;
use super::colour::{Rgb, rgb};

const LAMP: Rgb = rgb(0xffd98a);

/// A window pane: lit after dark, else reflecting the sky.
fn pane(c: &mut Canvas, x: f32, y: f32, w: f32, h: f32) {
    let lit = c.light.is_dark() && c.rng.chance(0.72);
    let fill = if lit {
        c.down(LAMP.light(0.35), LAMP)
    } else {
        let (a, b) = (c.lit(rgb(0xb9d9ee)), c.lit(rgb(0x7ba3c4)));
        c.down(a, b)
    };
    c.rect(x, y, w, h, &fill);
}

/// A cross-barred window with a frame.
pub fn window(c: &mut Canvas, x: f32, y: f32, w: f32, h: f32, frame: Rgb) {
    let frame = c.lit(frame);
    c.rect(x - w * 0.1, y - w * 0.1, w * 1.2, h + w * 0.2, frame);
    pane(c, x, y, w, h);
    c.rect(x + w * 0.46, y, w * 0.08, h, frame);
    c.rect(x, y + h * 0.44, w, w * 0.08, frame);
}

/// A house with a gable towards us; `w` wide, its walls `h` high.
pub fn house(c: &mut Canvas, x: f32, y: f32, w: f32, h: f32, wall: Rgb, roof: Rgb) {
    let fill = c.across(c.lit(wall.light(0.05)), c.lit(wall.dark(0.14)));
    c.shadow(x, y, w * 0.62, w * 0.05);
    c.rect(x - w / 2.0, y - h, w, h, &fill);
    c.poly(&[(x - w / 2.0, y - h), (x, y - h - w * 0.5), (x + w / 2.0, y - h)], &fill);
    let tiles = c.lit(roof);
    c.stroke(
        &format!(
            "M{:.1} {:.1}L{x:.1} {:.1}L{:.1} {:.1}",
            x - w * 0.58,
            y - h + w * 0.08,
            y - h - w * 0.5,
            x + w * 0.58,
            y - h + w * 0.08
        ),
        w * 0.075,
        tiles,
    );
    let frame = wall.light(0.75);
    window(c, x - w * 0.33, y - h * 0.8, w * 0.2, h * 0.28, frame);
    window(c, x + w * 0.13, y - h * 0.8, w * 0.2, h * 0.28, frame);
    window(c, x - w * 0.08, y - h - w * 0.24, w * 0.16, w * 0.15, frame);
    let door = c.lit(roof.dark(0.25));
    c.rect(x - w * 0.1, y - h * 0.42, w * 0.2, h * 0.42, door);
    c.disc(x + w * 0.065, y - h * 0.2, w * 0.014, c.lit(rgb(0xf0d080)));
}

/// A red fisherman's cabin on stilts over the water, as in Lofoten.
pub fn cabin_on_stilts(c: &mut Canvas, x: f32, y: f32, w: f32, wall: Rgb) {
    let h = w * 0.55;
    let wood = c.lit(rgb(0x6d5646));
    for i in 0..5 {
        let px = x - w * 0.46 + w * 0.23 * i as f32;
        c.line((px, y - h * 0.05), (px, y + h * 0.5), w * 0.03, wood);
    }
    c.rect(x - w * 0.58, y - h * 0.04, w * 1.16, h * 0.09, wood.light(0.15));
    let fill = c.down(c.lit(wall.light(0.06)), c.lit(wall.dark(0.12)));
    c.rect(x - w / 2.0, y - h, w, h, &fill);
    for i in 1..9 {
        let lx = x - w / 2.0 + w * i as f32 / 9.0;
        c.line((lx, y - h + 2.0), (lx, y - h * 0.06), w * 0.005, c.lit(wall.dark(0.22)));
    }
    c.poly(
        &[
            (x - w * 0.57, y - h * 0.95),
            (x - w * 0.4, y - h * 1.6),
            (x + w * 0.4, y - h * 1.6),
            (x + w * 0.57, y - h * 0.95),
        ],
        c.lit(rgb(0x4a4f5c)),
    );
    let white = rgb(0xfdfdf8);
    for dx in [-0.36, 0.2] {
        window(c, x + w * dx, y - h * 0.76, w * 0.15, h * 0.36, white);
    }
    let frame = c.lit(white);
    c.rect(x - w * 0.1, y - h * 0.72, w * 0.18, h * 0.68, frame);
    c.rect(x - w * 0.08, y - h * 0.68, w * 0.14, h * 0.64, c.lit(wall.dark(0.4)));
    c.rect(x - w / 2.0, y - h, w * 0.025, h, frame);
    c.rect(x + w * 0.475, y - h, w * 0.025, h, frame);
}

/// A tower block with rows of windows.
pub fn tower(c: &mut Canvas, x: f32, y: f32, w: f32, h: f32, wall: Rgb, distance: f32) {
    let fill = c.across(c.far(wall.light(0.08), distance), c.far(wall.dark(0.2), distance));
    c.rect(x, y - h, w, h, &fill);
    let columns = (w / 26.0).max(2.0) as usize;
    let rows = (h / 34.0).max(3.0) as usize;
    let (cw, rh) = (w / columns as f32, h / rows as f32);
    for row in 0..rows {
        for column in 0..columns {
            let lit = c.light.is_dark() && c.rng.chance(0.48);
            let colour = if lit {
                c.rng.pick(&[rgb(0xffd98a), rgb(0xffe9b8), rgb(0xffc36b), rgb(0xbfe3ff)])
            } else {
                c.far(wall.mix(rgb(0x7fa9cc), 0.55), distance)
            };
            c.rect(
                x + cw * (column as f32 + 0.25),
                y - h + rh * (row as f32 + 0.28),
                cw * 0.5,
                rh * 0.46,
                colour.fade(if lit { 0.95 - distance * 0.6 } else { 0.55 }),
            );
        }
    }
}

/// A row of towers along `y`, up to `h` high.
pub fn skyline(c: &mut Canvas, y: f32, h: f32, colours: &[Rgb], distance: f32) {
    let mut x = -20.0;
    while x < c.w {
        let (w, tall, colour) = (c.w * c.rng.between(0.045, 0.095), h * c.rng.between(0.4, 1.0), c.rng.pick(colours));
        tower(c, x, y, w, tall, colour, distance);
        x += w * c.rng.between(1.0, 1.25);
    }
}

/// A narrow canal house with a stepped gable, of `floors` floors.
pub fn gable_house(c: &mut Canvas, x: f32, y: f32, w: f32, floors: usize, wall: Rgb) {
    let floor = w * 0.72;
    let h = floor * floors as f32;
    let fill = c.across(c.lit(wall.light(0.06)), c.lit(wall.dark(0.12)));
    c.rect(x, y - h, w, h, &fill);
    for (i, share) in [0.86, 0.66, 0.44, 0.22].into_iter().enumerate() {
        let sw = w * share;
        c.rect(
            x + (w - sw) / 2.0,
            y - h - w * 0.14 * (i as f32 + 1.0),
            sw,
            w * 0.15,
            c.lit(wall.dark(0.03 * i as f32)),
        );
    }
    let white = rgb(0xfbf7ee);
    c.rect(x, y - h, w, w * 0.03, c.lit(white));
    for f in 0..floors {
        for column in 0..3 {
            if f == 0 && column == 1 {
                let door = c.lit(rgb(0x2f5a4a));
                c.rect(x + w * 0.4, y - floor * 0.7, w * 0.2, floor * 0.7, door);
                continue;
            }
            window(
                c,
                x + w * (0.12 + 0.29 * column as f32),
                y - floor * (f as f32 + 0.85),
                w * 0.17,
                floor * 0.55,
                white,
            );
        }
    }
    window(c, x + w * 0.42, y - h - w * 0.3, w * 0.16, w * 0.2, white);
}

/// A mountain lodge: broad wooden gable, balcony, snow on the roof where it snows.
pub fn chalet(c: &mut Canvas, x: f32, y: f32, w: f32, snow: bool) {
    let h = w * 0.5;
    let (wood, stone) = (c.lit(rgb(0x8a5a36)), c.lit(rgb(0xcfc7ba)));
    c.shadow(x, y, w * 0.65, w * 0.05);
    c.rect(x - w * 0.42, y - h * 0.42, w * 0.84, h * 0.42, stone);
    let fill = c.down(wood.light(0.08), wood.dark(0.2));
    c.poly(
        &[
            (x - w * 0.45, y - h * 0.4),
            (x - w * 0.45, y - h * 0.85),
            (x, y - h * 1.4),
            (x + w * 0.45, y - h * 0.85),
            (x + w * 0.45, y - h * 0.4),
        ],
        &fill,
    );
    let roof = c.lit(rgb(0x4e342a));
    let d = format!(
        "M{:.1} {:.1}L{x:.1} {:.1}L{:.1} {:.1}",
        x - w * 0.6,
        y - h * 0.72,
        y - h * 1.45,
        x + w * 0.6,
        y - h * 0.72
    );
    c.stroke(&d, w * 0.045, roof);
    if snow {
        let d = format!(
            "M{:.1} {:.1}L{x:.1} {:.1}L{:.1} {:.1}",
            x - w * 0.6,
            y - h * 0.8,
            y - h * 1.54,
            x + w * 0.6,
            y - h * 0.8
        );
        c.stroke(&d, w * 0.06, c.lit(rgb(0xffffff)).light(0.15));
    }
    for dx in [-0.3, -0.06, 0.18] {
        window(c, x + w * dx, y - h * 0.86, w * 0.12, h * 0.26, rgb(0xf7efe2));
    }
    for dx in [-0.32, 0.2] {
        window(c, x + w * dx, y - h * 0.34, w * 0.12, h * 0.22, rgb(0xf7efe2));
    }
    window(c, x - w * 0.05, y - h * 1.16, w * 0.1, h * 0.16, rgb(0xf7efe2));
    c.rect(x - w * 0.06, y - h * 0.34, w * 0.13, h * 0.34, wood.dark(0.35));
    c.rect(x - w * 0.46, y - h * 0.54, w * 0.92, h * 0.035, wood.light(0.2));
    for i in 0..24 {
        c.rect(x - w * 0.45 + w * 0.9 * i as f32 / 24.0, y - h * 0.54, w * 0.012, h * 0.13, wood.light(0.12));
    }
    c.rect(x - w * 0.46, y - h * 0.42, w * 0.92, h * 0.035, wood.dark(0.2));
}

/// A market stall with a striped awning; `goods` are the colours of what lies on it.
pub fn stall(c: &mut Canvas, x: f32, y: f32, w: f32, stripe: Rgb, goods: &[Rgb]) {
    let h = w * 0.82;
    let (post, white, stripe) = (c.lit(rgb(0x7a5940)), c.lit(rgb(0xfff8ec)), c.lit(stripe));
    c.shadow(x, y, w * 0.6, w * 0.05);
    for dx in [-0.46, 0.44] {
        c.rect(x + w * dx, y - h, w * 0.025, h, post);
    }
    let back = c.down(c.lit(rgb(0x5c4536)), c.lit(rgb(0x3e2e26)));
    c.rect(x - w * 0.44, y - h * 0.9, w * 0.88, h * 0.55, &back);
    if c.light.is_dark() {
        c.glow(x, y - h * 0.62, w * 0.5, LAMP, 0.75);
    }
    let counter = c.down(c.lit(rgb(0xa87a52)), c.lit(rgb(0x7d5638)));
    c.rect(x - w * 0.5, y - h * 0.38, w, h * 0.38, &counter);
    for row in 0..2 {
        for i in 0..9 {
            let colour = c.rng.pick(goods);
            let (gx, gy) =
                (x - w * 0.44 + w * 0.11 * (i as f32 + 0.5 * row as f32), y - h * (0.40 + 0.055 * row as f32));
            let fill = c.radial(c.lit(colour.light(0.25)), c.lit(colour.dark(0.05)));
            c.disc(gx, gy, w * 0.048, &fill);
        }
    }
    let stripes = 9;
    let sw = w * 1.12 / stripes as f32;
    for i in 0..stripes {
        let (x0, colour) = (x - w * 0.56 + sw * i as f32, if i % 2 == 0 { stripe } else { white });
        let inner = |at: f32| x + (at - x) * 0.86;
        c.poly(
            &[(inner(x0), y - h * 1.16), (inner(x0 + sw), y - h * 1.16), (x0 + sw, y - h * 0.9), (x0, y - h * 0.9)],
            colour,
        );
        c.path(
            &format!("M{x0:.1} {:.1}h{sw:.1}a{:.1} {:.1} 0 0 1 {:.1} 0Z", y - h * 0.905, sw / 2.0, sw / 2.2, -sw),
            colour.dark(0.08),
        );
    }
}

/// A lighthouse `h` high.
pub fn lighthouse(c: &mut Canvas, x: f32, y: f32, h: f32) {
    let (white, red, dark) = (c.lit(rgb(0xfbf8f0)), c.lit(rgb(0xd2413a)), c.lit(rgb(0x3a3f4a)));
    let edge = |t: f32, side: f32| (x + side * h * (0.1 - 0.045 * t), y - h * 0.78 * t);
    for i in 0..5 {
        let (a, b) = (i as f32 / 5.0, (i + 1) as f32 / 5.0);
        let colour = if i % 2 == 0 { white } else { red };
        let fill = c.across(colour.light(0.05), colour.dark(0.2));
        c.poly(&[edge(a, -1.0), edge(b, -1.0), edge(b, 1.0), edge(a, 1.0)], &fill);
    }
    let top = y - h * 0.78;
    if c.light.is_dark() {
        let beam = c.across(rgb(0xfff0b0).fade(0.5), rgb(0xfff0b0).fade(0.0));
        c.poly(&[(x, top - h * 0.06), (c.w, top - h * 0.3), (c.w, top + h * 0.06)], &beam);
        c.glow(x, top - h * 0.06, h * 0.3, rgb(0xfff0b0), 0.9);
    }
    c.rect(x - h * 0.08, top - h * 0.02, h * 0.16, h * 0.025, dark);
    c.rect(x - h * 0.045, top - h * 0.12, h * 0.09, h * 0.1, rgb(0xffeaa6));
    c.rect(x - h * 0.004, top - h * 0.12, h * 0.008, h * 0.1, dark);
    c.path(
        &format!(
            "M{:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Z",
            x - h * 0.062,
            top - h * 0.12,
            top - h * 0.25,
            x + h * 0.062,
            top - h * 0.12
        ),
        red,
    );
    c.rect(x - h * 0.02, y - h * 0.1, h * 0.04, h * 0.1, dark);
}
