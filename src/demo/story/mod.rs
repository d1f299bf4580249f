//! The story that the demo library tells: eight years of an invented family.
//!
//! Clara and Jonas marry at Lake Constance in 2019, with Clara's son Theo carrying the rings; the dog Biscuit comes in
//! 2020, the daughter Mila and the cat Miso in 2021. They live in Freiburg and travel: Rome, Lofoten, Kyoto, the Algarve,
//! Amsterdam. Nobody in it exists. Each moment says what its picture shows, so that its caption is true of the drawing.

mod at_home;
mod people;
mod travels;

pub use people::{CLARA, Character, ELSA, HENRIK, JONAS, LUCA, MILA, NAOMI, THEO, YUKI};

use super::draw::light::{Hour, Weather};
use super::scenes::Scene;

/// A position on Earth.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Metres above the sea.
    pub alt: u32,
}

/// A position.
pub const fn spot(lat: f64, lon: f64, alt: u32) -> Spot {
    Spot { lat, lon, alt }
}

/// What took a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// The maker, as in EXIF.
    pub make: &'static str,
    /// The model, as in EXIF.
    pub model: &'static str,
    /// The lens.
    pub lens: &'static str,
    /// Focal length in tenths of a millimetre.
    pub focal: u32,
    /// Aperture in tenths.
    pub aperture: u32,
}

/// The camera they take along on purpose.
pub const FUJI: Camera =
    Camera { make: "FUJIFILM", model: "X-T30", lens: "XF18-55mmF2.8-4 R LM OIS", focal: 230, aperture: 56 };
/// Clara's telephone.
pub const IPHONE: Camera = Camera {
    make: "Apple",
    model: "iPhone 13",
    lens: "iPhone 13 back dual wide camera 5.1mm f/1.6",
    focal: 51,
    aperture: 16,
};
/// Jonas' telephone.
pub const PIXEL: Camera =
    Camera { make: "Google", model: "Pixel 8", lens: "Pixel 8 back camera 6.9mm f/1.68", focal: 69, aperture: 17 };
/// Grandpa Henrik's camera: no GPS.
pub const NIKON: Camera = Camera {
    make: "NIKON CORPORATION",
    model: "NIKON D7500",
    lens: "AF-S DX NIKKOR 18-140mm f/3.5-5.6G ED VR",
    focal: 350,
    aperture: 63,
};

/// One picture of the story.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Where it lies in the demo library, with `/`.
    pub path: &'static str,
    /// When it was taken: local time and offset, RFC 3339.
    pub when: &'static str,
    /// What draws it.
    pub scene: Scene,
    /// Who is in it, in the order in which the scene places them.
    pub cast: &'static [&'static Character],
    /// The title; empty for none.
    pub title: &'static str,
    /// The caption.
    pub caption: &'static str,
    /// Keywords.
    pub keywords: &'static [&'static str],
    /// Where it was taken, if the camera knew.
    pub spot: Option<Spot>,
    /// What took it.
    pub camera: Camera,
    /// Width and height in pixels, as displayed.
    pub size: (u32, u32),
    /// The light.
    pub hour: Hour,
    /// The weather.
    pub weather: Weather,
    /// Stars, 0 (none given) to 5.
    pub rating: u8,
    /// Whether the picture is stored on its side and EXIF's orientation sets it upright.
    pub sideways: bool,
}

/// A picture: landscape, at day, in fine weather, unless said otherwise.
const fn shot(path: &'static str, when: &'static str, scene: Scene, cast: &'static [&'static Character]) -> Moment {
    Moment {
        path,
        when,
        scene,
        cast,
        title: "",
        caption: "",
        keywords: &[],
        spot: None,
        camera: FUJI,
        size: (1600, 1200),
        hour: Hour::Day,
        weather: Weather::Clear,
        rating: 0,
        sideways: false,
    }
}

impl Moment {
    const fn says(mut self, title: &'static str, caption: &'static str) -> Self {
        self.title = title;
        self.caption = caption;
        self
    }

    const fn tags(mut self, keywords: &'static [&'static str]) -> Self {
        self.keywords = keywords;
        self
    }

    const fn at(mut self, spot: Spot) -> Self {
        self.spot = Some(spot);
        self
    }

    const fn with(mut self, camera: Camera) -> Self {
        self.camera = camera;
        self
    }

    const fn light(mut self, hour: Hour, weather: Weather) -> Self {
        self.hour = hour;
        self.weather = weather;
        self
    }

    const fn stars(mut self, rating: u8) -> Self {
        self.rating = rating;
        self
    }

    const fn size(mut self, w: u32, h: u32) -> Self {
        self.size = (w, h);
        self
    }

    const fn on_its_side(mut self) -> Self {
        self.sideways = true;
        self
    }
}

/// All pictures, in the order in which they were taken.
pub fn moments() -> Vec<Moment> {
    let mut all: Vec<Moment> = travels::MOMENTS.iter().chain(at_home::MOMENTS).copied().collect();
    all.sort_by_key(|moment| moment.when);
    all
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn about_sixty_pictures_each_at_its_own_path_with_a_caption_and_a_time() {
        let all = moments();
        assert!((58..=70).contains(&all.len()), "{} pictures", all.len());
        let paths: HashSet<_> = all.iter().map(|m| m.path).collect();
        assert_eq!(paths.len(), all.len());
        for m in &all {
            assert!(!m.caption.is_empty() && !m.keywords.is_empty(), "{} has nothing to say", m.path);
            assert!(m.when.parse::<jiff::Timestamp>().is_ok(), "{}: {}", m.path, m.when);
            assert!(!m.path.starts_with('/') && !m.path.contains(".."), "{}", m.path);
            for who in m.cast {
                assert!(who.age_at(m.when) >= 0.0, "{} is not born yet in {}", who.name, m.path);
            }
        }
    }

    #[test]
    fn captions_name_the_people_they_show_and_nobody_who_is_not_there() {
        let names = [CLARA, JONAS, THEO, MILA, ELSA, HENRIK, NAOMI, LUCA, YUKI].map(|who| who.name);
        for m in moments() {
            for name in names {
                let spoken_of = m
                    .caption
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| name.ends_with(word) && !word.is_empty() && word.len() > 3);
                let there = m.cast.iter().any(|who| who.name == name);
                assert!(!spoken_of || there, "{}: the caption names {name}, who is not in the picture", m.path);
            }
        }
    }

    #[test]
    fn every_way_of_holding_a_camera_occurs() {
        let all = moments();
        let ratio = |m: &Moment| f64::from(m.size.0) / f64::from(m.size.1);
        assert!(all.iter().any(|m| ratio(m) < 0.9), "a portrait");
        assert!(all.iter().any(|m| (ratio(m) - 1.0).abs() < 0.01), "a square");
        assert_eq!(all.iter().filter(|m| ratio(m) > 2.0).count(), 1, "one panorama");
        assert_eq!(all.iter().filter(|m| m.sideways).count(), 1, "one that is stored on its side");
    }
}
