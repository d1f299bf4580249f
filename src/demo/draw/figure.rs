//! People: stylised figures, recognisable from picture to picture by hair, skin and wardrobe, who grow as years go by.
//!
//! A figure that shows its face records it on the canvas under its name. Sizes follow from the height: `h` is what the
//! person measures standing, also when seated.

use super::canvas::{Canvas, Face};
use super::colour::{Rgb, rgb};

/// How somebody wears their hair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hair {
    /// Down to the shoulders.
    Long,
    /// Short and smooth.
    Short,
    /// Short and never combed.
    Messy,
    /// Pinned up.
    Bun,
    /// A round head of curls.
    Curly,
    /// To the chin, with a fringe.
    Bob,
    /// Two tails at the sides.
    Pigtails,
    /// None but at the sides.
    Bald,
}

/// What makes somebody recognisable.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The colour of the skin.
    pub skin: Rgb,
    /// The colour of the hair.
    pub hair: Rgb,
    /// How it is worn.
    pub style: Hair,
    /// Whether there is a beard.
    pub beard: bool,
    /// Whether there are glasses.
    pub glasses: bool,
    /// Whether there is a dress or a skirt in the wardrobe's place of trousers.
    pub dress: bool,
    /// The colours this person likes to wear.
    pub wardrobe: [Rgb; 3],
}

/// What the occasion asks one to wear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wear {
    /// Short sleeves.
    Summer,
    /// Long sleeves.
    Mild,
    /// Coat, scarf and a woollen hat.
    Winter,
    /// The best one has.
    Formal,
    /// The bride's dress.
    Bride,
    /// Jacket and helmet.
    Helmet,
    /// A red jersey and white shorts.
    Jersey,
    /// Swimming things.
    Swim,
}

/// Somebody as they are on a given day.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// The name, for the face.
    pub name: &'static str,
    /// What they look like.
    pub look: &'static Look,
    /// Their age in years.
    pub age: f32,
}

impl Figure {
    /// Their height as a share of a grown-up's.
    pub fn stature(&self) -> f32 {
        if self.age >= 18.0 { 1.0 } else { 0.42 + 0.58 * (self.age / 18.0).powf(0.75) }
    }
}

/// What the legs do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legs {
    /// Stand.
    Stand,
    /// Walk.
    Stride,
    /// Kick a ball to the right.
    Kick,
    /// Sit; the figure's `y` is the seat.
    Sit,
    /// Out of sight: behind a table, in a boat; the figure's `y` is the hip.
    Hidden,
}

/// How a figure holds itself.
#[derive(Debug, Clone, Copy)]
pub struct Pose {
    /// The left arm of the picture: degrees from hanging, outwards, and the bend of the elbow.
    pub left: (f32, f32),
    /// The right arm of the picture.
    pub right: (f32, f32),
    /// The legs.
    pub legs: Legs,
    /// Where the face looks: -1 left, 0 at the camera, 1 right.
    pub gaze: f32,
    /// Whether we see the back of the head, and no face.
    pub away: bool,
}

impl Pose {
    /// At ease.
    pub const REST: Self = Self { left: (14.0, 10.0), right: (14.0, 10.0), legs: Legs::Stand, gaze: 0.0, away: false };
    /// Waving.
    pub const WAVE: Self = Self { right: (128.0, 42.0), ..Self::REST };
    /// Both arms in the air.
    pub const CHEER: Self = Self { left: (145.0, 22.0), right: (145.0, 22.0), ..Self::REST };
    /// Holding something before the chest.
    pub const HOLD: Self = Self { left: (24.0, -112.0), right: (24.0, -112.0), ..Self::REST };
    /// Pointing to the right.
    pub const POINT: Self = Self { right: (88.0, 8.0), gaze: 0.6, ..Self::REST };
    /// Walking to the right.
    pub const WALK: Self = Self { left: (30.0, 20.0), right: (26.0, 24.0), legs: Legs::Stride, gaze: 0.4, away: false };

    /// The same, seated.
    pub const fn sitting(self) -> Self {
        Self { legs: Legs::Sit, ..self }
    }

    /// The same, seen from the hip up.
    pub const fn half(self) -> Self {
        Self { legs: Legs::Hidden, ..self }
    }

    /// The same, seen from behind.
    pub const fn from_behind(self) -> Self {
        Self { away: true, ..self }
    }

    /// The same, looking elsewhere: -1 left, 1 right.
    pub const fn looking(self, gaze: f32) -> Self {
        Self { gaze, ..self }
    }
}

