//! In museums.

use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::rgb;
use crate::demo::draw::exhibits::{dinosaur, statue};
use crate::demo::draw::figure::{Figure, Pose, Wear, line_up};
use crate::demo::draw::furniture::painting;

/// A hall of marble statues.
pub fn statues(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    let wall = c.down(c.lit(rgb(0xa9b8b0)), c.lit(rgb(0xc9d3c9)));
    c.rect(0.0, 0.0, w, h * 0.76, &wall);
    for i in 0..5 {
        let x = w * (0.1 + 0.2 * i as f32);
        let niche = c.across(c.lit(rgb(0x7f928a)), c.lit(rgb(0x96a79f)));
        c.path(
            &format!(
                "M{:.1} {:.1}V{:.1}A{:.1} {:.1} 0 0 1 {:.1} {:.1}V{:.1}Z",
                x - w * 0.07,
                h * 0.76,
                h * 0.26,
                w * 0.07,
                w * 0.07,
                x + w * 0.07,
                h * 0.26,
                h * 0.76
            ),
            &niche,
        );
        if i < 4 {
            let column = c.across(c.lit(rgb(0xf6efe2)), c.lit(rgb(0xcbbfab)));
            c.rect(x + w * 0.083, h * 0.08, w * 0.034, h * 0.68, &column);
            for k in 0..2 {
                c.rect(x + w * 0.074, h * (0.06 + 0.675 * k as f32), w * 0.052, h * 0.028, c.lit(rgb(0xfbf6ea)));
            }
        }
    }
    c.rect(0.0, 0.0, w, h * 0.05, c.lit(rgb(0xfbf6ea)));
    let floor = c.down(c.lit(rgb(0xbfae98)), c.lit(rgb(0xe6dac6)));
    c.rect(0.0, h * 0.76, w, h * 0.24, &floor);
    for i in -8..=8 {
        let x = w * 0.5 + w * 0.06 * i as f32;
        c.line((x, h * 0.76), (w * 0.5 + (x - w * 0.5) * 2.6, h), 2.0, c.lit(rgb(0x9a8a74)).fade(0.6));
    }
    for (i, raised) in [true, false, true, false, true].into_iter().enumerate() {
        statue(c, w * (0.1 + 0.2 * i as f32), h * 0.79, h * if i == 2 { 0.62 } else { 0.54 }, raised);
    }
    line_up(c, cast, (w * 0.2, w * 0.8), h * 0.97, h * 0.5, Wear::Summer, &[Pose::POINT, Pose::HOLD.looking(-0.4)]);
}

/// Paintings in a gallery.
pub fn gallery(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    let wall = c.down(c.lit(rgb(0x7f3f46)), c.lit(rgb(0x94505a)));
    c.rect(0.0, 0.0, w, h * 0.76, &wall);
    for x in [0.2, 0.5, 0.8] {
        let beam = c.down(rgb(0xfff0c8).fade(0.4), rgb(0xfff0c8).fade(0.0));
        c.poly(
            &[(w * x - 10.0, 0.0), (w * x + 10.0, 0.0), (w * (x + 0.14), h * 0.66), (w * (x - 0.14), h * 0.66)],
            &beam,
        );
    }
    painting(c, w * 0.2, h * 0.33, w * 0.22, h * 0.32, 0);
    painting(c, w * 0.5, h * 0.31, w * 0.24, h * 0.42, 2);
    painting(c, w * 0.8, h * 0.33, w * 0.22, h * 0.32, 1);
    c.rect(0.0, h * 0.74, w, h * 0.025, c.lit(rgb(0x5a2c34)));
    let floor = c.down(c.lit(rgb(0x8a5f40)), c.lit(rgb(0xb58256)));
    c.rect(0.0, h * 0.76, w, h * 0.24, &floor);
    for i in -8..=8 {
        let x = w * 0.5 + w * 0.07 * i as f32;
        c.line((x, h * 0.76), (w * 0.5 + (x - w * 0.5) * 2.0, h), 2.0, c.lit(rgb(0x5a3c28)).fade(0.6));
    }
    line_up(
        c,
        cast,
        (w * 0.22, w * 0.78),
        h * 0.96,
        h * 0.54,
        Wear::Mild,
        &[Pose::POINT, Pose::HOLD.looking(-0.5), Pose::REST],
    );
}

/// The dinosaur in the natural history museum.
pub fn dinosaur_hall(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    let wall = c.down(c.lit(rgb(0x3f5a63)), c.lit(rgb(0x6b8a8c)));
    c.rect(0.0, 0.0, w, h * 0.78, &wall);
    for i in 0..4 {
        let x = w * (0.125 + 0.25 * i as f32);
        let glass = c.down(rgb(0xdff2f6), rgb(0xa9d3dc));
        c.path(
            &format!(
                "M{:.1} {:.1}V{:.1}A{:.1} {:.1} 0 0 1 {:.1} {:.1}V{:.1}Z",
                x - w * 0.085,
                h * 0.6,
                h * 0.2,
                w * 0.085,
                w * 0.085,
                x + w * 0.085,
                h * 0.2,
                h * 0.6
            ),
            &glass,
        );
        for k in [-0.028, 0.028] {
            c.rect(x + w * k - 2.0, h * 0.06, 4.0, h * 0.54, c.lit(rgb(0x3f5a63)));
        }
        let ray = c.down(rgb(0xffffff).fade(0.22), rgb(0xffffff).fade(0.0));
        c.poly(&[(x - w * 0.08, h * 0.2), (x + w * 0.08, h * 0.2), (x + w * 0.2, h), (x + w * 0.02, h)], &ray);
    }
    let floor = c.down(c.lit(rgb(0xa9987f)), c.lit(rgb(0xd0c2a8)));
    c.rect(0.0, h * 0.78, w, h * 0.22, &floor);
    dinosaur(c, w * 0.48, h * 0.86, w.min(h * 1.34) * 0.74);
    line_up(c, cast, (w * 0.1, w * 0.62), h * 0.97, h * 0.46, Wear::Mild, &[Pose::POINT, Pose::CHEER, Pose::REST]);
}
