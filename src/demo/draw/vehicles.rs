//! Boats, trains, and whatever else moves people.

use super::canvas::Canvas;
use super::colour::{Rgb, rgb};

/// A sailing boat, `w` long, on water at `y`.
pub fn sailboat(c: &mut Canvas, x: f32, y: f32, w: f32, hull: Rgb, sail: Rgb) {
    let sail = c.lit(sail);
    c.at(x, y, w / 200.0, |c| {
        c.ellipse(0.0, 12.0, 108.0, 7.0, rgb(0xffffff).fade(0.35));
        c.line((0.0, -16.0), (0.0, -250.0), 5.0, c.lit(rgb(0x7a5b40)));
        let fill = c.across(sail, sail.dark(0.14));
        c.path("M7 -244Q74 -120 92 -38L7 -34Z", &fill);
        let jib = c.across(sail.light(0.2), sail);
        c.path("M-7 -226Q-46 -120 -82 -30L-7 -34Z", &jib);
        c.line((2.0, -30.0), (96.0, -34.0), 4.0, c.lit(rgb(0x7a5b40)));
        c.path("M0 -250L-26 -243L0 -236Z", c.lit(rgb(0xe0533f)));
    });
    sailboat_hull(c, x, y, w, hull);
}

/// The hull of a sailing boat alone, to be drawn over who sits in it.
pub fn sailboat_hull(c: &mut Canvas, x: f32, y: f32, w: f32, hull: Rgb) {
    let (hull, deck) = (c.lit(hull), c.lit(rgb(0xd9b382)));
    c.at(x, y, w / 200.0, |c| {
        let body = c.down(hull.light(0.1), hull.dark(0.25));
        c.path("M-104 -20Q0 -10 104 -20Q92 12 62 14L-66 14Q-96 8 -104 -20Z", &body);
        c.path("M-104 -20Q0 -10 104 -20L102 -14Q0 -4 -102 -14Z", deck);
    });
}

/// A rowing boat, `w` long, on water at `y`; what sits in it is drawn before.
pub fn rowing_boat(c: &mut Canvas, x: f32, y: f32, w: f32, paint: Rgb) {
    let (paint, rim) = (c.lit(paint), c.lit(rgb(0xf3e3c7)));
    c.at(x, y, w / 200.0, |c| {
        c.ellipse(0.0, 26.0, 108.0, 7.0, rgb(0xffffff).fade(0.4));
        let body = c.down(paint.light(0.1), paint.dark(0.25));
        c.path("M-108 -24Q0 0 108 -24Q88 28 52 30L-54 30Q-90 26 -108 -24Z", &body);
        c.stroke("M-108 -24Q0 0 108 -24", 6.0, rim);
        c.stroke("M-96 4Q0 22 96 4", 2.5, paint.dark(0.35));
        c.line((34.0, -22.0), (132.0, 34.0), 5.0, c.lit(rgb(0x8a6848)));
        c.ellipse(132.0, 34.0, 14.0, 6.0, c.lit(rgb(0x8a6848)));
    });
}

/// A small fishing boat with a wheelhouse, `w` long.
pub fn fishing_boat(c: &mut Canvas, x: f32, y: f32, w: f32, paint: Rgb) {
    let (paint, white) = (c.lit(paint), c.lit(rgb(0xfbfaf4)));
    c.at(x, y, w / 200.0, |c| {
        c.ellipse(0.0, 16.0, 112.0, 8.0, rgb(0xffffff).fade(0.4));
        c.rect(28.0, -78.0, 44.0, 52.0, white);
        c.rect(24.0, -84.0, 54.0, 8.0, paint);
        c.rect(34.0, -70.0, 14.0, 16.0, c.lit(rgb(0x6da3c0)));
        c.rect(52.0, -70.0, 14.0, 16.0, c.lit(rgb(0x6da3c0)));
        c.line((50.0, -84.0), (50.0, -140.0), 4.0, c.lit(rgb(0x7a5b40)));
        c.stroke("M50 -136L-90 -34M50 -136L98 -36", 1.6, c.lit(rgb(0x4b4b52)));
        c.path("M50 -138L76 -130L50 -122Z", c.lit(rgb(0xd84a3f)));
        let body = c.down(paint.light(0.08), paint.dark(0.3));
        c.path("M-112 -38Q-40 -18 30 -24Q80 -26 104 -34Q98 12 74 16L-70 16Q-100 4 -112 -38Z", &body);
        c.stroke("M-112 -38Q-40 -18 30 -24Q80 -26 104 -34", 6.0, white);
        c.stroke("M-98 -4Q-30 12 92 0", 3.0, white);
    });
}

/// A white express train with its nose to the right, `w` long, wheels at `y`.
pub fn express_train(c: &mut Canvas, x: f32, y: f32, w: f32) {
    let (white, blue, glass) = (c.lit(rgb(0xfafcff)), c.lit(rgb(0x2457a8)), c.lit(rgb(0x24364e)));
    c.at(x, y, w / 600.0, |c| {
        c.ellipse(0.0, 4.0, 310.0, 9.0, rgb(0x14101c).fade(0.25));
        let body = c.down(white, white.dark(0.16));
        c.path("M-320 -88L150 -88C220 -86 268 -48 306 -14Q310 -6 296 -4L-320 -4Z", &body);
        c.path("M-320 -30L282 -30Q296 -20 304 -14L-320 -14Z", blue);
        c.path("M182 -82C214 -76 238 -60 254 -46L206 -46Q190 -60 182 -82Z", glass);
        for i in 0..15 {
            c.round(-312.0 + 31.0 * i as f32, -70.0, 20.0, 22.0, 5.0, glass);
        }
        for i in 1..4 {
            c.rect(-320.0 + 158.0 * i as f32, -86.0, 2.5, 80.0, white.dark(0.25));
        }
        c.glow(286.0, -20.0, 26.0, rgb(0xfff3c0), 0.9);
        c.rect(-320.0, -4.0, 596.0, 8.0, c.lit(rgb(0x3b4250)));
    });
}

