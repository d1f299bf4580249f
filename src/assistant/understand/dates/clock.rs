//! Reads times of day by the clock: "after 7 pm", "between 18:00 and 20:00", "nach 19 Uhr", "晚上7点以后".
//!
//! A bare number is no time: an "am", "pm", "Uhr", "h", "点" or a colon must tell. Every reader takes the index of a word and
//! returns how many words it read; it changes nothing.

use std::sync::LazyLock;

use super::super::phrases::Phrases;
use super::super::sentence::Sentence;
use crate::library::filter::DaySpan;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    After,
    Before,
    Around,
}

static RELATIONS: LazyLock<Phrases<Relation>> = LazyLock::new(|| {
    Phrases::new([
        (
            "after|later than|past|from|since|nach|ab|après|à partir de|dès|después de las|después de|a partir de las|\
             desde las|pasadas las",
            Relation::After,
        ),
        ("before|earlier than|until|till|vor|bis|avant|jusqu'à|antes de las|antes de|hasta las", Relation::Before),
        ("around|about|at|gegen|um|vers|à|a las|sobre las|hacia las", Relation::Around),
    ])
});

static BETWEEN: LazyLock<Phrases<()>> =
    LazyLock::new(|| Phrases::new([("between|from|zwischen|von|entre|de|entre las|de las|desde las", ())]));
static AND: LazyLock<Phrases<()>> =
    LazyLock::new(|| Phrases::new([("and|to|till|until|und|bis|et|à|y|a|y las|a las|hasta las|到|至", ())]));

/// A time by the clock in minutes since midnight, and whether something told that it is one.
fn time(s: &Sentence, at: usize) -> Option<(usize, u16, bool)> {
    let word = s.word(at);
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let hour: u16 = digits.parse().ok().filter(|_| digits.len() <= 2 && !digits.is_empty())?;
    let suffix = &word[digits.len()..];
    let minute = s
        .tokens()
        .get(at + 1)
        .filter(|next| matches!(next.glue, Some(':' | '.' | 'h')) && next.fold.len() == 2 && suffix.is_empty());
    let colon = minute.is_some_and(|next| next.glue == Some(':'));
    let minutes: u16 = minute.and_then(|next| next.fold.parse().ok()).filter(|value| *value < 60).unwrap_or(0);
    let mut length = 1 + usize::from(minute.is_some());
    let mut half = suffix;
    if suffix.is_empty()
        && matches!(s.word(at + length), "am" | "pm" | "uhr" | "h" | "heures" | "horas" | "oclock" | "点" | "noon")
    {
        half = s.word(at + length);
        length += 1;
    }
    let (hour, told) = match half {
        "pm" if hour < 12 => (hour + 12, true),
        "am" if hour == 12 => (0, true),
        "am" | "pm" | "uhr" | "h" | "heures" | "horas" | "oclock" | "点" => (hour, true),
        "" => (hour, colon),
        _ => return None,
    };
    (hour <= 24 && (told || half.is_empty())).then_some((length, hour * 60 + minutes, told))
}

/// The part of the day that says which half of the day an hour is in, after it: "7 in the evening", "7 de la tarde".
fn half_of_day(s: &Sentence, at: usize) -> Option<(usize, bool)> {
    static HALVES: LazyLock<Phrases<bool>> = LazyLock::new(|| {
        Phrases::new([
            (
                "in the evening|in the afternoon|at night|p m|abends|nachmittags|du soir|de l'après midi|de la tarde|\
                 de la noche",
                true,
            ),
            ("in the morning|a m|morgens|früh|du matin|de la mañana", false),
        ])
    });
    HALVES.at(s.tokens(), at).map(|(length, pm)| (length, *pm))
}

/// A time with whatever tells the half of the day.
fn full_time(s: &Sentence, at: usize) -> Option<(usize, u16, bool)> {
    static BEFORE: LazyLock<Phrases<bool>> =
        LazyLock::new(|| Phrases::new([("晚上|下午|傍晚|夜里", true), ("早上|上午|凌晨", false)]));
    let (lead, lead_pm) = BEFORE.at(s.tokens(), at).map_or((0, None), |(length, pm)| (length, Some(*pm)));
    let (length, minutes, told) = time(s, at + lead)?;
    let after = half_of_day(s, at + lead + length);
    let pm = lead_pm.or(after.map(|(_, pm)| pm));
    let minutes = if pm == Some(true) && minutes < 720 { minutes + 720 } else { minutes };
    Some((lead + length + after.map_or(0, |(length, _)| length), minutes, told || pm.is_some()))
}

/// Times of day at word `at`: number of words and span.
pub fn read(s: &Sentence, at: usize) -> Option<(usize, DaySpan)> {
    range(s, at).or_else(|| related(s, at)).or_else(|| chinese(s, at)).or_else(|| bare(s, at))
}

fn range(s: &Sentence, at: usize) -> Option<(usize, DaySpan)> {
    let lead = BETWEEN.at(s.tokens(), at).map_or(0, |(length, ())| length);
    let (first_length, mut from, from_told) = full_time(s, at + lead)?;
    let and_at = at + lead + first_length;
    let dash = s.tokens().get(and_at).is_some_and(|token| matches!(token.glue, Some('-' | '–')));
    let and = if dash { 0 } else { AND.at(s.tokens(), and_at)?.0 };
    let (second_length, to, to_told) = full_time(s, and_at + and)?;
    if !(from_told || to_told) {
        return None;
    }
    if !from_told && from < 720 && to > 720 && from + 720 < to {
        from += 720;
    }
    Some((and_at + and + second_length - at, DaySpan { from: from % 1440, to }))
}

fn related(s: &Sentence, at: usize) -> Option<(usize, DaySpan)> {
    let (lead, relation) = RELATIONS.at(s.tokens(), at)?;
    let (length, minutes, told) = full_time(s, at + lead)?;
    let span = match relation {
        Relation::After => DaySpan { from: minutes % 1440, to: 1440 },
        Relation::Before => DaySpan { from: 0, to: minutes },
        Relation::Around => DaySpan { from: (minutes + 1440 - 30) % 1440, to: (minutes + 30) % 1440 },
    };
    told.then_some((lead + length, span))
}

/// "3pm", "18 Uhr": about that time.
fn bare(s: &Sentence, at: usize) -> Option<(usize, DaySpan)> {
    let (length, minutes, told) = full_time(s, at)?;
    let suffixed =
        s.word(at).ends_with("pm") || s.word(at).ends_with("am") || matches!(s.word(at + 1), "am" | "pm" | "uhr");
    let span = DaySpan { from: (minutes + 1440 - 30) % 1440, to: (minutes + 30) % 1440 };
    (told && suffixed).then_some((length, span))
}

fn chinese(s: &Sentence, at: usize) -> Option<(usize, DaySpan)> {
    static AFTER: LazyLock<Phrases<Relation>> = LazyLock::new(|| {
        Phrases::new([
            ("以后|之后|后", Relation::After),
            ("以前|之前|前", Relation::Before),
            ("左右", Relation::Around),
        ])
    });
    let (length, minutes, told) = full_time(s, at).filter(|_| s.tokens()[at].cjk || s.word(at + 1) == "点")?;
    let (after, relation) = AFTER.at(s.tokens(), at + length)?;
    let span = match relation {
        Relation::After => DaySpan { from: minutes % 1440, to: 1440 },
        Relation::Before => DaySpan { from: 0, to: minutes },
        Relation::Around => DaySpan { from: (minutes + 1440 - 30) % 1440, to: (minutes + 30) % 1440 },
    };
    told.then_some((length + after, span))
}
