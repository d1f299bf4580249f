//! What themes are called, and why they are themes, in five languages. Pure.
//!
//! Keywords and names stay as the user wrote them; things that models see are named as the dictionary of
//! [`General`] names them in the language.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::telling::{Evidence, Sort};
use super::{Subject, Told};
use crate::assistant::understand::{General, Language};
use crate::library::fold;

#[derive(Deserialize)]
struct Phrases {
    seasons: [String; 4],
    #[serde(flatten)]
    patterns: HashMap<String, String>,
}

static PHRASES: LazyLock<HashMap<String, Phrases>> = LazyLock::new(|| {
    toml::from_str(include_str!("words.toml")).unwrap_or_else(|error| unreachable!("words.toml: {error}"))
});

fn phrases(language: Language) -> &'static Phrases {
    PHRASES.get(language.code()).unwrap_or_else(|| unreachable!("words.toml has every language"))
}

fn say(language: Language, pattern: &str, values: &[(&str, &str)]) -> String {
    let mut text = phrases(language).patterns.get(pattern).cloned().unwrap_or_default();
    for (key, value) in values {
        text = text.replace(&format!("{{{key}}}"), value);
    }
    text
}

/// What themes are called, each differently. `taken`: names that are given already.
pub(super) fn names<'t>(
    themes: impl Iterator<Item = &'t Told>,
    mut taken: HashSet<String>,
    language: Language,
) -> Vec<String> {
    let mut name = |told: &Told| {
        let mut candidates = candidates(told, language);
        let plain = candidates.first().cloned().unwrap_or_default();
        candidates.extend((2..).take(taken.len() + 1).map(|number| format!("{plain} ({number})")));
        let free = candidates.into_iter().find(|name| taken.insert(fold(name)));
        free.unwrap_or(plain)
    };
    themes.map(&mut name).collect()
}

/// What a theme could be called, what says most first; at least one name.
fn candidates(told: &Told, language: Language) -> Vec<String> {
    let name = match &told.subject {
        Subject::Feast(key) => say(language, key, &[]),
        Subject::Birthday(who) => say(language, "birthday", &[("who", who)]),
        Subject::Place(place) => place.clone(),
        Subject::Word(word) => capitalised(&in_language(word, language)),
        Subject::Looks => return of_looks(&told.evidence, language),
    };
    vec![name]
}

/// What alike pictures show, with whom, where and when: as much as is said of most of them and of few others. The first word
/// is one that narrows the library down; what is said beside it may be said of more.
fn of_looks(evidence: &[Evidence], language: Language) -> Vec<String> {
    let shown: Vec<String> = evidence
        .iter()
        .filter(|evidence| evidence.sort == Sort::What && evidence.narrows())
        .map(|evidence| text(evidence, language))
        .collect();
    let beside = evidence.iter().filter(|evidence| evidence.sort != Sort::What && evidence.adds());
    let beside: Vec<&Evidence> = beside.collect();
    let Some(what) = shown.first().map(|what| capitalised(what)) else {
        let telling = beside.iter().filter(|evidence| evidence.narrows());
        let mut names: Vec<String> = telling.map(|evidence| capitalised(&text(evidence, language))).collect();
        names.push(say(language, "alike", &[]));
        return names;
    };
    let with = |evidence: &Evidence| {
        let (pattern, key) = match evidence.sort {
            Sort::Who => ("with", "who"),
            Sort::Where | Sort::Country => ("in", "where"),
            Sort::Season => ("season", "season"),
            Sort::Weekday => ("weekday", "weekday"),
            Sort::What => ("both", "other"),
        };
        say(language, pattern, &[("what", &what), (key, &text(evidence, language))])
    };
    let mut names: Vec<String> = beside.iter().map(|evidence| with(evidence)).collect();
    let rest = shown.iter().skip(1).map(|other| say(language, "both", &[("what", &what), ("other", other)]));
    // Where nothing is said of the company, the place or the time, the thing alone is the best name.
    names.push(what.clone());
    names.extend(rest);
    names
}

/// A word of evidence in a language.
pub(super) fn text(evidence: &Evidence, language: Language) -> String {
    let number = || evidence.text.parse::<i8>().unwrap_or_default();
    match evidence.sort {
        Sort::What => in_language(&evidence.text, language),
        Sort::Who | Sort::Where | Sort::Country => evidence.text.clone(),
        Sort::Season => {
            usize::try_from(number()).ok().and_then(|at| phrases(language).seasons.get(at)).cloned().unwrap_or_default()
        }
        Sort::Weekday => language.calendar().weekday(number()).to_owned(),
    }
}

