//! Events from folders: "2018-09-15 Wedding Anna & Paul" is an event, "DCIM/100APPLE" is not.
//!
//! A pure function of which medium lies in which folder. A folder is an event when its name says what it is: words that
//! remain after a date is taken off, and that are not the names that cameras, phones and programs give. A folder named
//! without a date counts only when its media were taken within [`LONGEST_DAYS`] of each other. An event holds the media
//! of the folders within it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use jiff::civil::DateTime;

use crate::library::MediaId;
use crate::library::events::{EventSource, NewEvent};
use crate::library::fold;

/// An undated folder whose media span more days is a collection, not an event.
const LONGEST_DAYS: i32 = 45;

/// Words of folder names that cameras, phones, programs and habit give, folded. A name made of these alone says nothing.
const GENERIC: &[&str] = &[
    "album",
    "albums",
    "all",
    "android",
    "apple",
    "archiv",
    "archive",
    "backup",
    "backups",
    "best",
    "bilder",
    "bluetooth",
    "camera",
    "canon",
    "copy",
    "data",
    "dcim",
    "desktop",
    "documents",
    "download",
    "downloads",
    "edited",
    "export",
    "exports",
    "family",
    "favorites",
    "favourites",
    "films",
    "folder",
    "for",
    "fotos",
    "from",
    "fuji",
    "galerie",
    "gallery",
    "google",
    "handy",
    "icloud",
    "image",
    "images",
    "imported",
    "import",
    "imports",
    "instagram",
    "iphone",
    "kamera",
    "library",
    "media",
    "messenger",
    "misc",
    "mobile",
    "movies",
    "my",
    "new",
    "nikon",
    "of",
    "old",
    "olympus",
    "other",
    "pano",
    "panasonic",
    "phone",
    "photo",
    "photos",
    "pics",
    "picture",
    "pictures",
    "private",
    "raw",
    "received",
    "restored",
    "roll",
    "samsung",
    "saved",
    "scan",
    "scans",
    "screenshots",
    "screenshot",
    "sent",
    "signal",
    "snapchat",
    "sony",
    "sorted",
    "takeout",
    "telegram",
    "temp",
    "the",
    "tmp",
    "to",
    "unsorted",
    "untitled",
    "upload",
    "uploads",
    "video",
    "videos",
    "whatsapp",
    "year",
    "januar",
    "january",
    "februar",
    "february",
    "marz",
    "march",
    "april",
    "mai",
    "may",
    "juni",
    "june",
    "juli",
    "july",
    "august",
    "september",
    "oktober",
    "october",
    "november",
    "dezember",
    "december",
];

static DATE: LazyLock<Vec<regex::Regex>> = LazyLock::new(|| {
    [
        r"^\s*(?:19|20)\d{2}(?:[-_. ]?(?:0[1-9]|1[0-2])(?:[-_. ]?(?:0[1-9]|[12]\d|3[01]))?)?(?:\s*(?:-|–|to|bis)\s*(?:(?:(?:19|20)\d{2}[-_. ])?(?:0[1-9]|1[0-2])[-_. ])?(?:0[1-9]|[12]\d|3[01]))?(?:[-_., ]+|$)",
        r"^\s*(?:0?[1-9]|[12]\d|3[01])[-_.](?:0?[1-9]|1[0-2])[-_.](?:19|20)\d{2}(?:[-_., ]+|$)",
        r"[-_., (]+(?:19|20)\d{2}(?:[-_.](?:0[1-9]|1[0-2])(?:[-_.](?:0[1-9]|[12]\d|3[01]))?)?\)?\s*$",
    ]
    .iter()
    .map(|pattern| regex::Regex::new(pattern).unwrap_or_else(|error| unreachable!("{error}")))
    .collect()
});

/// The name of the event that a folder's name speaks of, and whether the name carries a date.
///
/// `None` when the name is only a date, or only words that programs and cameras give.
pub fn event_name(folder: &str) -> Option<(String, bool)> {
    if is_camera_folder(folder) {
        return None;
    }
    let mut name = folder.to_owned();
    let mut dated = false;
    for pattern in DATE.iter() {
        let stripped = pattern.replace(&name, "").into_owned();
        dated |= stripped != name;
        name = stripped;
    }
    let name = name.replace('_', " ");
    let name = name.trim_matches(|c: char| c.is_whitespace() || "-–,.".contains(c)).to_owned();
    let says_something = fold(&name)
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !is_generic(word));
    says_something.then_some((name, dated))
}