/// The measures that a figure's parts share, in pixels.
struct Body {
    x: f32,
    y: f32,
    h: f32,
    head: (f32, f32),
    r: f32,
    shoulder: f32,
    half: f32,
    hip: f32,
    limb: f32,
}

/// Draws `who`, standing at `x`, `y`, `h` high (for a grown-up; children are smaller by their age).
pub fn person(c: &mut Canvas, who: &Figure, x: f32, y: f32, h: f32, wear: Wear, pose: Pose) {
    let h = h * who.stature();
    let young = (1.0 - who.age / 18.0).clamp(0.0, 1.0);
    let r = h * (0.092 + 0.046 * young * young);
    let leg = h * (0.43 - 0.11 * young);
    let hip = match pose.legs {
        Legs::Hidden | Legs::Sit => y,
        Legs::Stand | Legs::Stride | Legs::Kick => y - leg,
    };
    let top = hip - (h - leg);
    let head = (x, top + r * 1.05);
    let body = Body { x, y, h, head, r, shoulder: head.1 + r * 1.32, half: h * 0.088 + r * 0.22, hip, limb: h * (0.062 + 0.016 * young) };
    let shirt = match wear {
        Wear::Jersey => rgb(0xd63c3c),
        Wear::Bride => rgb(0xfffaf2),
        Wear::Formal if !who.look.dress => rgb(0x2d3350),
        _ => c.rng.pick(&who.look.wardrobe),
    };
    if matches!(pose.legs, Legs::Stand | Legs::Stride | Legs::Kick) {
        c.shadow(x + h * 0.02, y, h * 0.17, h * 0.022);
    }
    hair_behind(c, &body, who.look, wear);
    legs(c, &body, who.look, wear, pose.legs, leg, shirt);
    torso(c, &body, who.look, wear, shirt, pose.legs);
    arm(c, &body, who.look, wear, shirt, pose.left, -1.0);
    arm(c, &body, who.look, wear, shirt, pose.right, 1.0);
    let skin = c.lit(who.look.skin);
    c.rect(x - r * 0.32, head.1 + r * 0.6, r * 0.64, r * 0.85, skin.dark(0.12));
    if wear == Wear::Winter {
        let scarf = c.lit(who.look.wardrobe[2].light(0.2));
        c.round(x - r * 0.78, head.1 + r * 0.86, r * 1.56, r * 0.52, r * 0.25, scarf);
        c.round(x + r * 0.16, head.1 + r * 1.0, r * 0.42, r * 1.35, r * 0.16, scarf.dark(0.12));
    }
    head_and_face(c, &body, who, pose, skin);
    hair_in_front(c, &body, who.look, wear, pose.away);
    if !pose.away {
        let size = r * 2.5;
        c.faces.push(Face { name: who.name.to_owned(), pet: false, x: head.0, y: head.1, w: size, h: size * 1.08 });
    }
}

fn legs(c: &mut Canvas, b: &Body, look: &Look, wear: Wear, legs: Legs, leg: f32, shirt: Rgb) {
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
                let d = format!("M{:.1} {:.1}L{kx:.1} {ky:.1}L{fx:.1} {fy:.1}", b.x + side * spread * 0.6, b.hip - b.limb * 0.4);
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
        c.ellipse(to.0 + b.limb * 0.25 * if legs == Legs::Stand { side } else { 1.0 }, to.1 + b.limb * 0.2, b.limb * 0.9, b.limb * 0.5, shoe);
    }
}

