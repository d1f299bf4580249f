//! Holidays: their names in five languages and the days they fall on.
//!
//! Easter follows the Gregorian computus (Meeus, Astronomical Algorithms, chapter 8). Holidays of the lunar calendars come
//! from a table of the years in which people have digital photos. Whether a holiday is meant is left to the reader.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::super::phrases::Phrases;
use super::super::tokens::{tokenize, words};
use super::calendar::days;
use crate::library::filter::TimeSpan;

/// When a holiday is, year by year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// From this month and day, so many days.
    Fixed(i8, i8, i8),
    /// So many days after Easter Sunday, so many days long.
    Easter(i32, i8),
    /// The n-th such weekday (1 = Monday) of a month, shifted by days, so many days long; n = -1 is the last.
    Nth(i8, i8, i8, i32, i8),
    /// From a table of ISO dates, one a year, so many days long from the given shift.
    Table(&'static str, i32, i8),
}

/// A holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// Its English name.
    pub name: &'static str,
    /// When it is.
    pub rule: Rule,
}

impl Holiday {
    /// Its days in `year`: those that begin in it. `None` where the table does not reach.
    pub fn span(self, year: i16) -> Option<TimeSpan> {
        let (start, length) = match self.rule {
            Rule::Fixed(month, day, length) => (Date::new(year, month, day).ok()?, length),
            Rule::Easter(shift, length) => (easter(year)?.checked_add(shift.days()).ok()?, length),
            Rule::Nth(month, nth, weekday, shift, length) => {
                let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
                let date = Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()?;
                (date.checked_add(shift.days()).ok()?, length)
            }
            Rule::Table(table, shift, length) => {
                let mut dates = table.split_whitespace().filter_map(|date| date.parse::<Date>().ok());
                (dates.find(|date| date.year() == year)?.checked_add(shift.days()).ok()?, length)
            }
        };
        Some(days(start, start.checked_add(i32::from(length).days()).ok()?))
    }

    /// The same days of every year, as month and day; `None` for a movable holiday.
    pub fn month_days(self) -> Option<Vec<(i8, i8)>> {
        let Rule::Fixed(month, day, length) = self.rule else { return None };
        let start = Date::new(2000, month, day).ok()?;
        (0..i32::from(length))
            .map(|shift| start.checked_add(shift.days()).ok().map(|date| (date.month(), date.day())))
            .collect()
    }

    /// Its days in each of these years.
    pub fn spans(self, first: i16, last: i16) -> Vec<TimeSpan> {
        (first..=last).filter_map(|year| self.span(year)).collect()
    }
}

/// The holiday of this name, in any language.
pub fn holiday(name: &str) -> Option<Holiday> {
    HOLIDAYS.exact(&words(name)).copied()
}

/// The first holiday that a text names.
pub fn holiday_in(text: &str) -> Option<Holiday> {
    HOLIDAYS.find(&tokenize(text).tokens).map(|(_, _, holiday)| *holiday)
}

/// Easter Sunday of the Gregorian calendar.
pub fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

/// First day of the Chinese year.
const SPRING_FESTIVAL: &str = "\
    2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-18 2008-02-07 \
    2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 \
    2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 \
    2027-02-06 2028-01-26 2029-02-13 2030-02-03";

/// The fifteenth day of the eighth month of the Chinese year.
const MID_AUTUMN: &str = "\
    2010-09-22 2011-09-12 2012-09-30 2013-09-19 2014-09-08 2015-09-27 2016-09-15 2017-10-04 2018-09-24 \
    2019-09-13 2020-10-01 2021-09-21 2022-09-10 2023-09-29 2024-09-17 2025-10-06 2026-09-25 2027-09-15 \
    2028-10-03 2029-09-22 2030-09-12";

/// The new moon of Diwali.
const DIWALI: &str = "\
    2010-11-05 2011-10-26 2012-11-13 2013-11-03 2014-10-23 2015-11-11 2016-10-30 2017-10-19 2018-11-07 \
    2019-10-27 2020-11-14 2021-11-04 2022-10-24 2023-11-12 2024-11-01 2025-10-20 2026-11-08";

/// The first full day of Hanukkah.
const HANUKKAH: &str = "\
    2010-12-02 2011-12-21 2012-12-09 2013-11-28 2014-12-17 2015-12-07 2016-12-25 2017-12-13 2018-12-03 \
    2019-12-23 2020-12-11 2021-11-29 2022-12-19 2023-12-08 2024-12-26 2025-12-15 2026-12-05";

