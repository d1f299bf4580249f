//! What is wanted of a film, read from words: length, shape, pace, mood, what comes first and last.
//!
//! Only what is about the film itself is read here, and where it stands is told, so that the rest of the sentence can be
//! read as what the film is about. A pure function of the text; English, German, French and Spanish.

mod phrases;

use std::ops::Range;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::storyboard::{Format, Mood, Music, Pace};
use phrases::{Meaning, PHRASES};

/// What is wanted of a film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Wish {
    /// The words that it was read from.
    pub prompt: String,
    /// Its title, when one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its length, when one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Shape of the frame.
    pub format: Format,
    /// How fast it goes.
    pub pace: Pace,
    /// How it feels.
    pub mood: Mood,
    /// Whether words other than the title are shown.
    pub captions: bool,
    /// What is heard beneath.
    pub music: Music,
    /// It tells somebody's life: evenly through all years.
    pub life: bool,
    /// Words for what comes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Words for what comes last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// Dates are written in German rather than in English.
    pub german: bool,
    /// Varies what is chosen among equals, and the music.
    pub seed: u64,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            prompt: String::new(),
            title: None,
            seconds: None,
            format: Format::default(),
            pace: Pace::default(),
            mood: Mood::default(),
            captions: true,
            music: Music::Made,
            life: false,
            first: None,
            last: None,
            german: false,
            seed: 1,
        }
    }
}

/// A wish, and where in the text it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The wish.
    pub wish: Wish,
    /// The bytes of the text that say it.
    pub spans: Vec<Range<usize>>,
}

impl Read {
    /// The text without what is about the film itself: what the film is of, as a question that asks for one.
    pub fn rest(&self) -> String {
        const NOUNS: [&str; 9] =
            ["film", "video", "movie", "slideshow", "clip", "diashow", "pelicula", "kurzfilm", "reel"];
        const VERBS: [&str; 12] =
            ["make", "create", "build", "produce", "turn", "cut", "mach", "mache", "erstelle", "fais", "haz", "please"];
        let mut text = self.wish.prompt.clone();
        for span in self.spans.iter().rev() {
            text.replace_range(span.clone(), " ");
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",");
        let text = text.trim_matches(|c: char| c == ',' || c.is_whitespace());
        // "Anna's life" without the life is about Anna.
        let text = ["'s", "’s"].into_iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
        let said = words(text);
        let has = |list: &[&str]| said.iter().any(|word| list.contains(&word.folded.as_str()));
        match (has(&VERBS), has(&NOUNS)) {
            (_, false) => format!("make a film of {text}"),
            (false, true) => format!("make {text}"),
            (true, true) => text.to_owned(),
        }
    }
}

/// A word with where it stands.
struct Word<'t> {
    folded: String,
    range: Range<usize>,
    /// What stands between it and the next word.
    after: &'t str,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let inner = |c: char| c.is_alphanumeric() || c == '\'' || c == '’' || c == ':';
    for (at, c) in text.char_indices() {
        match ranges.last_mut() {
            Some(last) if inner(c) && last.end == at => last.end = at + c.len_utf8(),
            _ if c.is_alphanumeric() => ranges.push(at..at + c.len_utf8()),
            _ => {}
        }
    }
    let ends: Vec<usize> = ranges.iter().skip(1).map(|range| range.start).chain([text.len()]).collect();
    let made = ranges.into_iter().zip(ends).map(|(range, next)| Word {
        folded: crate::library::fold(&text[range.clone()]),
        after: &text[range.end..next],
        range,
    });
    made.collect()
}

/// Reads what is wanted of a film.
pub fn read(text: &str) -> Read {
    let words = words(text);
    let mut wish = Wish { prompt: text.to_owned(), ..Wish::default() };
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let (mut pace, mut mood) = (None, None);
    while at < words.len() {
        if let Some((length, seconds)) = length_at(&words, at) {
            wish.seconds = Some(seconds);
            spans.push(words[at].range.start..words[at + length - 1].range.end);
            at += length;
            continue;
        }
        let Some((length, meaning)) = phrase_at(&words, at) else {
            at += 1;
            continue;
        };
        let mut end = at + length;
        match meaning {
            Meaning::Format(format) => wish.format = format,
            Meaning::Pace(of) => pace = Some(of),
            Meaning::Mood(of) => mood = Some(of),
            Meaning::NoCaptions => wish.captions = false,
            Meaning::NoMusic => wish.music = Music::None,
            Meaning::Life => wish.life = true,
            Meaning::Everything => {}
            Meaning::First | Meaning::Last => {
                let (what, past) = clause(text, &words, end);
                end = past;
                match meaning {
                    Meaning::First => wish.first = what,
                    _ => wish.last = what,
                }
            }
            Meaning::German => {
                wish.german = true;
                at += length;
                continue;
            }
        }
        spans.push(words[at].range.start..words[end - 1].range.end);
        at = end;
    }
    wish.mood = mood.unwrap_or_default();
    wish.pace = pace.unwrap_or(match wish.mood {
        Mood::Energetic => Pace::Lively,
        Mood::Nostalgic => Pace::Calm,
        _ => Pace::Even,
    });
    Read { wish, spans }
}

