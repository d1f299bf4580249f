//! Colours, and the random numbers that vary a drawing.
//!
//! The same seed gives the same numbers on every run and every machine: a demo picture has to be the same file each time.

use std::fmt;

/// A colour in sRGB, 0–255 a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// A colour from its usual notation, `0xRRGGBB`.
pub const fn rgb(hex: u32) -> Rgb {
    let [_, r, g, b] = hex.to_be_bytes();
    Rgb(r, g, b)
}

impl Rgb {
    /// This colour with `share` (0–1) of `other` in it.
    pub fn mix(self, other: Self, share: f32) -> Self {
        let channel =
            |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share.clamp(0.0, 1.0)).round() as u8;
        Self(channel(self.0, other.0), channel(self.1, other.1), channel(self.2, other.2))
    }

    /// Towards white.
    pub fn light(self, share: f32) -> Self {
        self.mix(rgb(0xffffff), share)
    }

    /// Towards a warm black.
    pub fn dark(self, share: f32) -> Self {
        self.mix(rgb(0x14101c), share)
    }

    /// The same colour, see-through: `opacity` 0–1.
    pub fn fade(self, opacity: f32) -> Fill {
        Fill(format!("rgba({},{},{},{opacity:.3})", self.0, self.1, self.2))
    }
}

/// What an area is painted with, as SVG writes it: a colour or a reference to a gradient.
#[derive(Debug, Clone)]
pub struct Fill(pub(super) String);

impl From<Rgb> for Fill {
    fn from(colour: Rgb) -> Self {
        Self(format!("#{:02x}{:02x}{:02x}", colour.0, colour.1, colour.2))
    }
}

impl From<&Fill> for Fill {
    fn from(fill: &Fill) -> Self {
        fill.clone()
    }
}

impl fmt::Display for Fill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A small generator of random numbers (SplitMix64: Steele, Lea and Flood, OOPSLA 2014).
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// The generator that `seed` starts.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly between `from` and `to`.
    pub fn between(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * ((self.next() >> 40) as f32 / (1u64 << 24) as f32)
    }

    /// Whether an event of probability `p` happens.
    pub fn chance(&mut self, p: f32) -> bool {
        self.between(0.0, 1.0) < p
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[(self.next() % of.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixing_moves_from_one_colour_to_the_other() {
        let (black, white) = (rgb(0x000000), rgb(0xffffff));
        assert_eq!(black.mix(white, 0.0), black);
        assert_eq!(black.mix(white, 0.5), rgb(0x808080));
        assert_eq!(black.mix(white, 7.0), white, "a share beyond 1 is all of it");
        assert_eq!(Fill::from(rgb(0x0a1b2c)).to_string(), "#0a1b2c");
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_seed_others() {
        let draw = |seed| {
            let mut rng = Rng::new(seed);
            (0..8).map(|_| rng.between(-2.0, 3.0)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert!(draw(7).iter().all(|n| (-2.0..3.0).contains(n)));
    }
}
