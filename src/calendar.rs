//! Names of months and weekdays in the languages that answers and films are written in.
//!
//! How they stand in a sentence is left to those who write it; how they are read in a question, with all the ways to
//! shorten them, to `assistant::understand`.

/// The names of one language, each list parted by spaces.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    months: &'static str,
    weekdays: &'static str,
}

/// English.
pub const ENGLISH: Names = Names {
    months: "January February March April May June July August September October November December",
    weekdays: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
};
/// German.
pub const GERMAN: Names = Names {
    months: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    weekdays: "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
};
/// French.
pub const FRENCH: Names = Names {
    months: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    weekdays: "lundi mardi mercredi jeudi vendredi samedi dimanche",
};
/// Spanish.
pub const SPANISH: Names = Names {
    months: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    weekdays: "lunes martes miércoles jueves viernes sábado domingo",
};
/// Chinese.
pub const CHINESE: Names = Names {
    months: "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
    weekdays: "星期一 星期二 星期三 星期四 星期五 星期六 星期日",
};

impl Names {
    /// A month by its number, 1 to 12; empty beyond.
    pub fn month(&self, number: i8) -> &'static str {
        nth(self.months, number)
    }

    /// A weekday by its number, 1 = Monday to 7; empty beyond.
    pub fn weekday(&self, number: i8) -> &'static str {
        nth(self.weekdays, number)
    }
}

fn nth(names: &'static str, number: i8) -> &'static str {
    let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    index.and_then(|index| names.split(' ').nth(index)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_names_twelve_months_and_seven_days() {
        for names in [ENGLISH, GERMAN, FRENCH, SPANISH, CHINESE] {
            assert!((1..=12).all(|number| !names.month(number).is_empty()), "{names:?}");
            assert!((1..=7).all(|number| !names.weekday(number).is_empty()), "{names:?}");
            assert_eq!((names.month(13), names.weekday(8), names.month(0), names.weekday(-1)), ("", "", "", ""));
        }
        assert_eq!((GERMAN.month(3), FRENCH.weekday(7), SPANISH.month(12)), ("März", "dimanche", "diciembre"));
    }
}
