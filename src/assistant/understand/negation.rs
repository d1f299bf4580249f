//! Tells whether something is mentioned in order to leave it out: "without Anna", "not in Rome", "(not Joe)", "no people".
//!
//! A negation reaches the thing that follows it, past articles and prepositions, and what is joined to that by "or" and
//! "and". "No, I meant …" is no negation.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::sentence::{Claim, Sentence};
use super::words::{EVENT_NOUNS, MEDIA_NOUNS, is_link};

/// Words that leave out what follows.
pub static NEGATIONS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "without|without any|w o|not|but not|and not|not any|not with|except|except for|excluding|exclude|other than|besides|\
         apart from|aside from|minus|no|none of|nor|never|outside|outside of|leave out|leaving out|remove|drop|hide|take out|take away|ignore|ignoring|skip|\
         anything but|everything but|everyone but|everybody but|anyone but|anybody but|all but|rather than|instead of|away from|far from|\
         ohne|nicht|aber nicht|weder|aber weder|außer|ausser|außerhalb von|ausserhalb von|außerhalb|kein|keine|keinen|keiner|statt|\
         sans|pas|mais pas|sauf|excepté|hors|hors de|hors du|en dehors de|en dehors des|en dehors du|à part|\
         sin|pero no|excepto|menos|salvo|fuera de|aparte de|que no|\
         没有|不算|不要|不是|不在|不含|不包括|除了|除",
        (),
    )])
});

/// What says that the words before it are left out: "…, the Isle of Man doesn't count".
static AFTERWARDS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "doesn't count|does not count|don't count|do not count|doesnt count|dont count|not counted|not included|excluded|left out|zählt nicht|zählen nicht|zählt nicht mit|\
         zählen nicht mit|ausgenommen|ne compte pas|ne comptent pas|non compris|non comprise|no cuenta|no cuentan|excluido|excluida|除外",
        (),
    )])
});

/// Reads which words are left out by what follows them, back to the beginning of the clause.
pub fn read_afterwards(s: &mut Sentence) {
    let Some((at, length, ())) = AFTERWARDS.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length))
    else {
        return;
    };
    let ends = s.tokens().get(at + length).is_none_or(|next| next.mark.is_some());
    let opens = |index: usize| s.tokens()[index].mark.is_some_and(|mark| !matches!(mark, '.' | '\''));
    let parts = |index: usize| matches!(s.word(index), "but" | "aber" | "mais" | "pero" | "and" | "und" | "et" | "y");
    let clause = (1..at).rev().find(|index| opens(*index) || parts(*index));
    if let Some(clause) = clause.filter(|_| ends) {
        let joint = usize::from(parts(clause));
        s.left_out = Some(clause..at);
        s.skip(at..at + length);
        s.skip(clause..clause + joint);
    }
}

/// Where the negation that reaches word `at` starts, if one does.
///
/// `negated` tells which words belong to something that was found to be left out.
pub fn start(s: &Sentence, at: usize, negated: &[bool]) -> Option<usize> {
    if s.left_out.as_ref().is_some_and(|clause| clause.contains(&at)) {
        return Some(at);
    }
    let mut from = at;
    let mut steps = 0;
    while from > 0 && steps < 6 {
        if let Some((length, ())) =
            NEGATIONS.before(s.tokens(), from).filter(|(length, _)| real(s, from - length, *length))
        {
            return Some(from - length);
        }
        let before = from - 1;
        if negated.get(before) == Some(&true) {
            return (from < at && joined(s, from, at)).then_some(from);
        }
        let passable = is_link(s.word(before))
            || is_joint(s.word(before))
            || is_here(s.word(before))
            || MEDIA_NOUNS.is_at(s.tokens(), before)
            || EVENT_NOUNS.is_at(s.tokens(), before);
        if !passable || s.tokens()[from].mark.is_some_and(|mark| !matches!(mark, ',' | '、')) {
            return None;
        }
        if s.claims[before] != Claim::Free && s.claims[before] != Claim::Filler {
            return None;
        }
        from = before;
        steps += 1;
    }
    None
}

/// Whether the words from `from` to `at` join what is left out: "or", "nor", "and".
fn joined(s: &Sentence, from: usize, at: usize) -> bool {
    (from..at).any(|index| is_joint(s.word(index))) && (from..at).all(|index| !matches!(s.word(index), "with" | "mit"))
}

/// "Noch bei uns in Madison", "or here in Madison": where one is oneself.
fn is_here(word: &str) -> bool {
    matches!(word, "here" | "home" | "hier" | "uns" | "daheim" | "zuhause" | "ici" | "nous" | "aqui" | "casa")
}

fn is_joint(word: &str) -> bool {
    matches!(word, "or" | "nor" | "and" | "&" | "oder" | "und" | "noch" | "ou" | "et" | "ni" | "y" | "o" | "和" | "或")
}

/// "No," as an answer, "not only" and Spanish "no" before a verb are no negations.
fn real(s: &Sentence, start: usize, length: usize) -> bool {
    let answer = matches!(s.word(start), "no" | "nein" | "non")
        && s.tokens().get(start + length).is_some_and(|next| next.mark.is_some());
    let only = matches!(s.word(start + length), "only" | "just" | "nur" | "seulement" | "solo");
    let idiom = s.word(start) == "no" && matches!(s.word(start + length), "matter" | "longer" | "doubt");
    !(answer || only || idiom)
}
