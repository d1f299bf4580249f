//! Tells whether a question is answered with yes or no: "Has Anna been to Rome?", "Gibt es Bilder vom Zoo?".
//!
//! Only the form of the question: it begins with a verb, or the verb is asked through. What is asked for is read like any
//! search. A request in the form of a question ("can you show me …") is none.

use std::sync::LazyLock;

use super::language::Language;
use super::phrases::Phrases;
use super::sentence::Sentence;

/// What such a question begins with.
struct Openings {
    english: Phrases<()>,
    german: Phrases<()>,
    french: Phrases<()>,
    /// French verbs that ask by standing before their pronoun: at the beginning, or behind the subject.
    inverted: Phrases<()>,
    spanish: Phrases<()>,
    chinese: Phrases<()>,
}

static OPENINGS: LazyLock<Openings> = LazyLock::new(|| {
    let of = |phrases: &'static str| Phrases::new([(phrases, ())]);
    Openings {
        english: of("is|are|was|were|has|have|had|did|does|do we|do i|do you have|do they"),
        german: of(
            "gibt es|gab es|haben|habe ich|hat|hatte|hatten|hast du|habt ihr|war|waren|ist|sind|bin ich|existiert|existieren",
        ),
        french: of(
            "est ce que|est ce qu|est ce qu'il|y a t il|avons nous|ai je|as tu|avez vous|a t on|sommes nous|étions nous|existe t il",
        ),
        inverted: of(
            "a t il|a t elle|est il|est elle|ont ils|ont elles|sont ils|sont elles|était il|était elle|étaient ils",
        ),
        spanish: of(
            "hay|había|hubo|ha|han|hemos|he|habíamos|estuvo|estuvimos|estuvieron|está|están|fue|fuimos|fueron|tenemos|tengo|visitó|\
             visitamos|sale|salen|aparece|aparecen|existe|vimos",
        ),
        chinese: of("有没有|是不是|去过没有|去没去过"),
    }
});

/// How many words of a French question may stand before its verb: "Grand-mère Ruth est-elle …".
const SUBJECT: usize = 3;

/// Whether the question is answered with yes or no.
pub(super) fn asks(s: &Sentence) -> bool {
    let openings = &*OPENINGS;
    let opens = |phrases: &Phrases<()>| phrases.is_at(s.tokens(), 0);
    match s.language {
        Language::English => opens(&openings.english) && !(s.word(0) == "have" && s.word(1) == "a"),
        Language::German => opens(&openings.german),
        Language::French => {
            let asks_what = matches!(s.word(0), "qu" | "que" | "quoi" | "comment" | "pourquoi" | "quel" | "quelle");
            opens(&openings.french) || !asks_what && (0..=SUBJECT).any(|at| openings.inverted.is_at(s.tokens(), at))
        }
        // Statements and questions have one order of words: only the mark tells.
        Language::Spanish => opens(&openings.spanish) && s.text.source.contains(['?', '¿']),
        Language::Chinese => openings.chinese.find(s.tokens()).is_some() || s.len() > 1 && s.word(s.len() - 1) == "吗",
    }
}