/// The longest phrase that begins at a word.
fn phrase_at(words: &[Word<'_>], at: usize) -> Option<(usize, Meaning)> {
    let fits = |phrase: &str| {
        let mut length = 0;
        for (offset, part) in phrase.split(' ').enumerate() {
            if words.get(at + offset)?.folded != part {
                return None;
            }
            length = offset + 1;
        }
        Some(length)
    };
    let all = PHRASES.iter().flat_map(|(phrases, meaning)| phrases.split('|').map(move |phrase| (phrase, meaning)));
    all.filter_map(|(phrase, meaning)| fits(phrase).map(|length| (length, *meaning))).max_by_key(|(length, _)| *length)
}

/// "30 seconds", "two-minute", "1 Minute", "90s": how many words, and how many seconds.
fn length_at(words: &[Word<'_>], at: usize) -> Option<(usize, u32)> {
    let word = words[at].folded.as_str();
    if let Some(count) = word.strip_suffix('s').and_then(|number| number.parse::<u32>().ok()) {
        return (5..=600).contains(&count).then_some((1, count));
    }
    let number: f64 = match word {
        "one" | "a" | "eine" | "une" | "un" | "einminutigen" | "einminutiger" => 1.0,
        "two" | "zwei" | "deux" | "dos" => 2.0,
        "three" | "drei" | "trois" | "tres" => 3.0,
        "half" | "halbe" => 0.5,
        "thirty" => 30.0,
        "forty" => 40.0,
        "sixty" => 60.0,
        "ninety" => 90.0,
        other => other.parse().ok()?,
    };
    let mut past = at + 1;
    if matches!(word, "half") && words.get(past).is_some_and(|word| word.folded == "a") {
        past += 1;
    }
    let factor = match words.get(past)?.folded.as_str() {
        "second" | "seconds" | "sec" | "secs" | "s" | "sekunden" | "sekunde" | "secondes" | "segundos" => 1.0,
        "minute" | "minutes" | "min" | "mins" | "minuten" | "minutos" | "minuto" => 60.0,
        _ => return None,
    };
    past += 1;
    past += usize::from(words.get(past).is_some_and(|word| matches!(word.folded.as_str(), "long" | "lang" | "langen")));
    let seconds = (number * factor).round();
    (3.0..=600.0).contains(&seconds).then_some((past - at, seconds as u32))
}

/// The words from `at` to the end of the clause, without an article, and the number of the word past them.
fn clause(text: &str, words: &[Word<'_>], at: usize) -> (Option<String>, usize) {
    let mut past = at;
    while past < words.len() && !matches!(words[past].folded.as_str(), "and" | "und" | "et" | "y" | "then" | "dann") {
        past += 1;
        if words[past - 1].after.contains([',', '.', ';', ':']) {
            break;
        }
    }
    let article = |word: &Word<'_>| {
        matches!(
            word.folded.as_str(),
            "the" | "a" | "an" | "our" | "my" | "dem" | "der" | "den" | "die" | "das" | "le" | "la" | "les"
        )
    };
    let first = (at..past).find(|at| !article(&words[*at])).unwrap_or(past);
    let what = (first < past).then(|| text[words[first].range.start..words[past - 1].range.end].to_owned());
    (what, past.max(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(text: &str) -> (Wish, String) {
        let read = read(text);
        let rest = read.rest();
        (read.wish, rest)
    }

    #[test]
    fn what_is_about_the_film_is_taken_from_what_it_is_about() {
        let (wish, rest) = wish("make a two-minute film of Anna's first year, gentle, end with the birthday");
        assert_eq!((wish.seconds, wish.mood, wish.last.as_deref()), (Some(120), Mood::Gentle, Some("birthday")));
        assert_eq!(rest, "make a film of Anna's first year");
    }

    #[test]
    fn shape_pace_and_sound_are_read_in_several_languages() {
        let (wish, rest) =
            self::wish("Mach einen Film von Norwegen, 30 Sekunden lang, hochkant, ohne Musik und ohne Text");
        assert_eq!(
            (wish.format, wish.music, wish.captions, wish.seconds),
            (Format::Tall, Music::None, false, Some(30))
        );
        assert!(rest.contains("Norwegen") && !rest.contains("Musik") && wish.german, "{rest}");
        assert_eq!(self::wish("a lively square video of Rex").0.pace, Pace::Lively);
        assert_eq!(self::wish("a lively square video of Rex").0.format, Format::Square);
        assert_eq!(self::wish("film of the lake for the phone").1, "make film of the lake");
        assert_eq!(self::wish("Anna's life, one minute").1, "make a film of Anna");
    }

    #[test]
    fn what_names_no_picture_in_particular_is_not_searched_for() {
        assert_eq!(self::wish("a film of the highlights of 2019").1, "make a film of 2019");
        assert_eq!(self::wish("a 60 second film of our best moments in Rome").1, "make a film of in Rome");
        assert_eq!(self::wish("ein Film unserer schönsten Momente").1, "make ein Film");
        assert_eq!(self::wish("a film about our family, happy").1, "make a film about");
    }

    #[test]
    fn a_life_is_told_through_all_years() {
        let (wish, rest) = wish("make a film of the life of Anna");
        assert!(wish.life);
        assert!(rest.ends_with("of Anna"), "{rest}");
        assert!(!self::wish("film of the wildlife of Kenya").0.life);
    }

    #[test]
    fn numbers_that_are_no_lengths_stay() {
        let (wish, rest) = wish("film of summer 2019 with 3 friends");
        assert_eq!((wish.seconds, rest.as_str()), (None, "make film of summer 2019 with 3 friends"));
    }
}
