//! Reads what the user wants to know of the media: how many, when, where, who, which most.
//!
//! A question word that only opens a clause ("when they opened the shop", "photos where Ben laughs") asks for nothing.
//! What is to be done with media is read by `actions`.

use std::sync::LazyLock;

use super::appearing;
use super::edges;
use super::grouping::{group, per};
use super::how_often;
use super::manner;
use super::phrases::Phrases;
use super::question_words::{
    AGE, CHAT, COUNTS, DIFFERENT, GROUPS, HOW_LONG, LASTING, LISTS, SIMILAR, SUMMARIZE, THANKS, WHEN, WHERE, WHO, WHOSE,
};
use super::reading::{Intent, Pick};
use super::sentence::Sentence;
use crate::library::filter::Grouping;

/// An intent and, for "how many", where the words that ask end.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What is wanted.
    pub intent: Intent,
    /// The first word past "how many".
    pub counting: Option<usize>,
}

/// Reads the intent and accounts for the words that say it.
pub fn read(s: &mut Sentence) -> Found {
    let of = |intent| Found { intent, counting: None };
    if s.len() > 0 && CHAT.at(s.tokens(), 0).is_some_and(|(length, ())| length == s.len()) {
        s.skip(0..s.len());
        return of(Intent::Chat);
    }
    if s.len() > 0 && THANKS.at(s.tokens(), 0).is_some_and(|(length, ())| length == s.len()) {
        s.skip(0..s.len());
        return of(Intent::Thanks);
    }
    if let Some((at, length, what)) = LISTS.find(s.tokens()).map(|(at, length, what)| (at, length, *what))
        && s.is_free(at..at + length)
    {
        s.skip(at..at + length);
        return of(Intent::List { what });
    }
    if let Some(intent) = appearing::read(s) {
        return of(intent);
    }
    if let Some(intent) = length_or_age(s) {
        return of(intent);
    }
    if let Some(intent) = how_often::read(s) {
        return of(intent);
    }
    if let Some(found) = count(s) {
        return found;
    }
    if let Some(found) = SUMMARIZE.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length)) {
        s.skip(found.0..found.0 + found.1);
        return of(Intent::Summarize { manner: manner::read(s) });
    }
    if let Some((at, length, ())) = SIMILAR.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length)) {
        s.skip(at..at + length);
        return of(Intent::Similar);
    }
    group(s).or_else(|| question_word(s)).map_or(of(Intent::Find), of)
}

/// "How long was the safari", "how old was Anna": at the beginning, or where the question points with "how".
fn length_or_age(s: &mut Sentence) -> Option<Intent> {
    let opens = |s: &Sentence, at: usize| (0..at).all(|before| is_lead_in(s.word(before)));
    if let Some((at, length, ())) = HOW_LONG.find(s.tokens())
        && opens(s, at)
        && s.is_free(at..at + length)
        && s.word(at + length) != "ago"
    {
        s.skip(at..at + length);
        s.skip_all(&LASTING);
        // "How long did the safari last": the verb, where it ends the question.
        if s.word(s.len() - 1) == "last" && s.len() > 1 {
            s.skip(s.len() - 1..s.len());
        }
        return Some(Intent::HowLong);
    }
    let (at, length, ()) = AGE.find(s.tokens())?;
    (opens(s, at) && s.is_free(at..at + length)).then(|| {
        s.skip(at..at + length);
        Intent::Age
    })
}

fn count(s: &mut Sentence) -> Option<Found> {
    let (at, length, ()) = COUNTS.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length))?;
    if matches!(s.word(at), "count" | "compte" | "cuenta") && at > 2 {
        return None;
    }
    let mut next = at + length;
    let different = DIFFERENT.at(s.tokens(), next).map_or(0, |(length, ())| length);
    next += different;
    let grouping = GROUPS.at(s.tokens(), next).map(|(length, by)| (length, *by));
    // "How many people are in the kitchen" asks for content; "how many different people" does not.
    let distinct = grouping.filter(|(_, by)| {
        different > 0
            || matches!(
                by,
                Grouping::Country
                    | Grouping::Region
                    | Grouping::City
                    | Grouping::Camera
                    | Grouping::Event
                    | Grouping::Tag
                    | Grouping::Year
                    | Grouping::Day
                    | Grouping::Month
            )
            || *by == Grouping::Person && asks_of_library(s, next + 1)
    });
    let end = next + distinct.map_or(0, |(length, _)| length);
    s.skip(at..end);
    if distinct.is_none()
        && let Some((_, length, by)) = per(s)
    {
        let _ = length;
        return Some(Found { intent: Intent::Group { by, pick: Pick::All }, counting: Some(end) });
    }
    Some(Found { intent: Intent::Count { distinct: distinct.map(|(_, by)| by) }, counting: Some(end) })
}

/// "How many people do I have", "… do you know": the library, not a picture.
fn asks_of_library(s: &Sentence, at: usize) -> bool {
    matches!(s.word(at), "do" | "did" | "have" | "appear" | "kennst" | "" | "hay" | "connais")
}

