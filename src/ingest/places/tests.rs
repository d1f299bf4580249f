//! What places are recognised as: positions across the world, and names in five languages.

use proptest::prelude::*;

use super::{KnownLevel, KnownPlace, Place, country_name, find, locate, names_of, timezone, utc_offset};
use crate::library::filter::PlaceRef;

fn at(lat: f64, lon: f64) -> Place {
    locate(lat, lon).unwrap_or_else(|| panic!("{lat}, {lon} is somewhere"))
}

/// Asserts what a position is in: position, (locality, city, region, country code, time zone); an empty text means none.
fn assert_places(expected: &[((f64, f64), [&str; 5])]) {
    for ((lat, lon), [locality, city, region, code, zone]) in expected {
        let place = at(*lat, *lon);
        let found = [
            place.locality.unwrap_or_default(),
            place.city.unwrap_or_default(),
            place.region.unwrap_or_default(),
            place.country_code,
            place.timezone,
        ];
        assert_eq!(found, [*locality, *city, *region, *code, *zone], "at {lat}, {lon}");
    }
}

#[test]
fn suburbs_belong_to_their_city_and_keep_their_own_name() {
    assert_places(&[
        ((40.758, -73.9855), ["Times Square", "New York City", "New York", "US", "America/New_York"]),
        ((34.1016, -118.3267), ["Hollywood", "Los Angeles", "California", "US", "America/Los_Angeles"]),
        ((25.7907, -80.13), ["Miami Beach", "Miami Beach", "Florida", "US", "America/New_York"]),
        ((52.4986, 13.4034), ["Kreuzberg", "Berlin", "Berlin", "DE", "Europe/Berlin"]),
        ((48.8918, 2.2362), ["La Defense", "Paris", "Île-de-France", "FR", "Europe/Paris"]),
        ((51.4769, -0.0005), ["Greenwich", "London", "England", "GB", "Europe/London"]),
        ((-33.8915, 151.2767), ["Bondi Beach", "Sydney", "New South Wales", "AU", "Australia/Sydney"]),
    ]);
    assert_eq!(at(40.7498, -73.8456).city, Some("New York City"), "Flushing Meadows");
    assert_eq!(at(35.658, 139.7016).city, Some("Tokyo"), "Shibuya");
    assert_eq!(at(35.4437, 139.638).city, Some("Yokohama"), "large enough for itself");
    assert_eq!(at(40.7282, -74.0776).region, Some("New Jersey"), "across the Hudson");
}

#[test]
fn positions_across_the_world_have_their_place() {
    assert_places(&[
        ((50.9413, 6.9583), ["Cologne", "Cologne", "North Rhine-Westphalia", "DE", "Europe/Berlin"]),
        ((47.5576, 10.7498), ["Hohenschwangau", "Füssen", "Bavaria", "DE", "Europe/Berlin"]),
        ((55.9486, -3.1999), ["Edinburgh", "Edinburgh", "Scotland", "GB", "Europe/London"]),
        ((51.4816, -3.1791), ["Cardiff", "Cardiff", "Wales", "GB", "Europe/London"]),
        ((54.5973, -5.9301), ["Belfast", "Belfast", "Northern Ireland", "GB", "Europe/London"]),
        ((64.1466, -21.9426), ["Reykjavik", "Reykjavik", "Capital", "IS", "Atlantic/Reykjavik"]),
        ((67.9322, 13.0887), ["Reine", "Reine", "Nordland", "NO", "Europe/Oslo"]),
        ((36.0544, -112.1401), ["Grand Canyon", "Grand Canyon", "Arizona", "US", "America/Phoenix"]),
        ((50.1163, -122.9574), ["Whistler", "Whistler", "British Columbia", "CA", "America/Vancouver"]),
        ((-54.8019, -68.303), ["Ushuaia", "Ushuaia", "Tierra del Fuego", "AR", "America/Argentina/Ushuaia"]),
        ((-33.9249, 18.4241), ["Cape Town", "Cape Town", "Western Cape", "ZA", "Africa/Johannesburg"]),
        ((-25.3444, 131.0369), ["Yulara", "Yulara", "Northern Territory", "AU", "Australia/Darwin"]),
        ((39.9163, 116.3972), ["Beijing", "Beijing", "Beijing", "CN", "Asia/Shanghai"]),
        ((37.7456, -119.5936), ["Yosemite Valley", "Yosemite Valley", "California", "US", "America/Los_Angeles"]),
    ]);
}

