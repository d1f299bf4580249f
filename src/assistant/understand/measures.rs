//! Reads what can be measured: how long a video is, how many people are in a picture, whether it says where it was taken.
//!
//! A number of people is a condition where the question counts ("exactly three people", "photos with two people"); said of
//! what they do ("two people on a bench") it is content.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::reading::Role;
use super::sentence::Sentence;
use super::words::MEDIA_NOUNS;
use crate::library::filter::{CountSpan, MediaFilter, MediaKind};

/// How a number bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// More than.
    Above,
    /// At least.
    Least,
    /// Less than.
    Below,
    /// At most.
    Most,
    /// So many and no other.
    Exactly,
}

static BOUNDS: LazyLock<Phrases<Bound>> = LazyLock::new(|| {
    Phrases::new([
        ("more than|over|mehr als|über|plus de|más de|多于|超过", Bound::Above),
        ("at least|mindestens|wenigstens|au moins|al menos|por lo menos|至少", Bound::Least),
        ("fewer than|less than|under|weniger als|unter|moins de|menos de|少于|不到", Bound::Below),
        ("at most|no more than|up to|höchstens|maximal|au plus|como máximo|最多", Bound::Most),
        ("exactly|just|only|genau|nur|exactement|seulement|exactamente|solo|正好|只有", Bound::Exactly),
    ])
});

static LENGTHS: LazyLock<Phrases<Bound>> = LazyLock::new(|| {
    Phrases::new([
        (
            "longer than|that last longer than|lasting longer than|länger als|die länger als|die länger sind als|plus longues que|de plus de|\
             qui durent plus de|más largos de|de más de|que duran más de|超过|长于",
            Bound::Above,
        ),
        (
            "shorter than|that are shorter than|lasting less than|kürzer als|die kürzer als|moins longues que|plus courtes que|de moins de|\
             más cortos de|de menos de|que duran menos de|短于|不到",
            Bound::Below,
        ),
    ])
});

static NUMBERS: LazyLock<Phrases<u32>> = LazyLock::new(|| {
    Phrases::new([
        ("one|a|an|a single|ein|eine|einer|einem|un|une|una|一", 1),
        ("two|a couple of|zwei|deux|dos|二|两", 2),
        ("three|drei|trois|tres|三", 3),
        ("four|vier|quatre|cuatro|四", 4),
        ("five|fünf|cinq|cinco|五", 5),
        ("six|sechs|seis|六", 6),
        ("seven|sieben|sept|siete|七", 7),
        ("eight|acht|huit|ocho|八", 8),
        ("nine|neun|neuf|nueve|九", 9),
        ("ten|zehn|dix|diez|十", 10),
        ("half a|eine halbe|une demi|media|半", 0),
    ])
});

/// Units of time, in seconds.
static UNITS: LazyLock<Phrases<u32>> = LazyLock::new(|| {
    Phrases::new([
        ("second|seconds|secs|sec|s|sekunde|sekunden|seconde|secondes|segundo|segundos|秒|秒钟", 1),
        ("minute|minutes|mins|min|minuten|minuto|minutos|分钟|分", 60),
        ("hour|hours|h|stunde|stunden|heure|heures|hora|horas|小时|个小时", 3600),
    ])
});

static PEOPLE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "people|persons|person|faces|face|personen|leute|menschen|gesichter|gesicht|personnes|personne|visages|visage|\
         personas|persona|caras|cara|个人|人|张脸",
        (),
    )])
});

/// Words after a number of people that say no more than that they are in the picture.
static IN_IT: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "in it|in them|in the picture|in the photo|in the frame|on it|on them|darauf|drauf|auf dem bild|auf dem foto|\
         dessus|sur la photo|en la foto|en ella|的照片|的",
        (),
    )])
});

static PLACELESS: LazyLock<Phrases<bool>> = LazyLock::new(|| {
    Phrases::new([
        (
            "without a location|without location|without any location|without location data|without gps|without gps data|without coordinates|without a place|\
             with no location|with no location data|with no gps|with no gps data|with no place|have no location|has no location|have no gps|have no place|\
             no location|no gps|no gps data|not geotagged|missing location|missing gps|location is missing|location missing|unknown location|unknown place|unplaced|\
             ohne ort|ohne standort|ohne ortsangabe|ohne gps|ohne koordinaten|haben keinen ort|haben keinen standort|keinen standort|\
             sans lieu|sans gps|sans localisation|sans position|n'ont pas de lieu|sin ubicación|sin lugar|sin gps|no tienen ubicación|\
             没有位置|没有位置信息|没有地点|没有gps",
            false,
        ),
        (
            "with a location|with location data|with gps|with gps data|with coordinates|geotagged|have a location|have gps|mit gps|mit standort|mit ortsangabe|\
             avec gps|avec localisation|con ubicación|con gps|有位置|有位置信息|有gps",
            true,
        ),
    ])
});

/// Reads all of these into the filter.
pub fn read(s: &mut Sentence, filter: &mut MediaFilter) {
    let mut at = 0;
    while at < s.len() {
        let step = placeless(s, at, filter)
            .or_else(|| length_of_video(s, at, filter))
            .or_else(|| number_of_people(s, at, filter));
        at += step.unwrap_or(1).max(1);
    }
}

