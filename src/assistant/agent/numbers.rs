//! The numbers in a text, written in digits or in words, so that an answer's can be compared with the tools'.
//!
//! Pure functions. Digits within a name (`m3`, `DSC01`) are no number; `1,234`, `1.234` and `1 234` are 1234; leading zeros
//! do not count. Words are read from two to twelve; "one" is an article in most languages.

use std::collections::HashSet;

use crate::assistant::understand::Language;

const LANGUAGES: [Language; 5] =
    [Language::English, Language::German, Language::French, Language::Spanish, Language::Chinese];

/// Numbers in a canonical form.
pub(in crate::assistant) type Numbers = HashSet<String>;

/// Every number that `text` gives, in digits or in words of any language: a grouped number both as a whole and in its parts.
pub(in crate::assistant) fn given(text: &str, into: &mut Numbers) {
    let spelled = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_lowercase);
    for word in spelled {
        let values =
            LANGUAGES.into_iter().filter_map(|language| words(language).iter().position(|known| *known == word));
        into.extend(values.map(|at| (at + 2).to_string()));
    }
    for number in runs(text) {
        if let Number::Grouped(parts) = &number {
            into.extend(parts.iter().map(|part| canonical(part)));
        }
        into.insert(number.whole());
    }
}

/// The number that a word is, in digits or spelled out in this language.
pub(in crate::assistant) fn value_of(word: &str, language: Language) -> Option<String> {
    let spelled =
        || words(language).iter().position(|known| *known == word.to_lowercase()).map(|at| (at + 2).to_string());
    runs(word).first().map(Number::whole).or_else(spelled)
}

/// The first number of `text` that is not among those given.
pub(super) fn first_unfounded(text: &str, language: Language, given: &Numbers) -> Option<String> {
    let unfounded = |number: &Number| match number {
        Number::Plain(digits) => !given.contains(&canonical(digits)),
        Number::Grouped(parts) => {
            !given.contains(&number.whole()) && !parts.iter().all(|part| given.contains(&canonical(part)))
        }
    };
    if let Some(number) = runs(text).into_iter().find(unfounded) {
        return Some(number.whole());
    }
    let words = words(language);
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).find_map(|word| {
        let value = words.iter().position(|known| *known == word.to_lowercase())? + 2;
        (!given.contains(&value.to_string())).then(|| word.to_owned())
    })
}

enum Number {
    Plain(String),
    /// Groups of three behind the first.
    Grouped(Vec<String>),
}

impl Number {
    fn whole(&self) -> String {
        match self {
            Self::Plain(digits) => canonical(digits),
            Self::Grouped(parts) => canonical(&parts.concat()),
        }
    }
}

fn canonical(digits: &str) -> String {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() { "0".to_owned() } else { digits.to_owned() }
}

fn runs(text: &str) -> Vec<Number> {
    let characters: Vec<char> = text.chars().collect();
    let digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
    let mut found = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let named = at > 0 && is_letter(characters[at - 1]);
        let take = |from: usize| characters[from..].iter().take_while(|c| c.is_ascii_digit()).collect::<String>();
        let mut parts = vec![take(at)];
        at += parts[0].len();
        while parts[0].len() <= 3
            && matches!(characters.get(at), Some(',' | '.' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}'))
            && take(at + 1).len() == 3
        {
            let part = take(at + 1);
            at += 1 + part.len();
            parts.push(part);
        }
        if !named {
            found.push(if parts.len() > 1 { Number::Grouped(parts) } else { Number::Plain(parts.concat()) });
        }
    }
    found
}

/// Letters that make digits behind them part of a name; Chinese writes numbers right behind its words.
fn is_letter(character: char) -> bool {
    character.is_alphabetic() && !matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

fn words(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => {
            &["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
        }
        Language::German => {
            &["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
        }
        Language::French => &["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"],
        Language::Spanish => {
            &["dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"]
        }
        Language::Chinese => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfounded(text: &str, tools: &str) -> Option<String> {
        let mut numbers = Numbers::new();
        given(tools, &mut numbers);
        first_unfounded(text, Language::English, &numbers)
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let tools = r#"{"total":1234,"first_day":"2023-07-09","says":"hut 12 at 08:30"}"#;
        for founded in
            ["1,234 photos", "1.234", "1 234", "July 9, 2023", "at 8:30", "2023-07-09", "hut 12.", "no number"]
        {
            assert_eq!(unfounded(founded, tools), None, "{founded}");
        }
        assert_eq!(unfounded("there are 57 of them", tools).as_deref(), Some("57"));
        assert_eq!(unfounded("12,345", tools).as_deref(), Some("12345"));
        assert_eq!(unfounded("on July 19, 2023", tools).as_deref(), Some("19"));
    }

    #[test]
    fn digits_in_names_are_no_numbers() {
        assert_eq!(unfounded("see m7 and IMG2034", ""), None);
        assert_eq!(unfounded("共有57张", "").as_deref(), Some("57"));
    }

    #[test]
    fn words_count_too() {
        assert_eq!(unfounded("one of three boats", r#"{"total":3}"#), None);
        assert_eq!(unfounded("Seven boats", r#"{"total":3}"#).as_deref(), Some("Seven"));
    }
}