/// A bicycle to the right, wheels `r` in radius, standing at `y`; returns the saddle.
pub fn bicycle(c: &mut Canvas, x: f32, y: f32, r: f32, paint: Rgb) -> (f32, f32) {
    let (tyre, steel, paint) = (c.lit(rgb(0x2b2b33)), c.lit(rgb(0xb9c0c8)), c.lit(paint));
    c.shadow(x, y, r * 2.3, r * 0.14);
    for wx in [x - r * 1.25, x + r * 1.25] {
        for i in 0..6 {
            let a = i as f32 * std::f32::consts::FRAC_PI_6;
            c.line((wx - a.cos() * r, y - r - a.sin() * r), (wx + a.cos() * r, y - r + a.sin() * r), r * 0.016, steel);
        }
        c.ring(wx, y - r, r, r * 0.1, tyre);
        c.disc(wx, y - r, r * 0.09, steel);
    }
    let (back, front, crank) = ((x - r * 1.25, y - r), (x + r * 1.25, y - r), (x - r * 0.1, y - r * 0.86));
    let (seat, neck) = ((x - r * 0.42, y - r * 2.0), (x + r * 0.86, y - r * 2.0));
    for (a, b) in [(back, crank), (back, seat), (seat, crank), (crank, neck), (seat, neck), (neck, front)] {
        c.line(a, b, r * 0.12, paint);
    }
    c.line(seat, (seat.0 - r * 0.06, seat.1 - r * 0.22), r * 0.09, steel);
    c.ellipse(seat.0 - r * 0.08, seat.1 - r * 0.26, r * 0.3, r * 0.09, tyre);
    c.stroke(
        &format!(
            "M{:.1} {:.1}L{:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}",
            neck.0,
            neck.1,
            neck.0 - r * 0.08,
            neck.1 - r * 0.36,
            r * 0.2,
            -r * 0.08,
            r * 0.34,
            r * 0.1
        ),
        r * 0.09,
        steel,
    );
    c.ring(crank.0, crank.1, r * 0.17, r * 0.06, steel);
    (seat.0 - r * 0.08, seat.1 - r * 0.3)
}

/// A camper van to the right, `w` long.
pub fn camper(c: &mut Canvas, x: f32, y: f32, w: f32, paint: Rgb) {
    let (paint, cream, glass, tyre) = (c.lit(paint), c.lit(rgb(0xfdf6e6)), c.lit(rgb(0x8fc1dc)), c.lit(rgb(0x2b2b33)));
    c.shadow(x, y, w * 0.58, w * 0.04);
    c.at(x, y, w / 240.0, |c| {
        c.path("M-116 -22L-116 -92Q-116 -110 -98 -110L60 -110Q82 -110 94 -88L108 -60Q118 -56 118 -40L118 -22Z", cream);
        c.path("M-116 -22L-116 -56L110 -56Q118 -52 118 -40L118 -22Z", paint);
        for wx in [-100.0, -54.0, -8.0] {
            c.round(wx, -98.0, 38.0, 32.0, 6.0, glass);
        }
        c.path("M42 -98L60 -98Q74 -98 82 -84L92 -64L42 -64Z", glass);
        c.rect(36.0, -100.0, 2.5, 76.0, paint.dark(0.25));
        c.round(-104.0, -124.0, 150.0, 14.0, 7.0, c.lit(rgb(0xe6ddca)));
        for wx in [-66.0, 70.0] {
            c.disc(wx, -20.0, 20.0, tyre);
            c.disc(wx, -20.0, 10.0, c.lit(rgb(0xd5d9de)));
        }
        c.disc(112.0, -44.0, 6.0, rgb(0xfff1b8));
        c.rect(-120.0, -26.0, 242.0, 5.0, c.lit(rgb(0xc9ccd2)));
    });
}

/// A chair of a chairlift hanging from its rope at `x`, `y`; returns the seat's middle.
pub fn chair(c: &mut Canvas, x: f32, y: f32, s: f32) -> (f32, f32) {
    let steel = c.lit(rgb(0x444b58));
    c.stroke(
        &format!("M{x:.1} {y:.1}v{:.1}q0 {:.1} {:.1} {:.1}v{:.1}", s * 0.5, s * 0.1, s * 0.0, s * 0.1, s * 0.35),
        s * 0.05,
        steel,
    );
    c.disc(x, y, s * 0.07, steel);
    c.round(x - s * 0.75, y + s * 0.92, s * 1.5, s * 0.1, s * 0.04, steel);
    c.round(x - s * 0.75, y + s * 1.42, s * 1.5, s * 0.14, s * 0.05, c.lit(rgb(0xb03a3a)));
    for dx in [-0.72, 0.72] {
        c.line((x + s * dx, y + s * 0.95), (x + s * dx, y + s * 1.48), s * 0.05, steel);
    }
    (x, y + s * 1.4)
}
