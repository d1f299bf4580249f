//! Accounts for ways of travelling: beside a place "fly" says no more than it does.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::reading::Role;
use super::sentence::Sentence;
use super::words::is_stop_word;

/// Verbs of travelling.
static TRAVELLING: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "fly|flew|flown|flying|fly out|flew out|drive|drove|driven|travel|travelled|traveled|travelling|traveling|fly over|flew over|sail|sailed|\
         geflogen|flogen|fliegen|gefahren|fuhren|fahren|gereist|reisten|reisen|verreist|voyagé|voyagés|partis|allés|allées|parti|volamos|volado|viajamos|viajado|viajar|\
         飞去|飞到|飞|坐飞机去|开车去",
        (),
    )])
});

/// Skips them where a place is named and nothing else is left: "how often did we fly to Australia?".
pub fn skip(s: &mut Sentence) {
    let left =
        |s: &Sentence| (0..s.len()).filter(|at| s.free_at(*at) && !is_stop_word(s.word(*at))).collect::<Vec<_>>();
    let travels = |at: &usize| TRAVELLING.is_at(s.tokens(), *at);
    let words = left(s);
    if s.has(Role::Place) && !words.is_empty() && words.iter().all(travels) {
        s.skip_all(&TRAVELLING);
    }
}