/// A folder as cameras make them: three digits and five letters, digits or underscores (JEITA CP-3461, "DCF").
fn is_camera_folder(name: &str) -> bool {
    let (number, rest) = name.split_at_checked(3).unwrap_or((name, ""));
    number.bytes().all(|b| b.is_ascii_digit())
        && rest.len() == 5
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// "100apple", "dcim", "img", "2019": not a word of a person.
fn is_generic(word: &str) -> bool {
    let letters = word.trim_matches(|c: char| c.is_ascii_digit());
    GENERIC.contains(&letters) || (letters.len() != word.len() && letters.len() <= 6)
}

/// Makes events of the folders in which media lie. `roots` are the folders that the user added: they, and what is above
/// them, are not events themselves.
pub fn from_folders(sources: &[EventSource], roots: &[String]) -> Vec<NewEvent> {
    let mut folders: BTreeMap<&str, Vec<&EventSource>> = BTreeMap::new();
    for source in sources {
        let root =
            roots.iter().filter(|root| Path::new(&source.folder).starts_with(root)).max_by_key(|root| root.len());
        let mut folder = Path::new(&source.folder);
        while root.is_none_or(|root| folder.starts_with(root) && folder != Path::new(root)) {
            if let Some(text) = folder.to_str() {
                folders.entry(text).or_default().push(source);
            }
            match folder.parent() {
                Some(parent) if parent.parent().is_some() => folder = parent,
                _ => break,
            }
        }
    }
    folders.into_iter().filter_map(|(folder, sources)| from_folder(folder, &sources)).collect()
}

fn from_folder(folder: &str, sources: &[&EventSource]) -> Option<NewEvent> {
    let (name, dated) = event_name(Path::new(folder).file_name()?.to_str()?)?;
    let mut times: Vec<DateTime> = sources.iter().filter_map(|source| source.taken.as_deref()?.parse().ok()).collect();
    times.sort_unstable();
    let days = match (times.first(), times.last()) {
        (Some(first), Some(last)) => last.date().since(first.date()).map_or(i32::MAX, |span| span.get_days()),
        _ => 0,
    };
    if !dated && (days > LONGEST_DAYS || times.is_empty()) {
        return None;
    }
    let mut media: Vec<MediaId> = sources.iter().map(|source| source.id).collect();
    media.sort_unstable();
    media.dedup();
    let text = |time: &DateTime| time.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    Some(NewEvent {
        origin: format!("folder:{folder}"),
        name,
        kind: if days >= 1 { "trip" } else { "event" },
        starts: times.first().map(text),
        ends: times.last().map(text),
        place: place(sources),
        media,
    })
}

/// The city that most media share, else the country that all share.
fn place(sources: &[&EventSource]) -> Option<String> {
    let placed: Vec<_> = sources.iter().filter(|source| source.country.is_some() || source.city.is_some()).collect();
    let mut cities: BTreeMap<&str, usize> = BTreeMap::new();
    for city in placed.iter().filter_map(|source| source.city.as_deref()) {
        *cities.entry(city).or_default() += 1;
    }
    let country = placed.first()?.country.clone();
    let one_country = placed.iter().all(|source| source.country == country);
    match cities.into_iter().max_by_key(|(_, count)| *count) {
        Some((city, count)) if count * 5 >= placed.len() * 3 => Some(
            country.filter(|_| one_country).map_or_else(|| city.to_owned(), |country| format!("{city}, {country}")),
        ),
        _ => country.filter(|_| one_country),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_are_events_and_names_of_programs_are_not() {
        let event = |folder: &str| event_name(folder).map(|(name, _)| name);
        assert_eq!(event("2018-09-15 Wedding Anna Maria & Paul").as_deref(), Some("Wedding Anna Maria & Paul"));
        assert_eq!(event("2019-06 Sydney").as_deref(), Some("Sydney"));
        assert_eq!(event("2019-10-12 Grandma Ruth 80").as_deref(), Some("Grandma Ruth 80"));
        assert_eq!(event("20230714_Lofoten").as_deref(), Some("Lofoten"));
        assert_eq!(event("2023-07-14 - 21 Lofoten").as_deref(), Some("Lofoten"));
        assert_eq!(event("Hochzeit 2020").as_deref(), Some("Hochzeit"));
        assert_eq!(event("12.08.2021 Zoo").as_deref(), Some("Zoo"));
        for nothing in [
            "2018",
            "2018-09",
            "DCIM",
            "100APPLE",
            "Camera Roll",
            "WhatsApp Images",
            "Photos from 2022",
            "Backup",
            "best of",
            "101_PANA",
        ] {
            assert_eq!(event(nothing), None, "{nothing}");
        }
    }

    fn source(folder: &str, taken: &str) -> EventSource {
        let city = Some("Sydney".to_owned());
        EventSource {
            id: MediaId::new(),
            folder: folder.into(),
            taken: Some(taken.into()),
            city,
            country: Some("Australia".into()),
        }
    }

    #[test]
    fn an_event_holds_the_folders_within_it() {
        let sources = [
            source("/p/2019/2019-06 Sydney", "2019-06-07T10:00:00"),
            source("/p/2019/2019-06 Sydney/2019-06-09 Walk", "2019-06-09T10:00:00"),
        ];
        let events = from_folders(&sources, &["/p".to_owned()]);
        let names: Vec<_> = events.iter().map(|e| (e.name.as_str(), e.media.len(), e.kind)).collect();
        assert_eq!(names, [("Sydney", 2, "trip"), ("Walk", 1, "event")]);
        assert_eq!(events[0].place.as_deref(), Some("Sydney, Australia"));
    }

    #[test]
    fn an_undated_folder_over_years_is_a_collection() {
        let sources = [source("/p/Cats", "2014-06-07T10:00:00"), source("/p/Cats", "2019-06-07T10:00:00")];
        assert!(from_folders(&sources, &["/p".to_owned()]).is_empty());
        assert!(from_folders(&sources[..1], &["/p/Cats".to_owned()]).is_empty(), "the root itself is no event");
    }
}
