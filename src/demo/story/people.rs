//! The family and their friends, all invented.

use crate::demo::draw::colour::rgb;
use crate::demo::draw::figure::{Figure, Hair, Look};

/// Somebody of the story.
#[derive(Debug, Clone, Copy)]
pub struct Character {
    /// The name, as it stands in the metadata.
    pub name: &'static str,
    /// Year and month of birth.
    pub born: (i16, u8),
    /// What they look like.
    pub look: Look,
}

impl Character {
    /// Their age in years at a time that is written as year, month, … (RFC 3339).
    pub fn age_at(&self, when: &str) -> f32 {
        let number =
            |range: std::ops::Range<usize>| when.get(range).and_then(|text| text.parse::<f32>().ok()).unwrap_or(0.0);
        number(0..4) - f32::from(self.born.0) + (number(5..7) - f32::from(self.born.1)) / 12.0
    }

    /// How they are drawn at that time.
    pub fn figure_at(&'static self, when: &str) -> Figure {
        Figure { name: self.name, look: &self.look, age: self.age_at(when) }
    }
}

const FAIR: Look = Look {
    skin: rgb(0xf6cfae),
    hair: rgb(0x8a4526),
    style: Hair::Long,
    beard: false,
    glasses: false,
    dress: false,
    wardrobe: [rgb(0x2f8f83), rgb(0xe2a03f), rgb(0xc8505a)],
};

/// The mother.
pub const CLARA: Character = Character { name: "Clara", born: (1988, 4), look: Look { dress: true, ..FAIR } };

/// The father.
pub const JONAS: Character = Character {
    name: "Jonas",
    born: (1986, 10),
    look: Look {
        skin: rgb(0xf0c19a),
        hair: rgb(0x3a2a22),
        style: Hair::Short,
        beard: true,
        wardrobe: [rgb(0x3f6fa8), rgb(0x6b8a4a), rgb(0x35506b)],
        ..FAIR
    },
};

/// The son.
pub const THEO: Character = Character {
    name: "Theo",
    born: (2017, 5),
    look: Look {
        hair: rgb(0xc98a3c),
        style: Hair::Messy,
        wardrobe: [rgb(0xf2b632), rgb(0x3f87c0), rgb(0x3a9a5f)],
        ..FAIR
    },
};

/// The daughter.
pub const MILA: Character = Character {
    name: "Mila",
    born: (2021, 3),
    look: Look {
        hair: rgb(0xb5562b),
        style: Hair::Pigtails,
        dress: true,
        wardrobe: [rgb(0xe8688f), rgb(0x9a6fc8), rgb(0xf08a4a)],
        ..FAIR
    },
};

/// Clara's mother.
pub const ELSA: Character = Character {
    name: "Grandma Elsa",
    born: (1955, 2),
    look: Look {
        hair: rgb(0xcfcac6),
        style: Hair::Bun,
        glasses: true,
        dress: true,
        wardrobe: [rgb(0x7a5fa0), rgb(0x4f7a86), rgb(0xb0607a)],
        ..FAIR
    },
};

/// Clara's father.
pub const HENRIK: Character = Character {
    name: "Grandpa Henrik",
    born: (1952, 8),
    look: Look {
        hair: rgb(0xe6e2dc),
        style: Hair::Bald,
        beard: true,
        wardrobe: [rgb(0x8a5a3c), rgb(0x4f6b52), rgb(0xa83f3f)],
        ..FAIR
    },
};

/// Clara's best friend, a musician.
pub const NAOMI: Character = Character {
    name: "Naomi",
    born: (1989, 6),
    look: Look {
        skin: rgb(0x9a623f),
        hair: rgb(0x241a1a),
        style: Hair::Curly,
        dress: true,
        wardrobe: [rgb(0xf0b429), rgb(0xd9485f), rgb(0x2fa39a)],
        ..FAIR
    },
};

/// A friend in Rome.
pub const LUCA: Character = Character {
    name: "Luca",
    born: (1987, 1),
    look: Look {
        skin: rgb(0xdba67c),
        hair: rgb(0x1f1a1c),
        style: Hair::Curly,
        wardrobe: [rgb(0xf4f0e6), rgb(0x5f7f9a), rgb(0xb8503c)],
        ..FAIR
    },
};

/// A friend in Kyoto.
pub const YUKI: Character = Character {
    name: "Yuki",
    born: (1990, 11),
    look: Look {
        skin: rgb(0xf3d0ac),
        hair: rgb(0x1c1820),
        style: Hair::Bob,
        dress: true,
        wardrobe: [rgb(0xd95f7a), rgb(0x5f8fc0), rgb(0xe8e0f0)],
        ..FAIR
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_grow_older_and_children_taller() {
        assert!((THEO.age_at("2023-05-20T15:00:00+02:00") - 6.0).abs() < 0.01);
        assert!(MILA.figure_at("2022-03-14").stature() < MILA.figure_at("2026-03-14").stature());
        assert!((CLARA.figure_at("2023-01-01").stature() - 1.0).abs() < f32::EPSILON);
    }
}
