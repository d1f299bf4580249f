//! Reads the making of a film: its title and its length. How it is to look and sound is read by `film::wish`, whose words
//! say nothing of the media.
//!
//! A film is made in the singular; "put the videos into …" is about videos.

use super::super::language::Language;
use super::super::reading::{Action, Role};
use super::super::sentence::Sentence;
use super::album::name_of;
use super::words::{CALLED, FILM, MAKE};
use super::{quoted, start};
use crate::film::wish;

pub(super) fn create_film(s: &mut Sentence) -> Option<Action> {
    let begin = start(s);
    let (verb, ()) = MAKE.at(s.tokens(), begin)?;
    let turned = s.word(begin) == "turn";
    let (at, length, ()) = (begin..s.len())
        .find_map(|at| FILM.at(s.tokens(), at).map(|(length, ())| (at, length, ())))
        .filter(|(at, length, ())| s.is_free(*at..at + length))?;
    let near = turned || at <= begin + verb + 7 || s.language == Language::Chinese;
    // "Put the videos into …" is about videos; a film is made in the singular.
    if !near || matches!(s.word(begin), "put" | "add" | "pon" | "mets" | "fuge" | "放" | "start" | "new" | "save") {
        return None;
    }
    let seconds = duration(s);
    skip_style(s, begin + verb);
    let title = CALLED
        .find(s.tokens())
        .map(|(called, ..)| called)
        .or_else(|| quoted(s).map(|(_, words)| words.start))
        .and_then(|_| name_of(s, s.len()));
    let title = title.map(|(range, title)| {
        s.claim(range, Role::Action, format!("titled “{title}”"));
        title
    });
    s.skip(begin..begin + verb);
    let mut first = at;
    while first > begin + verb
        && matches!(
            s.word(first - 1),
            "a" | "an"
                | "the"
                | "short"
                | "nice"
                | "little"
                | "into"
                | "ein"
                | "einen"
                | "eine"
                | "kurzen"
                | "kurzes"
                | "schonen"
                | "un"
                | "une"
                | "petit"
                | "petite"
                | "pequeno"
                | "corto"
                | "me"
                | "mir"
                | "一"
                | "个"
                | "long"
                | "second"
                | "minute"
        )
        && s.free_at(first - 1)
    {
        first -= 1;
    }
    s.claim(first..at + length, Role::Action, "make a film");
    for phrase in [&["out", "of"][..], &["aus"], &["from"], &["about"], &["a", "partir", "de"], &["成"]] {
        let end = at + length + phrase.len();
        if (at + length..end.min(s.len())).map(|index| s.word(index)).eq(phrase.iter().copied()) && end <= s.len() {
            s.skip(at + length..end);
        }
    }
    Some(Action::CreateFilm { title, seconds, prompt: s.text.source.to_owned() })
}

/// Takes the words that say how the film is to be from those that say what it is of.
fn skip_style(s: &mut Sentence, from: usize) {
    let spans = wish::read(s.text.source).spans;
    for at in from..s.len() {
        let word = s.tokens()[at].range.clone();
        let said = spans.iter().any(|span| span.start <= word.start && word.end <= span.end);
        if said && s.free_at(at) && s.tokens()[at].quote.is_none() {
            s.skip(at..at + 1);
        }
    }
}

/// "30 seconds", "two-minute", "1 Minute": the length of a film.
pub(super) fn duration(s: &mut Sentence) -> Option<u32> {
    for at in 0..s.len() {
        let count: Option<u32> = s.word(at).parse().ok().or_else(|| match s.word(at) {
            "one" | "a" | "eine" | "une" | "un" => Some(1),
            "two" | "zwei" | "deux" | "dos" => Some(2),
            "three" | "drei" | "trois" | "tres" => Some(3),
            "thirty" => Some(30),
            "sixty" => Some(60),
            _ => None,
        });
        let factor = match s.word(at + 1) {
            "second" | "seconds" | "sec" | "sekunden" | "sekunde" | "secondes" | "seconde" | "segundos" | "秒" => 1,
            "minute" | "minutes" | "min" | "minuten" | "minutos" | "minuto" | "分" => 60,
            _ => continue,
        };
        if let Some(count) = count.filter(|count| (1..=3600).contains(count)) {
            let tail = usize::from(matches!(s.word(at + 2), "long" | "lang" | "钟"));
            s.skip(at..at + 2 + tail);
            return Some(count * factor);
        }
    }
    None
}
