//! What was said or is written, piece by piece: speech in videos, the user's voice notes and lines of text in pictures,
//! with where in it each piece stands.
//!
//! Words are indexed piece by piece so that a hit knows its moment; meaning is encoded in chunks of a few sentences,
//! because one vector of an hour's talk would be near to nothing. A reason carries its moment in its words ("spoken at
//! 1:23: …"), so that whatever keeps reasons keeps moments; [`moment_of`] reads it back.

use serde::{Deserialize, Serialize};

use super::document::{EmbeddableText, SourceField, text_hash};
use crate::library::moments::clock;

/// Longest chunk that gets a vector, in characters: what encoders read at once.
const CHUNK: usize = 320;
/// Longest text that a reason quotes, in characters.
const QUOTED: usize = 80;
/// Longest run of words that are quoted together, in bytes, beside what is around them.
const QUOTE: usize = 72;
/// Characters around the words that matched.
const AROUND: usize = 24;

/// A piece of what was said, or a line of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// [`SourceField::Transcript`], [`SourceField::Note`], [`SourceField::GroupNote`] or [`SourceField::Ocr`].
    pub field: SourceField,
    /// The words.
    pub text: String,
    /// Where it begins in the video, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_ms: Option<i64>,
    /// Where it ends, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_ms: Option<i64>,
    /// The event or album that the note is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

impl Passage {
    /// What a person reads before the colon of a reason: "spoken at 1:23", "note on Lofoten 2018".
    pub fn label(&self) -> String {
        let label = self.field.label();
        match (self.start_ms, &self.of) {
            (Some(ms), _) => format!("{label} at {}", clock(ms)),
            (None, Some(of)) => format!("{label} on {of}"),
            (None, None) => label.to_owned(),
        }
    }

    fn goes_on(&self, next: &Self) -> bool {
        self.field == next.field && self.of == next.of
    }
}

/// The second of the video that the first of these reasons with a moment names.
pub fn moment_of<'a>(reasons: impl IntoIterator<Item = &'a String>) -> Option<u32> {
    let starts = [SourceField::Transcript, SourceField::Ocr].map(|field| format!("{} at ", field.label()));
    reasons.into_iter().find_map(|reason| {
        let rest = starts.iter().find_map(|start| reason.strip_prefix(start))?;
        let (time, _) = rest.split_once(": ")?;
        let parts: Vec<u32> = time.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        (2..=3).contains(&parts.len()).then(|| parts.iter().fold(0, |sum, part| sum * 60 + part))
    })
}

/// A reason that quotes what was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoted<'r> {
    /// Said in a video, at a time such as "1:23".
    Spoken {
        /// When.
        at: &'r str,
        /// The words.
        text: &'r str,
    },
    /// Said by the user in a note.
    Note {
        /// The event or album that the note is about.
        of: Option<&'r str>,
        /// The words.
        text: &'r str,
    },
}

/// What a reason quotes of what was said; `None` for reasons of other kinds.
pub fn quoted(reason: &str) -> Option<Quoted<'_>> {
    let (label, text) = reason.split_once(": ")?;
    let (spoken, note) = (SourceField::Transcript.label(), SourceField::Note.label());
    if let Some(at) = label.strip_prefix(spoken).and_then(|rest| rest.strip_prefix(" at ")) {
        return Some(Quoted::Spoken { at, text });
    }
    match label.strip_prefix(note)? {
        "" => Some(Quoted::Note { of: None, text }),
        rest => rest.strip_prefix(" on ").map(|of| Quoted::Note { of: Some(of), text }),
    }
}

/// A few sentences whose meaning is encoded together.
#[derive(Debug, Clone, PartialEq)]
pub struct Chunk<'p> {
    /// The words.
    pub text: EmbeddableText,
    /// The passage that it begins in.
    pub first: &'p Passage,
    /// Where it ends in the video, milliseconds.
    pub end_ms: Option<i64>,
}

/// The chunks of what was said whose meaning should be encoded.
pub fn chunks(passages: &[Passage]) -> Vec<Chunk<'_>> {
    let mut chunks: Vec<(String, &Passage, Option<i64>)> = Vec::new();
    for passage in passages.iter().filter(|passage| passage.field.is_said()) {
        for piece in pieces(passage.text.trim()) {
            match chunks.last_mut() {
                Some((text, first, end_ms)) if first.goes_on(passage) && text.len() + piece.len() < CHUNK => {
                    text.push(' ');
                    text.push_str(piece);
                    *end_ms = passage.end_ms;
                }
                _ => chunks.push((piece.to_owned(), passage, passage.end_ms)),
            }
        }
    }
    let mut found: Vec<Chunk<'_>> = Vec::with_capacity(chunks.len());
    for (text, first, end_ms) in chunks {
        let text = EmbeddableText { source: first.field, hash: text_hash(&text), text };
        // The same words said twice mean the same twice.
        if !found.iter().any(|known| known.text == text) {
            found.push(Chunk { text, first, end_ms });
        }
    }
    found
}

