//! The head: hair, face, and what is worn on it.

use super::{Body, Figure, Hair, Look, Pose, Wear};
use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::{Rgb, rgb};

pub(super) fn head_and_face(c: &mut Canvas, b: &Body, who: &Figure, pose: Pose, skin: Rgb) {
    let ((x, y), r) = (b.head, b.r);
    for side in [-1.0, 1.0] {
        c.disc(x + side * r * 0.97, y + r * 0.12, r * 0.2, skin.dark(0.08));
    }
    let fill = c.radial(skin.light(0.1), skin.dark(0.05));
    c.ellipse(x, y, r, r * 1.08, &fill);
    let x = x + pose.gaze * r * 0.24;
    let line = rgb(0x3a2430).mix(who.look.hair, 0.25);
    let line = c.lit(line);
    for side in [-1.0, 1.0] {
        let ex = x + side * r * 0.37;
        c.disc(x + side * r * 0.56, y + r * 0.4, r * 0.2, rgb(0xf06a6a).fade(0.26));
        c.ellipse(ex, y + r * 0.1, r * 0.1, r * 0.14, line);
        c.disc(ex + r * 0.035, y + r * 0.05, r * 0.035, rgb(0xffffff));
        let brow = format!(
            "M{:.1} {:.1}Q{ex:.1} {:.1} {:.1} {:.1}",
            ex - r * 0.16,
            y - r * 0.18,
            y - r * 0.29,
            ex + r * 0.16,
            y - r * 0.18
        );
        c.stroke(&brow, r * 0.07, line.light(0.1));
        if who.look.glasses {
            c.ring(ex, y + r * 0.1, r * 0.27, r * 0.06, c.lit(rgb(0x4a3a3a)));
        }
    }
    if who.look.glasses {
        c.line((x - r * 0.1, y + r * 0.08), (x + r * 0.1, y + r * 0.08), r * 0.06, c.lit(rgb(0x4a3a3a)));
    }
    if who.look.beard {
        let beard = c.lit(who.look.hair.light(0.06));
        let b = format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {x:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}Q{:.1} {:.1} {x:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}Z",
            x - r * 0.96,
            y + r * 0.18,
            x - r * 0.82,
            y + r * 1.2,
            y + r * 1.22,
            x + r * 0.82,
            y + r * 1.2,
            x + r * 0.96,
            y + r * 0.18,
            x + r * 0.55,
            y + r * 0.42,
            y + r * 0.42,
            x - r * 0.55,
            y + r * 0.42,
            x - r * 0.96,
            y + r * 0.18
        );
        c.path(&b, beard);
    }
    c.stroke(
        &format!("M{:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}", x - r * 0.07, y + r * 0.33, r * 0.08, r * 0.07, r * 0.15, 0.0),
        r * 0.06,
        skin.dark(0.25),
    );
    let (mx, my) = (r * 0.3, y + r * 0.56);
    if pose.left.0 > 100.0 || pose.right.0 > 100.0 || who.age < 9.0 {
        c.path(
            &format!(
                "M{:.1} {my:.1}Q{x:.1} {:.1} {:.1} {my:.1}Q{x:.1} {:.1} {:.1} {my:.1}Z",
                x - mx,
                my + r * 0.5,
                x + mx,
                my + r * 0.06,
                x - mx
            ),
            rgb(0xa8384a),
        );
    } else {
        c.stroke(
            &format!("M{:.1} {my:.1}Q{x:.1} {:.1} {:.1} {my:.1}", x - mx, my + r * 0.28, x + mx),
            r * 0.085,
            rgb(0x9c3a48),
        );
    }
}

pub(super) fn hair_behind(c: &mut Canvas, b: &Body, look: &Look, wear: Wear) {
    let ((x, y), r) = (b.head, b.r);
    let hair = c.lit(look.hair.dark(0.15));
    match look.style {
        Hair::Long => c.path(
            &format!("M{:.1} {y:.1}A{:.1} {:.1} 0 0 1 {:.1} {y:.1}Q{:.1} {:.1} {:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Q{:.1} {:.1} {:.1} {y:.1}Z",
                x - r * 1.14, r * 1.14, r * 1.2, x + r * 1.14, x + r * 1.35, y + r * 1.1, x + r * 1.1, y + r * 2.05, y + r * 2.3, x - r * 1.1, y + r * 2.05, x - r * 1.35, y + r * 1.1, x - r * 1.14),
            hair,
        ),
        Hair::Bob => c.round(x - r * 1.16, y - r * 1.0, r * 2.32, r * 2.1, r * 0.8, hair),
        Hair::Curly => {
            for i in 0..12 {
                let a = i as f32 / 12.0 * std::f32::consts::TAU;
                c.disc(x + a.cos() * r * 0.98, y - r * 0.2 + a.sin() * r * 0.95, r * 0.46, hair);
            }
        }
        Hair::Bun if wear != Wear::Winter && wear != Wear::Helmet => c.disc(x, y - r * 1.28, r * 0.48, hair),
        Hair::Pigtails => {
            for side in [-1.0, 1.0] {
                c.path(&format!("M{:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}Z", x + side * r * 0.9, y - r * 0.1, side * r * 0.95, -r * 0.1, side * r * 0.55, r * 1.25, -side * r * 0.5, -r * 0.1, -side * r * 0.55, -r * 1.25), hair);
                c.disc(x + side * r * 1.06, y + r * 0.0, r * 0.17, c.lit(look.wardrobe[0]));
            }
        }
        Hair::Short | Hair::Messy | Hair::Bald | Hair::Bun => {}
    }
}

