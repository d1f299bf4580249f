//! "Where does Anna appear in the video?": the place asked for is one in the video, not one on a map.
//!
//! Answered like any search: what is found in videos has its moments.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::question_words::{WHEN, WHERE};
use super::reading::Intent;
use super::sentence::Sentence;

/// "Appear", and what is said for it.
static APPEARS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "does appear|do appear|appear|appears|appearing|show up|shows up|come up|comes up|turn up|turns up|be seen|to be seen|\
         occur|occurs|visible|kommt|kommen|taucht|tauchen|erscheint|erscheinen|zu sehen|sieht man|sehen wir|vorkommt|auftaucht|\
         apparaît|apparaissent|voit on|on voit|est visible|aparece|aparecen|sale|salen|se ve|se ven|出现|出場|看到|看见",
        (),
    )])
});

/// What stands at the end of the German verbs that come apart.
const APART: [&str; 3] = ["vor", "auf", "drin"];

/// What is asked through: "does" in "where does Anna appear".
const HELPING: [&str; 12] = ["does", "do", "is", "are", "can", "exactly", "genau", "est", "ce", "ist", "sind", "esta"];

/// Nouns for videos begin or end like this, without accents.
const VIDEOS: [&str; 5] = ["video", "clip", "film", "movie", "footage"];

/// Reads such a question and accounts for its words.
pub(super) fn read(s: &mut Sentence) -> Option<Intent> {
    let (asks, asks_length) = [WHERE.find(s.tokens()), WHEN.find(s.tokens())]
        .into_iter()
        .flatten()
        .map(|(at, length, ())| (at, length))
        .filter(|(at, length)| (*at < 4 || s.tokens()[*at].cjk) && s.is_free(*at..at + length))
        .min()?;
    let of_video = |word: &str| VIDEOS.iter().any(|noun| word.starts_with(noun) || word.ends_with(noun));
    let is_video =
        (0..s.len()).any(|at| of_video(s.word(at)) || matches!(s.word(at), "视频" | "視頻" | "影片" | "录像"));
    let (verb, length, ()) = APPEARS.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length))?;
    if !is_video {
        return None;
    }
    s.skip(asks..asks + asks_length);
    s.skip(verb..verb + length);
    let last = s.len() - 1;
    if matches!(s.word(verb), "kommt" | "kommen" | "taucht" | "tauchen") && APART.contains(&s.word(last)) {
        s.skip(last..last + 1);
    }
    for at in 0..s.len().min(asks + asks_length + 3) {
        if HELPING.contains(&s.word(at)) && s.is_free(at..at + 1) {
            s.skip(at..at + 1);
        }
    }
    Some(Intent::Find)
}
