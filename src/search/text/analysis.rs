//! Turns text into index terms and questions into the terms to look up.
//!
//! Folding, splitting and stemming are the same on both sides; a change here is a new [`super::index::VERSION`].
//! A term begins with its kind: `=` a folded word, `+` two neighbouring words written as one, `en~` (`de~`, `fr~`, `es~`)
//! a stem that differs from its word. How much each kind of match is worth is decided here too; which media contain the
//! terms is left to [`super::scoring`].

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::language::{Language, Stemmers};

/// Worth of a match by stem, against 1 for the word as written.
const STEM: f32 = 0.95;
/// Worth of two words that are written as one, or one that is written as two.
const JOINED: f32 = 0.9;
/// Longest word indexed, in characters; anything longer is noise such as encoded data.
const LONGEST: usize = 40;

/// Lower case without diacritics: "Grüße" → "grusse", "Łódź" → "lodz".
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        // Most words are, and nothing is to be taken apart in them.
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    // Kana keep their voicing marks: か and が are different letters, not accents of one.
    for c in text.nfkd().filter(|c| !is_combining_mark(*c) || matches!(c, '\u{3099}' | '\u{309a}')) {
        match c {
            'ß' | 'ẞ' => folded.push_str("ss"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
            'þ' | 'Þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            _ => folded.extend(c.to_lowercase()),
        }
    }
    folded.nfc().collect()
}

/// The other spelling of German umlauts, folded: "Müller" → "mueller"; `None` when there is none.
fn spelled_out(word: &str) -> Option<String> {
    if word.is_ascii() {
        return None;
    }
    let composed: String = word.nfc().collect();
    let lower = composed.to_lowercase();
    if !lower.contains(['ä', 'ö', 'ü']) {
        return None;
    }
    Some(fold(&lower.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue")))
}

/// A word of a text, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As written.
    pub surface: String,
    /// Folded.
    pub folded: String,
    /// Written without spaces (Chinese, Japanese, Korean): one character, or two that overlap the next pair.
    pub ideographic: bool,
}

/// Whether the character belongs to a script written without spaces between words, or to Hangul, whose particles
/// stick to their words.
fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{1100}'..='\u{11ff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// A run of characters of one kind.
enum Run<'a> {
    Letters(&'a str),
    Ideographs(&'a str),
}

fn runs(text: &str) -> Vec<Run<'_>> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Letter,
        Ideograph,
        Gap,
    }
    let kind_of = |c: char| {
        if is_ideographic(c) {
            Kind::Ideograph
        } else if c.is_alphanumeric() || (!c.is_ascii() && is_combining_mark(c)) || matches!(c, '\'' | '’' | 'ʼ') {
            Kind::Letter
        } else {
            Kind::Gap
        }
    };
    let mut runs = Vec::new();
    let mut start = 0;
    let mut kind = Kind::Gap;
    let mut close = |kind: Kind, run| match kind {
        Kind::Letter => runs.push(Run::Letters(run)),
        Kind::Ideograph => runs.push(Run::Ideographs(run)),
        Kind::Gap => {}
    };
    for (at, c) in text.char_indices() {
        let next = kind_of(c);
        if next != kind {
            close(kind, &text[start..at]);
            (start, kind) = (at, next);
        }
    }
    close(kind, &text[start..]);
    runs
}

/// The parts of a run of letters around its apostrophes, without what is a mere ending or article:
/// "someone's" → someone, "l'avion" → avion, "don't" → don.
fn around_apostrophes(run: &str) -> impl Iterator<Item = &str> {
    let bare = !run.contains(['\'', '’', 'ʼ']);
    run.split(['\'', '’', 'ʼ']).filter(move |part| {
        !part.is_empty() && (bare || (part.chars().count() > 1 && !matches!(*part, "ll" | "re" | "ve" | "qu" | "Qu")))
    })
}

/// The words of a text. Ideographs come as overlapping pairs, or alone where they stand alone.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for run in runs(text) {
        match run {
            Run::Letters(run) => {
                for part in around_apostrophes(run).filter(|part| part.chars().count() <= LONGEST) {
                    words.push(Word { surface: part.to_owned(), folded: fold(part), ideographic: false });
                }
            }
            Run::Ideographs(run) => {
                let characters: Vec<char> = run.chars().collect();
                let pairs = characters.windows(2.min(characters.len())).map(|pair| pair.iter().collect::<String>());
                words.extend(pairs.map(|pair| Word { folded: fold(&pair), surface: pair, ideographic: true }));
            }
        }
    }
    words.retain(|word| !word.folded.is_empty());
    words
}

