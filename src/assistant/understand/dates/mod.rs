//! Reads when the media were taken.
//!
//! Everything that is said about time is read, also more than one thing: "sunday pictures from july 2017". Spans that overlap
//! narrow each other, spans that do not are alternatives. What stands without a year holds for every year.
//! An absolute date beats a relative one that it disagrees with: "last month a year ago, i.e. October 2025".

mod absolute;
mod calendar;
mod clock;
mod excluded;
mod holidays;
mod label;
mod moment;
mod range;
mod relative;
mod share;

use std::sync::LazyLock;

use jiff::civil::DateTime;

use self::calendar::{DAYTIMES, SEASONS, Season, WEEKDAYS, intersect, month};
use self::excluded::Excluded;
use self::moment::Moment;
use super::language::Language;
use super::negation;
use super::phrases::Phrases;
use super::reading::Role;
use super::sentence::Sentence;
use super::words::{EVENT_NOUNS, MEDIA_NOUNS, OCCASIONS, is_stop_word};
use crate::library::filter::{DaySpan, MediaFilter, TimeSpan};

pub(in crate::assistant) use self::holidays::{holiday, holiday_in};

/// What a reader found at a word.
#[derive(Debug, Clone, PartialEq)]
enum Found {
    Spans(Vec<TimeSpan>),
    Months(Vec<i8>),
    MonthDays(Vec<(i8, i8)>),
    Weekdays(Vec<i8>),
    Time(DaySpan, bool),
    Dated(bool),
}

/// What is known besides the question.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The user's local time.
    pub now: DateTime,
    /// First and last year of the library.
    pub years: (i16, i16),
}

static UNDATED: LazyLock<Phrases<bool>> = LazyLock::new(|| {
    Phrases::new([
        (
            "undated|without a date|without date|without any date|no date|with no date|with unknown date|unknown date|\
             date unknown|ohne datum|undatiert|undatierte|sans date|non datées|sin fecha|没有日期",
            false,
        ),
        ("dated|with a date|with a camera date|that have a date|mit datum|datierte|datées|con fecha|有日期", true),
    ])
});

/// How the times are called.
pub fn label_of(spans: &[TimeSpan], language: Language) -> String {
    label::of(&Found::Spans(spans.to_vec()), language)
}

/// Reads every date of the sentence into the filter. Returns whether anything was read.
pub fn read(s: &mut Sentence, context: Context, filter: &mut MediaFilter) -> bool {
    let mut groups: Vec<(Vec<TimeSpan>, bool)> = Vec::new();
    let mut clock: Vec<DaySpan> = Vec::new();
    let mut parts_of_day: Vec<DaySpan> = Vec::new();
    let mut excluded = Excluded::default();
    let mut negated = vec![false; s.len()];
    let mut any = false;
    let mut named: Option<(usize, Moment)> = None;
    let mut at = 0;
    while at < s.len() {
        let Some((length, found, relative)) = s.free_at(at).then(|| find(s, at, context)).flatten() else {
            at += 1;
            continue;
        };
        if length == 0 || !s.is_free(at..at + length) {
            at += 1;
            continue;
        }
        any = true;
        let found = in_the_same_season(s, at, length, named, found);
        if let Some(name) = absolute::name_with_year(s, at, length) {
            named = Some((at + length, name));
        }
        let label = label::of(&found, s.language);
        let from = negation::start(s, at, &negated);
        if let Some(from) = from.filter(|_| excluded.takes(&found)) {
            negated[at..at + length].fill(true);
            s.claim_left_out(from..at + length, Role::Time, &label);
            at += length;
            continue;
        }
        s.claim(at..at + length, Role::Time, label);
        match found {
            Found::Spans(spans) => groups.push((spans, relative)),
            Found::Months(months) => filter.months.extend(months),
            Found::MonthDays(days) => filter.month_days.extend(days),
            Found::Weekdays(days) => filter.weekdays.extend(days),
            Found::Time(span, true) => clock.push(span),
            Found::Time(span, false) => parts_of_day.push(span),
            Found::Dated(dated) => filter.dated = Some(dated),
        }
        at += length;
    }
    filter.taken = combine(groups);
    // "Evening photos (after 7 pm)": the clock says more precisely what the word meant.
    filter.times_of_day = if clock.is_empty() { parts_of_day } else { clock };
    excluded.leave_out(filter);
    any
}

