//! Legs, torso and arms, and what is worn on them.

use super::{Body, Legs, Look, Wear};
use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::{Rgb, rgb};

pub(super) fn legs(c: &mut Canvas, b: &Body, look: &Look, wear: Wear, legs: Legs, leg: f32, shirt: Rgb) {
    let bare = matches!(wear, Wear::Summer | Wear::Swim | Wear::Jersey);
    let cloth = match wear {
        Wear::Formal => rgb(0x2d3350),
        Wear::Swim | Wear::Summer => look.wardrobe[1].dark(0.25),
        Wear::Jersey => rgb(0xf4f4f4),
        _ => rgb(0x3d4a68).mix(look.wardrobe[1], 0.15),
    };
    let skirt = look.dress && !matches!(wear, Wear::Helmet | Wear::Jersey | Wear::Swim | Wear::Winter);
    let (skin, cloth) = (c.lit(look.skin), c.lit(if skirt { shirt.dark(0.5) } else { cloth }));
    let shoe = c.lit(if wear == Wear::Jersey { rgb(0x2b2b33) } else { rgb(0x5a3d33) });
    let spread = b.half * 0.5;
    let feet: [(f32, f32); 2] = match legs {
        Legs::Hidden => return,
        Legs::Stand => [(-spread, 0.0), (spread, 0.0)],
        Legs::Stride => [(-leg * 0.34, -leg * 0.02), (leg * 0.32, 0.0)],
        Legs::Kick => [(-leg * 0.18, 0.0), (leg * 0.72, -leg * 0.34)],
        Legs::Sit => {
            for side in [-1.0, 1.0] {
                let (kx, ky) = (b.x + side * b.half * 1.2, b.hip + leg * 0.06);
                let (fx, fy) = (b.x + side * b.half * 0.8, b.hip + leg * 0.5);
                let d = format!(
                    "M{:.1} {:.1}L{kx:.1} {ky:.1}L{fx:.1} {fy:.1}",
                    b.x + side * spread * 0.6,
                    b.hip - b.limb * 0.4
                );
                c.stroke(&d, b.limb * 1.15, if bare || skirt { skin } else { cloth });
                if !skirt {
                    c.line((b.x + side * spread * 0.6, b.hip - b.limb * 0.4), (kx, ky), b.limb * 1.3, cloth);
                }
                c.ellipse(fx + side * b.limb * 0.2, fy + b.limb * 0.2, b.limb * 0.85, b.limb * 0.5, shoe);
            }
            return;
        }
    };
    for (side, (dx, dy)) in [-1.0, 1.0].into_iter().zip(feet) {
        let from = (b.x + side * spread * 0.85, b.hip - b.limb * 0.3);
        let to = (b.x + dx, b.y + dy - b.limb * 0.5);
        let middle = ((from.0 + to.0) / 2.0 + b.limb * 0.15 * side, (from.1 + to.1) / 2.0);
        c.line(from, to, b.limb * 1.1, if bare || skirt { skin } else { cloth });
        if bare && !skirt {
            c.line(from, middle, b.limb * 1.55, cloth);
        } else if !skirt {
            c.line(from, middle, b.limb * 1.3, cloth);
        }
        c.ellipse(
            to.0 + b.limb * 0.25 * if legs == Legs::Stand { side } else { 1.0 },
            to.1 + b.limb * 0.2,
            b.limb * 0.9,
            b.limb * 0.5,
            shoe,
        );
    }
}

