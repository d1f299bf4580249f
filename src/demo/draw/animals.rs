//! Animals: the family's dog and cat, who are recorded by name, and those one meets.

use super::canvas::{Canvas, Face};
use super::colour::{Rgb, rgb};

/// The dog's coat.
const DOG: Rgb = rgb(0xc98a4b);
/// The cat's coat.
const CAT: Rgb = rgb(0xe08b45);

fn remember(c: &mut Canvas, name: &str, x: f32, y: f32, size: f32) {
    c.faces.push(Face { name: name.to_owned(), pet: true, x, y, w: size, h: size });
}

/// A dog's head around 0, 0, about 40 across, looking at us.
fn dog_head(c: &mut Canvas) {
    let (coat, dark, cream, nose) = (c.lit(DOG), c.lit(DOG.dark(0.32)), c.lit(rgb(0xf7e7d0)), c.lit(rgb(0x2b1f22)));
    c.ellipse(0.0, 0.0, 21.0, 20.0, coat);
    c.path("M-4 -19Q0 -21 4 -19Q6 -4 10 6Q0 20 -10 6Q-6 -4 -4 -19Z", cream);
    for side in ["M-14 -15C-30 -18 -32 8 -24 14C-18 14 -16 0 -12 -12Z", "M14 -15C30 -18 32 8 24 14C18 14 16 0 12 -12Z"]
    {
        c.path(side, dark);
    }
    c.ellipse(0.0, 9.0, 12.0, 9.5, cream);
    c.path("M-5 15Q0 19 5 15L4 24Q0 28 -4 24Z", c.lit(rgb(0xe8798a)));
    c.stroke("M-7 13Q-3 17 0 13Q3 17 7 13", 1.6, nose);
    c.ellipse(0.0, 5.0, 5.0, 3.8, nose);
    c.ellipse(-1.4, 3.9, 1.4, 0.9, rgb(0xffffff).fade(0.6));
    for x in [-9.0, 9.0] {
        c.disc(x, -4.0, 3.2, nose);
        c.disc(x + 1.0, -5.0, 1.1, rgb(0xffffff));
    }
}

/// A dog that sits and looks at us; about `h` high.
pub fn dog_sitting(c: &mut Canvas, name: &str, x: f32, y: f32, h: f32) {
    let s = h / 100.0;
    let (coat, dark, cream) = (c.lit(DOG), c.lit(DOG.dark(0.16)), c.lit(rgb(0xf7e7d0)));
    c.shadow(x, y, h * 0.42, h * 0.07);
    c.at(x, y, s, |c| {
        c.stroke("M26 -12Q46 -18 44 -40", 10.0, dark);
        c.path("M-20 0C-30 -20 -22 -60 0 -64C22 -60 32 -20 24 0Z", coat);
        c.path("M-11 -4C-14 -30 -8 -54 0 -58C8 -54 14 -30 11 -4Z", cream);
        c.ellipse(-20.0, -9.0, 13.0, 11.0, dark);
        c.ellipse(21.0, -9.0, 13.0, 11.0, dark);
        for px in [-9.0, 9.0] {
            c.line((px, -34.0), (px, -6.0), 10.0, coat);
            c.ellipse(px, -3.0, 7.5, 4.6, cream);
        }
        c.path("M-17 -58Q0 -48 17 -58L16 -52Q0 -43 -16 -52Z", c.lit(rgb(0xc8374a)));
        c.disc(0.0, -47.0, 3.6, c.lit(rgb(0xf2c94c)));
        c.at(0.0, -76.0, 1.12, dog_head);
    });
    remember(c, name, x, y - 76.0 * s, 56.0 * s);
}

/// A dog that runs to the right (`h` negative: to the left); about `h` high.
pub fn dog_running(c: &mut Canvas, name: &str, x: f32, y: f32, h: f32) {
    let s = h / 100.0;
    let (coat, dark, cream) = (c.lit(DOG), c.lit(DOG.dark(0.2)), c.lit(rgb(0xf7e7d0)));
    c.shadow(x, y, h.abs() * 0.75, h.abs() * 0.07);
    c.at(x, y, s, |c| {
        c.stroke("M-46 -50Q-72 -58 -74 -82", 10.0, coat);
        for d in ["M-36 -38Q-58 -26 -70 -10", "M34 -36Q56 -26 62 -8"] {
            c.stroke(d, 11.0, dark);
        }
        c.path(
            "M-52 -56C-48 -76 10 -70 40 -74C58 -70 56 -34 40 -30C10 -24 -20 -30 -40 -30C-54 -34 -56 -46 -52 -56Z",
            coat,
        );
        c.path("M40 -34C20 -26 0 -26 -10 -30C4 -38 30 -44 46 -46Z", cream);
        for d in ["M-40 -40Q-42 -20 -54 -4", "M40 -38Q66 -34 80 -18"] {
            c.stroke(d, 11.0, coat);
        }
        c.path("M34 -76Q52 -64 58 -56L52 -50Q40 -60 30 -70Z", c.lit(rgb(0xc8374a)));
        c.at(56.0, -84.0, 1.12, dog_head);
    });
    remember(c, name, x + 56.0 * s, y - 84.0 * s.abs(), 56.0 * s.abs());
}

