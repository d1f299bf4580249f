//! Reads a single date: "14 feb 2016", "2016-02", "summer of 2019", "the nineties", "first half of 2014".
//!
//! Every reader takes the index of a word and returns how many words it read; it changes nothing.
//! Ranges ("since", "between") and what is relative to today are left to their own files.

use jiff::civil::Date;

use super::super::language::Language;
use super::super::sentence::Sentence;
use super::calendar::{DECADES, MONTHS, NUMBERS, SEASONS, Season, month, years};
use super::holidays::HOLIDAYS;
use super::moment::Moment;
use super::share;
use crate::library::filter::TimeSpan;

/// Words that may stand between the parts of a date.
const JOINTS: [&str; 13] = ["of", "the", "in", "de", "del", "d", "im", "in", "des", "le", "el", "von", "dem"];

/// The date at word `at` and its number of words.
pub fn moment(s: &Sentence, at: usize) -> Option<(usize, Moment)> {
    numeric(s, at)
        .or_else(|| chinese(s, at))
        .or_else(|| share::part_of(s, at))
        .or_else(|| decade(s, at))
        .or_else(|| day_and_month(s, at))
        .or_else(|| named(s, at))
        .or_else(|| year(s, at).and_then(|(length, number)| Some((length, Moment::Span(years(number, number)?)))))
}

/// A plain number of at most `digits` digits.
fn number(s: &Sentence, at: usize, digits: usize) -> Option<i32> {
    let word = s.word(at);
    (!word.is_empty() && word.len() <= digits && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse().ok())?
}

/// A four-digit year, or one in words: "nineteen eighty four", "two thousand and eight".
pub fn year(s: &Sentence, at: usize) -> Option<(usize, i16)> {
    if let Some(value) = number(s, at, 4).filter(|value| (1800..=2100).contains(value)) {
        let suffix = usize::from(s.word(at + 1) == "年");
        return Some((1 + suffix, i16::try_from(value).ok()?));
    }
    if matches!(s.word(at), "year" | "jahr" | "annee" | "ano") {
        let (length, value) = year(s, at + 1)?;
        return Some((length + 1, value));
    }
    if s.word(at) == "two" && s.word(at + 1) == "thousand" {
        let and = usize::from(s.word(at + 2) == "and");
        let (length, rest) = NUMBERS.at(s.tokens(), at + 2 + and).filter(|(_, n)| **n < 20).unwrap_or((0, &0));
        let and = if length == 0 { 0 } else { and };
        return Some((2 + and + length, 2000 + i16::try_from(*rest).ok()?));
    }
    let century = match s.word(at) {
        "nineteen" => 1900,
        "twenty" => 2000,
        "eighteen" => 1800,
        _ => return None,
    };
    let (length, tens) = NUMBERS.at(s.tokens(), at + 1).filter(|(_, tens)| **tens >= 10)?;
    let units = NUMBERS.at(s.tokens(), at + 1 + length).filter(|(_, units)| **units < 10 && *tens >= 20);
    let value = century + tens + units.map_or(0, |(_, units)| *units);
    Some((1 + length + units.map_or(0, |(length, _)| length), i16::try_from(value).ok()?))
}

/// A day of the month: "14", "14th", "1er".
fn day_number(s: &Sentence, at: usize) -> Option<i8> {
    let word = s.word(at);
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &word[digits.len()..];
    let plain = matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er" | "e" | "o");
    (plain && !digits.is_empty() && digits.len() <= 2)
        .then(|| digits.parse::<i8>().ok())
        .flatten()
        .filter(|day| (1..=31).contains(day))
}

