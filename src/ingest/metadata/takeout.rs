//! Reads the `.json` files that Google Takeout puts beside the media of Google Photos.
//!
//! Times there are UTC instants; a position of 0/0 stands for none. A file that is no such JSON gives trouble and
//! nothing else.

use serde::Deserialize;

use super::facts::{Facts, Role, Text};
use super::input::{Trouble, malformed};
use super::model::Source;
use super::{when, xmp_regions};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sidecar {
    title: Option<String>,
    description: Option<String>,
    photo_taken_time: Option<Moment>,
    geo_data: Option<Place>,
    geo_data_exif: Option<Place>,
    #[serde(default)]
    people: Vec<Named>,
    favorited: Option<bool>,
}

#[derive(Deserialize)]
struct Moment {
    timestamp: Option<Number>,
}

/// Google writes whole numbers as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Text(String),
    Number(i64),
}

#[derive(Deserialize)]
struct Place {
    latitude: Option<f64>,
    longitude: Option<f64>,
    altitude: Option<f64>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

/// Reads a sidecar.
pub(super) fn read(json: &[u8], facts: &mut Facts) -> Result<(), Trouble> {
    let sidecar: Sidecar = match serde_json::from_slice(json) {
        Ok(sidecar) => sidecar,
        Err(error) => return malformed(format!("it is no Takeout JSON: {error}")),
    };
    let source = Source::TakeoutJson;
    // Its title is the file's name, not one that somebody gave.
    facts.value("title", sidecar.title.unwrap_or_default(), source);
    facts.text(Text::Description, "description", &sidecar.description.unwrap_or_default(), source);
    let seconds = sidecar.photo_taken_time.and_then(|moment| match moment.timestamp? {
        Number::Text(text) => text.trim().parse().ok(),
        Number::Number(number) => Some(number),
    });
    if let Some(taken) = seconds.and_then(when::unix_seconds) {
        facts.time("photoTakenTime", Role::Original, taken, source);
    }
    for place in [sidecar.geo_data, sidecar.geo_data_exif].into_iter().flatten() {
        if let (Some(lat), Some(lon)) = (place.latitude, place.longitude)
            && (lat != 0.0 || lon != 0.0)
        {
            facts.position(lat, lon, place.altitude.filter(|&metres| metres != 0.0), source);
        }
    }
    for name in sidecar.people.into_iter().filter_map(|person| person.name) {
        facts.person("people", xmp_regions::named(&name, source));
    }
    if let Some(favorited) = sidecar.favorited {
        facts.favorite(favorited, source);
    }
    Ok(())
}

/// Whether a JSON file's keys are those of a Takeout sidecar of a medium.
pub(super) fn is_takeout(json: &[u8]) -> bool {
    let has = |key: &[u8]| json.windows(key.len()).any(|part| part == key);
    has(b"\"photoTakenTime\"") || (has(b"\"geoData\"") && has(b"\"title\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_place_and_people_are_read() {
        let json = br#"{"title": "IMG_1.JPG", "description": "Cake", "photoTakenTime": {"timestamp": "1645321513"},
            "geoData": {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0},
            "geoDataExif": {"latitude": 43.06, "longitude": -89.4, "altitude": 12.0},
            "people": [{"name": "Anna"}, {}], "favorited": true}"#;
        assert!(is_takeout(json));
        let mut facts = Facts::default();
        read(json, &mut facts).unwrap();
        assert_eq!(facts.times[0].taken.local.to_string(), "2022-02-20T01:45:13");
        assert_eq!(facts.positions.len(), 1);
        assert_eq!(facts.people[0].name.as_deref(), Some("Anna"));
        assert!(facts.titles.is_empty(), "the title is the file's name");
        assert!(facts.favorites[0].value);
        assert!(read(b"[1, 2]", &mut facts).is_err());
    }
}