/// Cuts a text into pieces of at most [`CHUNK`] bytes, at white space where there is some.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() > CHUNK {
        let end = rest.floor_char_boundary(CHUNK);
        let end = rest[..end].rfind(char::is_whitespace).filter(|space| *space > CHUNK / 2).unwrap_or(end);
        pieces.push(rest[..end].trim());
        rest = rest[end..].trim_start();
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// The part of a text where most of these words stand close together, in whole words: "…grandpa's boat…". The words are in
/// the order of the text.
pub fn excerpt(text: &str, words: &[String]) -> String {
    let mut places: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for word in words {
        if let Some(at) = text[from..].find(word.as_str()) {
            places.push((from + at, from + at + word.len()));
            from += at + word.len();
        }
    }
    let within = |first: usize| places[first..].iter().take_while(|place| place.1 - places[first].0 <= QUOTE).count();
    let Some(first) = (0..places.len()).max_by_key(|first| (within(*first), std::cmp::Reverse(*first))) else {
        return quote(text);
    };
    let last = places[first + within(first).max(1) - 1];
    let start = text.floor_char_boundary(places[first].0.saturating_sub(AROUND));
    let end = text.ceil_char_boundary((last.1 + AROUND).min(text.len()));
    // Whole words: back from the start of a word that is cut, on to the end of one.
    let start = if start == 0 { 0 } else { text[start..places[first].0].find(' ').map_or(start, |at| start + at + 1) };
    let end = if end == text.len() { end } else { text[last.1..end].rfind(' ').map_or(end, |at| last.1 + at) };
    let (before, after) = (if start > 0 { "…" } else { "" }, if end < text.len() { "…" } else { "" });
    format!("{before}{}{after}", text[start..end].split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The beginning of a text, on one line.
pub fn quote(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(text: &str, start_ms: i64) -> Passage {
        Passage {
            field: SourceField::Transcript,
            text: text.into(),
            start_ms: Some(start_ms),
            end_ms: Some(start_ms + 5000),
            of: None,
        }
    }

    #[test]
    fn a_reason_carries_its_moment_there_and_back() {
        for (ms, label, second) in [(0, "0:00", 0), (83_900, "1:23", 83), (3_723_000, "1:02:03", 3723)] {
            let passage = spoken("the boat", ms);
            assert_eq!(passage.label(), format!("spoken at {label}"));
            let reasons = ["caption: at 1:00: boat".to_owned(), format!("{}: the boat", passage.label())];
            assert_eq!(moment_of(&reasons), Some(second));
        }
        assert_eq!(moment_of(&["spoken at noon: x".to_owned(), "note: spoken at 0:01: y".to_owned()]), None);
        let note = Passage {
            field: SourceField::GroupNote,
            text: String::new(),
            start_ms: None,
            end_ms: None,
            of: Some("Oslo".into()),
        };
        assert_eq!(note.label(), "note on Oslo");
        assert_eq!(quoted("note on Oslo: a: b"), Some(Quoted::Note { of: Some("Oslo"), text: "a: b" }));
        assert_eq!(quoted("note: a"), Some(Quoted::Note { of: None, text: "a" }));
        assert_eq!(quoted("spoken at 1:02:03: a"), Some(Quoted::Spoken { at: "1:02:03", text: "a" }));
        assert_eq!((quoted("notebook: a"), quoted("caption: a"), quoted("event")), (None, None, None));
    }

    #[test]
    fn chunks_hold_a_few_sentences_of_one_speaker_and_place() {
        let sentence = "We went down to the lake with the old boat. ";
        let mut said: Vec<Passage> = (0..20).map(|n| spoken(&format!("{n} {sentence}"), n * 5000)).collect();
        said.push(Passage { field: SourceField::Note, text: "My note".into(), start_ms: None, end_ms: None, of: None });
        said.push(spoken(&"海边的日落和两只狗".repeat(30), 200_000));
        let chunks = chunks(&said);
        assert!(chunks.iter().all(|chunk| chunk.text.text.len() <= CHUNK && !chunk.text.text.is_empty()));
        assert!((4..12).contains(&chunks.len()), "{}", chunks.len());
        assert_eq!(chunks[0].first.start_ms, Some(0));
        assert!(chunks[1].first.start_ms > Some(10_000) && chunks[0].end_ms > Some(10_000));
        let all: String = chunks.iter().map(|chunk| chunk.text.text.replace(' ', "")).collect();
        for passage in &said[..20] {
            assert!(all.contains(&passage.text.replace(' ', "")));
        }
    }

    #[test]
    fn an_excerpt_shows_where_the_words_stand_together() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let text = "The boat was new then. It rained for days and nobody wanted to go out, so we sat inside and I told \
                    them about grandpa's boat and how he painted it red every spring before Easter.";
        let shown = excerpt(text, &words(&["boat", "grandpa", "boat"]));
        assert_eq!(shown, "…and I told them about grandpa's boat and how he painted it…");
        assert_eq!(excerpt("grandpa's boat", &words(&["grandpa", "boat"])), "grandpa's boat");
        let chinese = "今天我们去了外婆家。".repeat(8) + "爷爷的船停在湖边。" + &"后来下雨了。".repeat(8);
        let shown = excerpt(&chinese, &words(&["爷爷", "的船"]));
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.contains("爷爷的船"), "{shown}");
        assert!(excerpt(&chinese, &[]).starts_with("今天"));
    }
}
