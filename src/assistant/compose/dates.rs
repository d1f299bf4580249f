//! Dates and spans as people of five languages write them.

use jiff::civil::{Date, DateTime};

use crate::assistant::understand::Language;

/// How exactly a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exact {
    /// The year only.
    Year,
    /// The month.
    Month,
    /// The day.
    Day,
}

/// A date as written in a sentence: "June 9, 2019", "9. Juni 2019".
pub fn date(date: Date, exact: Exact, language: Language) -> String {
    let (year, day) = (date.year(), date.day());
    let month = language.calendar().month(date.month());
    match (exact, language) {
        (Exact::Year, Language::Chinese) => format!("{year}年"),
        (Exact::Year, _) => year.to_string(),
        (Exact::Month, Language::English | Language::German | Language::French) => format!("{month} {year}"),
        (Exact::Month, Language::Spanish) => format!("{month} de {year}"),
        (Exact::Month, Language::Chinese) => format!("{year}年{month}"),
        (Exact::Day, Language::English) => format!("{month} {day}, {year}"),
        (Exact::Day, Language::German) => format!("{day}. {month} {year}"),
        (Exact::Day, Language::French) => format!("{day} {month} {year}"),
        (Exact::Day, Language::Spanish) => format!("{day} de {month} de {year}"),
        (Exact::Day, Language::Chinese) => format!("{year}年{month}{day}日"),
    }
}

/// From one day to another: "September 10 – 17" is not attempted, because both dates in full cannot be misread.
pub fn span(from: DateTime, to: DateTime, language: Language) -> String {
    let (from, to) = (from.date(), to.date());
    if from == to {
        return date(from, Exact::Day, language);
    }
    format!("{} – {}", date(from, Exact::Day, language), date(to, Exact::Day, language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_dates_its_way() {
        let day = jiff::civil::date(2018, 9, 15);
        let written = |language| date(day, Exact::Day, language);
        assert_eq!(written(Language::English), "September 15, 2018");
        assert_eq!(written(Language::German), "15. September 2018");
        assert_eq!(written(Language::French), "15 septembre 2018");
        assert_eq!(written(Language::Spanish), "15 de septiembre de 2018");
        assert_eq!(written(Language::Chinese), "2018年9月15日");
        assert_eq!(date(day, Exact::Month, Language::Spanish), "septiembre de 2018");
    }
}