pub(super) fn torso(c: &mut Canvas, b: &Body, look: &Look, wear: Wear, shirt: Rgb, legs: Legs) {
    let (x, s, half, hip) = (b.x, b.shoulder, b.half, b.hip);
    let skirted =
        wear == Wear::Bride || (look.dress && !matches!(wear, Wear::Helmet | Wear::Jersey | Wear::Swim | Wear::Winter));
    let colour = c.lit(shirt);
    let fill = c.across(colour.light(0.07), colour.dark(0.14));
    let coat = if wear == Wear::Winter { b.h * 0.1 } else { b.limb * 0.35 };
    let d = format!(
        "M{:.1} {s:.1}Q{:.1} {:.1} {x:.1} {:.1}Q{:.1} {:.1} {:.1} {s:.1}Q{:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}Q{:.1} {:.1} {:.1} {s:.1}Z",
        x - half,
        x - half,
        s - b.r * 0.42,
        s - b.r * 0.5,
        x + half,
        s - b.r * 0.42,
        x + half,
        x + half * 1.02,
        (s + hip) / 2.0,
        x + half * 0.86,
        hip + coat,
        x - half * 0.86,
        hip + coat,
        x - half * 1.02,
        (s + hip) / 2.0,
        x - half
    );
    c.path(&d, &fill);
    if skirted && !matches!(legs, Legs::Hidden) {
        let hem = if wear == Wear::Bride {
            b.y - b.h * 0.01
        } else {
            hip + (b.y.max(hip) - hip) * 0.5 + if legs == Legs::Sit { b.limb } else { 0.0 }
        };
        let flare = if wear == Wear::Bride { half * 2.6 } else { half * 1.55 };
        let waist = hip - b.h * 0.09;
        let d = format!(
            "M{:.1} {waist:.1}C{:.1} {hip:.1} {:.1} {:.1} {:.1} {hem:.1}Q{x:.1} {:.1} {:.1} {hem:.1}C{:.1} {:.1} {:.1} {hip:.1} {:.1} {waist:.1}Z",
            x - half * 0.8,
            x - half * 1.0,
            x - flare * 0.9,
            hem - b.h * 0.05,
            x - flare,
            hem + b.limb * 0.6,
            x + flare,
            x + flare * 0.9,
            hem - b.h * 0.05,
            x + half * 1.0,
            x + half * 0.8
        );
        c.path(&d, &fill);
        c.round(x - half * 0.83, waist - b.limb * 0.2, half * 1.66, b.limb * 0.4, b.limb * 0.2, colour.dark(0.2));
    }
    match wear {
        Wear::Formal if !look.dress => {
            let white = c.lit(rgb(0xfdfdfb));
            c.poly(
                &[(x - half * 0.42, s - b.r * 0.35), (x + half * 0.42, s - b.r * 0.35), (x, s + (hip - s) * 0.55)],
                white,
            );
            let tie = c.lit(rgb(0x9c3b4d));
            c.poly(
                &[
                    (x - b.r * 0.13, s - b.r * 0.1),
                    (x + b.r * 0.13, s - b.r * 0.1),
                    (x + b.r * 0.16, s + (hip - s) * 0.4),
                    (x, s + (hip - s) * 0.52),
                    (x - b.r * 0.16, s + (hip - s) * 0.4),
                ],
                tie,
            );
        }
        Wear::Winter | Wear::Helmet => {
            c.line((x, s), (x, hip + coat), b.limb * 0.13, colour.dark(0.3));
        }
        _ => {}
    }
}

pub(super) fn arm(c: &mut Canvas, b: &Body, look: &Look, wear: Wear, shirt: Rgb, (angle, bend): (f32, f32), side: f32) {
    let (upper, lower) = (b.h * 0.155, b.h * 0.145);
    let direction = |degrees: f32| (side * degrees.to_radians().sin(), degrees.to_radians().cos());
    let from = (b.x + side * (b.half - b.limb * 0.35), b.shoulder + b.limb * 0.3);
    let (ux, uy) = direction(angle);
    let elbow = (from.0 + ux * upper, from.1 + uy * upper);
    let (lx, ly) = direction(angle + bend);
    let hand = (elbow.0 + lx * lower, elbow.1 + ly * lower);
    let (skin, sleeve) = (c.lit(look.skin), c.lit(shirt.dark(0.1)));
    let d = format!("M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, elbow.0, elbow.1, hand.0, hand.1);
    let short = matches!(wear, Wear::Summer | Wear::Jersey | Wear::Bride);
    c.stroke(
        &d,
        b.limb * if short || wear == Wear::Swim { 0.82 } else { 0.98 },
        if short || wear == Wear::Swim { skin } else { sleeve },
    );
    if short {
        let cuff = (from.0 + ux * upper * 0.55, from.1 + uy * upper * 0.55);
        c.line(from, cuff, b.limb * 1.05, sleeve);
    }
    let hand_colour =
        if matches!(wear, Wear::Winter | Wear::Helmet) { c.lit(look.wardrobe[2].dark(0.2)) } else { skin };
    c.disc(hand.0 + lx * b.limb * 0.3, hand.1 + ly * b.limb * 0.3, b.limb * 0.55, hand_colour);
}