fn placeless(s: &mut Sentence, at: usize, filter: &mut MediaFilter) -> Option<usize> {
    let (length, located) = PLACELESS.at(s.tokens(), at).map(|(length, located)| (length, *located))?;
    if !s.is_free(at..at + length) {
        return None;
    }
    filter.located = Some(located);
    s.claim(at..at + length, Role::Place, if located { "with a place" } else { "no place" });
    Some(length)
}

/// A number, in digits or as a word: its value and how many words it takes.
fn number(s: &Sentence, at: usize) -> Option<(usize, u32)> {
    let digits = s.word(at).parse().ok().filter(|n| *n <= 100_000).map(|n| (1, n));
    digits.or_else(|| NUMBERS.at(s.tokens(), at).map(|(length, n)| (length, *n)))
}

fn length_of_video(s: &mut Sentence, at: usize, filter: &mut MediaFilter) -> Option<usize> {
    let (bound_length, bound) = match LENGTHS.at(s.tokens(), at) {
        Some((length, bound)) => (length, *bound),
        // "Over a minute" is a length where it is said of videos: "videos over a minute".
        None => {
            let (length, bound) = BOUNDS.at(s.tokens(), at).map(|(length, bound)| (length, *bound))?;
            MEDIA_NOUNS.before(s.tokens(), at)?;
            (length, bound)
        }
    };
    let (number_length, n) = number(s, at + bound_length)?;
    let unit_at = at + bound_length + number_length;
    let (unit_length, unit) = UNITS.at(s.tokens(), unit_at).map(|(length, unit)| (length, *unit))?;
    let mut end = unit_at + unit_length;
    end += usize::from(matches!(s.word(end), "long" | "lang" | "的"));
    if !s.is_free(at..end) {
        return None;
    }
    let seconds = if n == 0 { unit / 2 } else { n.saturating_mul(unit) };
    let (least, most) = span(bound, seconds);
    (filter.min_seconds, filter.max_seconds) = (least, most);
    if filter.kinds.is_empty() {
        filter.kinds = vec![MediaKind::Video];
    }
    let sign = match bound {
        Bound::Above => "longer than",
        Bound::Least => "at least",
        Bound::Below => "shorter than",
        Bound::Most => "at most",
        Bound::Exactly => "exactly",
    };
    s.claim(at..end, Role::Kind, format!("{sign} {seconds} s"));
    Some(end - at)
}

fn number_of_people(s: &mut Sentence, at: usize, filter: &mut MediaFilter) -> Option<usize> {
    let bound = BOUNDS.at(s.tokens(), at).map(|(length, bound)| (length, *bound));
    let lead = bound.map_or(0, |(length, _)| length);
    let (number_length, n) = number(s, at + lead).filter(|(_, n)| (1..=1000).contains(n))?;
    let noun_at = at + lead + number_length;
    let (noun_length, ()) = PEOPLE.at(s.tokens(), noun_at)?;
    let mut end = noun_at + noun_length;
    let in_it = IN_IT.at(s.tokens(), end).map_or(0, |(length, ())| length);
    end += in_it;
    // Without a word that counts, only "photos of two people" and nothing about what they do. "A person" is anybody.
    let counts = bound.is_some_and(|(_, bound)| bound != Bound::Exactly || !matches!(s.word(at), "just" | "only"));
    let bare = s.len() == end && (n > 1 || in_it > 0 || bound.is_some()) && of_media(s, at);
    if !(counts || bare) || !s.is_free(at..end) {
        return None;
    }
    let (least, most) = span(bound.map_or(Bound::Exactly, |(_, bound)| bound), n);
    filter.people_count = Some(CountSpan { least: least.unwrap_or(0), most });
    s.claim(at..end, Role::Person, people_label(least, most));
    Some(end - at)
}

/// "photos of", "pictures with" before a word.
fn of_media(s: &Sentence, at: usize) -> bool {
    let joint =
        matches!(s.word(at.wrapping_sub(1)), "of" | "with" | "showing" | "von" | "mit" | "de" | "avec" | "con" | "有");
    at == 0 || MEDIA_NOUNS.before(s.tokens(), at).is_some() || joint && MEDIA_NOUNS.before(s.tokens(), at - 1).is_some()
}

fn people_label(least: Option<u32>, most: Option<u32>) -> String {
    match (least, most) {
        (Some(least), Some(most)) if least == most && least == 1 => "1 person".to_owned(),
        (Some(least), Some(most)) if least == most => format!("{least} people"),
        (Some(least), None) => format!("at least {least} people"),
        (_, most) => format!("at most {} people", most.unwrap_or(0)),
    }
}

/// The whole numbers that a bound lets pass, first and last.
fn span(bound: Bound, n: u32) -> (Option<u32>, Option<u32>) {
    match bound {
        Bound::Above => (Some(n.saturating_add(1)), None),
        Bound::Least => (Some(n), None),
        Bound::Below => (None, Some(n.saturating_sub(1))),
        Bound::Most => (None, Some(n)),
        Bound::Exactly => (Some(n), Some(n)),
    }
}
