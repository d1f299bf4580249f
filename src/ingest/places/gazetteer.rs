//! Which places of the world a name means, and by which names a place is known.
//!
//! A name can mean several places; they come the most likely one first. English names are those that [`super::locate`] gives,
//! so the conditions returned here match stored places. Reading a whole sentence, and deciding whether a word is a
//! place at all, is left to `assistant::understand`; `ambiguous` tells it where to be careful.

use super::fold::fold;
use super::names::{Entry, Names, Subject, matches};
use super::settlements::{Crowd, World};
use crate::library::filter::PlaceRef;

/// The languages in which countries are named, in the order of the data.
const LANGUAGES: [&str; 5] = ["en", "de", "fr", "es", "zh"];

/// How large a known place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KnownLevel {
    /// A continent or another part of the world: several countries or regions.
    Group,
    /// A country.
    Country,
    /// First administrative level: state, province, Land.
    Region,
    /// A city of about 15,000 people or more, or one that has a name of its own in another language.
    City,
}

/// A place of the world that a name means.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownPlace {
    /// Its level.
    pub level: KnownLevel,
    /// English name.
    pub name: String,
    /// Names in the five languages and variants, the English one first.
    pub names: Vec<String>,
    /// What to filter by, as alternatives: one condition, or many for a [`KnownLevel::Group`].
    pub places: Vec<PlaceRef>,
    /// People, roughly: for countries, regions and groups the sum of their settlements.
    pub population: u64,
    /// Latitude of its centre, degrees: of the people for countries, regions and groups.
    pub lat: f64,
    /// Longitude of its centre, degrees.
    pub lon: f64,
    /// The name asked for is also an everyday word, a given name or an abbreviation in one of the five languages
    /// ("Nice", "Split", "Turkey", "CA"): take it for a place only after a preposition of place or with a capital letter.
    pub ambiguous: bool,
}

/// The places that a name means, in any of the five languages, whatever its case and diacritics; the most likely one first.
///
/// Places known by the very name come before those that have it as another spelling; then countries, cities and regions
/// by their people.
pub fn find(name: &str) -> Vec<KnownPlace> {
    let folded = fold(name);
    let found = find_folded(&folded);
    if !found.is_empty() || folded.is_ascii() {
        return found;
    }
    // "纽约州" and "成都市" end in the word for what they are.
    let short = folded.strip_suffix(['市', '省', '州', '县', '縣']).filter(|short| short.chars().count() > 1);
    short.map(find_folded).unwrap_or_default()
}

fn find_folded(folded: &str) -> Vec<KnownPlace> {
    if folded.is_empty() {
        return Vec::new();
    }
    let (names, world) = (Names::get(), World::get());
    let everyday = names.is_everyday(folded);
    let mut found: Vec<(f64, KnownPlace)> = names
        .lookup(folded, world)
        .map(|entry| {
            let well_known = names.well_known(entry, world).any(|name| matches(name, folded));
            // Beside the names that it is well known by, a region has its abbreviation.
            let abbreviated = matches!(entry.subject, Subject::Region(_)) && !well_known;
            let place = known(entry, names, world, everyday || abbreviated);
            (likelihood(&place, well_known), place)
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, place)| place).collect()
}

/// People speak of countries and cities more than of the region around them, and seldom in a foreign spelling.
fn likelihood(place: &KnownPlace, well_known: bool) -> f64 {
    let weight = match place.level {
        KnownLevel::Country => 30.0,
        KnownLevel::Group => 1.0,
        KnownLevel::City => 10.0,
        KnownLevel::Region => 1.0,
    };
    let spelling = if well_known { 1.0 } else { 0.02 };
    (place.population as f64 + 1.0) * weight * spelling
}

fn known(entry: &Entry, names: &Names, world: &World, ambiguous: bool) -> KnownPlace {
    let all: Vec<String> = names.names(entry, world).map(str::to_owned).collect();
    let places = places_of(entry.subject, names, world);
    let level = match entry.subject {
        Subject::Settlement(_) => KnownLevel::City,
        Subject::Region(_) => KnownLevel::Region,
        Subject::Country(_) => KnownLevel::Country,
        Subject::Group(_) => KnownLevel::Group,
    };
    let (population, (lat, lon)) = if let Subject::Settlement(id) = entry.subject {
        (u64::from(world.population(id)), world.position(id))
    } else {
        let crowd = crowd(&places, world);
        (crowd.people(), crowd.centre())
    };
    let name = all.first().cloned().unwrap_or_default();
    KnownPlace { level, name, names: all, places, population, lat, lon, ambiguous }
}