/// "…? Just the day": only the date is wanted.
fn just_the_date(s: &mut Sentence) -> Option<Intent> {
    static JUST: LazyLock<Phrases<Grouping>> = LazyLock::new(|| {
        Phrases::new([
            (
                "just the day|only the day|just the date|only the date|nur das datum|nur den tag|juste la date|solo la fecha|只要日期",
                Grouping::Day,
            ),
            ("just the year|only the year|nur das jahr|juste l'année|solo el año|只要年份", Grouping::Year),
            ("just the month|only the month|nur den monat|juste le mois|solo el mes|只要月份", Grouping::Month),
        ])
    });
    let (at, length, unit) = JUST.find(s.tokens()).map(|(at, length, unit)| (at, length, *unit))?;
    s.skip(at..at + length);
    Some(Intent::When { unit: Some(unit), edge: None })
}

fn question_word(s: &mut Sentence) -> Option<Intent> {
    if let Some(intent) = just_the_date(s) {
        return Some(intent);
    }
    for at in 0..s.len().min(3) {
        if let Some((length, ())) = WHOSE.at(s.tokens(), at) {
            s.skip(at..at + length);
            return Some(Intent::Whose);
        }
    }
    let (mut at, limit) = (0, 4.min(s.len()));
    while at < limit {
        let opens = at == 0
            || s.tokens()[at].mark.is_some()
            || (0..at).all(|before| is_lead_in(s.word(before)))
            || s.tokens()[at].cjk;
        if opens {
            if let Some((length, ())) = WHEN.at(s.tokens(), at)
                && asks(s, at, length)
            {
                s.skip(at..at + length);
                return Some(Intent::When { unit: None, edge: edges::read(s) });
            }
            if let Some((length, ())) = WHERE.at(s.tokens(), at)
                && asks(s, at, length)
                && !in_our_pictures(s)
            {
                s.skip(at..at + length);
                return Some(Intent::Where { level: None });
            }
            if let Some((length, ())) = WHO.at(s.tokens(), at)
                && !in_our_pictures(s)
                && !matches!(s.word(at + length), "est" if s.word(at + length + 1) == "ce")
            {
                s.skip(at..at + length);
                return Some(Intent::Who);
            }
        }
        at += 1;
    }
    chinese_question(s)
}

/// Chinese question words stand where the answer would.
fn chinese_question(s: &mut Sentence) -> Option<Intent> {
    if s.language != super::language::Language::Chinese {
        return None;
    }
    for (phrases, intent) in [
        (&*WHEN, Intent::When { unit: None, edge: None }),
        (&*WHERE, Intent::Where { level: None }),
        (&*WHO, Intent::Who),
    ] {
        if let Some((at, length, ())) = phrases.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length))
        {
            s.skip(at..at + length);
            return Some(match intent {
                Intent::When { unit, .. } => Intent::When { unit, edge: edges::read(s) },
                other => other,
            });
        }
    }
    None
}

/// Words that may stand before a question word: "and where", "tell me who", "do you know when".
fn is_lead_in(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "so"
            | "but"
            | "tell"
            | "me"
            | "do"
            | "you"
            | "know"
            | "can"
            | "say"
            | "remember"
            | "und"
            | "et"
            | "y"
            | "sag"
            | "mir"
            | "ok"
            | "since"
            | "from"
            | "de"
            | "con"
            | "mit"
            | "avec"
            | "c"
            | "cest"
            | "with"
            | "weisst"
            | "du"
    )
}

/// Whether a question word asks: an auxiliary follows, or nothing.
fn asks(s: &Sentence, at: usize, length: usize) -> bool {
    let first = s.word(at);
    if !matches!(first, "when" | "where" | "quand" | "cuando" | "ou" | "donde" | "wo") || length > 1 {
        return true;
    }
    let marked = s.text.source.trim_end().ends_with('?');
    let next = s.word(at + length);
    let auxiliary = matches!(
        next,
        "was"
            | "were"
            | "did"
            | "is"
            | "are"
            | "has"
            | "have"
            | "had"
            | "do"
            | "does"
            | "can"
            | "could"
            | "exactly"
            | ""
            | "est"
            | "etait"
            | "a"
            | "as"
            | "ont"
            | "avons"
            | "sommes"
            | "fut"
            | "etions"
            | "ai"
            | "sont"
            | "etaient"
            | "avez"
            | "on"
            | "nous"
            | "fue"
            | "es"
            | "era"
            | "fuimos"
            | "estuvimos"
            | "hicimos"
            | "estaba"
            | "estan"
            | "esta"
            | "se"
            | "tomamos"
            | "tome"
            | "visitamos"
            | "fueron"
            | "son"
            | "ist"
            | "sind"
            | "war"
            | "waren"
            | "haben"
            | "habe"
            | "hat"
            | "wurde"
            | "wurden"
            | "steht"
            | "genau"
    ) || s.tokens().get(at).is_some_and(|token| token.possessive);
    auxiliary || (marked && at == 0 && !matches!(next, "we" | "they" | "i" | "he" | "she" | "the" | "my" | "our"))
}

/// "Where is Anna in our pictures" asks for the pictures.
fn in_our_pictures(s: &Sentence) -> bool {
    static PHRASES: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([(
            "in our pictures|in our photos|in my pictures|in my photos|in the pictures|in the photos|in these photos|in our library|in my library|in our albums|\
             auf unseren bildern|auf unseren fotos|auf meinen fotos|auf den bildern|auf den fotos|sur nos photos|sur mes photos|sur les photos|en nuestras fotos|en mis fotos|en las fotos",
            (),
        )])
    });
    let place_word = WHERE.at(s.tokens(), 0).is_some();
    place_word && PHRASES.find(s.tokens()).is_some()
}
