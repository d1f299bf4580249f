//! The sidecar of a medium: what is said of it, as XMP, in the words of [`crate::xmp`].

use super::gather::Item;
use crate::ingest::metadata::{Region as Area, stored_region};
use crate::library::media::Medium;
use crate::xmp::{Packet, Place, Region};

/// How the file beside a sidecar lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lie {
    /// EXIF's orientation of its pixels, 1 for copies, which are upright.
    pub orientation: u8,
    /// The sidecar is where the orientation stands, as programs do with raw files.
    pub told: bool,
}

impl Lie {
    /// The pixels lie as they are seen.
    pub const UPRIGHT: Self = Self { orientation: 1, told: false };
}

/// The sidecar of a file; `location`: whether it tells where the picture was taken.
pub fn sidecar(item: &Item, lie: Lie, location: bool) -> String {
    let medium = &item.medium;
    let edge = |pixels: Option<i64>| pixels.and_then(|pixels| u32::try_from(pixels).ok()).unwrap_or(0);
    let (width, height) = (edge(medium.width), edge(medium.height));
    let regions = item.said.people.iter().filter_map(|person| {
        let [x, y, w, h] = person.area?;
        let area = stored_region(Area { x, y, w, h }, lie.orientation);
        let area = [area.x + area.w / 2.0, area.y + area.h / 2.0, area.w, area.h];
        Some(Region { name: &person.name, pet: person.pet, area })
    });
    let position = medium.lat.zip(medium.lon).map(|(lat, lon)| (lat, lon, medium.altitude));
    let place = Place {
        city: medium.city.as_deref().or(medium.locality.as_deref()),
        region: medium.region.as_deref(),
        country: medium.country.as_deref(),
        country_code: medium.country_code.as_deref(),
    };
    let packet = Packet {
        creator: "Recollect",
        title: medium.title.as_deref().unwrap_or_default(),
        description: medium.description.as_deref().unwrap_or_default(),
        keywords: item.said.keywords.iter().map(String::as_str).collect(),
        rating: medium.rating.and_then(|stars| u8::try_from(stars).ok()),
        // A name alone says that it is a person; animals have their regions.
        people: item.said.people.iter().filter(|p| !p.pet || p.area.is_none()).map(|p| p.name.as_str()).collect(),
        regions: regions.collect(),
        size: if (5..=8).contains(&lie.orientation) { (height, width) } else { (width, height) },
        taken: taken(medium),
        position: position.filter(|_| location),
        place: if location { place } else { Place::default() },
        orientation: lie.told.then_some(lie.orientation),
    };
    packet.written()
}

/// When it was taken, as exactly as it is known and no more.
fn taken(medium: &Medium) -> Option<String> {
    let time = medium.taken()?;
    let format = match medium.taken_precision.as_deref() {
        Some("year") => "%Y",
        Some("month") => "%Y-%m",
        Some("day") => "%Y-%m-%d",
        Some("minute") => "%Y-%m-%dT%H:%M",
        _ => "%Y-%m-%dT%H:%M:%S",
    };
    let offset = medium.taken_offset.filter(|_| format.contains('T')).map_or_else(String::new, |minutes| {
        let sign = if minutes < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
    });
    Some(format!("{}{offset}", time.strftime(format)))
}