/// Dates in digits: ISO, German, American and British order.
fn numeric(s: &Sentence, at: usize) -> Option<(usize, Moment)> {
    let glue = |index: usize| s.tokens().get(index).and_then(|token| token.glue);
    let first = number(s, at, 4)?;
    let joint = glue(at + 1).filter(|c| matches!(c, '-' | '/' | '.' | '–'))?;
    let second = number(s, at + 1, 4)?;
    let third = (glue(at + 2) == Some(joint)).then(|| number(s, at + 2, 4)).flatten();
    let long = |value: i32| s.word(at).len() == 4 && (1800..=2100).contains(&value);
    if let Some(third) = third {
        let whole = |y: i32, m: i32, d: i32| {
            let y = if y < 100 { 2000 + y - if y > 50 { 100 } else { 0 } } else { y };
            Date::new(i16::try_from(y).ok()?, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok()
        };
        let american = joint == '/' && s.language == Language::English;
        let date = if long(first) {
            whole(first, second, third)
        } else if american {
            whole(third, first, second).or_else(|| whole(third, second, first))
        } else {
            whole(third, second, first).or_else(|| whole(third, first, second))
        }?;
        return Some((3, Moment::Span(super::calendar::day(date))));
    }
    let (first, second) = (i16::try_from(first).ok()?, i16::try_from(second).ok()?);
    if long(first.into()) {
        return year_and_number(first, second, joint, s.word(at + 1).len()).map(|span| (2, Moment::Span(span)));
    }
    if s.word(at + 1).len() == 4 && (1..=12).contains(&first) && (1800..=2100).contains(&second) {
        return Some((2, Moment::Span(month(second, i8::try_from(first).ok()?)?)));
    }
    let german = joint == '.' && (1..=31).contains(&first) && (1..=12).contains(&second);
    german.then_some((2, Moment::Day(i8::try_from(second).ok()?, i8::try_from(first).ok()?)))
}

/// "2019-06", "2015-2018", "2015-18", "2019/20".
fn year_and_number(year: i16, number: i16, joint: char, digits: usize) -> Option<TimeSpan> {
    if digits == 4 {
        return (number >= year && number <= 2100).then(|| years(year, number)).flatten();
    }
    let next = year / 100 * 100 + number;
    if number > 12 || (joint == '/' && next == year + 1) {
        return (next > year).then(|| years(year, next)).flatten();
    }
    month(year, i8::try_from(number).ok()?)
}

/// "2016年2月14日", "8月", "7月4号", "2021年".
fn chinese(s: &Sentence, at: usize) -> Option<(usize, Moment)> {
    let with_unit = |at: usize, unit: &[&str]| {
        let value = number(s, at, 4)?;
        unit.contains(&s.word(at + 1)).then_some(value)
    };
    let year = with_unit(at, &["年"]).filter(|value| (1800..=2100).contains(value));
    let after = at + if year.is_some() { 2 } else { 0 };
    let (month_length, month_number) = match with_unit(after, &["月"]) {
        Some(value) => (2, i8::try_from(value).ok()?),
        None => {
            let (length, value) = MONTHS.at(s.tokens(), after).filter(|_| s.tokens()[after].cjk)?;
            (length, *value)
        }
    };
    if !(1..=12).contains(&month_number) {
        return None;
    }
    let day_at = after + month_length;
    let day = with_unit(day_at, &["日", "号"]).and_then(|value| i8::try_from(value).ok());
    let length = day_at - at + if day.is_some() { 2 } else { 0 };
    let value = match (year.and_then(|y| i16::try_from(y).ok()), day) {
        (Some(y), Some(d)) => Moment::Span(super::calendar::day(Date::new(y, month_number, d).ok()?)),
        (Some(y), None) => Moment::Span(month(y, month_number)?),
        (None, Some(d)) => Moment::Day(month_number, d),
        (None, None) => Moment::Month(month_number),
    };
    Some((length, value))
}

/// Skips joints such as "of".
pub(super) fn past_joints(s: &Sentence, mut at: usize) -> usize {
    while JOINTS.contains(&s.word(at)) {
        at += 1;
    }
    at
}

/// "14 feb 2016", "14th of february", "June 20th, 2015", "le 14 juillet 2019", "4. Juli".
fn day_and_month(s: &Sentence, at: usize) -> Option<(usize, Moment)> {
    let (month_number, day_number, end) = if let Some(day) = day_number(s, at) {
        let month_at = past_joints(s, at + 1);
        let (length, value) = MONTHS.at(s.tokens(), month_at)?;
        (*value, day, month_at + length)
    } else {
        let (length, value) = MONTHS.at(s.tokens(), at)?;
        let day_at = past_joints(s, at + length);
        (*value, day_number(s, day_at)?, day_at + 1)
    };
    let year_at = past_joints(s, end);
    if let Some((length, value)) = year(s, year_at) {
        let date = Date::new(value, month_number, day_number).ok()?;
        return Some((year_at + length - at, Moment::Span(super::calendar::day(date))));
    }
    Date::new(2000, month_number, day_number).ok()?;
    Some((end - at, Moment::Day(month_number, day_number)))
}

/// A holiday, season or month by name, with its year or without; a year followed by one.
pub(super) fn named(s: &Sentence, at: usize) -> Option<(usize, Moment)> {
    if let Some((length, value)) = year(s, at) {
        let name_at = past_joints(s, at + length);
        let (name_length, name) = bare_name(s, name_at).filter(|_| s.tokens()[name_at].mark.is_none())?;
        // "2019 and may": only what follows directly is of that year.
        return Some((name_at + name_length - at, Moment::Span(name.in_year(value)?)));
    }
    let (length, name) = bare_name(s, at)?;
    let year_at = past_joints(s, at + length);
    if let Some((length, first)) = first_of_two_years(s, year_at, name) {
        return Some((year_at + length - at, Moment::Span(name.in_year(first)?)));
    }
    match year(s, year_at) {
        Some((year_length, value)) => Some((year_at + year_length - at, Moment::Span(name.in_year(value)?))),
        None => Some((length, name)),
    }
}

/// The first year of "2019/20", "2019/2020", "2019-20" after a season, and of "winter 2019 to 2020", with the number of words.
fn first_of_two_years(s: &Sentence, at: usize, name: Moment) -> Option<(usize, i16)> {
    let first = i16::try_from(number(s, at, 4)?).ok().filter(|value| (1800..=2100).contains(value))?;
    let glued = s.tokens().get(at + 1)?.glue.is_some_and(|c| matches!(c, '/' | '-' | '–'));
    let to = matches!(s.word(at + 1), "to" | "bis" | "auf" | "a" | "al" | "到" | "至");
    let joint = usize::from(!glued && to && matches!(name, Moment::Season(Season::Winter)));
    if !glued && joint == 0 {
        return None;
    }
    let second = i16::try_from(number(s, at + 1 + joint, 4)?).ok()?;
    let second = if second < 100 { first / 100 * 100 + second } else { second };
    (second == first + 1).then_some((2 + joint, first))
}

/// The name in a date that is a name with its year, or a year with a name.
pub fn name_with_year(s: &Sentence, at: usize, length: usize) -> Option<Moment> {
    let (name_length, name) = bare_name(s, at)?;
    let year_at = past_joints(s, at + name_length);
    let (year_length, _) = year(s, year_at)?;
    (year_at + year_length == at + length).then_some(name)
}

fn bare_name(s: &Sentence, at: usize) -> Option<(usize, Moment)> {
    let tokens = s.tokens();
    let holiday = HOLIDAYS.at(tokens, at).map(|(length, value)| (length, Moment::Holiday(*value)));
    let season = SEASONS.at(tokens, at).map(|(length, value)| (length, Moment::Season(*value)));
    let month = MONTHS.at(tokens, at).map(|(length, value)| (length, Moment::Month(*value)));
    [holiday, season, month].into_iter().flatten().max_by_key(|(length, _)| *length)
}

/// "1990s", "the 80s", "90er Jahre", "années 90", "90年代", "nineteen thirties", "the sixties", "19th century".
pub(super) fn decade(s: &Sentence, at: usize) -> Option<(usize, Moment)> {
    let span = |first: i16, length: usize| Some((length, Moment::Span(years(first, first + 9)?)));
    let word = s.word(at);
    if matches!(word, "annees" | "anos") {
        let value = number(s, at + 1, 4).filter(|value| value % 10 == 0);
        return value.map_or_else(|| words_decade(s, at), |value| span(full_decade(value)?, 2));
    }
    for suffix in ["s", "er", "ern"] {
        let Some(digits) = word.strip_suffix(suffix).filter(|digits| matches!(digits.len(), 2 | 4)) else { continue };
        if let Ok(value) = digits.parse::<i32>()
            && value % 10 == 0
        {
            let years_word = usize::from(matches!(s.word(at + 1), "jahre" | "jahren"));
            return span(full_decade(value)?, 1 + years_word);
        }
    }
    if let Some(value) = number(s, at, 4).filter(|value| value % 10 == 0)
        && s.word(at + 1) == "年"
        && s.word(at + 2) == "代"
    {
        return span(full_decade(value)?, 3);
    }
    if word.ends_with("th") && s.word(at + 1) == "century" {
        let century: i16 = word.trim_end_matches("th").parse().ok().filter(|n| (15..=21).contains(n))?;
        return Some((2, Moment::Span(years((century - 1) * 100, century * 100 - 1)?)));
    }
    words_decade(s, at)
}

fn words_decade(s: &Sentence, at: usize) -> Option<(usize, Moment)> {
    let century = match s.word(at) {
        "nineteen" | "neunzehnhundert" => Some(1900),
        "eighteen" => Some(1800),
        "twenty" => Some(2000),
        _ => None,
    };
    let start = at + usize::from(century.is_some());
    let (length, tens) = DECADES.at(s.tokens(), start)?;
    let years_word = usize::from(matches!(s.word(start + length), "jahre" | "jahren"));
    let first = century.unwrap_or(1900) + tens;
    Some((start + length + years_word - at, Moment::Span(years(first, first + 9)?)))
}

/// 90 → 1990, 20 → 2020, 1930 → 1930.
fn full_decade(value: i32) -> Option<i16> {
    let full = match value {
        0..=29 => 2000 + value,
        30..=99 => 1900 + value,
        1800..=2100 => value,
        _ => return None,
    };
    i16::try_from(full).ok()
}

/// Whether the season's English name is also an everyday word that needs a cue: "spring", "fall".
pub fn needs_cue(s: &Sentence, at: usize, moment: Moment) -> bool {
    match moment {
        Moment::Season(Season::Spring | Season::Autumn) => matches!(s.word(at), "spring" | "fall"),
        Moment::Month(_) => matches!(
            s.word(at),
            "may"
                | "march"
                | "mar"
                | "mars"
                | "jan"
                | "sep"
                | "ago"
                | "dec"
                | "abr"
                | "avr"
                | "ene"
                | "jun"
                | "jul"
                | "nov"
                | "oct"
                | "okt"
                | "dic"
                | "dez"
                | "mai"
                | "apr"
                | "aug"
                | "feb"
                | "fevr"
        ),
        _ => false,
    }
}
