//! Dates and spans as people of five languages write them.

use jiff::civil::{Date, DateTime};

use crate::assistant::understand::Language;

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const GERMAN: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const FRENCH: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const SPANISH: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
const WEEKDAYS: [[&str; 7]; 5] = [
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"],
];

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
    let month = (date.month() as usize).saturating_sub(1).min(11);
    match (exact, language) {
        (Exact::Year, Language::Chinese) => format!("{year}年"),
        (Exact::Year, _) => year.to_string(),
        (Exact::Month, Language::English) => format!("{} {year}", ENGLISH[month]),
        (Exact::Month, Language::German) => format!("{} {year}", GERMAN[month]),
        (Exact::Month, Language::French) => format!("{} {year}", FRENCH[month]),
        (Exact::Month, Language::Spanish) => format!("{} de {year}", SPANISH[month]),
        (Exact::Month, Language::Chinese) => format!("{year}年{}月", month + 1),
        (Exact::Day, Language::English) => format!("{} {day}, {year}", ENGLISH[month]),
        (Exact::Day, Language::German) => format!("{day}. {} {year}", GERMAN[month]),
        (Exact::Day, Language::French) => format!("{day} {} {year}", FRENCH[month]),
        (Exact::Day, Language::Spanish) => format!("{day} de {} de {year}", SPANISH[month]),
        (Exact::Day, Language::Chinese) => format!("{year}年{}月{day}日", month + 1),
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

/// A weekday by its number, 1 = Monday.
pub fn weekday(number: usize, language: Language) -> &'static str {
    let row = match language {
        Language::English => 0,
        Language::German => 1,
        Language::French => 2,
        Language::Spanish => 3,
        Language::Chinese => 4,
    };
    WEEKDAYS[row][number.clamp(1, 7) - 1]
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