/// Why it is a theme, in a sentence.
pub(super) fn why(told: &Told, years: usize, language: Language) -> String {
    let pattern = match &told.subject {
        Subject::Feast(_) => "why_feast",
        Subject::Birthday(_) => "why_birthday",
        Subject::Place(_) => "why_place",
        Subject::Looks => "why_looks",
        Subject::Word(_) => "why_word",
    };
    say(language, pattern, &[("occasions", &told.occasions.to_string()), ("years", &years.to_string())])
}

/// What an everyday thing is called in a language; other words stay.
fn in_language(word: &str, language: Language) -> String {
    let known = General::get().name_in(language, &word.to_lowercase());
    known.map_or_else(|| word.to_owned(), str::to_owned)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(sort: Sort, text: &str, inside: u32) -> Evidence {
        Evidence { sort, text: text.to_owned(), inside, of: 10, elsewhere: 1, others: 100 }
    }

    fn told(subject: Subject, evidence: Vec<Evidence>) -> Told {
        Told { subject, evidence, occasions: 7, alike: None }
    }

    fn named(themes: &[Told], language: Language) -> Vec<String> {
        names(themes.iter(), HashSet::new(), language)
    }

    #[test]
    fn every_language_has_every_pattern() {
        let english = &phrases(Language::English).patterns;
        for language in Language::ALL {
            let patterns = &phrases(language).patterns;
            assert!(english.keys().all(|key| patterns.contains_key(key)), "{language:?}");
            assert_eq!(english.len(), patterns.len(), "{language:?}");
        }
    }

    #[test]
    fn alike_pictures_are_named_after_what_sets_them_apart() {
        let dog = evidence(Sort::What, "dog", 9);
        let soccer = told(Subject::Looks, vec![evidence(Sort::What, "soccer", 9), evidence(Sort::Weekday, "6", 8)]);
        let themes = [
            soccer,
            told(Subject::Looks, vec![dog.clone()]),
            told(Subject::Looks, vec![dog.clone(), evidence(Sort::What, "beach", 4)]),
            told(Subject::Looks, vec![dog.clone(), evidence(Sort::Where, "Vik", 4)]),
            told(Subject::Looks, vec![evidence(Sort::Who, "Ida", 8)]),
            told(Subject::Looks, Vec::new()),
        ];
        let english = ["Soccer on Saturdays", "Dog", "Dog and beach", "Dog (2)", "Ida", "Pictures alike"];
        assert_eq!(named(&themes, Language::English), english);
        let many = Evidence { elsewhere: 40, ..evidence(Sort::What, "person", 10) };
        let home = Evidence { elsewhere: 45, ..evidence(Sort::Where, "Hamburg", 9) };
        let at_home = told(Subject::Looks, vec![dog.clone(), home]);
        assert_eq!(named(&[at_home], Language::English), ["Dog"], "half of the pictures were taken at home");
        let people = told(Subject::Looks, vec![many.clone(), dog.clone()]);
        assert_eq!(named(&[people], Language::English), ["Dog"], "person is said of too many");
        assert_eq!(named(&[told(Subject::Looks, vec![many])], Language::English), ["Pictures alike"]);
        assert_eq!(named(&themes, Language::German)[..3], ["Fußball am Samstag", "Hund", "Hund und Strand"]);
        let taken = HashSet::from(["dog".to_owned()]);
        assert_eq!(names(themes[1..2].iter(), taken, Language::English), ["Dog (2)"]);
    }

    #[test]
    fn feasts_birthdays_places_and_words_have_their_names() {
        let themes = [
            told(Subject::Feast("christmas".into()), Vec::new()),
            told(Subject::Birthday("Ida".into()), Vec::new()),
            told(Subject::Place("Vik".into()), vec![evidence(Sort::What, "boat", 9)]),
            told(Subject::Word("garden".into()), Vec::new()),
        ];
        assert_eq!(named(&themes, Language::English), ["Christmas", "Ida’s birthdays", "Vik", "Garden"]);
        assert_eq!(named(&themes, Language::German), ["Weihnachten", "Geburtstage von Ida", "Vik", "Garten"]);
        assert_eq!(why(&themes[2], 4, Language::English), "A place that you came back to: 7 visits in 4 years.");
    }
}
