//! What one travels to Japan to see.

use super::canvas::Canvas;
use super::colour::rgb;

/// A red shrine gate, `w` wide.
pub fn torii(c: &mut Canvas, x: f32, y: f32, w: f32, distance: f32) {
    let (red, dark) = (rgb(0xe0492f), c.far(rgb(0x2f2426), distance));
    let h = w * 0.98;
    let fill = c.across(c.far(red.light(0.1), distance), c.far(red.dark(0.25), distance));
    for side in [-1.0, 1.0] {
        let (top, foot) = (x + side * w * 0.36, x + side * w * 0.4);
        c.poly(
            &[
                (foot - w * 0.045, y),
                (top - w * 0.04, y - h * 0.9),
                (top + w * 0.04, y - h * 0.9),
                (foot + w * 0.045, y),
            ],
            &fill,
        );
        c.rect(foot - w * 0.056, y - h * 0.1, w * 0.112, h * 0.1, dark);
    }
    c.rect(x - w * 0.47, y - h * 0.72, w * 0.94, h * 0.065, &fill);
    c.rect(x - w * 0.035, y - h * 0.9, w * 0.07, h * 0.2, &fill);
    c.path(
        &format!(
            "M{:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Z",
            x - w * 0.56,
            y - h * 1.0,
            y - h * 0.9,
            x + w * 0.56,
            y - h * 1.0,
            x + w * 0.52,
            y - h * 0.88,
            y - h * 0.82,
            x - w * 0.52,
            y - h * 0.88
        ),
        &fill,
    );
    c.path(
        &format!(
            "M{:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Z",
            x - w * 0.6,
            y - h * 1.06,
            y - h * 0.94,
            x + w * 0.6,
            y - h * 1.06,
            x + w * 0.56,
            y - h * 0.98,
            y - h * 0.88,
            x - w * 0.56,
            y - h * 0.98
        ),
        dark,
    );
}

/// A five-storeyed pagoda, `w` wide at its lowest roof.
pub fn pagoda(c: &mut Canvas, x: f32, y: f32, w: f32, distance: f32) {
    let (wall, roof, red) =
        (c.far(rgb(0xf1e2cb), distance), c.far(rgb(0x3d4a55), distance), c.far(rgb(0xb9432f), distance));
    let storey = w * 0.36;
    for i in 0..5 {
        let scale = 1.0 - 0.13 * i as f32;
        let base = y - storey * i as f32 * 0.98;
        let (bw, rw) = (w * 0.5 * scale, w * scale);
        c.rect(x - bw / 2.0, base - storey, bw, storey, wall);
        for k in 0..4 {
            c.rect(x - bw / 2.0 + bw * k as f32 / 3.0 - w * 0.011, base - storey, w * 0.022, storey, red);
        }
        c.rect(x - bw * 0.58, base - storey * 0.28, bw * 1.16, storey * 0.07, red);
        let eave = base - storey * 0.74;
        let d = format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {x:.1} {eave:.1}Q{:.1} {:.1} {:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}Z",
            x - rw / 2.0,
            eave - storey * 0.08,
            x - rw * 0.25,
            eave + storey * 0.03,
            x + rw * 0.25,
            eave + storey * 0.03,
            x + rw / 2.0,
            eave - storey * 0.08,
            x + rw * 0.3,
            eave - storey * 0.14,
            x + bw * 0.5,
            eave - storey * 0.34,
            x - bw * 0.5,
            eave - storey * 0.34,
            x - rw * 0.3,
            eave - storey * 0.14,
            x - rw / 2.0,
            eave - storey * 0.08
        );
        let fill = c.down(roof.light(0.18), roof.dark(0.1));
        c.path(&d, &fill);
    }
    let top = y - storey * 4.9;
    c.poly(&[(x - w * 0.13, top + w * 0.02), (x, top - w * 0.12), (x + w * 0.13, top + w * 0.02)], roof);
    c.line((x, top - w * 0.1), (x, top - w * 0.42), w * 0.016, c.far(rgb(0xc8a04a), distance));
    for i in 0..4 {
        let ry = top - w * (0.17 + 0.055 * i as f32);
        c.ellipse(x, ry, w * 0.035, w * 0.012, c.far(rgb(0xc8a04a), distance));
    }
}

/// Mount Fuji: one wide cone with a white top.
pub fn fuji(c: &mut Canvas, x: f32, y: f32, w: f32) {
    let h = w * 0.36;
    let fill = c.down(c.far(rgb(0x5b7bb0), 0.25), c.far(rgb(0x7f9cc8), 0.55));
    let slope = format!(
        "M{:.1} {y:.1}Q{:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}Q{:.1} {:.1} {:.1} {y:.1}Z",
        x - w / 2.0,
        x - w * 0.14,
        y - h * 0.5,
        x - w * 0.055,
        y - h,
        x + w * 0.055,
        y - h * 0.985,
        x + w * 0.14,
        y - h * 0.5,
        x + w / 2.0
    );
    c.path(&slope, &fill);
    let white = c.far(rgb(0xffffff), 0.08);
    let d = format!(
        "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Z",
        x - w * 0.055,
        y - h,
        x + w * 0.055,
        y - h * 0.985,
        x + w * 0.138,
        y - h * 0.6,
        x + w * 0.1,
        y - h * 0.66,
        x + w * 0.06,
        y - h * 0.52,
        x + w * 0.01,
        y - h * 0.66,
        x - w * 0.045,
        y - h * 0.5,
        x - w * 0.09,
        y - h * 0.66,
        x - w * 0.137,
        y - h * 0.6
    );
    c.path(&d, white);
}
