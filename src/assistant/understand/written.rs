//! Reads "the sign that says Koelnmesse": what follows is written in the picture and need not be anything else.
//!
//! The words of writing go, and with them the sign, the board or the poster that carries it; what is written is content
//! whatever it names: a place on a sign is not where the picture was taken, and a name on a cake is nobody who is in it.

use std::ops::Range;
use std::sync::LazyLock;

use super::phrases::Phrases;
use super::sentence::{Claim, Sentence};

/// How what is written is introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// It follows.
    Plain,
    /// It follows, and a verb at its end says so: "Schild, auf dem … steht".
    Clause,
    /// The same without anything that carries writing: only what is quoted is meant ("auf dem Anna steht" is about Anna).
    QuotedClause,
}

/// What carries writing, and how it is said to.
static LEADS: LazyLock<Phrases<Lead>> = LazyLock::new(|| {
    let carriers = "sign|signs|signpost|board|poster|banner|plaque|label|notice|signboard|billboard";
    let media = "picture|pictures|photo|photos|image|images|screenshot|screenshots|ones|those";
    let verbs = "that says|that say|which says|which say|that reads|that read|which reads|which read";
    let loose = "saying|reading|says";
    let pairs = [(carriers, verbs), (carriers, loose), (media, verbs)];
    let english = pairs.into_iter().flat_map(|(nouns, verbs)| {
        nouns.split('|').flat_map(move |noun| verbs.split('|').map(move |verb| format!("{noun} {verb}")))
    });
    let english: Vec<String> = english.collect();
    let plain = "where it says|on which it says|with the word|with the words|with the text|with the writing|with the inscription|\
         that has the word|that have the word|that has the words|that have the words|containing the word|containing the words|\
         containing the text|with a sign saying|with a sign that says|with a sign reading|with the word on it|\
         mit der aufschrift|mit dem text|mit dem wort|mit den worten|mit den wörtern|mit dem schriftzug|mit der inschrift|\
         schild mit der aufschrift|schilder mit der aufschrift|schild mit dem text|\
         où il est écrit|où c'est écrit|sur lequel est écrit|sur laquelle est écrit|sur lequel il est écrit|avec le mot|avec les mots|\
         avec le texte|avec l'inscription|panneau qui dit|panneau avec l'inscription|portant l'inscription|\
         cartel que dice|letrero que dice|señal que dice|donde pone|donde dice|con la palabra|con las palabras|con el texto|\
         con la inscripción|con el letrero|cartel con la palabra|\
         牌子上写着|上面写着|上写着|写着|写有|印着|带有文字";
    let clauses = "schild auf dem|schilds auf dem|schildes auf dem|schilder auf denen|schildern auf denen|plakat auf dem|tafel auf der|\
                   zettel auf dem";
    let quoted = "auf dem|auf der|auf denen|wo|worauf";
    let groups = english.iter().map(|phrase| (phrase.as_str(), Lead::Plain));
    Phrases::new(groups.chain([(plain, Lead::Plain), (clauses, Lead::Clause), (quoted, Lead::QuotedClause)]))
});

/// Verbs at the end, and words for media, which others read.
static ENDS: LazyLock<Phrases<bool>> = LazyLock::new(|| {
    Phrases::new([
        ("steht|stehen|zu lesen ist|zu lesen sind|geschrieben steht|geschrieben ist", true),
        ("on it|on them|written on it|written on them|darauf|dessus|encima", true),
        ("的照片|的图片|的视频|的牌子|的相片|照片|图片|视频|的那张", false),
    ])
});

/// Those of [`ENDS`] that a German clause must have.
static VERBS: LazyLock<Phrases<()>> =
    LazyLock::new(|| Phrases::new([("steht|stehen|zu lesen ist|zu lesen sind|geschrieben steht|geschrieben ist", ())]));

/// Sets aside what is written; [`Sentence::release_said`] makes it content.
pub fn read(s: &mut Sentence) {
    let Some((lead, written)) = (0..s.len()).find_map(|at| introduced(s, at)) else { return };
    s.skip(lead);
    if let Some((length, true)) = ENDS.at(s.tokens(), written.end) {
        s.skip(written.end..written.end + length);
    }
    s.claims[written.clone()].fill(Claim::Said);
    s.written = Some(written);
}

/// The words that introduce what is written, if they begin here, and what they introduce.
fn introduced(s: &Sentence, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    let (length, lead) = LEADS.at(s.tokens(), at)?;
    let words = at..at + length;
    let written = written(s, words.end)?;
    let quoted = s.tokens()[written.start].quote.is_some();
    let fits = match lead {
        Lead::Plain => true,
        Lead::Clause => VERBS.is_at(s.tokens(), written.end),
        Lead::QuotedClause => quoted && VERBS.is_at(s.tokens(), written.end),
    };
    (fits && s.is_free(words.clone()) && s.is_free(written.clone())).then_some((words, written))
}

/// What follows: as far as it is quoted; else up to a mark, a word after it, or a year.
fn written(s: &Sentence, from: usize) -> Option<Range<usize>> {
    if from >= s.len() {
        return None;
    }
    if let Some(quote) = s.tokens()[from].quote {
        let end = (from..s.len()).find(|at| s.tokens()[*at].quote != Some(quote)).unwrap_or(s.len());
        return Some(from..end);
    }
    let year = |at: usize| s.word(at).len() == 4 && s.word(at).bytes().all(|byte| byte.is_ascii_digit());
    let dated = |at: usize| {
        matches!(s.word(at), "from" | "in" | "aus" | "von" | "de" | "en" | "del") && at + 1 < s.len() && year(at + 1)
    };
    let ends = |at: usize| at > from && (s.tokens()[at].mark.is_some() || ENDS.is_at(s.tokens(), at) || dated(at));
    let end = (from..s.len()).find(|at| ends(*at)).unwrap_or(s.len());
    (from < end).then_some(from..end)
}