#[test]
fn islands_and_small_countries_are_themselves() {
    assert_places(&[
        ((54.15, -4.4836), ["Douglas", "Douglas", "", "IM", "Europe/Isle_of_Man"]),
        ((41.9022, 12.4539), ["Vatican City", "Vatican City", "", "VA", "Europe/Vatican"]),
        ((22.2783, 114.1747), ["Hong Kong", "Hong Kong", "", "HK", "Asia/Hong_Kong"]),
        ((21.3069, -157.8583), ["Honolulu", "Honolulu", "Hawaii", "US", "Pacific/Honolulu"]),
        ((78.2232, 15.6267), ["Longyearbyen", "Longyearbyen", "Svalbard", "SJ", "Arctic/Longyearbyen"]),
        ((-0.7393, -90.3124), ["Puerto Ayora", "Puerto Ayora", "Galápagos", "EC", "Pacific/Galapagos"]),
        ((39.5696, 2.6502), ["Palma", "Palma", "Balearic Islands", "ES", "Europe/Madrid"]),
        ((-18.1416, 178.4419), ["Suva", "Suva", "Central", "FJ", "Pacific/Fiji"]),
    ]);
    for (lat, lon, code) in [
        (43.7384, 7.4246, "MC"),
        (43.9424, 12.4578, "SM"),
        (36.1408, -5.3536, "GI"),
        (22.1987, 113.5439, "MO"),
        (1.2834, 103.8607, "SG"),
        (-21.1151, 55.5364, "RE"),
        (42.6629, 21.1655, "XK"),
        (35.8894, -5.3198, "ES"),
    ] {
        assert_eq!(at(lat, lon).country_code, code, "at {lat}, {lon}");
    }
}

#[test]
fn borders_divide_what_is_near_to_each_other() {
    for (lat, lon, code, what) in [
        (47.6603, 9.1758, "DE", "Konstanz"),
        (47.6458, 9.1783, "CH", "Kreuzlingen"),
        (47.5596, 7.5886, "CH", "Basel"),
        (47.595, 7.62, "DE", "Weil am Rhein"),
        (47.59, 7.56, "FR", "Saint-Louis"),
        (32.5149, -117.0382, "MX", "Tijuana"),
        (32.552, -117.043, "US", "San Ysidro"),
        (43.0896, -79.0849, "CA", "Niagara Falls, Ontario"),
        (43.0945, -79.0400, "US", "Niagara Falls, New York"),
        (31.7619, -106.485, "US", "El Paso"),
        (-17.925, 25.8525, "ZW", "Victoria Falls"),
        (48.5734, 7.7521, "FR", "Strasbourg"),
        (48.5733, 7.8090, "DE", "Kehl"),
    ] {
        assert_eq!(at(lat, lon).country_code, code, "{what}");
    }
}

#[test]
fn the_antimeridian_the_poles_and_the_sea_are_no_trouble() {
    assert_eq!(at(-16.85, -179.98).country_code, "FJ");
    assert_eq!(at(-16.85, 179.98).country_code, "FJ");
    assert_eq!(locate(21.3069, 202.1417), locate(21.3069, -157.8583), "longitudes wrap");
    let pole = at(-90.0, 0.0);
    assert_eq!((pole.country_code, pole.locality, pole.distance_km), ("AQ", None, None));
    assert_eq!(locate(90.0, 0.0), None);
    assert_eq!(locate(0.0, 0.0), None, "where broken positions lie");
    assert_eq!(locate(30.0, -40.0), None);
    assert_eq!(timezone(30.0, -40.0), Some("Etc/GMT+3"));
    assert_eq!(at(50.98, 1.6).country_code, "FR", "a ferry off Calais");
    for nowhere in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (90.1, 0.0), (0.0, 361.0)] {
        assert_eq!(locate(nowhere.0, nowhere.1), None);
        assert_eq!(timezone(nowhere.0, nowhere.1), None);
    }
}

