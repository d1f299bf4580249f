//! Reads a share of a longer span: "first half of 2014", "early 2019", "the end of May", "2014年上半年".
//!
//! Shares are of whole months where the span has enough of them, of days otherwise.

use std::sync::LazyLock;

use jiff::ToSpan;

use super::super::language::Language;
use super::super::phrases::Phrases;
use super::super::sentence::Sentence;
use super::absolute::{decade, named, past_joints, year};
use super::calendar::{days, years};
use super::moment::Moment;
use crate::library::filter::TimeSpan;

/// A share of a longer span.
#[derive(Debug, Clone, Copy)]
enum Share {
    /// The n-th of so many equal shares of its months.
    Months(i32, i32),
    /// So many first days.
    FirstDays(i32),
    /// So many last days.
    LastDays(i32),
    /// The n-th seven days.
    Week(i32),
}

static SHARES: LazyLock<Phrases<Share>> = LazyLock::new(|| {
    Phrases::new([
        ("first half|1st half|h1|erste hälfte|ersten hälfte|première moitié|primera mitad|上半", Share::Months(0, 2)),
        (
            "second half|2nd half|last half|h2|zweite hälfte|zweiten hälfte|deuxième moitié|seconde moitié|segunda mitad|下半",
            Share::Months(1, 2),
        ),
        (
            "first quarter|1st quarter|q1|erstes quartal|ersten quartal|premier trimestre|primer trimestre|第一季度",
            Share::Months(0, 4),
        ),
        (
            "second quarter|2nd quarter|q2|zweites quartal|zweiten quartal|deuxième trimestre|segundo trimestre|第二季度",
            Share::Months(1, 4),
        ),
        (
            "third quarter|3rd quarter|q3|drittes quartal|dritten quartal|troisième trimestre|tercer trimestre|第三季度",
            Share::Months(2, 4),
        ),
        (
            "fourth quarter|4th quarter|last quarter|q4|viertes quartal|vierten quartal|quatrième trimestre|cuarto trimestre|第四季度",
            Share::Months(3, 4),
        ),
        (
            "early|early in|beginning|the beginning|start|the start|anfang|beginn|début|au début|principios|a principios|comienzo|inicio|初",
            Share::Months(0, 3),
        ),
        ("mid|middle|the middle|mitte|milieu|mediados|a mediados|中旬", Share::Months(1, 3)),
        ("late|late in|end|the end|ende|fin|finales|a finales|末|底", Share::Months(2, 3)),
        ("first week|1st week|erste woche|ersten woche|première semaine|primera semana", Share::Week(0)),
        ("second week|2nd week|zweite woche|zweiten woche|deuxième semaine|segunda semana", Share::Week(1)),
        ("third week|3rd week|dritte woche|dritten woche|troisième semaine|tercera semana", Share::Week(2)),
        ("last week|letzte woche|letzten woche|dernière semaine|última semana", Share::LastDays(7)),
        ("first day|erster tag|ersten tag|premier jour|primer día", Share::FirstDays(1)),
        ("last day|letzter tag|letzten tag|dernier jour|último día", Share::LastDays(1)),
    ])
});

/// "first half of 2014", "early 2019", "the end of may 2018", "2014年上半年".
pub(super) fn part_of(s: &Sentence, at: usize) -> Option<(usize, Moment)> {
    if let Some((length, value)) = year(s, at).filter(|_| s.language == Language::Chinese)
        && let Some((share_length, share)) = SHARES.at(s.tokens(), at + length)
    {
        let closing = usize::from(s.word(at + length + share_length) == "年");
        return Some((length + share_length + closing, Moment::Span(cut(years(value, value)?, *share)?)));
    }
    let (length, share) = SHARES.at(s.tokens(), at)?;
    let whole_at = past_joints(s, at + length);
    let joined = whole_at > at + length || matches!(share, Share::Months(..));
    let (whole_length, whole) =
        [decade(s, whole_at), named(s, whole_at)].into_iter().flatten().next().or_else(|| {
            year(s, whole_at).and_then(|(length, value)| Some((length, Moment::Span(years(value, value)?))))
        })?;
    let Moment::Span(span) = whole else { return None };
    joined.then_some((whole_at + whole_length - at, Moment::Span(cut(span, *share)?)))
}

fn cut(span: TimeSpan, share: Share) -> Option<TimeSpan> {
    let (start, end) = (span.start.date(), span.end.date());
    Some(match share {
        Share::Months(nth, of) => {
            let months =
                (i32::from(end.year()) - i32::from(start.year())) * 12 + i32::from(end.month() - start.month());
            if months >= of {
                let from = start.checked_add((months * nth / of).months()).ok()?;
                days(from, start.checked_add((months * (nth + 1) / of).months()).ok()?)
            } else {
                let length = start.until(end).ok()?.get_days();
                let from = start.checked_add((length * nth / of).days()).ok()?;
                days(from, start.checked_add((length * (nth + 1) / of).days()).ok()?)
            }
        }
        Share::FirstDays(count) => days(start, start.checked_add(count.days()).ok()?),
        Share::LastDays(count) => days(end.checked_sub(count.days()).ok()?, end),
        Share::Week(nth) => {
            let from = start.checked_add((7 * nth).days()).ok()?;
            days(from, from.checked_add(7.days()).ok()?)
        }
    })
}
