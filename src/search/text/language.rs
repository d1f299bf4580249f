//! Languages: stems, stop words, and which language a question is in.
//!
//! Stemmers see folded words (see [`super::analysis`]) both when indexing and when searching, so that a stem is the same on
//! either side. Stop words are dropped from questions only, never from what is indexed. Scripts without stemmers
//! (Chinese, Japanese, …) need nothing from here.

use std::collections::HashSet;
use std::sync::OnceLock;

use tantivy::tokenizer::{
    Language as Algorithm, RawTokenizer, Stemmer, StopWordFilter, TextAnalyzer, TokenFilter, TokenStream, Tokenizer,
};

use super::analysis::fold;

/// A language with a stemmer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
}

impl Language {
    /// Every language, in the order in which ties are decided.
    pub const ALL: [Self; 4] = [Self::English, Self::German, Self::French, Self::Spanish];

    /// The language of an ISO 639-1 code, with or without a region ("de-AT").
    pub fn from_code(code: &str) -> Option<Self> {
        match code.get(..2)?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            "fr" => Some(Self::French),
            "es" => Some(Self::Spanish),
            _ => None,
        }
    }

    /// Its ISO 639-1 code.
    pub fn code(self) -> &'static str {
        self.prefix().trim_end_matches('~')
    }

    /// Marks the language's stems in the index.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::English => "en~",
            Self::German => "de~",
            Self::French => "fr~",
            Self::Spanish => "es~",
        }
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::English => Algorithm::English,
            Self::German => Algorithm::German,
            Self::French => Algorithm::French,
            Self::Spanish => Algorithm::Spanish,
        }
    }
}

/// The stemmers of every language (the Snowball algorithms that tantivy carries).
pub struct Stemmers(Vec<TextAnalyzer>);

impl Stemmers {
    /// One stemmer a language; cheap.
    pub fn new() -> Self {
        Self(
            Language::ALL
                .into_iter()
                .map(|l| TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(l.algorithm())).build())
                .collect(),
        )
    }

    /// The stem of a folded word.
    pub fn stem(&mut self, language: Language, word: &str) -> String {
        let mut stream = self.0[language as usize].token_stream(word);
        if stream.advance() { std::mem::take(&mut stream.token_mut().text) } else { word.to_owned() }
    }
}

impl Default for Stemmers {
    fn default() -> Self {
        Self::new()
    }
}

/// English words that carry no content in a question, beyond the short list tantivy has.
const ENGLISH: &str = "about above after again all also am any anyone anything anybody away back been before being below \
    between both can could did do does doing done down during each either else ever every everyone everything few from \
    get gets getting give go going got had has have having he her here hers him his how i im ive just kind let like \
    look looking lot lots many may me mean might mine more most much must my myself near next off often one ones only onto \
    other our ours out over own per please quite rather really same see seen shall she should show so some somebody someone \
    something somewhere sort still than them themselves thing things those through too toward towards under until up upon \
    us use used using very want was we well were what whatever when where which while who whole whom whose why within \
    without would yes yet you your yours lol";

/// Words for the media themselves, in every language: every medium is one, so they tell nothing apart.
const MEDIA_WORDS: &str = "photo photos photograph photographs picture pictures pic pics image images shot shots snapshot \
    snapshots media bild bilder foto fotos aufnahme aufnahmen fotografie fotografien image images photographie photographies \
    cliche cliches imagen imagenes fotografia fotografias";

/// Spanish, French and German imperatives by which questions begin.
const IMPERATIVES: &str = "zeig zeige zeigt such suche finde find montre montrez montrer trouve trouver cherche muestra \
    muestrame ensename busca encuentra dame";

struct StopWords {
    of: Vec<HashSet<String>>,
    of_any: HashSet<String>,
}

fn stop_words() -> &'static StopWords {
    static WORDS: OnceLock<StopWords> = OnceLock::new();
    WORDS.get_or_init(|| StopWords {
        of: vec![ENGLISH.split_whitespace().map(fold).collect(), HashSet::new(), HashSet::new(), HashSet::new()],
        of_any: MEDIA_WORDS.split_whitespace().chain(IMPERATIVES.split_whitespace()).map(fold).collect(),
    })
}

/// Whether a library of stop words lists the word, which is lower case and not folded.
fn listed(language: Language, word: &str) -> bool {
    static FILTERS: OnceLock<Vec<Option<StopWordFilter>>> = OnceLock::new();
    let filters =
        FILTERS.get_or_init(|| Language::ALL.into_iter().map(|l| StopWordFilter::new(l.algorithm())).collect());
    let Some(filter) = &filters[language as usize] else { return false };
    let mut tokenizer = filter.clone().transform(RawTokenizer::default());
    !tokenizer.token_stream(word).advance()
}

/// Whether the word, as written, carries no content in a question of that language.
pub fn is_stop_word(language: Language, word: &str) -> bool {
    let lower = word.to_lowercase();
    listed(language, &lower) || stop_words().of[language as usize].contains(&fold(&lower))
}

/// Whether the word only says that media are looked for ("photos", "Bilder", "montre").
pub fn is_media_word(word: &str) -> bool {
    stop_words().of_any.contains(&fold(word))
}

/// The language of a text by its function words; `None` when they do not tell.
pub fn detect(text: &str) -> Option<Language> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    let counts = Language::ALL.map(|l| words.iter().filter(|w| is_stop_word(l, w)).count());
    let best = counts.iter().copied().max().filter(|count| *count > 0)?;
    let mut leaders = Language::ALL.into_iter().zip(counts).filter(|(_, count)| *count == best);
    let (language, _) = leaders.next()?;
    (leaders.next().is_none()).then_some(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_join_inflections_within_their_language() {
        let mut stemmers = Stemmers::new();
        let mut same = |l, a: &str, b: &str| assert_eq!(stemmers.stem(l, a), stemmers.stem(l, b), "{a} {b}");
        same(Language::English, "skiing", "skis");
        same(Language::English, "beaches", "beach");
        same(Language::German, "hauser", "haus");
        same(Language::Spanish, "gatos", "gato");
        same(Language::French, "montagnes", "montagne");
    }

    #[test]
    fn function_words_tell_the_language() {
        assert_eq!(detect("zeig mir Bilder von den Bergen"), Some(Language::German));
        assert_eq!(detect("montre-moi les photos de ski avec nous"), Some(Language::French));
        assert_eq!(detect("fotos de los gatos en la playa"), Some(Language::Spanish));
        assert_eq!(detect("the cat on the mat"), Some(Language::English));
        assert_eq!(detect("umbrella"), None);
    }

    #[test]
    fn stop_words_belong_to_their_language() {
        assert!(is_stop_word(Language::German, "für"));
        assert!(is_stop_word(Language::English, "somebody"));
        assert!(!is_stop_word(Language::English, "die"));
        assert!(is_media_word("Fotos") && is_media_word("imágenes"));
    }
}
