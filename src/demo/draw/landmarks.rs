//! What one travels to see.

use super::canvas::Canvas;
use super::colour::rgb;

/// The Colosseum, `w` wide, standing at `y`: three storeys of arches, broken off on the right.
pub fn colosseum(c: &mut Canvas, x: f32, y: f32, w: f32) {
    let stone = rgb(0xd9b98c);
    let h = w * 0.42;
    let left = x - w / 2.0;
    c.shadow(x, y, w * 0.56, w * 0.04);
    let fill = c.across(c.lit(stone.light(0.1)), c.lit(stone.dark(0.3)));
    let d = format!(
        "M{left:.1} {y:.1}L{:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Q{:.1} {:.1} {:.1} {y:.1}Z",
        left + w * 0.015,
        y - h * 0.95,
        y - h * 1.1,
        left + w * 0.56,
        y - h * 1.03,
        left + w * 0.6,
        y - h * 0.88,
        left + w * 0.66,
        y - h * 0.84,
        left + w * 0.69,
        y - h * 0.64,
        left + w * 0.97,
        y - h * 0.6,
        left + w * 1.01,
        y - h * 0.3,
        left + w
    );
    c.path(&d, &fill);
    let (dark, ledge) = (c.lit(rgb(0x5d4330)), c.lit(stone.light(0.3)));
    for storey in 0..3 {
        let base = y - h * (0.03 + 0.3 * storey as f32);
        let columns = if storey == 2 { 8 } else { 13 };
        for i in 0..columns {
            let t = (i as f32 + 0.5) / 13.0;
            // Arches narrow towards the rims: the wall is round.
            let ax = left + w * (0.5 - (std::f32::consts::PI * (0.07 + 0.86 * t)).cos() * 0.49);
            let aw = w * 0.022 * (0.45 + 0.75 * (std::f32::consts::PI * (0.07 + 0.86 * t)).sin());
            let ah = h * 0.13;
            let hollow = c.down(dark, dark.light(0.18));
            c.path(
                &format!(
                    "M{:.1} {base:.1}V{:.1}A{aw:.1} {aw:.1} 0 0 1 {:.1} {:.1}V{base:.1}Z",
                    ax - aw,
                    base - ah,
                    ax + aw,
                    base - ah
                ),
                &hollow,
            );
        }
        let end = if storey == 2 { left + w * 0.6 } else { left + w * 0.99 };
        c.stroke(
            &format!(
                "M{:.1} {:.1}Q{x:.1} {:.1} {end:.1} {:.1}",
                left + w * 0.01,
                base - h * 0.225,
                base - h * 0.26,
                base - h * 0.23
            ),
            h * 0.022,
            ledge,
        );
    }
    for i in 0..7 {
        c.rect(left + w * (0.06 + 0.073 * i as f32), y - h * 0.985, w * 0.013, h * 0.06, dark);
    }
}

/// A domed church, `w` wide.
pub fn dome(c: &mut Canvas, x: f32, y: f32, w: f32, distance: f32) {
    let (stone, lead) = (rgb(0xe6d3b3), rgb(0x7fa09a));
    let (wall, roof) = (
        c.across(c.far(stone.light(0.1), distance), c.far(stone.dark(0.25), distance)),
        c.across(c.far(lead.light(0.2), distance), c.far(lead.dark(0.28), distance)),
    );
    c.rect(x - w * 0.5, y - w * 0.42, w, w * 0.42, &wall);
    c.poly(&[(x - w * 0.3, y - w * 0.42), (x, y - w * 0.56), (x + w * 0.3, y - w * 0.42)], &wall);
    c.rect(x - w * 0.27, y - w * 0.66, w * 0.54, w * 0.22, &wall);
    c.path(
        &format!(
            "M{:.1} {:.1}A{:.1} {:.1} 0 0 1 {:.1} {:.1}Z",
            x - w * 0.3,
            y - w * 0.65,
            w * 0.3,
            w * 0.34,
            x + w * 0.3,
            y - w * 0.65
        ),
        &roof,
    );
    for dx in [-0.14, 0.0, 0.14] {
        let f: f32 = dx;
        c.stroke(
            &format!(
                "M{:.1} {:.1}Q{:.1} {:.1} {x:.1} {:.1}",
                x + f * w * 1.6,
                y - w * 0.66,
                x + f * w * 1.5,
                y - w * 0.9,
                y - w * 0.99
            ),
            w * 0.008,
            c.far(lead.dark(0.35), distance),
        );
    }
    c.rect(x - w * 0.045, y - w * 1.1, w * 0.09, w * 0.12, &wall);
    c.path(
        &format!(
            "M{:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Z",
            x - w * 0.06,
            y - w * 1.1,
            y - w * 1.24,
            x + w * 0.06,
            y - w * 1.1
        ),
        &roof,
    );
    c.line((x, y - w * 1.16), (x, y - w * 1.28), w * 0.012, c.far(rgb(0xcaa24a), distance));
    let hollow = c.far(rgb(0x6a5442), distance);
    for dx in [-0.36, -0.18, 0.0, 0.18, 0.36] {
        c.round(x + w * (dx - 0.04), y - w * 0.3, w * 0.08, w * 0.2, w * 0.04, hollow);
    }
    for dx in [-0.18, -0.06, 0.06, 0.18] {
        c.round(x + w * (dx - 0.022), y - w * 0.61, w * 0.044, w * 0.12, w * 0.02, hollow);
    }
}

