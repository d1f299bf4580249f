//! Light: what the hour and the weather do to sky and colours.
//!
//! Everything that stands in a scene takes its colours through the scene's light, so that a night is dark all over and an
//! evening is warm all over.

use super::colour::{Rgb, rgb};

/// The hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hour {
    /// First light: rose and pale blue.
    Dawn,
    /// Full daylight.
    Day,
    /// The low, warm sun of a late afternoon.
    Golden,
    /// After sunset: violet and deep orange.
    Dusk,
    /// Night.
    Night,
    /// Lamplight within a house.
    Indoors,
}

/// The weather.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// A few clouds at most.
    Clear,
    /// Many clouds, still bright.
    Cloudy,
    /// Rain from a grey sky.
    Rain,
    /// Falling snow.
    Snow,
    /// Fog between near and far.
    Fog,
}

/// The light of a scene.
#[derive(Debug, Clone, Copy)]
pub struct Light {
    /// The hour.
    pub hour: Hour,
    /// The weather.
    pub weather: Weather,
    /// The sky overhead.
    pub zenith: Rgb,
    /// The sky between.
    pub middle: Rgb,
    /// The sky where it meets the land; also the colour of haze.
    pub horizon: Rgb,
    /// What is mixed into every colour…
    pub ambient: Rgb,
    /// …and how much of it, 0–1.
    pub strength: f32,
}

impl Light {
    /// The light of an hour in a weather.
    pub fn new(hour: Hour, weather: Weather) -> Self {
        let (zenith, middle, horizon, ambient, strength) = match hour {
            Hour::Dawn => (0x7fa6d6, 0xd9c3dc, 0xffdcc2, 0xe9a9a0, 0.16),
            Hour::Day => (0x3f93dc, 0x8fc8f0, 0xdff2fb, 0xffffff, 0.0),
            Hour::Golden => (0x5b8fc9, 0xf3c68f, 0xffd79a, 0xff9d3f, 0.16),
            Hour::Dusk => (0x34306e, 0xa3568f, 0xff9a6b, 0x4a2d6b, 0.36),
            Hour::Night => (0x070d2b, 0x14204f, 0x2d3b74, 0x0c1440, 0.56),
            Hour::Indoors => (0xf4e3cb, 0xf4e3cb, 0xf4e3cb, 0xffb25c, 0.06),
        };
        let mut light = Self {
            hour,
            weather,
            zenith: rgb(zenith),
            middle: rgb(middle),
            horizon: rgb(horizon),
            ambient: rgb(ambient),
            strength,
        };
        let (veil, share) = match weather {
            Weather::Clear => return light,
            Weather::Cloudy => (rgb(0xc9d4de), 0.30),
            Weather::Rain => (rgb(0x7d8b99), 0.62),
            Weather::Snow => (rgb(0xd4dde6), 0.55),
            Weather::Fog => (rgb(0xd8dcd8), 0.62),
        };
        let veil = if light.is_dark() { veil.mix(light.zenith, 0.75) } else { veil };
        light.zenith = light.zenith.mix(veil, share);
        light.middle = light.middle.mix(veil, share);
        light.horizon = light.horizon.mix(veil.light(0.25), share);
        light.ambient = light.ambient.mix(veil.dark(0.3), 0.5);
        light.strength = light.strength.max(share * 0.3);
        light
    }

    /// Whether lamps are lit.
    pub fn is_dark(&self) -> bool {
        matches!(self.hour, Hour::Night | Hour::Dusk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_are_darker_than_days_and_rain_is_greyer_than_sunshine() {
        let brightness = |c: Rgb| u32::from(c.0) + u32::from(c.1) + u32::from(c.2);
        let spread = |c: Rgb| c.0.max(c.1).max(c.2) - c.0.min(c.1).min(c.2);
        let day = Light::new(Hour::Day, Weather::Clear);
        assert!(brightness(Light::new(Hour::Night, Weather::Clear).middle) < brightness(day.middle));
        assert!(spread(Light::new(Hour::Day, Weather::Rain).zenith) < spread(day.zenith));
        assert!(Light::new(Hour::Night, Weather::Snow).is_dark() && !day.is_dark());
    }
}
