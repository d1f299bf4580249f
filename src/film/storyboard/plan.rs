//! From what is wished and what is known to a storyboard.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::arrange::arrange;
use super::facts::Fact;
use super::{
    Area, CropPath, Easing, Ending, LONGEST_MS, MOST_SHOTS, SCHEMA, Shot, Show, Storyboard, Transition, captions,
    select,
};
use crate::film::wish::Wish;
use crate::library::{MediaId, fold};

/// What a film is about, beside the wish.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// Names of the people it was asked about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// What it is called when the wish does not say: an event, a place, a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Shots of a film whose length is left open.
const OPEN_SHOTS: usize = 16;
/// Beats and words make a shot longer than its pace says, on average.
const LONGER: f64 = 1.12;

/// Plans a film of the media that `facts` tells of.
///
/// # Errors
/// In words for the user: when there is nothing that a film could be made of.
pub fn plan(wish: &Wish, facts: &[Fact], about: &About) -> Result<Storyboard, String> {
    let usable = facts.iter().filter(|fact| select::usable(fact)).count();
    if usable == 0 {
        return Err("there are no pictures or videos that a film could be made of".to_owned());
    }
    let asked_ms = u64::from(wish.seconds.unwrap_or(0)) * 1000;
    let wished_ms = asked_ms.min(LONGEST_MS);
    let count = match wished_ms {
        0 => usable.min(OPEN_SHOTS),
        ms => (((ms as f64 / 1000.0 - 3.4) / (wish.pace.seconds() * LONGER)).round() as usize).clamp(1, MOST_SHOTS - 1),
    };
    let mut chosen = select::choose(facts, count, wish.life, wish.seed);
    move_to_ends(&mut chosen, facts, wish);
    let shown: Vec<&Fact> = chosen.iter().map(|chosen| &facts[chosen.at]).collect();
    let (title, subtitle) = captions::title(&shown, wish, &about.people, about.name.as_deref());
    let life_of = wish.life.then(|| about.people.first().cloned().unwrap_or_default());
    let shots = chosen.iter().map(|chosen| shot(&facts[chosen.at], chosen.score, chosen.reason.clone())).collect();
    let mut board = Storyboard {
        schema: SCHEMA,
        title,
        subtitle,
        format: wish.format,
        pace: wish.pace,
        mood: wish.mood,
        captions: wish.captions,
        wished_ms,
        life_of,
        seed: wish.seed,
        beat_ms: 0.0,
        sections: Vec::new(),
        shots,
        music: wish.music.clone(),
        ending: Ending { fade_ms: 0 },
    };
    arrange(&mut board, &by_id(facts), wish.german);
    Ok(board)
}

/// The facts by their media.
pub(super) fn by_id(facts: &[Fact]) -> HashMap<MediaId, &Fact> {
    facts.iter().map(|fact| (fact.id, fact)).collect()
}

/// A shot of a medium, not arranged yet.
pub(super) fn shot(fact: &Fact, score: f64, reason: String) -> Shot {
    let show = if fact.video {
        Show::Clip { in_ms: 0, out_ms: fact.duration_ms, area: Area::WHOLE, fit: false, sound: true }
    } else {
        let path = CropPath { from: Area::WHOLE, to: Area::WHOLE, easing: Easing::Gentle };
        Show::Still { path, fit: false }
    };
    let (transition, caption) = (Transition::CUT, None);
    Shot { media: fact.id, show, duration_ms: 0, transition, caption, section: 0, reason, score, fixed: false }
}

/// What the wish wants first and last, from all that there is.
fn move_to_ends(chosen: &mut Vec<select::Chosen>, facts: &[Fact], wish: &Wish) {
    for (words, last) in [(&wish.first, false), (&wish.last, true)] {
        let Some(at) = words.as_ref().and_then(|words| best_match(facts, words)) else { continue };
        let known = chosen.iter().position(|one| one.at == at).map(|place| chosen.remove(place));
        let reason = format!("the film is to {} with it", if last { "end" } else { "start" });
        let one = select::Chosen {
            at,
            score: 1.0,
            reason: known.map_or(reason.clone(), |known| format!("{reason}; {}", known.reason)),
        };
        // What it resembles would be shown twice.
        chosen.retain(|other| facts[other.at].likeness(&facts[at]) < 0.82);
        if last { chosen.push(one) } else { chosen.insert(0, one) }
    }
}

/// The medium that words fit best: all of the words or, failing that, most of them; among equals the better picture.
pub(super) fn best_match(facts: &[Fact], words: &str) -> Option<usize> {
    let folded = fold(words);
    let wanted: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1).collect();
    let scored = facts.iter().enumerate().filter(|(_, fact)| select::usable(fact)).map(|(at, fact)| {
        let hits = wanted.iter().filter(|word| tells_of(fact, word)).count();
        (hits, fact.quality(), at)
    });
    let best = scored
        .filter(|(hits, ..)| *hits > 0)
        .max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(b.2.cmp(&a.2)));
    best.filter(|(hits, ..)| *hits * 2 > wanted.len() || wanted.len() == 1).map(|(.., at)| at)
}

/// Whether something known of a medium has a word, also in the plural or the singular.
pub(super) fn tells_of(fact: &Fact, word: &str) -> bool {
    let stem = |word: &str| word.trim_end_matches("es").trim_end_matches('s').to_owned();
    let wanted = stem(word);
    fact.words.split(|c: char| !c.is_alphanumeric()).any(|known| known == word || stem(known) == wanted)
        || fact.people.iter().any(|name| fold(name) == word || fold(name) == wanted)
}
