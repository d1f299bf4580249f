//! What stands in museums.

use super::canvas::Canvas;
use super::colour::{Rgb, rgb};

/// The skeleton of a long-necked dinosaur on its plinth, `w` long.
pub fn dinosaur(c: &mut Canvas, x: f32, y: f32, w: f32) {
    let (bone, dark) = (c.lit(rgb(0xf0e2c4)), c.lit(rgb(0xc7b48e)));
    c.shadow(x, y, w * 0.55, w * 0.03);
    c.at(x, y, w / 400.0, |c| {
        c.rect(-190.0, -14.0, 380.0, 14.0, c.lit(rgb(0x6b5a4c)));
        let spine: [(f32, f32); 22] = [
            (-196.0, -96.0),
            (-176.0, -104.0),
            (-156.0, -112.0),
            (-136.0, -121.0),
            (-116.0, -131.0),
            (-96.0, -141.0),
            (-76.0, -150.0),
            (-56.0, -158.0),
            (-36.0, -163.0),
            (-14.0, -165.0),
            (8.0, -164.0),
            (30.0, -160.0),
            (50.0, -158.0),
            (66.0, -166.0),
            (80.0, -182.0),
            (92.0, -200.0),
            (102.0, -220.0),
            (111.0, -240.0),
            (120.0, -260.0),
            (130.0, -278.0),
            (142.0, -292.0),
            (156.0, -300.0),
        ];
        for (i, (sx, sy)) in spine.into_iter().enumerate() {
            if (7..13).contains(&i) {
                c.stroke(&format!("M{sx:.1} {sy:.1}q-16 36 2 72q6 8 12 4"), 5.0, dark);
                c.stroke(&format!("M{sx:.1} {sy:.1}q-14 34 0 66"), 5.5, bone);
            }
        }
        for (i, pair) in spine.windows(2).enumerate() {
            let width = if (6..14).contains(&i) { 12.0 } else { 5.0 + 5.0 * (i as f32 / 12.0).min(1.0) };
            c.line(pair[0], pair[1], width * 0.55, dark);
            c.disc(pair[0].0, pair[0].1, width * 0.66, bone);
            c.line((pair[0].0, pair[0].1), (pair[0].0 - 3.0, pair[0].1 - width * 1.25), 3.4, bone);
        }
        for (hx, hy, knee, foot, colour) in [
            (-52.0, -150.0, (-66.0, -84.0), (-52.0, -16.0), dark),
            (40.0, -146.0, (52.0, -84.0), (42.0, -16.0), dark),
            (-40.0, -150.0, (-30.0, -84.0), (-40.0, -16.0), bone),
            (54.0, -146.0, (74.0, -82.0), (68.0, -16.0), bone),
        ] {
            c.line((hx, hy), knee, 11.0, colour);
            c.line(knee, foot, 8.5, colour);
            c.disc(knee.0, knee.1, 8.0, colour);
            c.round(foot.0 - 8.0, foot.1 - 6.0, 26.0, 8.0, 4.0, colour);
        }
        c.path(
            "M148 -312C166 -320 186 -310 202 -298L200 -290C184 -288 168 -284 156 -288C144 -294 142 -306 148 -312Z",
            bone,
        );
        c.stroke("M160 -284Q180 -282 198 -284", 4.0, dark);
        c.disc(166.0, -303.0, 5.0, c.lit(rgb(0x5b4a3c)));
    });
}

/// A marble statue on a pedestal, `h` high; `raised` lifts its arm.
pub fn statue(c: &mut Canvas, x: f32, y: f32, h: f32, raised: bool) {
    let (marble, shade) = (c.lit(rgb(0xf7f3ec)), c.lit(rgb(0xcfc7bd)));
    let fill = c.across(marble, shade);
    c.shadow(x, y, h * 0.2, h * 0.025);
    c.rect(x - h * 0.13, y - h * 0.2, h * 0.26, h * 0.2, &fill);
    c.rect(x - h * 0.15, y - h * 0.22, h * 0.3, h * 0.03, marble);
    let d = format!(
        "M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}Z",
        x - h * 0.1,
        y - h * 0.22,
        x - h * 0.12,
        y - h * 0.45,
        x - h * 0.04,
        y - h * 0.55,
        x - h * 0.09,
        y - h * 0.78,
        x + h * 0.09,
        y - h * 0.78,
        x + h * 0.05,
        y - h * 0.55,
        x + h * 0.13,
        y - h * 0.45,
        x + h * 0.1,
        y - h * 0.22
    );
    c.path(&d, &fill);
    for dx in [-0.05, 0.0, 0.05] {
        c.stroke(
            &format!(
                "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
                x + h * dx,
                y - h * 0.5,
                x + h * (dx + 0.03),
                y - h * 0.38,
                x + h * dx,
                y - h * 0.24
            ),
            h * 0.008,
            shade.dark(0.1),
        );
    }
    let (hand, other) = if raised {
        ((x + h * 0.2, y - h * 0.98), (x - h * 0.13, y - h * 0.52))
    } else {
        ((x + h * 0.13, y - h * 0.5), (x - h * 0.02, y - h * 0.6))
    };
    c.stroke(
        &format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
            x + h * 0.075,
            y - h * 0.75,
            x + h * 0.17,
            y - h * if raised { 0.8 } else { 0.64 },
            hand.0,
            hand.1
        ),
        h * 0.045,
        marble.dark(0.04),
    );
    c.stroke(
        &format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
            x - h * 0.075,
            y - h * 0.75,
            x - h * 0.16,
            y - h * 0.64,
            other.0,
            other.1
        ),
        h * 0.045,
        shade,
    );
    c.rect(x - h * 0.02, y - h * 0.83, h * 0.04, h * 0.06, shade);
    c.ellipse(x, y - h * 0.87, h * 0.048, h * 0.058, marble);
    for i in 0..7 {
        c.disc(
            x - h * 0.045 + h * 0.015 * i as f32,
            y - h * (0.9 + 0.022 * (i as f32 / 6.0 * 3.1).sin()),
            h * 0.016,
            Rgb::dark(shade, 0.03),
        );
    }
}