/// A fountain with a basin, `w` wide.
pub fn fountain(c: &mut Canvas, x: f32, y: f32, w: f32) {
    let (stone, dark, water) = (c.lit(rgb(0xe9dcc6)), c.lit(rgb(0xb7a68c)), c.lit(rgb(0x76bfdc)));
    c.shadow(x, y, w * 0.6, w * 0.08);
    let basin = c.across(stone, dark);
    c.path(
        &format!(
            "M{:.1} {:.1}Q{:.1} {y:.1} {x:.1} {y:.1}Q{:.1} {y:.1} {:.1} {:.1}Z",
            x - w * 0.52,
            y - w * 0.17,
            x - w * 0.5,
            x + w * 0.5,
            x + w * 0.52,
            y - w * 0.17
        ),
        &basin,
    );
    c.ellipse(x, y - w * 0.17, w * 0.52, w * 0.08, stone);
    c.ellipse(x, y - w * 0.17, w * 0.46, w * 0.06, water);
    c.rect(x - w * 0.045, y - w * 0.52, w * 0.09, w * 0.36, &basin);
    c.path(
        &format!(
            "M{:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Z",
            x - w * 0.24,
            y - w * 0.54,
            y - w * 0.36,
            x + w * 0.24,
            y - w * 0.54
        ),
        &basin,
    );
    c.ellipse(x, y - w * 0.54, w * 0.24, w * 0.04, water);
    c.rect(x - w * 0.03, y - w * 0.68, w * 0.06, w * 0.14, stone);
    let spray = rgb(0xf2fbff);
    for side in [-1.0, 1.0] {
        for (reach, opacity) in [(0.12, 0.9), (0.2, 0.7)] {
            let d = format!(
                "M{x:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
                y - w * 0.68,
                x + side * w * reach * 0.7,
                y - w * 0.84,
                x + side * w * reach,
                y - w * 0.55
            );
            c.stroke(&d, w * 0.014, spray.fade(opacity));
        }
        c.stroke(
            &format!(
                "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
                x + side * w * 0.23,
                y - w * 0.53,
                x + side * w * 0.31,
                y - w * 0.46,
                x + side * w * 0.33,
                y - w * 0.18
            ),
            w * 0.016,
            spray.fade(0.75),
        );
    }
}

/// A television tower with its ball, `h` high.
pub fn tv_tower(c: &mut Canvas, x: f32, y: f32, h: f32) {
    let concrete = c.far(rgb(0xc3c9d4), 0.1);
    let fill = c.across(concrete.light(0.1), concrete.dark(0.3));
    c.poly(
        &[(x - h * 0.026, y), (x - h * 0.009, y - h * 0.62), (x + h * 0.009, y - h * 0.62), (x + h * 0.026, y)],
        &fill,
    );
    let ball = c.radial(concrete.light(0.35), concrete.dark(0.3));
    c.disc(x, y - h * 0.64, h * 0.045, &ball);
    for i in 0..8 {
        c.disc(x - h * 0.036 + h * 0.0103 * i as f32, y - h * 0.64, h * 0.0035, rgb(0xffe6a0));
    }
    c.rect(x - h * 0.008, y - h * 0.76, h * 0.016, h * 0.09, concrete);
    for i in 0..6 {
        let colour = if i % 2 == 0 { rgb(0xd84a3f) } else { rgb(0xf4f4f4) };
        c.rect(x - h * 0.0045, y - h * (0.76 + 0.04 * (i + 1) as f32), h * 0.009, h * 0.04, c.lit(colour));
    }
    c.glow(x, y - h, h * 0.03, rgb(0xff5a4a), 0.9);
}

/// A windmill `h` high.
pub fn windmill(c: &mut Canvas, x: f32, y: f32, h: f32) {
    let (body, cap) = (c.across(c.far(rgb(0xa8745a), 0.1), c.far(rgb(0x6f4a3c), 0.1)), c.far(rgb(0x4a4038), 0.1));
    c.poly(&[(x - h * 0.17, y), (x - h * 0.1, y - h * 0.55), (x + h * 0.1, y - h * 0.55), (x + h * 0.17, y)], &body);
    c.path(
        &format!(
            "M{:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Z",
            x - h * 0.12,
            y - h * 0.54,
            y - h * 0.75,
            x + h * 0.12,
            y - h * 0.54
        ),
        cap,
    );
    let (hx, hy) = (x, y - h * 0.6);
    let (sail, wood) = (c.far(rgb(0xf7efe0), 0.1), c.far(rgb(0x5a4434), 0.1));
    for turn in [20.0, 110.0, 200.0, 290.0] {
        c.turned(turn, hx, hy, |c| {
            c.rect(hx, hy - h * 0.4, h * 0.075, h * 0.33, sail.fade(0.9));
            c.line((hx, hy), (hx, hy - h * 0.42), h * 0.014, wood);
            for i in 0..6 {
                c.line(
                    (hx, hy - h * (0.1 + 0.055 * i as f32)),
                    (hx + h * 0.075, hy - h * (0.1 + 0.055 * i as f32)),
                    h * 0.005,
                    wood,
                );
            }
        });
    }
    c.disc(hx, hy, h * 0.02, wood);
    c.round(x - h * 0.035, y - h * 0.14, h * 0.07, h * 0.14, h * 0.03, cap);
}
