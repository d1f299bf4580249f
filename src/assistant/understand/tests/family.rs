//! An invented family's library and a small gazetteer, for the tests of reading.
//!
//! Neither stands for anybody's real pictures. The gazetteer knows just enough of the world to be ambiguous.

use std::collections::HashMap;

use jiff::civil::DateTime;

use super::super::{Gazetteer, GazetteerHit};
use crate::library::filter::PlaceRef;
use crate::library::ids::{AlbumId, EventId, PersonId};
use crate::library::vocabulary::{
    AlbumEntry, CameraEntry, EventEntry, PersonEntry, PlaceEntry, PlaceLevel, TagEntry, Vocabulary,
};

/// The library and the names behind its identifiers.
pub struct Family {
    /// The names that questions are read against.
    pub vocabulary: Vocabulary,
    /// People, events and albums by the text of their identifier.
    pub names: HashMap<String, String>,
}

const PEOPLE: [&str; 12] = [
    "Lena",
    "Lena Marie",
    "Tom",
    "Thomas",
    "Oma Hilde",
    "Uncle Raj",
    "Priya",
    "Felix Baumann",
    "Clara Baumann",
    "April",
    "Rose",
    "小明",
];

/// City, region, country code, country names.
const PLACES: [(&str, &str, &str); 11] = [
    ("Freiburg|Freiburg im Breisgau|弗莱堡", "Baden-Württemberg", "DE"),
    ("Reykjavik|Reykjavík", "Capital Region", "IS"),
    ("Vik|Vík", "South Iceland", "IS"),
    ("Lisbon|Lissabon|Lisbonne|Lisboa|里斯本", "Lisbon District", "PT"),
    ("Tokyo|Tokio|东京", "Tokyo", "JP"),
    ("Kyoto|京都", "Kyoto Prefecture", "JP"),
    ("Zakopane", "Lesser Poland", "PL"),
    ("Austin", "Texas", "US"),
    ("Mexico City|Mexiko-Stadt|Ciudad de México|墨西哥城", "Mexico City", "MX"),
    ("Nice|Nizza", "Provence", "FR"),
    ("New York|New York City", "New York", "US"),
];

const COUNTRIES: [(&str, &str); 8] = [
    ("DE", "Germany|Deutschland|Allemagne|Alemania|德国"),
    ("IS", "Iceland|Island|Islande|Islandia|冰岛"),
    ("PT", "Portugal|葡萄牙"),
    ("JP", "Japan|Japon|Japón|日本"),
    ("PL", "Poland|Polen|Pologne|Polonia|波兰"),
    ("US", "United States|USA|US|America|Vereinigte Staaten|États-Unis|Estados Unidos|美国"),
    ("MX", "Mexico|Mexiko|Mexique|México|墨西哥"),
    ("FR", "France|Frankreich|Francia|法国"),
];

/// Name, hints, first and last instant.
const EVENTS: [(&str, &str, &str, &str); 17] = [
    (
        "Graduation Priya",
        "graduation|university|Austin|Texas|United States",
        "2016-05-21T10:00:00",
        "2016-05-21T18:00:00",
    ),
    ("Lena 30", "Freiburg|Germany|cake", "2019-03-02T15:00:00", "2019-03-02T23:30:00"),
    ("Tom birthday", "birthday|Freiburg|Germany", "2021-11-06T14:00:00", "2021-11-06T19:00:00"),
    ("Iceland ring road", "iceland|waterfall|Reykjavik|Vik|Iceland", "2018-07-01T08:00:00", "2018-07-12T20:00:00"),
    ("Glacier walk", "ice|Vik|Iceland", "2018-07-05T09:00:00", "2018-07-05T15:00:00"),
    ("Lisbon", "tram|Lisbon|Portugal", "2022-04-14T09:00:00", "2022-04-19T20:00:00"),
    ("Japan", "sakura|Tokyo|Kyoto|Japan", "2023-03-27T09:00:00", "2023-04-09T20:00:00"),
    ("Hochzeit Clara & Felix", "wedding|Freiburg|Germany", "2020-09-05T12:00:00", "2020-09-05T23:50:00"),
    ("Lake cabin", "cabin|canoe", "2017-08-11T12:00:00", "2017-08-13T18:00:00"),
    ("Street food market", "food", "2024-06-15T17:00:00", "2024-06-15T21:00:00"),
    ("Half marathon", "running|marathon", "2025-10-05T09:00:00", "2025-10-05T13:00:00"),
    ("Zakopane", "hiking|mountains|Zakopane|Poland", "2015-10-02T09:00:00", "2015-10-06T18:00:00"),
    ("Moving day", "boxes", "2014-03-29T09:00:00", "2014-03-29T18:00:00"),
    ("Choir concert", "choir|church", "2019-12-14T19:00:00", "2019-12-14T21:30:00"),
    ("Beach day", "beach|Nice|France", "2016-08-20T11:00:00", "2016-08-20T18:00:00"),
    ("Skihütte", "skiing|snow", "2017-02-10T09:00:00", "2017-02-15T18:00:00"),
    ("Patagonia", "mountains", "2012-01-05T09:00:00", "2012-01-25T18:00:00"),
];

