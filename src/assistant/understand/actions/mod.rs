//! Reads what is to be done with media: make an album or a film, add keywords, write a description.
//!
//! Names, keywords and descriptions are taken verbatim as the user wrote them and are read no further; the rest of the
//! sentence says which media are meant. What no tool does ("delete", "print") is recognised so that it can be said.

mod album;
mod describe;
mod film;
mod tags;
mod words;

use std::ops::Range;
use std::sync::LazyLock;

use self::words::UNSUPPORTED;
use super::phrases::Phrases;
use super::reading::{Action, Role};
use super::sentence::Sentence;
use super::tokens::is_cjk;

/// Reads an action and accounts for the words that say it.
pub fn read(s: &mut Sentence) -> Option<Action> {
    skip_lead_in(s);
    let begin = start(s);
    let action = describe::annotate(s)
        .or_else(|| tags::add_tags(s))
        .or_else(|| album::create_album(s))
        .or_else(|| film::create_film(s))
        .or_else(|| unsupported(s))?;
    s.skip(0..begin);
    Some(action)
}

/// "Please", "can you", "I'd like you to".
fn skip_lead_in(s: &mut Sentence) {
    static LEAD_IN: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([(
            "please|pls|can you|could you|would you|can you please|could you please|i want you to|i'd like you to|i would like you to|let's|now|and|then|\
             bitte|kannst du|könntest du|kannst du bitte|jetzt|und|s'il te plaît|s'il vous plaît|peux tu|pourrais tu|maintenant|et|por favor|puedes|podrías|ahora|y|\
             请|请你|帮我|请帮我|能不能",
            (),
        )])
    });
    let mut at = 0;
    while let Some((length, ())) = LEAD_IN.at(s.tokens(), at) {
        s.skip(at..at + length);
        at += length;
    }
}

/// First word that is not filler.
fn start(s: &Sentence) -> usize {
    let approval = |at: usize| APPROVALS.contains(&s.word(at)) && s.len() > at + 1;
    (0..s.len()).find(|at| s.free_at(*at) && !approval(*at)).unwrap_or(0)
}

/// What somebody says to what they see before they go on: "great, save those as an album".
const APPROVALS: [&str; 21] = [
    "great",
    "nice",
    "perfect",
    "super",
    "cool",
    "lovely",
    "good",
    "wonderful",
    "excellent",
    "alright",
    "right",
    "yes",
    "toll",
    "prima",
    "schon",
    "gut",
    "genial",
    "parfait",
    "bien",
    "vale",
    "perfecto",
];

/// The words within the first quotation that is still free: its number and their range.
fn quoted(s: &Sentence) -> Option<(usize, Range<usize>)> {
    (0..s.text.quotes.len()).find_map(|quote| {
        let inside: Vec<usize> =
            (0..s.len()).filter(|at| s.tokens()[*at].quote == Some(quote) && s.free_at(*at)).collect();
        Some((quote, *inside.first()?..inside.last()? + 1))
    })
}

/// The text of a quotation, verbatim.
fn quote_text(s: &Sentence, quote: usize) -> String {
    s.text.source[s.text.quotes[quote].clone()].trim().to_owned()
}

fn unsupported(s: &mut Sentence) -> Option<Action> {
    let begin = start(s);
    let (length, verb) = UNSUPPORTED.at(s.tokens(), begin).map(|(length, verb)| (length, *verb))?;
    let object = s.word(begin + length);
    let cjk = object.chars().any(is_cjk);
    let imperative = cjk
        || matches!(
            object,
            "the"
                | "all"
                | "every"
                | "these"
                | "those"
                | "this"
                | "them"
                | "my"
                | "our"
                | "it"
                | "any"
                | "die"
                | "alle"
                | "das"
                | "diese"
                | "les"
                | "toutes"
                | "cette"
                | "las"
                | "los"
                | "todas"
                | "estas"
                | "duplicates"
                | "blurry"
                | "photos"
                | "pictures"
        );
    imperative.then(|| {
        s.claim(begin..begin + length, Role::Action, verb);
        Action::Unsupported { verb: verb.to_owned() }
    })
}
