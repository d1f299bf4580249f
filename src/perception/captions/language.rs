//! The language that captions are written in.
//!
//! It decides what is written about every picture of a library, so it must not change from one day to the next: what is set
//! counts, then what captions were written in so far, and only then what else suggests a language.

use std::collections::BTreeMap;

/// Codes (ISO 639-1) and names of languages, as models know them.
const NAMES: [(&str, &str); 30] = [
    ("ar", "Arabic"),
    ("bg", "Bulgarian"),
    ("ca", "Catalan"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("fi", "Finnish"),
    ("fr", "French"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("nb", "Norwegian"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("sv", "Swedish"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("zh", "Chinese"),
];

/// The English name of a language; for one that is not known here, its code.
pub fn name(code: &str) -> &str {
    NAMES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

/// The code of a language that somebody wrote: `de`, `de_DE.UTF-8`, `German`. `None` for what is no language.
pub fn code(written: &str) -> Option<String> {
    let written = written.trim();
    if let Some((code, _)) = NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(written)) {
        return Some((*code).to_owned());
    }
    let code = written.split(['_', '-', '.', '@']).next().unwrap_or_default().to_lowercase();
    let code = if code == "no" || code == "nn" { "nb".to_owned() } else { code };
    ((2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(code)
}

/// What suggests a language, the most binding first.
#[derive(Debug, Default)]
pub struct Hints<'a> {
    /// What is set; empty: nothing is.
    pub set: &'a str,
    /// What captions were written in so far.
    pub so_far: Option<&'a str>,
    /// What questions were asked in, a code each.
    pub asked: &'a [String],
    /// The locale of the environment.
    pub locale: &'a str,
}

/// The code of the language to write in.
pub fn choose(hints: &Hints<'_>) -> String {
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    for language in hints.asked {
        *asked.entry(language).or_default() += 1;
    }
    let asked = asked.into_iter().max_by_key(|(_, times)| *times).map(|(language, _)| language);
    let suggested = [Some(hints.set), hints.so_far, asked, Some(hints.locale)];
    let found = suggested.into_iter().flatten().find_map(code);
    found.unwrap_or_else(|| "en".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_goes_before_habits_and_those_before_the_locale() {
        let asked = ["en", "de", "de"].map(str::to_owned);
        let all = Hints { set: "fr", so_far: Some("es"), asked: &asked, locale: "it_IT.UTF-8" };
        assert_eq!(choose(&all), "fr");
        assert_eq!(choose(&Hints { set: "", ..all }), "es");
        let all = Hints { asked: &asked, locale: "it_IT.UTF-8", ..Hints::default() };
        assert_eq!(choose(&all), "de");
        assert_eq!(choose(&Hints { asked: &[], ..all }), "it");
        assert_eq!(choose(&Hints { locale: "POSIX", ..Hints::default() }), "en");
        assert_eq!(choose(&Hints { locale: "C.UTF-8", ..Hints::default() }), "en");
    }

    #[test]
    fn a_language_is_told_by_code_locale_or_name() {
        for (written, expected) in
            [("de", "de"), ("de_CH.UTF-8", "de"), ("pt-BR", "pt"), ("German", "de"), ("no", "nb")]
        {
            assert_eq!(code(written).as_deref(), Some(expected), "{written}");
        }
        assert_eq!((code("C"), code("ignore all rules")), (None, None));
        assert_eq!((name("de"), name("is")), ("German", "is"));
    }
}
