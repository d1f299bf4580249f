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

/// From one day to another with what both share said once, where the days follow a name: "July 3 – 6, 2019".
pub fn stretch(from: Date, to: Date, language: Language) -> String {
    let (first, last) = (date(from, Exact::Day, language), date(to, Exact::Day, language));
    if from == to {
        return first;
    }
    if from.year() != to.year() {
        return format!("{first} – {last}");
    }
    let one_month = from.month() == to.month();
    let without_year = first.trim_end_matches(&from.year().to_string()).trim_end_matches([',', ' ']);
    match (language, one_month) {
        (Language::English, true) => format!("{without_year} – {}, {}", to.day(), to.year()),
        (Language::Chinese, true) => format!("{first}–{}日", to.day()),
        (Language::Chinese, false) => format!("{first}–{}", last.split_once('年').map_or("", |(_, day)| day)),
        (Language::German, true) => format!("{}.–{last}", from.day()),
        (Language::French | Language::Spanish, true) => format!("{}–{last}", from.day()),
        (_, false) => format!("{} – {last}", without_year.strip_suffix(" de").unwrap_or(without_year)),
    }
}

/// The month (1 = January) that a word names as a sentence writes it; Chinese writes none as a word.
pub fn month_of(word: &str, language: Language) -> Option<i8> {
    if language == Language::Chinese {
        return None;
    }
    (1..=12).find(|number| language.calendar().month(*number) == word)
}

/// The weekday (1 = Monday) that a word names.
pub fn weekday_of(word: &str, language: Language) -> Option<i8> {
    (1..=7).find(|number| language.calendar().weekday(*number).to_lowercase() == word.to_lowercase())
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

    #[test]
    fn a_stretch_says_once_what_both_days_share() {
        let day = |year, month, day| jiff::civil::date(year, month, day);
        let of = |from, to| {
            [Language::English, Language::German, Language::French, Language::Spanish, Language::Chinese]
                .map(|language| stretch(from, to, language))
        };
        assert_eq!(
            of(day(2019, 7, 3), day(2019, 7, 6)),
            ["July 3 – 6, 2019", "3.–6. Juli 2019", "3–6 juillet 2019", "3–6 de julio de 2019", "2019年7月3日–6日"]
        );
        assert_eq!(
            of(day(2019, 6, 28), day(2019, 7, 6)),
            [
                "June 28 – July 6, 2019",
                "28. Juni – 6. Juli 2019",
                "28 juin – 6 juillet 2019",
                "28 de junio – 6 de julio de 2019",
                "2019年6月28日–7月6日"
            ]
        );
        let over_new_year = of(day(2019, 12, 30), day(2020, 1, 2));
        assert_eq!(over_new_year[0], "December 30, 2019 – January 2, 2020");
        assert_eq!(of(day(2019, 7, 3), day(2019, 7, 3))[1], "3. Juli 2019");
    }
}