/// A file or folder name with spaces at its seams: "IMG_20190609sunsetAtSea" → "IMG 20190609 sunset At Sea".
pub fn split_name(name: &str) -> String {
    let mut split = String::with_capacity(name.len() + 8);
    let mut before: Option<char> = None;
    let mut characters = name.chars().peekable();
    while let Some(c) = characters.next() {
        let c = if matches!(c, '_' | '.' | '/' | '\\') { ' ' } else { c };
        if let Some(b) = before {
            let camel = b.is_lowercase() && c.is_uppercase();
            let acronym =
                b.is_uppercase() && c.is_uppercase() && characters.peek().is_some_and(|next| next.is_lowercase());
            let digits = b.is_alphanumeric() && c.is_alphanumeric() && b.is_numeric() != c.is_numeric();
            if camel || acronym || digits {
                split.push(' ');
            }
        }
        split.push(c);
        before = Some(c);
    }
    split
}

/// The terms under which a text is indexed.
pub fn index_terms(text: &str, stemmers: &mut Stemmers) -> Vec<String> {
    let words = words(text);
    (0..words.len()).flat_map(|at| word_terms(&words, at, &Language::ALL, stemmers)).collect()
}

/// The terms under which one word of a text is indexed, as far as the languages have part in it; those it forms with the
/// next word are among them.
pub(super) fn word_terms(words: &[Word], at: usize, languages: &[Language], stemmers: &mut Stemmers) -> Vec<String> {
    let word = &words[at];
    let next = words.get(at + 1);
    let mut terms = vec![format!("={}", word.folded)];
    if word.ideographic {
        // A single character of a question must find the pairs it is part of.
        if word.folded.chars().count() == 2 {
            let last = next.is_none_or(|next| !next.ideographic);
            terms.extend(word.folded.chars().take(if last { 2 } else { 1 }).map(|c| format!("={c}")));
        }
        return terms;
    }
    if let Some(other) = spelled_out(&word.surface) {
        terms.push(format!("={other}"));
    }
    if !word.folded.chars().all(|c| c.is_ascii_digit()) {
        for language in languages {
            let stem = stemmers.stem(*language, &word.folded);
            if stem != word.folded {
                terms.push(format!("{}{stem}", language.prefix()));
            }
        }
    }
    if let Some(joined) = next.and_then(|next| join(word, next)) {
        terms.push(format!("+{joined}"));
    }
    terms
}

/// Two neighbours written as one word; `None` where nobody would write them so.
fn join(first: &Word, second: &Word) -> Option<String> {
    let (a, b) = (first.folded.chars().count(), second.folded.chars().count());
    (!second.ideographic && !first.ideographic && a >= 2 && b >= 2 && (5..=24).contains(&(a + b)))
        .then(|| format!("{}{}", first.folded, second.folded))
}

/// A term to look up, and what its match is worth (0–1).
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// The term with its kind.
    pub term: String,
    /// Worth of a match.
    pub weight: f32,
}

/// The terms under which `word` can be found, best first, with stems of the given languages.
pub fn lookups(word: &Word, languages: &[Language], stemmers: &mut Stemmers) -> Vec<Lookup> {
    let mut found: Vec<Lookup> = Vec::new();
    let mut add = |term: String, weight: f32| {
        if !found.iter().any(|lookup| lookup.term == term) {
            found.push(Lookup { term, weight });
        }
    };
    let folded = &word.folded;
    add(format!("={folded}"), 1.0);
    if word.ideographic {
        return found;
    }
    if let Some(other) = spelled_out(&word.surface) {
        add(format!("={other}"), 1.0);
    }
    add(format!("+{folded}"), JOINED);
    if !folded.chars().all(|c| c.is_ascii_digit()) {
        for language in languages {
            let stem = stemmers.stem(*language, folded);
            add(format!("={stem}"), STEM);
            add(format!("{}{stem}", language.prefix()), STEM);
            add(format!("+{stem}"), JOINED * STEM);
        }
    }
    found
}

