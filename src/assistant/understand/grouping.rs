//! Reads what media are to be parted by: "per year", "which month has the most", "who appears most", "which countries".

use super::question_words::{GROUPS, MOST, PER, WHEN, WHERE, WHICH, WHO};
use super::reading::{Intent, Pick};
use super::sentence::Sentence;
use super::words::MEDIA_NOUNS;
use crate::library::filter::Grouping;

/// "per year", "by month": the grouping at the end.
pub(super) fn per(s: &mut Sentence) -> Option<(usize, usize, Grouping)> {
    for at in 0..s.len() {
        let Some((length, ())) = PER.at(s.tokens(), at) else { continue };
        let Some((group_length, by)) = GROUPS.at(s.tokens(), at + length).map(|(length, by)| (length, *by)) else {
            continue;
        };
        let end = at + length + group_length;
        let ends = end == s.len()
            || s.tokens()[end].mark.is_some()
            || MEDIA_NOUNS.is_at(s.tokens(), end)
            || matches!(s.word(end), "in" | "from" | "since" | "do" | "did");
        let plain = s.is_free(at..end) && ends && !(s.word(at) == "by" && matches!(s.word(at + 1), "date"));
        if plain {
            s.skip(at..end);
            return Some((at, length + group_length, by));
        }
    }
    None
}

/// "Which month has the most pictures", "who appears most", "which camera took …", "which countries".
pub(super) fn group(s: &mut Sentence) -> Option<Intent> {
    let most = (0..s.len()).find_map(|at| MOST.at(s.tokens(), at).map(|(length, pick)| (at, length, *pick)));
    let most = most.filter(|(at, length, _)| {
        s.is_free(*at..at + length)
            && !matches!(
                s.word(at + length),
                "recent" | "beautiful" | "anciennes" | "recientes" | "antigua" | "ancienne" | "recente" | "reciente"
            )
    });
    if let Some((at, length, ())) =
        (0..s.len().min(4)).find_map(|at| WHICH.at(s.tokens(), at).map(|(length, ())| (at, length, ())))
    {
        let mut noun_at = at + length;
        noun_at += usize::from(matches!(s.word(noun_at), "different" | "other" | "all"));
        let found = GROUPS.at(s.tokens(), noun_at).map(|(length, by)| (length, *by));
        let plain = found.is_some_and(|(length, _)| s.is_free(at..noun_at + length));
        if let Some((group_length, by)) = found.filter(|_| plain) {
            let end = noun_at + group_length;
            let noun = s.word(end - 1).to_owned();
            let plural = noun.ends_with('s')
                || matches!(noun.as_str(), "people" | "lander" | "stadte" | "orte" | "personen" | "leute");
            if let Some((most_at, most_length, pick)) = most {
                s.skip(at..end);
                s.skip(most_at..most_at + most_length);
                return Some(Intent::Group { by, pick });
            }
            return which(s, at..end, by, plural);
        }
    }
    let (at, length, pick) = most?;
    if let Some((who, who_length, ())) = WHO.find(s.tokens())
        && who < at
    {
        s.skip(who..who + who_length);
        // "Who is the person …": the noun says no more than the question word.
        for noun in who + who_length..at {
            let person = GROUPS.at(s.tokens(), noun).is_some_and(|(_, by)| *by == Grouping::Person);
            if person && s.free_at(noun) {
                s.skip(noun..noun + 1);
            }
        }
        s.skip(at..at + length);
        return Some(Intent::Group { by: Grouping::Person, pick });
    }
    if let Some((place, place_length, ())) = WHERE.find(s.tokens()).filter(|(place, ..)| *place < 2 && *place < at) {
        s.skip(place..place + place_length);
        s.skip(at..at + length);
        return Some(Intent::Group { by: Grouping::City, pick });
    }
    if let Some((when, when_length, ())) = WHEN.find(s.tokens()).filter(|(when, ..)| *when < 2 && *when < at) {
        s.skip(when..when + when_length);
        s.skip(at..at + length);
        return Some(Intent::Group { by: Grouping::Month, pick });
    }
    let noun_at = at + length;
    let photographed = s.written(at..at + length).to_lowercase().contains("photograph")
        || s.word(noun_at) == "photographed"
        || s.word(noun_at).starts_with("meistfot");
    let (group_length, by) = GROUPS
        .at(s.tokens(), noun_at + usize::from(s.word(noun_at) == "photographed"))
        .map(|(length, by)| (length, *by))?;
    photographed.then(|| {
        s.skip(at..noun_at + group_length + usize::from(s.word(noun_at) == "photographed"));
        Intent::Group { by, pick }
    })
}

/// "Which camera took the photos", "which city is that", "what day was it", "which countries did we visit".
fn which(s: &mut Sentence, words: std::ops::Range<usize>, by: Grouping, plural: bool) -> Option<Intent> {
    let after = s.word(words.end).to_owned();
    let intent = match by {
        Grouping::Camera => Intent::Group { by, pick: if plural { Pick::All } else { Pick::Most } },
        Grouping::Country | Grouping::Region | Grouping::City if plural => Intent::Group { by, pick: Pick::All },
        Grouping::Country | Grouping::Region | Grouping::City => Intent::Where { level: Some(by) },
        Grouping::Year | Grouping::Month | Grouping::Day | Grouping::Weekday if plural => {
            Intent::Group { by, pick: Pick::All }
        }
        Grouping::Year | Grouping::Month | Grouping::Day | Grouping::Weekday => {
            Intent::When { unit: Some(by), edge: None }
        }
        Grouping::Person if plural => Intent::Who,
        Grouping::Person => Intent::Who,
        Grouping::Event | Grouping::Tag if plural => Intent::Group { by, pick: Pick::All },
        _ => return None,
    };
    // "What day trips …" asks for trips.
    if GROUPS.is_at(s.tokens(), words.end) && !after.is_empty() && matches!(by, Grouping::Day) {
        return None;
    }
    s.skip(words);
    Some(intent)
}
