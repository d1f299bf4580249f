//! People: stylised figures, recognisable from picture to picture by hair, skin and wardrobe, who grow as years go by.
//!
//! A figure's face is recorded on the canvas under its name. Sizes follow from the height: `h` is what the
//! person measures standing, also when seated.

mod body;
mod head;

use super::canvas::{Canvas, Face};
use super::colour::{Rgb, rgb};
use body::{arm, legs, torso};
use head::{hair_behind, hair_in_front, head_and_face};

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
}

impl Pose {
    /// At ease.
    pub const REST: Self = Self { left: (14.0, 10.0), right: (14.0, 10.0), legs: Legs::Stand, gaze: 0.0 };
    /// Waving.
    pub const WAVE: Self = Self { right: (128.0, 42.0), ..Self::REST };
    /// Both arms in the air.
    pub const CHEER: Self = Self { left: (145.0, 22.0), right: (145.0, 22.0), ..Self::REST };
    /// Holding something before the chest.
    pub const HOLD: Self = Self { left: (24.0, -112.0), right: (24.0, -112.0), ..Self::REST };
    /// Pointing to the right.
    pub const POINT: Self = Self { right: (88.0, 8.0), gaze: 0.6, ..Self::REST };
    /// Walking to the right.
    pub const WALK: Self = Self { left: (30.0, 20.0), right: (26.0, 24.0), legs: Legs::Stride, gaze: 0.4 };

    /// The same, seated.
    pub const fn sitting(self) -> Self {
        Self { legs: Legs::Sit, ..self }
    }

    /// The same, seen from the hip up.
    pub const fn half(self) -> Self {
        Self { legs: Legs::Hidden, ..self }
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
    // Whoever is photographed at night stands where there is some light.
    let strength = c.light.strength;
    c.light.strength *= 0.42;
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
    let body = Body {
        x,
        y,
        h,
        head,
        r,
        shoulder: head.1 + r * 1.32,
        half: h * 0.088 + r * 0.22,
        hip,
        limb: h * (0.062 + 0.016 * young),
    };
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
    hair_in_front(c, &body, who.look, wear);
    c.light.strength = strength;
    let size = r * 2.5;
    c.faces.push(Face { name: who.name.to_owned(), pet: false, x: head.0, y: head.1, w: size, h: size * 1.08 });
}

/// Draws `cast` side by side between `from` and `to` on the ground at `y`, `h` high, in the poses given in turn.
pub fn line_up(c: &mut Canvas, cast: &[Figure], (from, to): (f32, f32), y: f32, h: f32, wear: Wear, poses: &[Pose]) {
    let step = (to - from) / cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let pose = poses[i % poses.len()];
        person(c, who, from + step * (i as f32 + 0.5), y, h, wear, pose);
    }
}
