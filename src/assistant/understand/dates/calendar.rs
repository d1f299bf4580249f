//! The words of the calendar in five languages, and spans of it.
//!
//! Spans are half-open and local. Seasons are those of the northern half of the earth, in whole months.
//! In which order the words stand is left to the other files.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use super::super::phrases::Phrases;
use crate::library::filter::{DaySpan, TimeSpan};

/// A season.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// March to May.
    Spring,
    /// June to August.
    Summer,
    /// September to November.
    Autumn,
    /// December to February.
    Winter,
}

impl Season {
    /// Its months.
    pub fn months(self) -> [i8; 3] {
        match self {
            Self::Spring => [3, 4, 5],
            Self::Summer => [6, 7, 8],
            Self::Autumn => [9, 10, 11],
            Self::Winter => [12, 1, 2],
        }
    }

    /// The season that begins in `year`.
    pub fn span(self, year: i16) -> Option<TimeSpan> {
        let start = Date::new(year, self.months()[0], 1).ok()?;
        Some(days(start, start.checked_add(3.months()).ok()?))
    }
}

/// A unit of time that can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A calendar day.
    Day,
    /// A week from Monday.
    Week,
    /// Saturday and Sunday.
    Weekend,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
    /// Ten years.
    Decade,
}

/// From the first day until before the second.
pub fn days(start: Date, end: Date) -> TimeSpan {
    TimeSpan { start: start.to_datetime(Time::midnight()), end: end.to_datetime(Time::midnight()) }
}

/// A single day.
pub fn day(date: Date) -> TimeSpan {
    days(date, date.tomorrow().unwrap_or(date))
}

/// A calendar month.
pub fn month(year: i16, month: i8) -> Option<TimeSpan> {
    let start = Date::new(year, month, 1).ok()?;
    Some(days(start, start.checked_add(1.month()).ok()?))
}

/// Calendar years from `first` to `last`, both included.
pub fn years(first: i16, last: i16) -> Option<TimeSpan> {
    Some(days(Date::new(first, 1, 1).ok()?, Date::new(last.checked_add(1)?, 1, 1).ok()?))
}

/// The earliest and the latest instant that a span without an end names.
pub fn forever() -> TimeSpan {
    TimeSpan {
        start: Date::constant(1, 1, 1).to_datetime(Time::midnight()),
        end: Date::constant(9999, 1, 1).to_datetime(Time::midnight()),
    }
}

/// The span of the unit that holds `now`.
pub fn unit_around(unit: Unit, now: DateTime) -> Option<TimeSpan> {
    let today = now.date();
    match unit {
        Unit::Day => Some(day(today)),
        Unit::Week => {
            let monday = today.checked_sub(i32::from(today.weekday().to_monday_zero_offset()).days()).ok()?;
            Some(days(monday, monday.checked_add(7.days()).ok()?))
        }
        Unit::Weekend => {
            let monday = today.checked_sub(i32::from(today.weekday().to_monday_zero_offset()).days()).ok()?;
            Some(days(monday.checked_add(5.days()).ok()?, monday.checked_add(7.days()).ok()?))
        }
        Unit::Month => month(today.year(), today.month()),
        Unit::Year => years(today.year(), today.year()),
        Unit::Decade => years(today.year() / 10 * 10, today.year() / 10 * 10 + 9),
    }
}

/// `now`, so many units earlier.
pub fn earlier(now: DateTime, count: i32, unit: Unit) -> Option<DateTime> {
    let span = match unit {
        Unit::Day => count.days(),
        Unit::Week | Unit::Weekend => count.weeks(),
        Unit::Month => count.months(),
        Unit::Year => count.years(),
        Unit::Decade => count.checked_mul(10)?.years(),
    };
    now.checked_sub(span).ok()
}

/// Overlaps of each span of `a` with each of `b`.
pub fn intersect(a: &[TimeSpan], b: &[TimeSpan]) -> Vec<TimeSpan> {
    let overlap = |x: &TimeSpan, y: &TimeSpan| TimeSpan { start: x.start.max(y.start), end: x.end.min(y.end) };
    a.iter().flat_map(|x| b.iter().map(move |y| overlap(x, y))).filter(|span| span.start < span.end).collect()
}

/// All time but `spans`.
pub fn complement(spans: &[TimeSpan]) -> Vec<TimeSpan> {
    let mut sorted = spans.to_vec();
    sorted.sort_by_key(|span| span.start);
    let all = forever();
    let mut rest = Vec::new();
    let mut from = all.start;
    for span in sorted {
        if from < span.start {
            rest.push(TimeSpan { start: from, end: span.start });
        }
        from = from.max(span.end);
    }
    rest.push(TimeSpan { start: from, end: all.end });
    rest
}

