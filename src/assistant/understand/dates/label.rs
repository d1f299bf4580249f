//! Says a date in few words and in the language of the question, for the chip that stands for it.

use jiff::ToSpan;
use jiff::civil::DateTime;

use super::super::language::Language;
use super::Found;
use super::calendar::{forever, years};
use crate::library::filter::TimeSpan;

/// The label of what was found.
pub fn of(found: &Found, language: Language) -> String {
    let day = |(month, day): &(i8, i8)| month_day(*month, *day, language);
    match found {
        Found::Spans(spans) if spans.len() > 3 => other_years(&span(&spans[0], language), spans.len() - 1, language),
        Found::Spans(spans) => join(spans.iter().map(|one| span(one, language)), language),
        Found::Months(months) => join(months.iter().map(|number| month(*number, language).to_owned()), language),
        Found::MonthDays(days) => match (days.first(), days.last()) {
            (Some(first), Some(last)) if days.len() > 1 => format!("{} – {}", day(first), day(last)),
            (Some(only), _) => day(only),
            _ => String::new(),
        },
        Found::Weekdays(days) => join(days.iter().map(|day| language.calendar().weekday(*day).to_owned()), language),
        Found::Time(time, _) => format!("{} – {}", clock(time.from), clock(time.to)),
        Found::Dated(true) => of_language(["with a date", "mit Datum", "avec date", "con fecha", "有日期"], language),
        Found::Dated(false) => {
            of_language(["without a date", "ohne Datum", "sans date", "sin fecha", "没有日期"], language)
        }
    }
}

/// The text in this language, of those in the order of [`Language::ALL`].
fn of_language(texts: [&str; 5], language: Language) -> String {
    let position = Language::ALL.iter().position(|one| *one == language).unwrap_or(0);
    texts[position].to_owned()
}

fn other_years(first: &str, others: usize, language: Language) -> String {
    match language {
        Language::English => format!("{first} and {others} other years"),
        Language::German => format!("{first} und {others} andere Jahre"),
        Language::French => format!("{first} et {others} autres années"),
        Language::Spanish => format!("{first} y otros {others} años"),
        Language::Chinese => format!("{first}和另外{others}年"),
    }
}

fn join(labels: impl Iterator<Item = String>, language: Language) -> String {
    labels.collect::<Vec<_>>().join(&of_language([" or ", " oder ", " ou ", " o ", "或"], language))
}

fn month(number: i8, language: Language) -> &'static str {
    language.calendar().month(number)
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// "2019", "June 2019", "14 February 2016", "since 2021", "1 May 2015 – 31 July 2015".
fn span(span: &TimeSpan, language: Language) -> String {
    let all = forever();
    let (start, end) = (span.start, span.end);
    if end == all.end {
        let from = point(start, true, language);
        let word = of_language(["since ", "seit ", "depuis ", "desde ", ""], language);
        return if language == Language::Chinese { format!("{from}以来") } else { word + &from };
    }
    if start == all.start {
        let to = point(end, true, language);
        let word = of_language(["before ", "vor ", "avant ", "antes de ", ""], language);
        return if language == Language::Chinese { format!("{to}之前") } else { word + &to };
    }
    if years(start.year(), start.year()) == Some(*span) {
        return year(start.year(), language);
    }
    let last = end.checked_sub(1.second()).unwrap_or(end);
    let whole_months = start.day() == 1 && end.day() == 1 && is_midnight(start) && is_midnight(end);
    if whole_months && start.month() == 1 && end.month() == 1 {
        return format!("{} – {}", year(start.year(), language), year(last.year(), language));
    }
    let of_year = |at: DateTime| month_of_year(at.year(), at.month(), language);
    if whole_months && (start.year(), start.month()) == (last.year(), last.month()) {
        return of_year(start);
    }
    if whole_months {
        return format!("{} – {}", of_year(start), of_year(last));
    }
    if start.date() == last.date() {
        return point(start, false, language);
    }
    format!("{} – {}", point(start, false, language), point(last, false, language))
}

fn is_midnight(at: DateTime) -> bool {
    at.time() == jiff::civil::Time::midnight()
}

/// A day, or, if `short`, the month or year that begins with it.
fn point(at: DateTime, short: bool, language: Language) -> String {
    match (at.month(), at.day()) {
        (1, 1) if short => year(at.year(), language),
        (number, 1) if short => month_of_year(at.year(), number, language),
        (number, day) => match language {
            Language::Spanish => format!("{} de {}", month_day(number, day, language), at.year()),
            Language::Chinese => format!("{}{}", year(at.year(), language), month_day(number, day, language)),
            _ => format!("{} {}", month_day(number, day, language), at.year()),
        },
    }
}

fn year(year: i16, language: Language) -> String {
    if language == Language::Chinese { format!("{year}年") } else { year.to_string() }
}

/// "June 2019".
fn month_of_year(year_number: i16, number: i8, language: Language) -> String {
    let name = month(number, language);
    match language {
        Language::Spanish => format!("{name} de {year_number}"),
        Language::Chinese => format!("{}{name}", year(year_number, language)),
        _ => format!("{name} {year_number}"),
    }
}

/// "24 December".
fn month_day(number: i8, day: i8, language: Language) -> String {
    let name = month(number, language);
    match language {
        Language::German => format!("{day}. {name}"),
        Language::Spanish => format!("{day} de {name}"),
        Language::Chinese => format!("{name}{day}日"),
        Language::English | Language::French => format!("{day} {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_labels() {
        let at = |year, month, day| jiff::civil::date(year, month, day).at(0, 0, 0, 0);
        let said =
            |start, end| Language::ALL.map(|language| of(&Found::Spans(vec![TimeSpan { start, end }]), language));
        let june = said(at(2019, 6, 1), at(2019, 7, 1));
        assert_eq!(june, ["June 2019", "Juni 2019", "juin 2019", "junio de 2019", "2019年6月"]);
        let day = said(at(2016, 2, 14), at(2016, 2, 15));
        let expected =
            ["14 February 2016", "14. Februar 2016", "14 février 2016", "14 de febrero de 2016", "2016年2月14日"];
        assert_eq!(day, expected);
        let since = said(at(2021, 1, 1), forever().end);
        assert_eq!(since, ["since 2021", "seit 2021", "depuis 2021", "desde 2021", "2021年以来"]);
        let spring = Language::ALL.map(|language| of(&Found::Months(vec![3, 4]), language));
        assert_eq!(spring, ["March or April", "März oder April", "mars ou avril", "marzo o abril", "3月或4月"]);
    }
}