pub(super) fn hair_in_front(c: &mut Canvas, b: &Body, look: &Look, wear: Wear) {
    let ((x, y), r) = (b.head, b.r);
    let hair = c.lit(look.hair);
    if look.style != Hair::Bald {
        let fringe = match look.style {
            Hair::Bob => format!(
                "Q{:.1} {:.1} {:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}",
                x + r * 0.98,
                y - r * 0.3,
                x + r * 0.72,
                y - r * 0.32,
                y - r * 0.2,
                x - r * 0.72,
                y - r * 0.32
            ),
            Hair::Messy => format!(
                "L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}",
                x + r * 0.62,
                y - r * 0.5,
                x + r * 0.38,
                y - r * 0.22,
                x + r * 0.1,
                y - r * 0.5,
                x - r * 0.25,
                y - r * 0.2,
                x - r * 0.55,
                y - r * 0.48
            ),
            _ => format!(
                "Q{:.1} {:.1} {:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
                x + r * 0.92,
                y - r * 0.55,
                x + r * 0.35,
                y - r * 0.68,
                x - r * 0.2,
                y - r * 0.3,
                x - r * 0.78,
                y - r * 0.32
            ),
        };
        let d = format!(
            "M{:.1} {:.1}A{:.1} {:.1} 0 1 1 {:.1} {:.1}{fringe}Q{:.1} {:.1} {:.1} {:.1}Z",
            x - r * 1.05,
            y + r * 0.1,
            r * 1.06,
            r * 1.18,
            x + r * 1.05,
            y + r * 0.1,
            x - r * 0.98,
            y - r * 0.25,
            x - r * 1.05,
            y + r * 0.1
        );
        let fill = c.down(hair.light(0.12), hair.dark(0.08));
        c.path(&d, &fill);
    }
    if look.style == Hair::Bald {
        for side in [-1.0, 1.0] {
            c.ellipse(x + side * r * 0.98, y + r * 0.0, r * 0.2, r * 0.42, hair);
        }
    }
    match wear {
        Wear::Winter => {
            let wool = c.lit(look.wardrobe[2]);
            c.path(
                &format!(
                    "M{:.1} {:.1}A{:.1} {:.1} 0 0 1 {:.1} {:.1}Z",
                    x - r * 1.1,
                    y - r * 0.3,
                    r * 1.1,
                    r * 1.12,
                    x + r * 1.1,
                    y - r * 0.3
                ),
                wool,
            );
            c.round(x - r * 1.16, y - r * 0.52, r * 2.32, r * 0.4, r * 0.18, wool.light(0.25));
            c.disc(x, y - r * 1.42, r * 0.3, wool.light(0.45));
        }
        Wear::Helmet => {
            let shell = c.lit(look.wardrobe[0].dark(0.1));
            let fill = c.down(shell.light(0.25), shell.dark(0.2));
            c.path(
                &format!(
                    "M{:.1} {:.1}A{:.1} {:.1} 0 0 1 {:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Z",
                    x - r * 1.16,
                    y - r * 0.18,
                    r * 1.16,
                    r * 1.2,
                    x + r * 1.16,
                    y - r * 0.18,
                    y - r * 0.62,
                    x - r * 1.16,
                    y - r * 0.18
                ),
                &fill,
            );
            c.stroke(
                &format!("M{:.1} {:.1}L{:.1} {:.1}", x - r * 1.0, y - r * 0.1, x - r * 0.5, y + r * 1.05),
                r * 0.08,
                shell.dark(0.4),
            );
        }
        Wear::Bride => {
            for dx in [-0.7, -0.4, -0.1, 0.2, 0.5, 0.78] {
                let d: f32 = dx;
                c.disc(x + d * r, y - r * (1.06 - d * d * 0.55), r * 0.17, rgb(0xffffff));
                c.disc(x + d * r, y - r * (1.06 - d * d * 0.55), r * 0.07, rgb(0xf2b8c6));
            }
        }
        _ => {}
    }
}