fn places_of(subject: Subject, names: &Names, world: &World) -> Vec<PlaceRef> {
    match subject {
        Subject::Settlement(id) => vec![PlaceRef {
            city: Some(world.name(id).to_owned()),
            region: world.region(id).map(str::to_owned),
            country_code: Some(world.country_code(id).to_owned()),
        }],
        Subject::Region(number) => {
            let region = &world.regions()[usize::from(number)];
            vec![condition(&region.country, Some(&region.name))]
        }
        Subject::Country(number) => vec![condition(&names.countries[usize::from(number)].code, None)],
        Subject::Group(number) => {
            let members = names.groups[usize::from(number)].members.iter();
            members
                .map(|member| {
                    member
                        .split_once('/')
                        .map_or_else(|| condition(member, None), |(code, region)| condition(code, Some(region)))
                })
                .collect()
        }
    }
}

fn condition(country_code: &str, region: Option<&str>) -> PlaceRef {
    PlaceRef { city: None, region: region.map(str::to_owned), country_code: Some(country_code.to_owned()) }
}

/// People and their centre within countries and regions.
fn crowd(places: &[PlaceRef], world: &World) -> Crowd {
    let mut sum = Crowd::default();
    for region in world.regions() {
        let within = |place: &PlaceRef| {
            place.country_code.as_deref() == Some(&region.country)
                && place.region.as_deref().is_none_or(|name| name == region.name)
        };
        if places.iter().any(within) {
            sum.join(&region.crowd);
        }
    }
    sum
}

/// All names people type for a place of a library, English first; at least the name that the condition itself carries.
///
/// Names that are also everyday words ("US", "LA"), abbreviations of states and names of one letter are left out: [`find`]
/// knows them and says that they are ambiguous.
pub fn names_of(place: &PlaceRef) -> Vec<String> {
    let (names, world) = (Names::get(), World::get());
    let Some(own) = place.city.as_deref().or(place.region.as_deref()).or(place.country_code.as_deref()) else {
        return Vec::new();
    };
    let meant = |subject: Subject| match subject {
        Subject::Settlement(id) => {
            place.city.as_deref() == Some(world.name(id))
                && place.region.as_deref().is_none_or(|region| world.region(id) == Some(region))
                && place.country_code.as_deref().is_none_or(|code| world.country_code(id) == code)
        }
        Subject::Region(number) => {
            let region = &world.regions()[usize::from(number)];
            place.city.is_none()
                && place.region.as_deref() == Some(&region.name)
                && place.country_code.as_deref().is_none_or(|code| region.country == code)
        }
        Subject::Country(_) | Subject::Group(_) => false,
    };
    let known: Vec<&str> = if place.city.is_none() && place.region.is_none() {
        names.country(own).map(|country| country.names.iter().map(String::as_str).collect()).unwrap_or_default()
    } else {
        let folded = fold(own);
        let entry =
            names.lookup(&folded, world).filter(|entry| meant(entry.subject)).max_by_key(|entry| match entry.subject {
                Subject::Settlement(id) => world.population(id),
                _ => 0,
            });
        entry.map(|entry| names.typed(entry, world)).unwrap_or_default()
    };
    let mut found: Vec<String> = vec![known.first().copied().unwrap_or(own).to_owned()];
    found.extend(known.iter().skip(1).filter(|name| !names.is_everyday(&fold(name))).map(|name| (*name).to_owned()));
    found
}

/// The name of a country (ISO 3166-1 alpha-2) in a language (`en`, `de`, `fr`, `es` or `zh`, with or without a region or
/// script subtag); other languages get the English name. `None` when there is no such country.
pub fn country_name(code: &str, language: &str) -> Option<&'static str> {
    let language = language.split(['-', '_']).next().unwrap_or_default();
    let column = LANGUAGES.iter().position(|known| known.eq_ignore_ascii_case(language)).unwrap_or(0);
    Names::get().country(code)?.names.get(column).map(String::as_str)
}
