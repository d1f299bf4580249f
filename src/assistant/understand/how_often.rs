//! Reads "how often", and tells occasions from pictures: "how often were we in Rome" asks for visits, "how often does Anna
//! appear" for the pictures that show her.
//!
//! Only the words; what an occasion is, is decided where it is counted.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::question_words::{BEING_THERE, TIMES};
use super::reading::Intent;
use super::sentence::Sentence;
use super::words::{MEDIA_NOUNS, MediaNoun};

/// Verbs of being in a picture.
static PICTURED: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "appear|appears|appeared|appearing|show up|shows up|showed up|turn up|turns up|be seen|is seen|seen in|visible|pictured|photographed|\
         filmed|captured|snapped|vorkommt|vorkommen|auftaucht|auftauchen|erscheint|zu sehen|sieht man|fotografiert|gefilmt|aufgenommen|abgebildet|drauf|mit drauf|\
         apparaît|apparaissent|voit on|on voit|est visible|photographié|photographiée|filmé|aparece|aparecen|sale|salen|se ve|se ven|\
         fotografiado|fotografiada|出现|出场|拍到|拍过",
        (),
    )])
});

/// German verbs that come apart, and what then stands at the end.
const APART: ([&str; 4], [&str; 3]) = (["kommt", "kommen", "taucht", "tauchen"], ["vor", "auf", "drin"]);

/// Reads "how often" and accounts for its words. In English "how often" and "how many" are counted alike where pictures
/// are meant.
pub(super) fn read(s: &mut Sentence) -> Option<Intent> {
    let (at, length, ()) = TIMES.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length))?;
    s.skip(at..at + length);
    if of_pictures(s) {
        return Some(Intent::Count { distinct: None });
    }
    s.skip_all(&BEING_THERE);
    Some(Intent::HowOften)
}

/// Whether it is said that pictures are meant: by a noun for them, or by a verb of being in one.
fn of_pictures(s: &Sentence) -> bool {
    let noun = |at: usize| matches!(MEDIA_NOUNS.at(s.tokens(), at), Some((_, MediaNoun::Photo | MediaNoun::Video)));
    let (verbs, endings) = APART;
    let apart =
        verbs.iter().any(|verb| (0..s.len()).any(|at| s.word(at) == *verb)) && endings.contains(&s.word(s.len() - 1));
    PICTURED.find(s.tokens()).is_some() || (0..s.len()).any(noun) || apart
}
