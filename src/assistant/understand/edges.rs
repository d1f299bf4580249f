//! Reads which end of it a "when" asks for: "when did it start?", "wann war es zu Ende?"; and takes the verbs that ask for
//! neither: "when did that happen?".
//!
//! Only beside a "when": "the start of the race" is content.

use std::sync::LazyLock;

use super::language::Language;
use super::phrases::Phrases;
use super::reading::Edge;
use super::sentence::Sentence;

static EDGES: LazyLock<Phrases<Option<Edge>>> = LazyLock::new(|| {
    Phrases::new([
        (
            "start|started|starts|begin|began|begun|begins|get started|set off|anfangen|angefangen|begann|beginnt|begonnen|losgehen|losgegangen|ging es los|ging los|gestartet|\
             a t il commencé|a commencé|commencé|commence|commencer|commençait|débuté|empezó|empezar|empieza|comenzó|comenzar|开始",
            Some(Edge::Start),
        ),
        (
            "end|ended|ends|finish|finished|over|be over|to an end|endete|endet|geendet|zu ende|vorbei|aufgehört|a t il fini|a fini|fini|\
             terminé|s'est terminé|finissait|terminó|terminar|acabó|acabar|结束",
            Some(Edge::End),
        ),
        (
            "happen|happened|happens|take place|took place|takes place|was that taken|stattgefunden|stattfand|passiert|geschehen|gewesen|a eu lieu|\
             avait lieu|eu lieu|passé|se pasó|pasó|ocurrió|sucedió|tuvo lugar|发生",
            None,
        ),
    ])
});

/// How far behind the beginning of the question such a verb may stand.
const FIRST: usize = 3;

/// The end that is asked for, if one is; accounts for the verbs.
pub(super) fn read(s: &mut Sentence) -> Option<Edge> {
    let mut edge = None;
    for at in 0..s.len() {
        let Some((length, found)) = EDGES.at(s.tokens(), at).map(|(length, found)| (length, *found)) else { continue };
        // "When did the race start": the verb ends the question; "when did we start the car" is about something else.
        // In other languages it may stand behind the question word: "Wann begann die Reise?".
        let ends = s.word_after(at + length - 1).is_empty();
        let verb = ends || s.language != Language::English && (at <= FIRST || s.tokens()[at].cjk);
        if s.is_free(at..at + length) && (verb || found.is_none()) {
            s.skip(at..at + length);
            edge = edge.or(found);
        }
    }
    edge
}