/// A cat's head around 0, 0, about 36 across.
fn cat_head(c: &mut Canvas, asleep: bool) {
    let (coat, dark, white, line) = (c.lit(CAT), c.lit(CAT.dark(0.28)), c.lit(rgb(0xfff3e4)), c.lit(rgb(0x33232a)));
    c.path("M-17 -6L-16 -27L-3 -16Z", coat);
    c.path("M17 -6L16 -27L3 -16Z", coat);
    c.path("M-14 -12L-14 -22L-6 -16Z", c.lit(rgb(0xf0a9a0)));
    c.path("M14 -12L14 -22L6 -16Z", c.lit(rgb(0xf0a9a0)));
    c.ellipse(0.0, 0.0, 19.0, 16.5, coat);
    for d in ["M0 -16L0 -8", "M-5 -15L-4 -9", "M5 -15L4 -9", "M-18 1L-11 2", "M18 1L11 2", "M-17 6L-11 5", "M17 6L11 5"]
    {
        c.stroke(d, 2.2, dark);
    }
    c.ellipse(-4.6, 7.0, 6.2, 5.0, white);
    c.ellipse(4.6, 7.0, 6.2, 5.0, white);
    for x in [-8.0f32, 8.0] {
        if asleep {
            c.stroke(&format!("M{:.1} -1q4 3.4 8 0", x - 4.0), 1.7, line);
        } else {
            c.ellipse(x, -2.0, 4.3, 4.6, c.lit(rgb(0xd8d96a)));
            c.ellipse(x, -2.0, 1.7, 4.2, line);
            c.disc(x + 1.0, -3.6, 1.0, rgb(0xffffff));
        }
    }
    c.path("M-2.6 3.4L2.6 3.4L0 6.2Z", c.lit(rgb(0xd9707a)));
    c.stroke("M0 6.2Q-3 10 -6 8M0 6.2Q3 10 6 8", 1.2, line);
    c.stroke("M-9 7L-25 5M-9 9L-24 12M9 7L25 5M9 9L24 12", 0.8, white);
}

/// A cat that sits and looks at us; about `h` high.
pub fn cat_sitting(c: &mut Canvas, name: &str, x: f32, y: f32, h: f32) {
    let s = h / 100.0;
    let (coat, dark, white) = (c.lit(CAT), c.lit(CAT.dark(0.24)), c.lit(rgb(0xfff3e4)));
    c.shadow(x, y, h * 0.36, h * 0.06);
    c.at(x, y, s, |c| {
        c.stroke("M22 -8Q52 -2 50 -26Q48 -40 56 -46", 9.0, dark);
        c.path("M-22 0C-32 -22 -18 -58 0 -60C18 -58 32 -22 24 0Z", coat);
        for d in ["M-23 -22q8 -1 10 -5", "M-24 -13q9 0 12 -4", "M24 -22q-8 -1 -10 -5", "M25 -13q-9 0 -12 -4"] {
            c.stroke(d, 3.2, dark);
        }
        c.path("M-9 -6C-12 -28 -7 -48 0 -52C7 -48 12 -28 9 -6Z", white);
        for px in [-7.0, 7.0] {
            c.ellipse(px, -3.5, 7.0, 4.4, white);
        }
        c.at(0.0, -70.0, 1.15, |c| cat_head(c, false));
    });
    remember(c, name, x, y - 72.0 * s, 48.0 * s);
}

/// A cat asleep, rolled up; about `w` wide.
pub fn cat_asleep(c: &mut Canvas, name: &str, x: f32, y: f32, w: f32) {
    let s = w / 100.0;
    let (coat, dark) = (c.lit(CAT), c.lit(CAT.dark(0.22)));
    c.shadow(x, y, w * 0.55, w * 0.07);
    c.at(x, y, s, |c| {
        c.path("M-48 -2C-54 -30 -20 -48 10 -44C42 -42 54 -20 46 -2Z", coat);
        for d in ["M-6 -43q-2 10 2 16", "M10 -44q0 10 6 16", "M26 -40q2 8 8 12"] {
            c.stroke(d, 4.0, dark);
        }
        c.stroke("M44 -8Q20 6 -16 -4", 9.0, dark);
        c.at(-28.0, -18.0, 0.95, |c| cat_head(c, true));
    });
    remember(c, name, x - 28.0 * s, y - 18.0 * s, 42.0 * s);
}

