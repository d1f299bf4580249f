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

use super::Shot;
use crate::library::fold;

/// An undated folder whose media span more days is a collection, not an event.
const LONGEST_DAYS: i32 = 45;

/// Words of folder names that cameras, phones, programs and habit give, folded. A name made of these alone says nothing.
const GENERIC: &str = "album albums all android apple archiv archive backup backups best bilder bluetooth camera canon copy data \
    dcim desktop documents download downloads edited export exports family favorites favourites films folder for \
    fotos from fuji galerie gallery google handy icloud image images imported import imports instagram iphone \
    kamera library media messenger misc mobile movies my new nikon of old olympus other pano panasonic phone \
    photo photos pics picture pictures private raw received restored roll samsung saved scan scans screenshots \
    screenshot sent signal snapchat sony sorted takeout telegram temp the tmp to unsorted untitled upload \
    uploads video videos whatsapp year januar january februar february marz march april mai may juni june juli \
    july august september oktober october november dezember december";

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
    GENERIC.split(' ').any(|generic| generic == letters) || (letters.len() != word.len() && letters.len() <= 6)
}

/// A folder that is an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// The folder.
    pub path: String,
    /// What it says it is.
    pub name: String,
    /// Its shots, by their places in the list, by time.
    pub shots: Vec<usize>,
    /// The folder around it that is an event too, by its place among the folders.
    pub within: Option<usize>,
    /// It lasted as long as events do: what was taken meanwhile may be part of it.
    pub bounds: bool,
    /// It has more than one day.
    pub days: bool,
}

/// The folders that are events, each before those within it. `roots` are the folders that the user added: they, and what is
/// above them, are not events themselves.
pub fn named(shots: &[Shot], roots: &[String]) -> Vec<Named> {
    let mut folders: BTreeMap<&Path, Vec<usize>> = BTreeMap::new();
    for (index, shot) in shots.iter().enumerate() {
        for held in &shot.folders {
            let root = roots.iter().filter(|root| Path::new(held).starts_with(root)).max_by_key(|root| root.len());
            let mut folder = Path::new(held);
            while root.is_none_or(|root| folder.starts_with(root) && folder != Path::new(root)) {
                folders.entry(folder).or_default().push(index);
                match folder.parent() {
                    Some(parent) if parent.parent().is_some() => folder = parent,
                    _ => break,
                }
            }
        }
    }
    let mut named: Vec<Named> = Vec::new();
    for (folder, held) in folders {
        let within = named.iter().rposition(|outer| folder.starts_with(&outer.path));
        named.extend(from_folder(shots, folder, held).map(|event| Named { within, ..event }));
    }
    named
}

fn from_folder(shots: &[Shot], folder: &Path, mut held: Vec<usize>) -> Option<Named> {
    let (name, dated) = event_name(folder.file_name()?.to_str()?)?;
    held.sort_by_key(|&shot| (shots[shot].local, shot));
    held.dedup();
    let times: Vec<DateTime> = held.iter().filter_map(|&shot| shots[shot].local).collect();
    let days = match (times.first(), times.last()) {
        (Some(first), Some(last)) => last.date().since(first.date()).map_or(i32::MAX, |span| span.get_days()),
        _ => 0,
    };
    if !dated && (days > LONGEST_DAYS || times.is_empty()) {
        return None;
    }
    Some(Named {
        path: folder.to_str()?.to_owned(),
        name,
        shots: held,
        within: None,
        bounds: !times.is_empty() && days <= LONGEST_DAYS,
        days: days >= 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::MediaId;

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

    fn shot(folder: &str, taken: &str) -> Shot {
        Shot {
            id: MediaId::new(),
            folders: vec![folder.to_owned()],
            local: taken.parse().ok(),
            timed: true,
            instant: None,
            position: None,
            camera: None,
            people: Vec::new(),
        }
    }

    #[test]
    fn an_event_holds_the_folders_within_it() {
        let shots = [
            shot("/p/2019/2019-06 Sydney", "2019-06-07T10:00:00"),
            shot("/p/2019/2019-06 Sydney/2019-06-09 Walk", "2019-06-09T10:00:00"),
        ];
        let events = named(&shots, &["/p".to_owned()]);
        let told: Vec<_> = events.iter().map(|e| (e.name.as_str(), e.shots.len(), e.days, e.within)).collect();
        assert_eq!(told, [("Sydney", 2, true, None), ("Walk", 1, false, Some(0))]);
    }

    #[test]
    fn an_undated_folder_over_years_is_a_collection() {
        let shots = [shot("/p/Cats", "2014-06-07T10:00:00"), shot("/p/Cats", "2019-06-07T10:00:00")];
        assert!(named(&shots, &["/p".to_owned()]).is_empty());
        assert!(named(&shots[..1], &["/p/Cats".to_owned()]).is_empty(), "the root itself is no event");
    }
}