/// The terms of two neighbouring words of a question that may be written as one in the library.
pub fn joined_lookups(first: &Word, second: &Word, languages: &[Language], stemmers: &mut Stemmers) -> Vec<Lookup> {
    let Some(folded) = join(first, second) else { return Vec::new() };
    let word = Word { surface: folded.clone(), folded, ideographic: false };
    let mut found = lookups(&word, languages, stemmers);
    found.retain(|lookup| !lookup.term.starts_with('+'));
    for lookup in &mut found {
        lookup.weight *= JOINED;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn folding_forgets_case_and_diacritics() {
        assert_eq!(fold("GRÜSSE aus Łódź"), "grusse aus lodz");
        assert_eq!(fold("Straße"), fold("STRASSE"));
        assert_eq!(fold("Crème brûlée"), "creme brulee");
        assert_eq!(fold("ｆｕｌｌ ｗｉｄｔｈ"), "full width");
        assert_ne!(fold("かき"), fold("かぎ"));
    }

    #[test]
    fn apostrophes_leave_the_word() {
        assert_eq!(folded("someone's l'avion d’été"), ["someone", "avion", "ete"]);
    }

    #[test]
    fn ideographs_become_overlapping_pairs() {
        assert_eq!(folded("滑雪场 ok 山"), ["滑雪", "雪场", "ok", "山"]);
        let terms = index_terms("滑雪场", &mut Stemmers::new());
        for term in ["=滑雪", "=雪场", "=滑", "=雪", "=场"] {
            assert!(terms.iter().any(|t| t == term), "{term} in {terms:?}");
        }
    }

    #[test]
    fn file_names_split_at_their_seams() {
        assert_eq!(split_name("IMG_20190609sunsetAtSea"), "IMG 20190609 sunset At Sea");
        assert_eq!(split_name("myGPSTrack.v2"), "my GPS Track v 2");
    }

    /// Whether a question's word finds a text through any of its terms.
    fn finds(question: &str, text: &str, language: Language) -> bool {
        let stemmers = &mut Stemmers::new();
        let terms = index_terms(text, stemmers);
        let asked = words(question);
        let mut wanted: Vec<Lookup> = asked.iter().flat_map(|w| lookups(w, &[language], stemmers)).collect();
        for pair in asked.windows(2) {
            wanted.extend(joined_lookups(&pair[0], &pair[1], &[language], stemmers));
        }
        wanted.iter().any(|lookup| terms.contains(&lookup.term))
    }

    #[test]
    fn words_are_found_in_other_forms() {
        assert!(finds("skiing", "a man riding skis", Language::English));
        assert!(finds("Hund", "zwei Hunde im Garten", Language::German));
        assert!(finds("montagne", "les montagnes enneigées", Language::French));
        assert!(finds("niño", "dos niños", Language::Spanish));
        assert!(finds("Muenchen", "München bei Nacht", Language::German));
        assert!(finds("München", "Muenchen", Language::German));
        assert!(finds("Munchen", "München", Language::English));
    }

    #[test]
    fn compounds_are_found_joined_and_apart() {
        assert!(finds("skatepark", "at the skate park", Language::English));
        assert!(finds("skate park", "Skatepark", Language::English));
        assert!(finds("teddybears", "two teddy bears", Language::English));
    }

    #[test]
    fn stems_of_one_language_do_not_match_words_of_another() {
        // In French "plane" has the stem "plan".
        assert!(!finds("plan", "a plane", Language::English));
    }

    proptest! {
        #[test]
        fn any_text_is_analysed_and_each_of_its_words_finds_it(text in "\\PC{0,60}") {
            let stemmers = &mut Stemmers::new();
            let terms = index_terms(&text, stemmers);
            for word in words(&text) {
                let found = lookups(&word, &Language::ALL, stemmers);
                prop_assert!(found.iter().any(|lookup| terms.contains(&lookup.term)));
                prop_assert!(found.iter().all(|lookup| (0.0..=1.0).contains(&lookup.weight)));
            }
        }

        #[test]
        fn splitting_a_name_keeps_its_letters(name in "\\PC{0,40}") {
            let kept: String = split_name(&name).chars().filter(|c| c.is_alphanumeric()).collect();
            let all: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
            prop_assert_eq!(kept, all);
        }
    }
}