/// A gull in flight, `s` from wing tip to wing tip.
pub fn gull(c: &mut Canvas, x: f32, y: f32, s: f32) {
    let colour = c.lit(rgb(0xffffff)).mix(rgb(0x6f7c8c), 0.25);
    let d = format!(
        "M{:.1} {:.1}Q{:.1} {:.1} {x:.1} {y:.1}Q{:.1} {:.1} {:.1} {:.1}",
        x - s / 2.0,
        y - s * 0.06,
        x - s * 0.25,
        y - s * 0.26,
        x + s * 0.25,
        y - s * 0.26,
        x + s / 2.0,
        y - s * 0.06
    );
    c.stroke(&d, s * 0.06, colour);
}

/// The fluke of a diving whale, `s` wide, rising from the water at `y`.
pub fn whale_fluke(c: &mut Canvas, x: f32, y: f32, s: f32) {
    let (skin, light) = (c.lit(rgb(0x2f4358)), c.lit(rgb(0x4d6780)));
    c.at(x, y, s / 200.0, |c| {
        let fill = c.down(light, skin);
        c.path("M-16 0C-12 -50 -14 -74 -30 -92C-58 -96 -86 -112 -100 -140C-66 -140 -24 -132 0 -106C24 -132 66 -140 100 -140C86 -112 58 -96 30 -92C14 -74 12 -50 16 0Z", &fill);
        c.stroke("M-88 -134Q-40 -124 -4 -98", 3.0, light.light(0.2).fade(0.6));
        for (dx, r) in [(-40.0, 6.0), (-28.0, 9.0), (30.0, 8.0), (44.0, 5.0), (-60.0, 4.0), (62.0, 4.0)] {
            c.ellipse(dx, -4.0, r * 1.6, r * 0.6, rgb(0xffffff).fade(0.75));
        }
        c.ellipse(0.0, 0.0, 64.0, 7.0, rgb(0xffffff).fade(0.6));
        for (dx, y0) in [(-34.0, -70.0), (36.0, -64.0), (-18.0, -40.0), (20.0, -36.0), (52.0, -84.0)] {
            c.ellipse(dx, y0, 1.8, 5.0, rgb(0xe8f4fb).fade(0.8));
        }
    });
}

/// A grazing sheep, `s` long.
pub fn sheep(c: &mut Canvas, x: f32, y: f32, s: f32) {
    let (wool, face) = (c.lit(rgb(0xf4f0e6)), c.lit(rgb(0x3b3540)));
    c.shadow(x, y, s.abs() * 0.6, s.abs() * 0.1);
    c.at(x, y, s / 100.0, |c| {
        for lx in [-24.0, -12.0, 14.0, 26.0] {
            c.line((lx, -22.0), (lx, -2.0), 6.0, face);
        }
        for (dx, dy, r) in
            [(-26.0, -38.0, 18.0), (-6.0, -46.0, 20.0), (16.0, -42.0, 19.0), (28.0, -34.0, 15.0), (0.0, -30.0, 22.0)]
        {
            c.disc(dx, dy, r, wool);
        }
        c.ellipse(44.0, -30.0, 10.0, 13.0, face);
        c.ellipse(34.0, -38.0, 6.0, 3.0, face);
    });
}

/// A duck on the water, `s` long.
pub fn duck(c: &mut Canvas, x: f32, y: f32, s: f32) {
    let (body, head, beak) = (c.lit(rgb(0xb9a48c)), c.lit(rgb(0x2f7a5a)), c.lit(rgb(0xf2b03d)));
    c.at(x, y, s / 100.0, |c| {
        c.ellipse(0.0, 6.0, 56.0, 5.0, rgb(0xffffff).fade(0.35));
        c.path("M-50 -22C-44 -2 34 8 42 -14C34 -30 -10 -30 -50 -22Z", body);
        c.path("M-26 -20Q0 -32 20 -16Q0 -4 -26 -20Z", body.dark(0.2));
        c.line((34.0, -16.0), (38.0, -36.0), 14.0, head);
        c.disc(40.0, -42.0, 14.0, head);
        c.path("M52 -44L70 -39L52 -34Z", beak);
        c.disc(44.0, -46.0, 2.4, rgb(0x101010));
    });
}