/// "Christmas 2019 and 2022": a bare year after a name with its year is of the same name.
fn in_the_same_season(s: &Sentence, at: usize, length: usize, named: Option<(usize, Moment)>, found: Found) -> Found {
    let Some((end, name)) = named else { return found };
    let joined = at == end + 1 && matches!(s.word(end), "and" | "or" | "und" | "oder" | "et" | "ou" | "y" | "o" | "&")
        || at == end && s.tokens()[at].mark == Some(',');
    let year = absolute::year(s, at).filter(|(year_length, _)| joined && *year_length == length);
    match year.and_then(|(_, year)| name.in_year(year)) {
        Some(span) => Found::Spans(winters(s, at, length, span)),
        None => found,
    }
}

/// Overlapping groups narrow each other, others are alternatives; an absolute one beats a relative one it disagrees with.
fn combine(groups: Vec<(Vec<TimeSpan>, bool)>) -> Vec<TimeSpan> {
    let mut total: Vec<TimeSpan> = Vec::new();
    let mut total_relative = false;
    for (spans, relative) in groups {
        let overlap = intersect(&total, &spans);
        if total.is_empty() || (overlap.is_empty() && total_relative && !relative) {
            total = spans;
            total_relative = relative;
        } else if overlap.is_empty() {
            if relative == total_relative {
                total.extend(spans);
            }
        } else {
            total = overlap;
        }
    }
    total
}

fn find(s: &Sentence, at: usize, context: Context) -> Option<(usize, Found, bool)> {
    if let Some((length, dated)) = UNDATED.at(s.tokens(), at) {
        return Some((length, Found::Dated(*dated), false));
    }
    if let Some((length, span)) = clock::read(s, at) {
        return Some((length, Found::Time(span, true), false));
    }
    if let Some(length) = relative::on_this_day(s, at) {
        let today = context.now.date();
        return Some((length, Found::MonthDays(vec![(today.month(), today.day())]), false));
    }
    if let Some((length, found)) = range::read(s, at, context) {
        return Some((length, found, false));
    }
    if let Some((length, spans)) = relative::read(s, at, context.now) {
        return Some((length, Found::Spans(spans), true));
    }
    if let Some((length, moment)) =
        absolute::moment(s, at).filter(|(length, moment)| plausible(s, at, *length, *moment))
    {
        return Some((length, found(s, at, length, moment, context), false));
    }
    let part_of_day =
        DAYTIMES.at(s.tokens(), at).filter(|(length, _)| stands_alone(s, at, *length) && !names_occasion(s, at));
    if let Some((length, span)) = part_of_day {
        return Some((length, Found::Time(*span, false), false));
    }
    WEEKDAYS.at(s.tokens(), at).map(|(length, days)| (length, Found::Weekdays(days.to_vec()), false))
}

/// "Karaoke night", "the skate park afternoon": an occasion, not a time of day.
fn names_occasion(s: &Sentence, at: usize) -> bool {
    let before = s.word_before(at);
    let bare = matches!(s.word(at), "morning" | "afternoon" | "evening" | "night" | "nights" | "evenings");
    bare && !before.is_empty()
        && s.free_at(at - 1)
        && !s.known[at - 1]
        && !is_stop_word(before)
        && !is_calendar_word(s, at - 1)
        && WEEKDAYS.before(s.tokens(), at).is_none()
        && MEDIA_NOUNS.before(s.tokens(), at).is_none()
        && OCCASIONS.before(s.tokens(), at).is_none()
        && !before.starts_with(|c: char| c.is_ascii_digit())
}

fn found(s: &Sentence, at: usize, length: usize, moment: Moment, context: Context) -> Found {
    match moment {
        Moment::Span(span) => Found::Spans(winters(s, at, length, span)),
        Moment::Month(month) => Found::Months(vec![month]),
        Moment::Day(month, day) => Found::MonthDays(vec![(month, day)]),
        Moment::Season(season) => Found::Months(season.months().to_vec()),
        Moment::Holiday(holiday) => match holiday.month_days() {
            Some(days) => Found::MonthDays(days),
            None => Found::Spans(holiday.spans(context.years.0, context.years.1)),
        },
    }
}

/// "Winter 2019" is said of the one that begins and of the one that ends in that year; "winter 2019/20" is not.
fn winters(s: &Sentence, at: usize, length: usize, span: TimeSpan) -> Vec<TimeSpan> {
    let named = (at..at + length).any(|index| matches!(SEASONS.at(s.tokens(), index), Some((_, Season::Winter))));
    let one_year =
        (at..at + length).filter(|index| s.word(*index).starts_with(|c: char| c.is_ascii_digit())).count() == 1;
    let year = span.start.year();
    let (january, february) = (month(year, 1), month(year, 2));
    match (january, february) {
        (Some(january), Some(february)) if named && one_year && span.start.month() == 12 => {
            vec![TimeSpan { start: january.start, end: february.end }, span]
        }
        _ => vec![span],
    }
}

