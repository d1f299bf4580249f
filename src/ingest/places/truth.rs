//! Checks places against the family library whose places are known.
//!
//! Countries must agree in every item. Regions and cities are counted and may not fall below what was measured;
//! every disagreement is printed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{fold, locate, names_of};
use crate::library::filter::PlaceRef;

/// Counts of agreement, and the disagreements with how often each occurs.
#[derive(Default)]
struct Agreement {
    positions: u32,
    country: u32,
    region: u32,
    city: u32,
    city_literally: u32,
    differences: BTreeMap<String, u32>,
}

impl Agreement {
    fn add(&mut self, item: &Value) {
        let (Some(lat), Some(lon)) = (item["lat"].as_f64(), item["lon"].as_f64()) else { return };
        self.positions += 1;
        let truth = |key: &str| item["place"][key].as_str().unwrap_or_default();
        let Some(place) = locate(lat, lon) else {
            *self.differences.entry(format!("{}: no place", truth("city"))).or_default() += 1;
            return;
        };
        let country = place.country == truth("country") && place.country_code == truth("country_code");
        self.country += u32::from(country);
        let code = Some(place.country_code.to_owned());
        let region_ref = PlaceRef { city: None, region: place.region.map(str::to_owned), country_code: code.clone() };
        // A country without regions stands for itself: the region of Douglas is the Isle of Man.
        let region = known_as(&region_ref, truth("region"));
        self.region += u32::from(region);
        let city_ref = |name: &str| PlaceRef { city: Some(name.to_owned()), ..region_ref.clone() };
        let levels = [place.locality, place.city].into_iter().flatten();
        let city = levels.clone().any(|name| known_as(&city_ref(name), truth("city")));
        self.city += u32::from(city);
        self.city_literally += u32::from(levels.clone().any(|name| name == truth("city")));
        if !(country && region && city) {
            let found = format!("{:?}, {:?}, {:?}, {}", place.locality, place.city, place.region, place.country_code);
            let line = format!("{}, {}, {}: {found}", truth("city"), truth("region"), truth("country_code"));
            *self.differences.entry(line).or_default() += 1;
        }
    }
}

fn known_as(place: &PlaceRef, name: &str) -> bool {
    names_of(place).iter().any(|known| fold(known) == fold(name))
}

#[test]
fn places_of_the_family_library_are_recognised() {
    let Some(path) = crate::fixtures::shared("library/truth.json") else { return };
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let truth: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut agreement = Agreement::default();
    for item in truth["items"].as_array().into_iter().flatten() {
        agreement.add(item);
    }
    let Agreement { positions, country, region, city, city_literally, differences } = &agreement;
    println!(
        "{positions} positions: country {country}, region {region}, city by any of its names {city}, literally {city_literally}"
    );
    for (line, count) in differences {
        println!("{count:3} × {line}");
    }
    assert!(*positions > 100);
    assert_eq!(country, positions, "{differences:#?}");
    assert!(f64::from(*region) >= 0.99 * f64::from(*positions), "{differences:#?}");
    assert!(f64::from(*city) >= 0.95 * f64::from(*positions), "{differences:#?}");
}
