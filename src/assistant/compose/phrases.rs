//! The sentences of answers in five languages, from `phrases.toml`.
//!
//! Every language has every phrase; a test says so.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::assistant::understand::Language;

#[derive(Deserialize)]
#[serde(untagged)]
enum Phrase {
    Plain(String),
    Numbered { one: String, many: String },
}

type Phrases = HashMap<String, HashMap<String, Phrase>>;

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    toml::from_str(include_str!("phrases.toml")).unwrap_or_else(|error| unreachable!("phrases.toml: {error}"))
});

/// The phrase `key` with every `{name}` of `values` filled in.
pub fn say(language: Language, key: &str, values: &[(&str, &str)]) -> String {
    match PHRASES.get(language.code()).and_then(|phrases| phrases.get(key)) {
        Some(Phrase::Plain(text) | Phrase::Numbered { many: text, .. }) => fill(text, values),
        None => unreachable!("no phrase {key}"),
    }
}

/// The phrase `key` in the form that goes with `n`.
pub fn say_number(language: Language, key: &str, n: u64) -> String {
    let number = n.to_string();
    match PHRASES.get(language.code()).and_then(|phrases| phrases.get(key)) {
        Some(Phrase::Numbered { one, .. }) if n == 1 => fill(one, &[("n", &number)]),
        Some(Phrase::Numbered { many: text, .. } | Phrase::Plain(text)) => fill(text, &[("n", &number)]),
        None => unreachable!("no phrase {key}"),
    }
}

/// The phrase `key` in the form that goes with `n` things, with every `{name}` of `values` filled in.
pub fn say_counted(language: Language, key: &str, n: u64, values: &[(&str, &str)]) -> String {
    match PHRASES.get(language.code()).and_then(|phrases| phrases.get(key)) {
        Some(Phrase::Numbered { one, .. }) if n == 1 => fill(one, values),
        Some(Phrase::Numbered { many: text, .. } | Phrase::Plain(text)) => fill(text, values),
        None => unreachable!("no phrase {key}"),
    }
}

/// Fills placeholders in one pass, so that a value which itself contains braces stays as it is.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { break };
        filled.push_str(&rest[..open]);
        let name = &rest[open + 1..open + close];
        filled.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = &rest[open + close + 1..];
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_phrase_with_the_same_gaps() {
        let gaps = |phrase: &Phrase| {
            let text = match phrase {
                Phrase::Plain(text) | Phrase::Numbered { many: text, .. } => text,
            };
            let mut names: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
            names.sort_unstable();
            names.join(",")
        };
        let english = &PHRASES["en"];
        for (language, phrases) in PHRASES.iter() {
            assert_eq!(phrases.len(), english.len(), "{language}");
            for (key, phrase) in english {
                let theirs = phrases.get(key).unwrap_or_else(|| panic!("{language} lacks {key}"));
                assert_eq!(gaps(phrase), gaps(theirs), "{language}: {key}");
            }
        }
    }

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        assert_eq!(fill("{a}-{b}", &[("a", "{b}"), ("b", "x")]), "{b}-x");
    }
}