#[test]
fn offsets_follow_summer_time() -> Result<(), Box<dyn std::error::Error>> {
    let offset = |instant: &str| -> Result<_, jiff::Error> { Ok(utc_offset("America/New_York", instant.parse()?)) };
    assert_eq!(offset("2014-08-28T20:00:00Z")?, Some(jiff::tz::offset(-4)));
    assert_eq!(offset("2014-01-28T20:00:00Z")?, Some(jiff::tz::offset(-5)));
    assert_eq!(utc_offset("Nowhere/Else", "2014-01-28T20:00:00Z".parse()?), None);
    Ok(())
}

#[test]
fn every_time_zone_and_country_is_known() {
    let world = super::World::get();
    let zones: std::collections::BTreeSet<&str> = (0..world.len()).map(|id| world.zone(id)).collect();
    for zone in zones {
        assert!(utc_offset(zone, jiff::Timestamp::UNIX_EPOCH).is_some(), "{zone}");
    }
    for region in world.regions() {
        assert!(country_name(&region.country, "en").is_some(), "{}", region.country);
    }
}

fn first(name: &str) -> KnownPlace {
    find(name).into_iter().next().unwrap_or_else(|| panic!("{name} is known"))
}

#[test]
fn names_in_five_languages_mean_the_same_place() {
    for (names, english, code) in [
        (&["Köln", "koeln", "KOLN", "Cologne", "Colonia", "科隆"][..], "Cologne", "DE"),
        (&["Rome", "Roma", "Rom", "罗马"], "Rome", "IT"),
        (&["Munich", "München", "muenchen", "Múnich", "慕尼黑"], "Munich", "DE"),
        (&["Vienna", "Wien", "Vienne", "Viena", "维也纳"], "Vienna", "AT"),
        (&["New York", "NYC", "Nueva York", "纽约", "纽约市"], "New York City", "US"),
        (&["Lisbon", "Lisboa", "Lissabon", "Lisbonne", "里斯本"], "Lisbon", "PT"),
        (&["Tokyo", "Tokio", "东京", "東京"], "Tokyo", "JP"),
        (&["Germany", "Deutschland", "Allemagne", "Alemania", "德国"], "Germany", "DE"),
        (
            &["USA", "US", "u.s.a.", "the States", "America", "Vereinigte Staaten", "États-Unis", "EE. UU.", "美国"],
            "United States",
            "US",
        ),
        (
            &["UK", "Britain", "Great Britain", "Grossbritannien", "Royaume-Uni", "Reino Unido", "英国"],
            "United Kingdom",
            "GB",
        ),
        (&["Holland", "the Netherlands", "Niederlande", "Pays-Bas"], "Netherlands", "NL"),
        (&["Czechia", "Czech Republic", "Tschechien"], "Czechia", "CZ"),
        (&["Scotland", "Schottland", "Écosse", "Escocia", "苏格兰"], "Scotland", "GB"),
        (&["Bavaria", "Bayern", "Bavière", "Baviera", "巴伐利亚"], "Bavaria", "DE"),
        (&["California", "Kalifornien", "Californie", "加州"], "California", "US"),
    ] {
        for name in names {
            let place = first(name);
            assert_eq!(place.name, english, "{name}");
            assert_eq!(place.places[0].country_code.as_deref(), Some(code), "{name}");
        }
    }
}

#[test]
fn parts_of_the_world_are_lists_of_countries() {
    for (name, inside, outside) in [
        ("africa", "KE", "DE"),
        ("Südostasien", "VN", "CN"),
        ("Scandinavia", "SE", "FI"),
        ("欧洲", "FR", "US"),
        ("Amérique du Sud", "PE", "MX"),
        ("Oriente Medio", "JO", "IN"),
    ] {
        let place =
            find(name).into_iter().find(|place| place.level == KnownLevel::Group).unwrap_or_else(|| panic!("{name}"));
        let holds = |code: &str| place.places.iter().any(|part| part.country_code.as_deref() == Some(code));
        assert!(holds(inside) && !holds(outside), "{name}: {:?}", place.places);
    }
    let new_england = first("New England");
    assert!(new_england.places.iter().any(|part| part.region.as_deref() == Some("Vermont")));
}