/// Months by name.
pub static MONTHS: LazyLock<Phrases<i8>> = LazyLock::new(|| {
    Phrases::new([
        ("january|jan|januar|jänner|janvier|janv|enero|ene|一月", 1),
        ("february|feb|februar|feber|février|févr|fevr|febrero|二月", 2),
        ("march|mar|märz|maerz|mars|marzo|三月", 3),
        ("april|apr|avril|avr|abril|abr|四月", 4),
        ("may|mai|mayo|五月", 5),
        ("june|jun|juni|juin|junio|六月", 6),
        ("july|jul|juli|juillet|juil|julio|七月", 7),
        ("august|aug|août|aout|agosto|ago|八月", 8),
        ("september|sept|sep|septembre|septiembre|setiembre|九月", 9),
        ("october|oct|oktober|okt|octobre|octubre|十月", 10),
        ("november|nov|novembre|noviembre|十一月", 11),
        ("december|dec|dezember|dez|décembre|déc|diciembre|dic|十二月", 12),
    ])
});

/// Seasons by name.
pub static SEASONS: LazyLock<Phrases<Season>> = LazyLock::new(|| {
    Phrases::new([
        (
            "spring|springtime|spring time|frühling|fruehling|frühjahr|frühlings|printemps|primavera|春天|春季|春",
            Season::Spring,
        ),
        (
            "summer|summers|summertime|summer time|summer holidays|summer vacation|sommer|sommers|été|verano|veranos|\
             夏天|夏季|夏",
            Season::Summer,
        ),
        ("autumn|fall|autumns|herbst|herbstes|automne|otoño|秋天|秋季|秋", Season::Autumn),
        ("winter|winters|wintertime|winter time|hiver|invierno|冬天|冬季|冬", Season::Winter),
    ])
});

/// Weekdays by name; the plural and "on …" forms too. 1 = Monday.
pub static WEEKDAYS: LazyLock<Phrases<&'static [i8]>> = LazyLock::new(|| {
    Phrases::new([
        ("monday|mondays|montag|montags|montage|lundi|lundis|lunes|星期一|周一|礼拜一", &[1][..]),
        ("tuesday|tuesdays|dienstag|dienstags|dienstage|mardi|mardis|martes|星期二|周二|礼拜二", &[2]),
        ("wednesday|wednesdays|mittwoch|mittwochs|mercredi|mercredis|miércoles|星期三|周三|礼拜三", &[3]),
        ("thursday|thursdays|donnerstag|donnerstags|donnerstage|jeudi|jeudis|jueves|星期四|周四|礼拜四", &[4]),
        ("friday|fridays|freitag|freitags|freitage|vendredi|vendredis|viernes|星期五|周五|礼拜五", &[5]),
        (
            "saturday|saturdays|samstag|samstags|samstage|sonnabend|sonnabends|samedi|samedis|sábado|sábados|\
             星期六|周六|礼拜六",
            &[6],
        ),
        (
            "sunday|sundays|sonntag|sonntags|sonntage|dimanche|dimanches|domingo|domingos|星期天|星期日|周日|礼拜天",
            &[7],
        ),
        (
            "weekends|on the weekend|over the weekend|on weekends|at the weekend|at weekends|wochenenden|am wochenende|le week end|\
             les week ends|los fines de semana|el fin de semana|fines de semana|周末",
            &[6, 7],
        ),
        (
            "weekdays|on weekdays|weekday|workdays|werktags|an werktagen|wochentags|unter der woche|en semaine|\
             entre semana|días laborables|工作日",
            &[1, 2, 3, 4, 5],
        ),
    ])
});

/// Units by name.
pub static UNITS: LazyLock<Phrases<Unit>> = LazyLock::new(|| {
    Phrases::new([
        ("day|days|tag|tage|tagen|jour|jours|día|días|天|日", Unit::Day),
        ("week|weeks|woche|wochen|semaine|semaines|semana|semanas|周|个星期|星期|个礼拜", Unit::Week),
        (
            "weekend|weekends|week end|wochenende|wochenenden|week ends|fin de semana|fines de semana|周末|个周末",
            Unit::Weekend,
        ),
        ("month|months|monat|monate|monaten|monats|mois|mes|meses|个月|月", Unit::Month),
        ("year|years|yr|yrs|jahr|jahre|jahren|jahres|an|ans|année|années|año|años|年", Unit::Year),
        ("decade|decades|jahrzehnt|jahrzehnte|jahrzehnten|décennie|décennies|década|décadas", Unit::Decade),
    ])
});

