//! Reads spans with a beginning or an end: "between may and july 2015", "since 2021", "before 2020", "2015–2018".
//!
//! Where one end has no year it takes that of the other; where neither has one, the range holds for every year.
//! "Before" and "after" leave out what they name, "since" and "until" include it.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::super::phrases::Phrases;
use super::super::sentence::Sentence;
use super::calendar::forever;
use super::moment::Moment;
use super::{Context, Found, absolute, relative};
use crate::library::filter::TimeSpan;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Since,
    Before,
    Until,
    After,
    Around,
}

static BEFORE_IT: LazyLock<Phrases<Relation>> = LazyLock::new(|| {
    Phrases::new([
        (
            "since|ever since|starting in|starting|as of|from|seit|ab|depuis|à partir de|dès|desde|a partir de|自从|自",
            Relation::Since,
        ),
        ("before|prior to|earlier than|older than|pre|vor|vor dem|avant|avant le|antes de|antes del", Relation::Before),
        (
            "until|till|up to|up until|through|by|bis|bis zum|bis ende|jusqu'à|jusqu'en|jusqu'au|hasta|hasta el",
            Relation::Until,
        ),
        ("after|later than|newer than|post|nach|nach dem|après|después de|después del|luego de", Relation::After),
        ("around|round about|circa|about|um|rund um|gegen|autour de|vers|alrededor de|hacia", Relation::Around),
    ])
});

/// What must follow "from" for it to mean "since".
static ONWARDS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([("on|onward|onwards|and later|or later|and after|an|und später|et après|en adelante|y después", ())])
});

static AFTER_IT: LazyLock<Phrases<Relation>> = LazyLock::new(|| {
    Phrases::new([
        ("以来|以后|起|至今|开始|and later|or later|onwards|onward|and newer|or newer|und später", Relation::Since),
        ("之前|以前|and before|or before", Relation::Before),
        ("and earlier|or earlier|and older|or older|und früher", Relation::Until),
        ("之后", Relation::After),
        ("左右|前后", Relation::Around),
    ])
});

static BETWEEN: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([("between|from|in between|zwischen|von|vom|zwischen dem|entre|entre le|de|du|desde|desde el|从", ())])
});

static AND: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([("to|till|until|through|thru|up to|bis|bis zum|à|au|jusqu'à|jusqu'en|a|al|hasta|hasta el|到|至", ())])
});

/// A range at word `at`: number of words and what it means.
pub fn read(s: &Sentence, at: usize, context: Context) -> Option<(usize, Found)> {
    two_ended(s, at, context).or_else(|| one_ended(s, at, context))
}

/// A date of any sort.
fn moment(s: &Sentence, at: usize, context: Context) -> Option<(usize, Moment)> {
    let start = at + usize::from(matches!(s.word(at), "the" | "le" | "el" | "la" | "dem" | "den" | "der"));
    let (length, moment) = relative::read(s, start, context.now)
        .and_then(|(length, spans)| Some((length, Moment::Span(*spans.first()?))))
        .or_else(|| absolute::moment(s, start))?;
    Some((start - at + length, moment))
}

fn two_ended(s: &Sentence, at: usize, context: Context) -> Option<(usize, Found)> {
    let (lead, both) = match BETWEEN.at(s.tokens(), at) {
        Some((length, ())) => (length, matches!(s.word(at), "between" | "in" | "zwischen" | "entre")),
        None => (0, false),
    };
    let (first_length, first) = moment(s, at + lead, context)?;
    let and_at = at + lead + first_length;
    let dash = s.tokens().get(and_at).is_some_and(|token| {
        matches!(token.glue, Some('-' | '–' | '—')) || (token.mark.is_some_and(|mark| matches!(mark, '–' | '—')))
    });
    let and = if dash {
        0
    } else if both && matches!(s.word(and_at), "and" | "und" | "et" | "y" | "&" | "e") {
        1
    } else {
        AND.at(s.tokens(), and_at)?.0
    };
    let (second_length, second) = moment(s, and_at + and, context)?;
    let chinese_tail =
        usize::from(s.word(and_at + and + second_length) == "之" && s.word(and_at + and + second_length + 1) == "间")
            * 2;
    let length = and_at + and + second_length + chinese_tail - at;
    Some((length, between(first, second)?))
}

/// From the beginning of one to the end of the other.
fn between(first: Moment, second: Moment) -> Option<Found> {
    let span = |a: TimeSpan, b: TimeSpan| Found::Spans(vec![TimeSpan { start: a.start, end: b.end }]);
    match (first, second) {
        (Moment::Span(a), Moment::Span(b)) => (a.start < b.end).then(|| span(a, b)),
        (a, Moment::Span(b)) => {
            let year = b.start.year();
            let same = a.in_year(year)?;
            let start = if same.start <= b.start { same } else { a.in_year(year - 1)? };
            Some(span(start, b))
        }
        (Moment::Span(a), b) => {
            let same = b.in_year(a.start.year())?;
            let end = if same.end > a.start { same } else { b.in_year(a.start.year() + 1)? };
            Some(span(a, end))
        }
        (Moment::Month(a), Moment::Month(b)) => {
            let count = (b - a).rem_euclid(12);
            Some(Found::Months((0..=count).map(|step| (a - 1 + step) % 12 + 1).collect()))
        }
        (a, b) => {
            let start = a.in_year(2000)?.start.date();
            let end = b.in_year(2000)?.end.date();
            let end = if end > start { end } else { b.in_year(2001)?.end.date() };
            let days = std::iter::successors(Some(start), |day| day.tomorrow().ok()).take_while(|day| *day < end);
            Some(Found::MonthDays(days.map(|day: Date| (day.month(), day.day())).collect()))
        }
    }
}

fn one_ended(s: &Sentence, at: usize, context: Context) -> Option<(usize, Found)> {
    let (lead, mut relation) = match BEFORE_IT.at(s.tokens(), at) {
        Some((length, relation)) => (length, Some(*relation)),
        None => (0, None),
    };
    let (length, moment) = moment(s, at + lead, context)?;
    let mut end = at + lead + length;
    if lead > 0 && matches!(s.word(at), "from" | "ab") {
        let onwards = ONWARDS.at(s.tokens(), end).map(|(length, ())| length);
        if s.word(at) == "from" && onwards.is_none() {
            return None;
        }
        end += onwards.unwrap_or(0);
    } else if lead == 0 {
        let (after, found) = AFTER_IT.at(s.tokens(), end)?;
        relation = Some(*found);
        end += after;
    }
    let span = open(relation?, moment, context)?;
    Some((end - at, Found::Spans(vec![span])))
}

fn open(relation: Relation, moment: Moment, context: Context) -> Option<TimeSpan> {
    let span = if moment.has_year() { moment.in_year(0)? } else { moment.last_begun(context.now)? };
    let all = forever();
    Some(match relation {
        Relation::Since => TimeSpan { start: span.start, end: all.end },
        Relation::Before => TimeSpan { start: all.start, end: span.start },
        Relation::Until => TimeSpan { start: all.start, end: span.end },
        Relation::After => TimeSpan { start: span.end, end: all.end },
        Relation::Around => Moment::Span(span).around(7).in_year(0)?,
    })
}