/// Words before which a name of the calendar is one.
fn has_time_cue(s: &Sentence, at: usize) -> bool {
    const CUES: &str = " in since before after until during from between last this next early late mid every of each im seit ab \
        vor nach bis zwischen letzten letzter letztes en depuis avant apres entre desde hasta au du d de del by ";
    CUES.contains(&format!(" {} ", s.word_before(at))) && at > 0 && !s.word_before(at).is_empty()
}

/// Whether a date at this place is meant as one, and not as a name or part of a compound noun.
fn plausible(s: &Sentence, at: usize, length: usize, moment: Moment) -> bool {
    let Moment::Span(_) = moment else {
        let strong = has_time_cue(s, at) && !matches!(s.word_before(at), "of" | "de" | "du" | "by" | "from");
        if s.known[at] && !strong {
            return false;
        }
        let closing = at + length == s.len() || MEDIA_NOUNS.is_at(s.tokens(), at + length);
        let joint = matches!(s.word(at + length), "and" | "or" | "&") && absolute::moment(s, at + length + 1).is_some();
        let after_joint =
            matches!(s.word_before(at), "and" | "or") && at >= 2 && s.claims[at - 2] != super::sentence::Claim::Free;
        // "In the fall": past the article.
        let in_the = matches!(moment, Moment::Season(_))
            && s.word_before(at) == "the"
            && matches!(s.word_before(at - 1), "in" | "during" | "since" | "until" | "before" | "after");
        let ambiguous = absolute::needs_cue(s, at, moment);
        if ambiguous
            && !(in_the
                || has_time_cue(s, at)
                || closing && at == 0
                || joint
                || after_joint
                || s.tokens()[at].capital && at > 0)
        {
            return false;
        }
        let day = matches!(moment, Moment::Day(..));
        return day || has_strong_cue(s, at) || stands_alone(s, at, length);
    };
    // "2000 photos": a number of media. A year within a name of the library is still a year.
    !(length == 1
        && s.word(at).ends_with("00")
        && MEDIA_NOUNS.is_at(s.tokens(), at + 1)
        && at > 0
        && s.word(at - 1) == "first")
}

fn has_strong_cue(s: &Sentence, at: usize) -> bool {
    const CUES: &str =
        " in since before after until during im seit ab vor nach bis en depuis avant apres desde hasta an zu uber ";
    CUES.contains(&format!(" {} ", s.word_before(at))) && !s.word_before(at).is_empty()
}

/// Whether the word is not the beginning of a compound such as "Christmas tree", or the end of one such as "sapin de Noël".
fn stands_alone(s: &Sentence, at: usize, length: usize) -> bool {
    let next = at + length;
    let Some(after) = s.tokens().get(next) else { return !is_tail(s, at) };
    let free_noun = after.mark.is_none()
        && after.quote.is_none()
        && s.free_at(next)
        && !s.known[next]
        && !is_stop_word(&after.fold)
        && !MEDIA_NOUNS.is_at(s.tokens(), next)
        && !EVENT_NOUNS.is_at(s.tokens(), next)
        && !after.fold.starts_with(|c: char| c.is_ascii_digit())
        && !WEEKDAYS.is_at(s.tokens(), next)
        && !DAYTIMES.is_at(s.tokens(), next)
        && absolute::moment(s, next).is_none()
        && negation::NEGATIONS.at(s.tokens(), next).is_none();
    let compounding = matches!(s.language, Language::English | Language::Chinese);
    !(compounding && free_noun || is_tail(s, at))
}

/// "sapin de Noël", "árbol de Navidad": the end of a noun phrase.
fn is_tail(s: &Sentence, at: usize) -> bool {
    let romance = matches!(s.language, Language::French | Language::Spanish);
    let noun = at.checked_sub(2);
    romance
        && matches!(s.word_before(at), "de" | "d")
        && noun.is_some_and(|noun| {
            s.free_at(noun)
                && !is_stop_word(s.word(noun))
                && MEDIA_NOUNS.before(s.tokens(), noun + 1).is_none()
                && EVENT_NOUNS.before(s.tokens(), noun + 1).is_none()
        })
}

/// Whether word `at` is the name of a month, season or holiday.
pub fn is_calendar_word(s: &Sentence, at: usize) -> bool {
    calendar::MONTHS.is_at(s.tokens(), at) || SEASONS.is_at(s.tokens(), at) || holidays::HOLIDAYS.is_at(s.tokens(), at)
}