const TAGS: [&str; 12] = [
    "beach",
    "hiking",
    "birthday",
    "wedding",
    "Bella",
    "Leopard",
    "sakura",
    "skiing",
    "best of 2020",
    "family",
    "food",
    "canoe",
];

const CAMERAS: [(&str, &str, &str); 4] = [
    ("Nikon Z 6", "NIKON CORPORATION", "NIKON Z 6"),
    ("Google Pixel 7", "Google", "Pixel 7"),
    ("DJI FC3411", "DJI", "FC3411"),
    ("Sony RX100", "SONY", "DSC-RX100M5"),
];

impl Family {
    /// The library, with identifiers made afresh.
    pub fn new() -> Self {
        let mut names = HashMap::new();
        let mut vocabulary = Vocabulary { media: 4000, ..Vocabulary::default() };
        let mut add_person = |name: &str, pet: bool| {
            let id = PersonId::new();
            names.insert(id.to_string(), name.to_owned());
            vocabulary.people.push(PersonEntry { id, name: name.to_owned(), aliases: Vec::new(), pet, media: 10 });
        };
        PEOPLE.iter().for_each(|name| add_person(name, false));
        add_person("Mochi", true);
        for (name, hints, start, end) in EVENTS {
            let id = EventId::new();
            names.insert(id.to_string(), name.to_owned());
            let hints = hints.split('|').map(str::to_owned).collect();
            let time = |text: &str| text.parse::<DateTime>().ok();
            vocabulary.events.push(EventEntry {
                id,
                name: name.to_owned(),
                hints,
                start: time(start),
                end: time(end),
                media: 20,
            });
        }
        let album = AlbumId::new();
        names.insert(album.to_string(), "Best of Iceland".to_owned());
        vocabulary.albums.push(AlbumEntry { id: album, name: "Best of Iceland".to_owned(), media: 12 });
        vocabulary.tags = TAGS.iter().map(|name| TagEntry { name: (*name).to_owned(), media: 5 }).collect();
        vocabulary.cameras = CAMERAS
            .iter()
            .map(|(label, make, model)| CameraEntry {
                label: (*label).to_owned(),
                make: Some((*make).to_owned()),
                model: Some((*model).to_owned()),
                media: 100,
            })
            .collect();
        add_places(&mut vocabulary);
        let time = |text: &str| text.parse::<DateTime>().ok();
        vocabulary.dated = time("2011-06-01T12:00:00").zip(time("2026-10-30T18:00:00"));
        Self { vocabulary, names }
    }
}