/// Holidays by name.
pub static HOLIDAYS: LazyLock<Phrases<Holiday>> = LazyLock::new(|| {
    use Rule::{Easter, Fixed, Nth, Table};
    let rows: [(&str, &'static str, Rule); 36] = [
        (
            "christmas|xmas|x mas|christmas time|christmastime|christmas holidays|christmas days|weihnachten|weihnacht|\
             weihnachts|noël|noel|navidad|navidades|圣诞节|圣诞|聖誕節",
            "Christmas",
            Fixed(12, 24, 3),
        ),
        (
            "christmas eve|heiligabend|heiliger abend|veille de noël|réveillon de noël|nochebuena|平安夜",
            "Christmas Eve",
            Fixed(12, 24, 1),
        ),
        (
            "christmas day|first day of christmas|erster weihnachtstag|jour de noël|día de navidad",
            "Christmas Day",
            Fixed(12, 25, 1),
        ),
        ("boxing day|st stephen's day|second day of christmas|zweiter weihnachtstag", "Boxing Day", Fixed(12, 26, 1)),
        (
            "new year's eve|new years eve|nye|silvester|silvesterabend|saint sylvestre|la saint sylvestre|\
             réveillon du nouvel an|nochevieja|fin de año|除夕夜|跨年",
            "New Year's Eve",
            Fixed(12, 31, 2),
        ),
        (
            "new year's day|new years day|neujahr|neujahrstag|jour de l'an|nouvel an|le nouvel an|año nuevo|元旦|新年",
            "New Year's Day",
            Fixed(1, 1, 1),
        ),
        ("new year's|new years|new year", "New Year", Fixed(12, 31, 2)),
        (
            "epiphany|three kings day|three kings|dreikönig|heilige drei könige|épiphanie|día de reyes|los reyes|\
             reyes magos",
            "Epiphany",
            Fixed(1, 6, 1),
        ),
        (
            "valentine's day|valentines day|valentine's|valentines|valentinstag|saint valentin|la saint valentin|\
             san valentín|día de san valentín|情人节",
            "Valentine's Day",
            Fixed(2, 14, 1),
        ),
        (
            "st patrick's day|saint patrick's day|st patricks day|paddy's day|st paddy's day",
            "St Patrick's Day",
            Fixed(3, 17, 1),
        ),
        ("april fools|april fool's day|april fools day", "April Fools' Day", Fixed(4, 1, 1)),
        ("may day|tag der arbeit|erster mai|fête du travail|día del trabajo|劳动节|五一", "May Day", Fixed(5, 1, 1)),
        (
            "4th of july|fourth of july|july 4th|july fourth|independence day|us independence day",
            "the Fourth of July",
            Fixed(7, 4, 1),
        ),
        ("canada day", "Canada Day", Fixed(7, 1, 1)),
        ("bastille day|14 juillet|le 14 juillet|quatorze juillet|fête nationale", "Bastille Day", Fixed(7, 14, 1)),
        ("australia day", "Australia Day", Fixed(1, 26, 1)),
        ("king's day|kings day", "King's Day", Fixed(4, 27, 1)),
        ("swiss national day|schweizer nationalfeiertag", "Swiss National Day", Fixed(8, 1, 1)),
        ("day of german unity|german unity day|tag der deutschen einheit", "German Unity Day", Fixed(10, 3, 1)),
        ("chinese national day|国庆节|国庆|十一黄金周", "National Day of China", Fixed(10, 1, 7)),
        ("halloween|hallowe'en|all hallows eve|万圣节|万圣夜", "Halloween", Fixed(10, 31, 1)),
        (
            "all saints|all saints day|allerheiligen|toussaint|la toussaint|todos los santos",
            "All Saints",
            Fixed(11, 1, 1),
        ),
        ("day of the dead|día de los muertos|día de muertos", "Day of the Dead", Fixed(11, 1, 2)),
        ("guy fawkes|bonfire night|guy fawkes night", "Bonfire Night", Fixed(11, 5, 1)),
        ("st martin's day|saint martin's day|martinstag|sankt martin", "St Martin's Day", Fixed(11, 11, 1)),
        ("st nicholas day|saint nicholas day|nikolaus|nikolaustag|saint nicolas", "St Nicholas", Fixed(12, 6, 1)),
        (
            "easter|easter weekend|easter holidays|ostern|osterwochenende|pâques|pascua|semana santa|复活节",
            "Easter",
            Easter(-2, 4),
        ),
        ("easter sunday|easter day|ostersonntag|dimanche de pâques|domingo de pascua", "Easter Sunday", Easter(0, 1)),
        ("good friday|karfreitag|vendredi saint|viernes santo", "Good Friday", Easter(-2, 1)),
        ("easter monday|ostermontag|lundi de pâques", "Easter Monday", Easter(1, 1)),
        ("mardi gras|carnival|karneval|fasching|fastnacht|carnaval", "Carnival", Easter(-52, 6)),
        ("pentecost|whitsun|whit sunday|pfingsten|pfingstwochenende|pentecôte|pentecostés", "Pentecost", Easter(48, 3)),
        ("thanksgiving|thanksgiving day|turkey day|acción de gracias|感恩节", "Thanksgiving", Nth(11, 4, 4, 0, 1)),
        ("black friday", "Black Friday", Nth(11, 4, 4, 1, 1)),
        (
            "chinese new year|lunar new year|spring festival|chinesisches neujahr|nouvel an chinois|año nuevo chino|\
             春节|农历新年|过年",
            "Chinese New Year",
            Table(SPRING_FESTIVAL, -1, 9),
        ),
        (
            "mid autumn festival|moon festival|mondfest|fête de la lune|中秋节|中秋",
            "Mid-Autumn Festival",
            Table(MID_AUTUMN, 0, 1),
        ),
    ];
    let more: [(&str, &'static str, Rule); 9] = [
        ("chinese new year's eve|除夕|年夜饭", "Chinese New Year's Eve", Table(SPRING_FESTIVAL, -1, 1)),
        ("diwali|deepavali|排灯节", "Diwali", Table(DIWALI, -1, 3)),
        ("hanukkah|chanukah|chanukka|januká", "Hanukkah", Table(HANUKKAH, -1, 9)),
        ("mother's day|mothers day|muttertag|día de la madre|母亲节", "Mother's Day", Nth(5, 2, 7, 0, 1)),
        ("father's day|fathers day|fête des pères|día del padre|父亲节", "Father's Day", Nth(6, 3, 7, 0, 1)),
        ("vatertag|christi himmelfahrt|himmelfahrt|ascension day|ascension", "Ascension Day", Easter(39, 1)),
        ("memorial day|memorial day weekend", "Memorial Day", Nth(5, -1, 1, -2, 3)),
        ("labor day|labour day|labor day weekend|labour day weekend", "Labor Day", Nth(9, 1, 1, -2, 3)),
        ("palm sunday|palmsonntag|domingo de ramos|dimanche des rameaux", "Palm Sunday", Easter(-7, 1)),
    ];
    Phrases::new(rows.into_iter().chain(more).map(|(names, name, rule)| (names, Holiday { name, rule })))
});

#[cfg(test)]
mod tests {
    use super::*;

    fn on(name: &str, year: i16) -> String {
        let words = super::super::super::tokens::words(name);
        HOLIDAYS.exact(&words).unwrap().span(year).unwrap().start.date().to_string()
    }

    #[test]
    fn movable_holidays_fall_on_their_days() {
        assert_eq!(easter(2024).unwrap().to_string(), "2024-03-31");
        assert_eq!(easter(2019).unwrap().to_string(), "2019-04-21");
        assert_eq!(easter(1999).unwrap().to_string(), "1999-04-04");
        assert_eq!(on("thanksgiving", 2023), "2023-11-23");
        assert_eq!(on("mother's day", 2021), "2021-05-09");
        assert_eq!(on("memorial day", 2022), "2022-05-28");
        assert_eq!(on("Pfingsten", 2023), "2023-05-27");
        assert_eq!(on("春节", 2021), "2021-02-11");
    }

    #[test]
    fn the_longest_name_is_the_narrowest_day() {
        assert_eq!(on("christmas", 2022), "2022-12-24");
        assert_eq!(on("christmas day", 2022), "2022-12-25");
        assert_eq!(on("new year's eve", 2022), "2022-12-31");
    }
}