fn torso(c: &mut Canvas, b: &Body, look: &Look, wear: Wear, shirt: Rgb, legs: Legs) {
    let (x, s, half, hip) = (b.x, b.shoulder, b.half, b.hip);
    let skirted = wear == Wear::Bride || (look.dress && !matches!(wear, Wear::Helmet | Wear::Jersey | Wear::Swim | Wear::Winter));
    let colour = c.lit(shirt);
    let fill = c.across(colour.light(0.07), colour.dark(0.14));
    let coat = if wear == Wear::Winter { b.h * 0.1 } else { b.limb * 0.35 };
    let d = format!(
        "M{:.1} {s:.1}Q{:.1} {:.1} {x:.1} {:.1}Q{:.1} {:.1} {:.1} {s:.1}Q{:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}Q{:.1} {:.1} {:.1} {s:.1}Z",
        x - half, x - half, s - b.r * 0.42, s - b.r * 0.5, x + half, s - b.r * 0.42, x + half, x + half * 1.02, (s + hip) / 2.0,
        x + half * 0.86, hip + coat, x - half * 0.86, hip + coat, x - half * 1.02, (s + hip) / 2.0, x - half
    );
    c.path(&d, &fill);
    if skirted && !matches!(legs, Legs::Hidden) {
        let hem = if wear == Wear::Bride { b.y - b.h * 0.01 } else { hip + (b.y.max(hip) - hip) * 0.5 + if legs == Legs::Sit { b.limb } else { 0.0 } };
        let flare = if wear == Wear::Bride { half * 2.6 } else { half * 1.55 };
        let waist = hip - b.h * 0.09;
        let d = format!(
            "M{:.1} {waist:.1}C{:.1} {hip:.1} {:.1} {:.1} {:.1} {hem:.1}Q{x:.1} {:.1} {:.1} {hem:.1}C{:.1} {:.1} {:.1} {hip:.1} {:.1} {waist:.1}Z",
            x - half * 0.8, x - half * 1.0, x - flare * 0.9, hem - b.h * 0.05, x - flare, hem + b.limb * 0.6, x + flare,
            x + flare * 0.9, hem - b.h * 0.05, x + half * 1.0, x + half * 0.8
        );
        c.path(&d, &fill);
        c.round(x - half * 0.83, waist - b.limb * 0.2, half * 1.66, b.limb * 0.4, b.limb * 0.2, colour.dark(0.2));
    }
    match wear {
        Wear::Formal if !look.dress => {
            let white = c.lit(rgb(0xfdfdfb));
            c.poly(&[(x - half * 0.42, s - b.r * 0.35), (x + half * 0.42, s - b.r * 0.35), (x, s + (hip - s) * 0.55)], white);
            let tie = c.lit(rgb(0x9c3b4d));
            c.poly(&[(x - b.r * 0.13, s - b.r * 0.1), (x + b.r * 0.13, s - b.r * 0.1), (x + b.r * 0.16, s + (hip - s) * 0.4), (x, s + (hip - s) * 0.52), (x - b.r * 0.16, s + (hip - s) * 0.4)], tie);
        }
        Wear::Winter | Wear::Helmet => {
            c.line((x, s), (x, hip + coat), b.limb * 0.13, colour.dark(0.3));
        }
        _ => {}
    }
}

fn arm(c: &mut Canvas, b: &Body, look: &Look, wear: Wear, shirt: Rgb, (angle, bend): (f32, f32), side: f32) {
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
    c.stroke(&d, b.limb * if short || wear == Wear::Swim { 0.82 } else { 0.98 }, if short || wear == Wear::Swim { skin } else { sleeve });
    if short {
        let cuff = (from.0 + ux * upper * 0.55, from.1 + uy * upper * 0.55);
        c.line(from, cuff, b.limb * 1.05, sleeve);
    }
    let hand_colour = if matches!(wear, Wear::Winter | Wear::Helmet) { c.lit(look.wardrobe[2].dark(0.2)) } else { skin };
    c.disc(hand.0 + lx * b.limb * 0.3, hand.1 + ly * b.limb * 0.3, b.limb * 0.55, hand_colour);
}

fn head_and_face(c: &mut Canvas, b: &Body, who: &Figure, pose: Pose, skin: Rgb) {
    let ((x, y), r) = (b.head, b.r);
    for side in [-1.0, 1.0] {
        c.disc(x + side * r * 0.97, y + r * 0.12, r * 0.2, skin.dark(0.08));
    }
    let fill = c.radial(skin.light(0.1), skin.dark(0.05));
    c.ellipse(x, y, r, r * 1.08, &fill);
    if pose.away {
        let hair = c.lit(who.look.hair);
        if who.look.style != Hair::Bald {
            c.ellipse(x, y - r * 0.1, r * 1.03, r * 1.02, hair);
        }
        return;
    }
    let x = x + pose.gaze * r * 0.24;
    let line = rgb(0x3a2430).mix(who.look.hair, 0.25);
    let line = c.lit(line);
    for side in [-1.0, 1.0] {
        let ex = x + side * r * 0.37;
        c.disc(x + side * r * 0.56, y + r * 0.4, r * 0.2, rgb(0xf06a6a).fade(0.26));
        c.ellipse(ex, y + r * 0.1, r * 0.1, r * 0.14, line);
        c.disc(ex + r * 0.035, y + r * 0.05, r * 0.035, rgb(0xffffff));
        let brow = format!("M{:.1} {:.1}Q{ex:.1} {:.1} {:.1} {:.1}", ex - r * 0.16, y - r * 0.18, y - r * 0.29, ex + r * 0.16, y - r * 0.18);
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
            x - r * 0.96, y + r * 0.18, x - r * 0.82, y + r * 1.2, y + r * 1.22, x + r * 0.82, y + r * 1.2, x + r * 0.96, y + r * 0.18,
            x + r * 0.55, y + r * 0.42, y + r * 0.42, x - r * 0.55, y + r * 0.42, x - r * 0.96, y + r * 0.18
        );
        c.path(&b, beard);
    }
    c.stroke(&format!("M{:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}", x - r * 0.07, y + r * 0.33, r * 0.08, r * 0.07, r * 0.15, 0.0), r * 0.06, skin.dark(0.25));
    let (mx, my) = (r * 0.3, y + r * 0.56);
    if pose.left.0 > 100.0 || pose.right.0 > 100.0 || who.age < 9.0 {
        c.path(&format!("M{:.1} {my:.1}Q{x:.1} {:.1} {:.1} {my:.1}Q{x:.1} {:.1} {:.1} {my:.1}Z", x - mx, my + r * 0.5, x + mx, my + r * 0.06, x - mx), rgb(0xa8384a));
    } else {
        c.stroke(&format!("M{:.1} {my:.1}Q{x:.1} {:.1} {:.1} {my:.1}", x - mx, my + r * 0.28, x + mx), r * 0.085, rgb(0x9c3a48));
    }
}