fn add_places(vocabulary: &mut Vocabulary) {
    let split = |names: &str| names.split('|').map(str::to_owned).collect::<Vec<_>>();
    for (names, region, code) in PLACES {
        let names = split(names);
        let (region, code) = (Some(region.to_owned()), Some(code.to_owned()));
        let place = PlaceRef { city: names.first().cloned(), region: region.clone(), country_code: code.clone() };
        vocabulary.places.push(PlaceEntry { place, level: PlaceLevel::City, names, media: 50 });
        let place = PlaceRef { city: None, region: region.clone(), country_code: code };
        if !vocabulary.places.iter().any(|entry| entry.place == place) {
            vocabulary.places.push(PlaceEntry {
                place,
                level: PlaceLevel::Region,
                names: region.into_iter().collect(),
                media: 50,
            });
        }
    }
    for (code, names) in COUNTRIES {
        let place = PlaceRef { country_code: Some(code.to_owned()), ..PlaceRef::default() };
        vocabulary.places.push(PlaceEntry { place, level: PlaceLevel::Country, names: split(names), media: 50 });
    }
    vocabulary.home_country = Some("DE".to_owned());
    vocabulary.home = vocabulary.places.first().map(|entry| entry.place.clone());
}

/// A few places of the world, some with names that are also words.
pub struct SmallWorld;

const WORLD: [(&str, PlaceLevel, &str, u64, bool); 22] = [
    ("Norway|Norwegen|Norvège|Noruega|挪威", PlaceLevel::Country, "NO", 5_400_000, false),
    ("Peru|Pérou|Perú|秘鲁", PlaceLevel::Country, "PE", 33_000_000, false),
    ("Kenya|Kenia|肯尼亚", PlaceLevel::Country, "KE", 50_000_000, false),
    ("Turkey|Türkei|Turquie|Turquía", PlaceLevel::Country, "TR", 80_000_000, true),
    ("Chile|智利", PlaceLevel::Country, "CL", 19_000_000, false),
    ("Canada|Kanada|加拿大", PlaceLevel::Country, "CA", 38_000_000, false),
    ("Spain|Spanien|Espagne|España|西班牙", PlaceLevel::Country, "ES", 47_000_000, false),
    ("Italy|Italien|Italie|Italia|意大利", PlaceLevel::Country, "IT", 60_000_000, false),
    ("United Kingdom|Great Britain|英国", PlaceLevel::Country, "GB", 67_000_000, false),
    ("Berlin|柏林", PlaceLevel::City, "DE", 3_600_000, false),
    ("Hamburg|汉堡", PlaceLevel::City, "DE", 1_800_000, false),
    ("Sydney|悉尼", PlaceLevel::City, "AU", 4_600_000, false),
    ("Paris|巴黎", PlaceLevel::City, "FR", 2_100_000, false),
    ("Reading", PlaceLevel::City, "GB", 160_000, true),
    ("Bath", PlaceLevel::City, "GB", 94_000, true),
    ("Orange", PlaceLevel::City, "US", 140_000, true),
    ("Florence|Florenz", PlaceLevel::City, "IT", 380_000, true),
    ("Split", PlaceLevel::City, "HR", 160_000, true),
    ("Of", PlaceLevel::City, "TR", 43_000, true),
    ("California|Kalifornien|加利福尼亚", PlaceLevel::Region, "US", 39_000_000, false),
    ("Patagonia", PlaceLevel::Region, "AR", 100_000, false),
    ("Victoria", PlaceLevel::City, "CA", 92_000, true),
];

impl Gazetteer for SmallWorld {
    fn find(&self, name: &str) -> Vec<GazetteerHit> {
        let wanted = super::super::tokens::fold(name);
        let named = |(names, ..): &&(&str, PlaceLevel, &str, u64, bool)| {
            names.split('|').any(|name| super::super::tokens::fold(name) == wanted)
        };
        let hit = |(names, level, code, population, ambiguous): &(&str, PlaceLevel, &str, u64, bool)| {
            let name = names.split('|').next().unwrap_or(names).to_owned();
            let mut place = PlaceRef { country_code: Some((*code).to_owned()), ..PlaceRef::default() };
            match level {
                PlaceLevel::City => place.city = Some(name.clone()),
                PlaceLevel::Region => place.region = Some(name.clone()),
                PlaceLevel::Country => {}
            }
            GazetteerHit { level: *level, places: vec![place], name, population: *population, ambiguous: *ambiguous }
        };
        WORLD.iter().filter(named).map(hit).collect()
    }
}