#[test]
fn the_likelier_place_comes_first() {
    let paris = find("Paris");
    assert_eq!(paris[0].places[0].country_code.as_deref(), Some("FR"));
    assert!(paris.iter().any(|place| place.places[0].region.as_deref() == Some("Texas")));
    let georgia = find("Georgia");
    assert_eq!((georgia[0].level, georgia[1].level), (KnownLevel::Country, KnownLevel::Region));
    assert_eq!(first("New York").level, KnownLevel::City);
    assert!(find("xyzzy").is_empty() && find("").is_empty() && find("!").is_empty());
}

#[test]
fn everyday_words_are_ambiguous() {
    for name in ["nice", "Split", "bath", "Turkey", "Essen", "mobile", "CA", "Florence", "us"] {
        assert!(find(name).first().is_some_and(|place| place.ambiguous), "{name}");
    }
    for name in ["Paris", "London", "UK", "Köln", "California", "NYC"] {
        assert!(!first(name).ambiguous, "{name}");
    }
}

#[test]
fn a_place_of_the_library_gets_the_names_people_type() {
    let names = |city: &str, region: &str, code: &str| {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        names_of(&PlaceRef { city: part(city), region: part(region), country_code: part(code) })
    };
    let cologne = names("Cologne", "North Rhine-Westphalia", "DE");
    assert_eq!(cologne[0], "Cologne");
    assert!(["Köln", "Colonia", "科隆"].iter().all(|name| cologne.iter().any(|known| known == name)), "{cologne:?}");
    let states = names("", "", "US");
    assert_eq!(states[0], "United States");
    assert!(states.iter().any(|name| name == "USA") && !states.iter().any(|name| name == "US"), "{states:?}");
    assert!(names("", "", "GB").iter().any(|name| name == "UK"));
    assert_eq!(names("", "California", "US")[..2], ["California", "Kalifornien"]);
    assert!(!names("Paris", "Texas", "US").iter().any(|name| name == "巴黎"), "not the one in France");
    assert!(names("Paris", "Île-de-France", "FR").iter().any(|name| name == "巴黎"));
    assert_eq!(names("A hamlet", "Bavaria", "DE"), ["A hamlet"]);
    assert_eq!(names("", "", ""), Vec::<String>::new());
}

#[test]
fn countries_have_names_in_five_languages() {
    let names = ["en", "de-AT", "FR", "es", "zh_Hans"].map(|language| country_name("CH", language).unwrap_or_default());
    assert_eq!(names, ["Switzerland", "Schweiz", "Suisse", "Suiza", "瑞士"]);
    assert_eq!(country_name("VN", "tlh"), Some("Vietnam"));
    assert_eq!(country_name("ZZ", "en"), None);
}

proptest! {
    #[test]
    fn any_position_is_somewhere_or_nowhere_but_never_a_panic(lat in any::<f64>(), lon in any::<f64>()) {
        let _ = locate(lat, lon);
    }

    #[test]
    fn a_place_found_by_position_is_found_by_its_names(lat in -60.0f64..75.0, lon in -180.0f64..180.0) {
        let zone = timezone(lat, lon);
        prop_assert!(zone.is_some());
        if let Some(place) = locate(lat, lon) {
            prop_assert_eq!(place.locality.is_some(), place.city.is_some());
            prop_assert_eq!(country_name(place.country_code, "en"), Some(place.country));
            let region = PlaceRef { city: None, region: place.region.map(str::to_owned), country_code: Some(place.country_code.to_owned()) };
            let names = names_of(&region);
            let country = country_name(place.country_code, "en");
            prop_assert_eq!(names.first().map(String::as_str), place.region.or(country));
        }
    }

    #[test]
    fn any_name_means_something_or_nothing_but_never_a_panic(name in "\\PC{0,24}") {
        let _ = find(&name);
        let _ = names_of(&PlaceRef { city: Some(name), region: None, country_code: None });
    }
}