/// Times of day.
pub static DAYTIMES: LazyLock<Phrases<DaySpan>> = LazyLock::new(|| {
    let span = |from: u16, to: u16| DaySpan { from: from * 60, to: to * 60 };
    Phrases::new([
        (
            "early morning|early in the morning|early mornings|dawn|at dawn|daybreak|früh am morgen|frühmorgens|\
             morgendämmerung|tôt le matin|aube|à l'aube|madrugada|de madrugada|al amanecer|清晨|凌晨",
            span(4, 8),
        ),
        (
            "morning|mornings|in the morning|a m|vormittag|vormittags|am vormittag|morgens|am morgen|matin|le matin|\
             matins|por la mañana|de la mañana|mañanas|早上|早晨|上午",
            span(5, 12),
        ),
        (
            "noon|at noon|midday|at midday|around noon|lunchtime|lunch time|mittag|mittags|am mittag|midi|à midi|\
             mediodía|al mediodía|中午",
            span(11, 14),
        ),
        (
            "afternoon|afternoons|in the afternoon|nachmittag|nachmittags|am nachmittag|après midi|l'après midi|\
             por la tarde|de la tarde|tarde|tardes|下午",
            span(12, 18),
        ),
        (
            "evening|evenings|in the evening|dusk|at dusk|abend|abends|am abend|soir|le soir|soirs|soirée|\
             al anochecer|al atardecer|傍晚|晚上",
            span(18, 23),
        ),
        (
            "night|nights|at night|nighttime|by night|in the night|after dark|after sunset|after sundown|after nightfall|nach sonnenuntergang|nach einbruch der dunkelheit|\
             après le coucher du soleil|à la nuit tombée|tras la puesta de sol|después de la puesta de sol|después del atardecer|al caer la noche|日落后|天黑后|天黑以后|nacht|nachts|in der nacht|bei nacht|nuit|\
             nuits|la nuit|de nuit|noche|noches|por la noche|de noche|夜里|夜晚|夜间",
            span(20, 5),
        ),
        (
            "midnight|at midnight|around midnight|mitternacht|um mitternacht|minuit|à minuit|medianoche|半夜",
            span(23, 2),
        ),
        ("daytime|during the day|by day|in daylight|tagsüber|en journée|de día|白天", span(7, 18)),
    ])
});

/// Numbers by word, as far as people count days, weeks and years.
pub static NUMBERS: LazyLock<Phrases<i32>> = LazyLock::new(|| {
    Phrases::new([
        ("a|an|one|ein|eine|einem|einer|einen|eines|un|une|uno|una|一", 1),
        ("two|a couple of|a couple|couple|zwei|deux|dos|两|二", 2),
        ("three|a few|few|drei|trois|tres|三|几", 3),
        ("four|vier|quatre|cuatro|四", 4),
        ("five|fünf|fuenf|cinq|cinco|五", 5),
        ("six|sechs|seis|六", 6),
        ("seven|sieben|sept|siete|七", 7),
        ("eight|acht|huit|ocho|八", 8),
        ("nine|neun|neuf|nueve|九", 9),
        ("ten|zehn|dix|diez|十", 10),
        ("eleven|elf|onze|once|十一", 11),
        ("twelve|a dozen|dozen|zwölf|zwoelf|douze|doce|十二", 12),
        ("thirteen|dreizehn|treize|trece", 13),
        ("fourteen|vierzehn|quatorze|catorce", 14),
        ("fifteen|fünfzehn|quinze|quince|十五", 15),
        ("sixteen|sechzehn|seize|dieciséis", 16),
        ("seventeen|siebzehn|dix sept|diecisiete", 17),
        ("eighteen|achtzehn|dix huit|dieciocho", 18),
        ("nineteen|neunzehn|dix neuf|diecinueve", 19),
        ("twenty|zwanzig|vingt|veinte|二十", 20),
        ("thirty|dreißig|trente|treinta|三十", 30),
        ("forty|vierzig|quarante|cuarenta", 40),
        ("fifty|fünfzig|cinquante|cincuenta", 50),
        ("sixty|sechzig|soixante|sesenta", 60),
        ("seventy|siebzig|soixante dix|setenta", 70),
        ("eighty|achtzig|quatre vingt|ochenta", 80),
        ("ninety|neunzig|quatre vingt dix|noventa", 90),
    ])
});

/// Decades by word: the first year within its century.
pub static DECADES: LazyLock<Phrases<i16>> = LazyLock::new(|| {
    Phrases::new([
        ("twenties|zwanziger|zwanzigern|zwanzigerjahre|années vingt|años veinte|二十年代", 20),
        ("thirties|dreißiger|dreißigern|dreißigerjahre|années trente|años treinta|三十年代", 30),
        ("forties|vierziger|vierzigern|vierzigerjahre|années quarante|años cuarenta|四十年代", 40),
        ("fifties|fünfziger|fünfzigern|fünfzigerjahre|années cinquante|años cincuenta|五十年代", 50),
        ("sixties|sechziger|sechzigern|sechzigerjahre|années soixante|años sesenta|六十年代", 60),
        ("seventies|siebziger|siebzigern|siebzigerjahre|années soixante dix|años setenta|七十年代", 70),
        ("eighties|achtziger|achtzigern|achtzigerjahre|années quatre vingt|años ochenta|八十年代", 80),
        ("nineties|neunziger|neunzigern|neunzigerjahre|années quatre vingt dix|años noventa|九十年代", 90),
    ])
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complement_leaves_what_is_around() {
        let spans = complement(&[years(2019, 2019).unwrap()]);
        assert_eq!(spans.len(), 2);
        assert_eq!(spans[0].end.year(), 2019);
        assert_eq!(spans[1].start.year(), 2020);
        assert!(intersect(&spans, &[years(2019, 2019).unwrap()]).is_empty());
    }

    #[test]
    fn winter_reaches_into_the_next_year() {
        let span = Season::Winter.span(2019).unwrap();
        assert_eq!(span.start.to_string(), "2019-12-01T00:00:00");
        assert_eq!(span.end.to_string(), "2020-03-01T00:00:00");
    }
}
