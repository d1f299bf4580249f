//! Places without a network: the city, region, country and time zone of a position, and the places that a name means.
//!
//! Everything is read from data embedded in the program, decoded on first use and kept: about 181,000 settlements
//! (GeoNames), the borders between countries (Natural Earth) and the names people type in English, German, French,
//! Spanish and Chinese. [`locate`] and [`find`] speak of a place with the same English names, so that a condition made
//! from a question meets the columns made from a position. Nothing here depends on the files of a library.
//! `scripts/places/build.py` makes the data; `data/places/ATTRIBUTION.md` says where it comes from.
//! How places are stored and matched in SQL is left to `library`.

mod borders;
mod data;
mod fold;
mod gazetteer;
mod names;
mod nearest;
mod settlements;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod truth;

pub use fold::fold;
pub use gazetteer::{KnownLevel, KnownPlace, country_name, find, names_of};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use borders::Borders;
use settlements::{Near, World};

/// Farther than this from every settlement, kilometres, a position has a region and a country but no settlement.
const NO_SETTLEMENT_KM: f64 = 40.0;
/// So far out in the water, kilometres, a position still belongs to the nearest settlement.
const COASTAL_KM: f64 = 30.0;
/// So far out in the water, kilometres, a position still belongs to the nearest country.
const OFFSHORE_KM: f64 = 120.0;
/// So far, kilometres, a settlement is searched for: it gives the region and the time zone of a wilderness.
const SEARCH_KM: f64 = 400.0;
/// Borders are drawn about this exactly, kilometres: so near to a settlement of the other side, the settlement is believed.
const BORDER_ERROR_KM: f64 = 1.0;

/// Where a position lies, in English names as people type them.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The settlement that the position is in or nearest to, in the same country: a village, a town, or a quarter of a city
    /// ("Corona"). `None` in a wilderness.
    pub locality: Option<&'static str>,
    /// The notable city that the position belongs to ("New York City"); the locality itself where there is no other.
    pub city: Option<&'static str>,
    /// First administrative level: "California", "Bavaria", "England". `None` where a country has none, or offshore.
    pub region: Option<&'static str>,
    /// Country: "United States".
    pub country: &'static str,
    /// ISO 3166-1 alpha-2, upper case; `XK` for Kosovo.
    pub country_code: &'static str,
    /// IANA time zone: "America/New_York"; for positions without any settlement around, the nautical zone "Etc/GMT+5".
    pub timezone: &'static str,
    /// Kilometres to the centre of the locality, or in a wilderness of the settlement that gives the region; `None` where
    /// there is none within 400 km.
    pub distance_km: Option<f64>,
}

/// The place at a position, WGS 84, degrees: latitude −90 to 90, longitude −180 to 180 (up to 360 either way is wrapped).
///
/// `None` for positions that are none (not finite, out of range) and on the high seas.
pub fn locate(lat: f64, lon: f64) -> Option<Place> {
    let (lat, lon) = valid(lat, lon)?;
    let world = World::get();
    let near = world.nearest(lat, lon, SEARCH_KM);
    match Borders::get().country_at(lat, lon) {
        Some(code) => match within_borders(world, lat, lon, near, code) {
            Some(near) => describe(world, lat, lon, near),
            None => country_only(code, nautical_zone(lon), None),
        },
        None => {
            let near = near?;
            match near.km {
                km if km <= COASTAL_KM => describe(world, lat, lon, near),
                km if km <= OFFSHORE_KM => {
                    country_only(world.country_code(near.id), world.zone(near.id), Some(near.km))
                }
                _ => None,
            }
        }
    }
}

/// The IANA time zone at a position: that of the nearest settlement of the country, at sea the nautical one ("Etc/GMT-3").
///
/// `None` only for positions that are none.
pub fn timezone(lat: f64, lon: f64) -> Option<&'static str> {
    let (_, wrapped) = valid(lat, lon)?;
    Some(locate(lat, lon).map_or_else(|| nautical_zone(wrapped), |place| place.timezone))
}

/// The offset from UTC in a time zone at an instant; `None` when the zone is unknown to the tz database.
pub fn utc_offset(timezone: &str, instant: Timestamp) -> Option<Offset> {
    TimeZone::get(timezone).ok().map(|zone| zone.to_offset(instant))
}

fn valid(lat: f64, lon: f64) -> Option<(f64, f64)> {
    let fits = lat.is_finite() && lon.is_finite() && lat.abs() <= 90.0 && lon.abs() <= 360.0;
    fits.then(|| (lat, (lon + 180.0).rem_euclid(360.0) - 180.0))
}

/// The settlement that stands for a position which the borders put into country `code`.
///
/// The borders decide, but where they are drawn too coarsely: when the nearest settlement itself lies on the wrong side,
/// or the position is in the middle of a settlement and far from any of the other country.
fn within_borders(world: &World, lat: f64, lon: f64, near: Option<Near>, code: &str) -> Option<Near> {
    let near = near?;
    if world.country_code(near.id) == code {
        return Some(near);
    }
    let own = world.nearest_in(lat, lon, SEARCH_KM, code);
    let misdrawn = || {
        let (lat, lon) = world.position(near.id);
        Borders::get().country_at(lat, lon) != Some(world.country_code(near.id))
    };
    let centre = near.km <= BORDER_ERROR_KM && own.is_none_or(|own| own.km > 3.0 * near.km.max(BORDER_ERROR_KM));
    if centre || (near.km <= 5.0 * BORDER_ERROR_KM && misdrawn()) { Some(near) } else { own }
}

fn describe(world: &'static World, lat: f64, lon: f64, near: Near) -> Option<Place> {
    let near = world.settled_in(lat, lon, near);
    let settled = near.km <= NO_SETTLEMENT_KM;
    let code = world.country_code(near.id);
    Some(Place {
        locality: settled.then(|| world.name(near.id)),
        city: settled.then(|| world.name(world.city_of(lat, lon, near.id))),
        region: world.region(near.id),
        country: country_name(code, "en")?,
        country_code: code,
        timezone: world.zone(near.id),
        distance_km: Some(near.km),
    })
}

fn country_only(code: &'static str, timezone: &'static str, distance_km: Option<f64>) -> Option<Place> {
    let country = country_name(code, "en")?;
    Some(Place { locality: None, city: None, region: None, country, country_code: code, timezone, distance_km })
}

/// The zone of 15 degrees that a longitude lies in. POSIX signs: `Etc/GMT+5` is five hours behind UTC.
fn nautical_zone(lon: f64) -> &'static str {
    const ZONES: [&str; 25] = [
        "Etc/GMT+12",
        "Etc/GMT+11",
        "Etc/GMT+10",
        "Etc/GMT+9",
        "Etc/GMT+8",
        "Etc/GMT+7",
        "Etc/GMT+6",
        "Etc/GMT+5",
        "Etc/GMT+4",
        "Etc/GMT+3",
        "Etc/GMT+2",
        "Etc/GMT+1",
        "Etc/GMT",
        "Etc/GMT-1",
        "Etc/GMT-2",
        "Etc/GMT-3",
        "Etc/GMT-4",
        "Etc/GMT-5",
        "Etc/GMT-6",
        "Etc/GMT-7",
        "Etc/GMT-8",
        "Etc/GMT-9",
        "Etc/GMT-10",
        "Etc/GMT-11",
        "Etc/GMT-12",
    ];
    // The cast is exact: valid longitudes give 0 to 24.
    ZONES[((lon / 15.0).round() + 12.0).clamp(0.0, 24.0) as usize]
}