fn hair_behind(c: &mut Canvas, b: &Body, look: &Look, wear: Wear) {
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

fn hair_in_front(c: &mut Canvas, b: &Body, look: &Look, wear: Wear, away: bool) {
    let ((x, y), r) = (b.head, b.r);
    let hair = c.lit(look.hair);
    if !away && look.style != Hair::Bald {
        let fringe = match look.style {
            Hair::Bob => format!("Q{:.1} {:.1} {:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}", x + r * 0.98, y - r * 0.3, x + r * 0.72, y - r * 0.32, y - r * 0.2, x - r * 0.72, y - r * 0.32),
            Hair::Messy => format!("L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}", x + r * 0.62, y - r * 0.5, x + r * 0.38, y - r * 0.22, x + r * 0.1, y - r * 0.5, x - r * 0.25, y - r * 0.2, x - r * 0.55, y - r * 0.48),
            _ => format!("Q{:.1} {:.1} {:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}", x + r * 0.92, y - r * 0.55, x + r * 0.35, y - r * 0.68, x - r * 0.2, y - r * 0.3, x - r * 0.78, y - r * 0.32),
        };
        let d = format!("M{:.1} {:.1}A{:.1} {:.1} 0 0 1 {:.1} {:.1}{fringe}Q{:.1} {:.1} {:.1} {:.1}Z", x - r * 1.05, y + r * 0.1, r * 1.06, r * 1.18, x + r * 1.05, y + r * 0.1, x - r * 0.98, y - r * 0.25, x - r * 1.05, y + r * 0.1);
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
            c.path(&format!("M{:.1} {:.1}A{:.1} {:.1} 0 0 1 {:.1} {:.1}Z", x - r * 1.1, y - r * 0.3, r * 1.1, r * 1.12, x + r * 1.1, y - r * 0.3), wool);
            c.round(x - r * 1.16, y - r * 0.52, r * 2.32, r * 0.4, r * 0.18, wool.light(0.25));
            c.disc(x, y - r * 1.42, r * 0.3, wool.light(0.45));
        }
        Wear::Helmet => {
            let shell = c.lit(look.wardrobe[0].dark(0.1));
            let fill = c.down(shell.light(0.25), shell.dark(0.2));
            c.path(&format!("M{:.1} {:.1}A{:.1} {:.1} 0 0 1 {:.1} {:.1}Q{x:.1} {:.1} {:.1} {:.1}Z", x - r * 1.16, y - r * 0.18, r * 1.16, r * 1.2, x + r * 1.16, y - r * 0.18, y - r * 0.62, x - r * 1.16, y - r * 0.18), &fill);
            c.stroke(&format!("M{:.1} {:.1}L{:.1} {:.1}", x - r * 1.0, y - r * 0.1, x - r * 0.5, y + r * 1.05), r * 0.08, shell.dark(0.4));
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

/// Draws `cast` side by side between `from` and `to` on the ground at `y`, `h` high, in the poses given in turn.
pub fn line_up(c: &mut Canvas, cast: &[Figure], (from, to): (f32, f32), y: f32, h: f32, wear: Wear, poses: &[Pose]) {
    let step = (to - from) / cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let pose = poses[i % poses.len()];
        person(c, who, from + step * (i as f32 + 0.5), y, h, wear, pose);
    }
}
