//! Makes the content query of what no other reader accounted for.
//!
//! The user's own words are kept; articles, politeness and dangling prepositions at the edges go. Beside them stand the
//! same in English, with spelling mended, and other words for what was named. What was said to be absent is kept apart.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::general::General;
use super::kinship::is_relative;
use super::language::Language;
use super::negation::NEGATIONS;
use super::phrases::Phrases;
use super::reading::{Content, Expansion, Role, Wording};
use super::sentence::{Claim, Sentence};
use super::travelling;
use super::words::{is_stop_word, is_stop_word_of};

/// Whole phrases that carry nothing.
pub static FILLER: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "the days|die tage|les jours|los días|这几天|那几天|please|pls|plz|together|all together|zusammen|miteinander|ensemble|juntos|juntas|一起|thanks|thank you|lol|haha|i mean|you know|if possible|if you can|can you|could you|would you|can you please|show me|find me|give me|i want to see|i would like to see|i'd like to see|\
         i am looking for|i'm looking for|looking for|we are looking for|do we have|do i have|have we got|have i got|are there any|are there|is there|is there any|is there a|there are|there is|\
         that i took|that we took|i took|we took|did i take|did we take|did i shoot|i shot|we shot|we saw|i saw|that we saw|we made|i made|we had|that we have|that i have|we have|\
         the one with|the ones with|the one where|the ones where|the one of|the ones of|the one from|in which|in it|in them|in there|on it|on them|of them|of it|on his own or with others|on her own or with others|\
         alone or with others|i e|ie|e g|eg|namely|that is to say|in other words|or rather|in total|altogether|in my library|in our library|in the library|in my collection|in our collection|in our pictures|in my pictures|in our photos|in my photos|\
         i don't mind|i don't mind which|i don't mind which one|i don't care|i don't care which|no matter which|no matter where|no matter when|doesn't matter which|whichever|\
         wherever|or wherever|whenever|whatever|or so|or something|or something like that|if you like|when you have time|for me|for us|my dear|dear|darling|sweetie|mate|honey|\
         that we know by name|we know by name|by name|that we know|i gave|i only gave|we gave|i rated|that i rated|over the years|through the years|all years|in all years|of all years|\
         photo collection|whole collection|picture collection|our whole photo collection|my whole photo collection|our photo collection|my photo collection|the whole collection|our collection|\
         at all|as well|just the day|only the day|to see|went to|go to|went to see|go to see|did we go to see|did we go|we went to|we went|we visited|did we visit|we were|we were in|taken in|taken at|taken on|taken during|\
         taken from|taken by me|a lot of|lots of|kind of|sort of|one more time|once more|anything with|anything from|anything of|something with|everything with|everything from|the entire|all of|all the|bring up|pull up|\
         zeig mir|zeige mir|bitte|ich möchte|ich will|ich suche|ich hätte gern|gibt es|haben wir|habe ich|hast du|die ich gemacht habe|die wir gemacht haben|zu sehen ist|zu sehen sind|zu sehen|auf denen|auf dem|\
         insgesamt|egal welcher|egal welche|egal welches|egal wer|egal wo|egal wann|ganz egal|ist mir egal|über die jahre|in allen jahren|aus allen jahren|von allen jahren|jedes jahr|oder so|\
         hab ich|die ich gemacht hab|die wir gemacht hatten|geknipst|geknipst haben|geknipst habe|montre moi|montrez moi|s'il te plaît|s'il vous plaît|stp|svp|je veux voir|je voudrais voir|je cherche|est ce qu'il y a|y a t il|il y a|as tu|où l'on voit|on voit|au total|peu importe|peu importe lequel|peu importe laquelle|n'importe lequel|n'importe laquelle|toutes années confondues|toutes les années|\
         de toutes les années|chaque année|qu'est ce qu'on a comme photos|qu'est ce qu'on a comme|comme photos|comme images|comme vidéos|\
         muéstrame|enséñame|por favor|quiero ver|me gustaría ver|estoy buscando|hay alguna|hay fotos|tenemos|tengo|en las que|en la que|en los que|donde sale|donde salen|donde aparece|en total|da igual|da igual cuál|no importa cuál|cualquiera de los dos|de todos los años|todos los años|cada año|que hice|que hicimos|que saqué|que sacamos|\
         一个|一些|一张|包含|包括|给我看|给我看看|让我看看|请给我看|显示|我想看|帮我找|找一下|有没有|有哪些|里面有|拍的|的时候|放进|放入|放到|加进|加到|收进|能认出|认得出|认出|历年|每年|不管哪个|哪个都行|都可以|一共|总共|全部|所有的|所有|里的|中的|上的",
        (),
    )])
});

/// "In the same picture": those who are named are together anyway. Read before the nouns for pictures are.
pub static TOGETHER: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "in the same picture|in the same pictures|in the same photo|in the same photos|in the same shot|in one picture|in one photo|on the same picture|\
         auf demselben bild|auf demselben foto|auf dem gleichen bild|auf dem gleichen foto|auf einem bild|auf einem foto|im selben bild|gemeinsam|\
         sur la même photo|sur la même image|sur les mêmes photos|dans la même photo|en la misma foto|en la misma imagen|en las mismas fotos|\
         在同一张照片里|同一张照片里|在同一张照片|同一张照片|在一张照片里",
        (),
    )])
});

/// "In our whole photo collection": in all there is. Read before the nouns for pictures are.
pub static ALL_THERE_IS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "in our whole photo collection|in my whole photo collection|in our photo collection|in my photo collection|in the photo collection|in the whole photo collection|\
         in our entire photo collection|in my entire photo collection|in our picture collection|in my picture collection|in our photo library|in my photo library|\
         in our photo archive|in my photo archive|of our photo collection|of my photo collection|in unserer fotosammlung|in meiner fotosammlung|in der fotosammlung|\
         in unserer ganzen fotosammlung|in meiner ganzen fotosammlung|in der ganzen fotosammlung|in unserem fotoarchiv|in meinem fotoarchiv|in unserer sammlung|\
         dans notre collection de photos|dans ma collection de photos|dans toute notre collection|dans notre photothèque|en nuestra colección de fotos|\
         en mi colección de fotos|en toda nuestra colección|照片库里|相册库里",
        (),
    )])
});

/// What is known of words.
struct Words<'a> {
    general: &'a General,
    known: &'a HashSet<String>,
}

impl Words<'_> {
    fn mend(&self, word: &str) -> Option<String> {
        if self.known.contains(word) { None } else { self.general.mend(word) }
    }
}

/// Marks between alternatives.
fn is_alternative(s: &Sentence, at: usize) -> bool {
    matches!(s.word(at), "or" | "oder" | "ou" | "o" | "或" | "或者")
}

/// Reads what is left. Returns the content, and what must not be seen.
///
/// `known` are the words of the library's names, which are never taken for spelling mistakes.
pub fn read(s: &mut Sentence, general: &General, known: &HashSet<String>) -> (Option<Content>, Vec<Wording>) {
    let general = &Words { general, known };
    s.skip_all(&FILLER);
    travelling::skip(s);
    let mut without = Vec::new();
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut left_out_to = None;
    for run in s.free_runs() {
        if left_out_to == Some(run.start) && goes_on(s, &run) || joins_left_out(s, &run) {
            let from = run.start;
            left_out_to = leave_out(s, from, run, general, &mut without);
            continue;
        }
        let negation = run.clone().find_map(|at| {
            NEGATIONS
                .at(s.tokens(), at)
                .map(|(length, ())| (at, length))
                .filter(|(at, length)| at + length < run.end && s.tokens()[*at].quote.is_none() && !s.is_written(*at))
        });
        let leading = leading_negation(s, &run);
        let (positive, negative) = match (leading, negation) {
            (Some(length), _) => (run.start..run.start, Some((run.start, run.start + length..run.end))),
            (None, Some((at, length))) => (run.start..at, Some((at, at + length..run.end))),
            _ => (run.clone(), None),
        };
        if let Some(piece) = trimmed(s, positive) {
            pieces.push(piece);
        }
        if let Some((from, words)) = negative {
            left_out_to = leave_out(s, from, words, general, &mut without);
        }
    }
    if let [piece] = &pieces[..]
        && is_said_already(s, piece)
    {
        s.skip(piece.clone());
        pieces.clear();
    }
    if pieces.is_empty() {
        return (None, without);
    }
    for piece in &pieces {
        let label = s.written(piece.clone()).to_owned();
        s.claim(piece.clone(), Role::Content, label);
    }
    let whole = wording(s, &pieces, general);
    let mut alternatives = alternatives(s, &pieces, general);
    if alternatives.len() < 2 {
        alternatives = vec![whole.clone()];
    }
    let expansions = expansions(&whole.english, general.general);
    (Some(Content { wording: whole, alternatives, expansions }), without)
}

/// Words that join what is left out: each of it is. "Black and white" is one thing.
fn is_joint(s: &Sentence, at: usize) -> bool {
    let one_thing = matches!(s.word_before(at), "black" | "noir" | "blanco")
        && matches!(s.word_after(at), "white" | "blanc" | "negro");
    let joins = matches!(s.word(at), "and" | "nor" | "&" | "und" | "noch" | "et" | "ni" | "y" | "和");
    is_alternative(s, at) || joins && !one_thing
}

/// "without dogs, cats and horses": a list of what is left out goes on behind a comma.
fn goes_on(s: &Sentence, run: &Range<usize>) -> bool {
    s.tokens()[run.start].mark == Some(',') && run.clone().skip(1).any(|at| is_joint(s, at))
}

/// "Not at the beach or in the snow": joined to something that another reader left out.
fn joins_left_out(s: &Sentence, run: &Range<usize>) -> bool {
    let with = (run.start..run.end).any(|at| matches!(s.word(at), "with" | "mit" | "avec" | "con"));
    if run.start == 0 || with || !is_joint(s, run.start) || s.tokens()[run.start].mark.is_some() {
        return false;
    }
    let end = s.tokens()[run.start - 1].range.end;
    let part = s.parts.iter().filter_map(|part| part.range.as_ref()).find(|range| range.end == end);
    let first = part.and_then(|range| s.tokens().iter().position(|token| token.range.start == range.start));
    first.is_some_and(|first| NEGATIONS.is_at(s.tokens(), first))
}

/// Leaves out each of what `words` name, which the word `from` begins; returns where they end, if anything was named.
fn leave_out(
    s: &mut Sentence,
    from: usize,
    words: Range<usize>,
    general: &Words,
    without: &mut Vec<Wording>,
) -> Option<usize> {
    let end = words.end;
    let mut from = from;
    let mut start = words.start;
    let mut found = false;
    for at in words.start..=end {
        if at < end && !(is_joint(s, at) && s.tokens()[at].quote.is_none()) {
            continue;
        }
        if let Some(piece) = trimmed(s, start..at) {
            let wording = wording(s, std::slice::from_ref(&piece), general);
            s.claim_left_out(from..piece.end, Role::Without, &wording.text);
            without.push(wording);
            found = true;
            from = at;
        }
        start = at + 1;
    }
    found.then_some(end)
}

/// Whether a word only repeats what was read: a portrait of somebody who is named, an old picture of a time that is named.
fn is_said_already(s: &Sentence, piece: &Range<usize>) -> bool {
    // "Uncle Ben" and "uncle Ben's birthday", where Ben or his birthday was read.
    let named = |at: usize| matches!(s.claims.get(at), Some(Claim::Part(Role::Person | Role::Event)));
    let repeated = match s.word(piece.start) {
        _ if piece.len() != 1 => return false,
        word if is_relative(word) && named(piece.end) => return true,
        "portrait" | "portraits" | "portraet" | "portraets" | "portrat" | "portrats" | "retrato" | "retratos"
        | "肖像" => Role::Person,
        "old" | "vintage" | "alte" | "altes" | "alten" | "vieille" | "vieilles" | "vieux" | "vieja" | "viejas"
        | "antigua" | "antiguas" => Role::Time,
        _ => return false,
    };
    s.has(repeated)
}

/// Number of words of a negation that the run begins with.
fn leading_negation(s: &Sentence, run: &Range<usize>) -> Option<usize> {
    let (length, ()) = NEGATIONS.at(s.tokens(), run.start)?;
    let meant = s.tokens()[run.start].quote.is_none() && !s.is_written(run.start);
    (length < run.len() && meant).then_some(length)
}

/// Prepositions that say nothing once what followed them was read as a condition.
const DANGLING: [&str; 26] = [
    "vor", "over", "through", "across", "along", "during", "inside", "outside", "behind", "under", "beside", "onto",
    "upon", "round", "around", "nach", "until", "till", "against", "uber", "durch", "entlang", "pendant", "durant",
    "sobre", "hasta",
];

/// The range without function words at its edges; `None` where nothing is left.
fn trimmed(s: &Sentence, range: Range<usize>) -> Option<Range<usize>> {
    let stop = |at: usize| {
        let word = s.word(at);
        let token = &s.tokens()[at];
        let written = s.written(at..at + 1);
        let shouted = written.chars().count() > 1 && written.chars().all(char::is_uppercase);
        let beside = |other: usize| range.contains(&other) && s.tokens()[other].capital;
        let name = at > 0
            && token.capital
            && (shouted || at > 1 && beside(at - 1) || beside(at + 1) && at > 0 && !is_stop_word(s.word(at + 1)));
        let quoted = token.quote.is_some() || s.is_written(at);
        !quoted
            && !name
            && (is_stop_word_of(s.language, word)
                || is_stop_word_of(Language::English, word)
                || word == "&"
                || super::words::is_link(word))
    };
    let start = range.clone().find(|at| !stop(*at))?;
    let end = range.clone().rev().find(|at| !stop(*at))? + 1;
    let dangling = |at: usize| stop(at) || s.tokens()[at].quote.is_none() && DANGLING.contains(&s.word(at));
    let end = (start..end).rev().find(|at| !dangling(*at))? + 1;
    let single_number = end - start == 1 && !s.is_written(start) && s.word(start).bytes().all(|b| b.is_ascii_digit());
    (!single_number).then_some(start..end)
}

/// The pieces as one wording.
fn wording(s: &Sentence, pieces: &[Range<usize>], general: &Words) -> Wording {
    let mut text = String::new();
    let mut english = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            let gap = pieces[index - 1].end..piece.start + 1;
            let marked = s.tokens()[gap].iter().any(|token| token.mark.is_some());
            text.push_str(if marked { ", " } else { " " });
            english.push_str(if marked { ", " } else { " " });
        }
        text.push_str(s.written(piece.clone()));
        english.push_str(&in_english(s, piece.clone(), general));
    }
    Wording { text: closed(text), english: closed(english) }
}

/// Puts back a quotation mark that stood behind the last word.
fn closed(mut text: String) -> String {
    if text.matches('"').count() % 2 == 1 {
        text.push('"');
    }
    text
}

/// The words in English: translated where the language is another, mended where they were mistyped.
fn in_english(s: &Sentence, range: Range<usize>, general: &Words) -> String {
    let words: Vec<&str> = range.clone().map(|at| s.word(at)).collect();
    let mut english: Vec<String> = Vec::new();
    let mut at = 0;
    let mut changed = false;
    while at < words.len() {
        let translated = (s.language != Language::English || super::general::has_cjk(words[at])).then(|| {
            let language = if super::general::has_cjk(words[at]) { Language::Chinese } else { s.language };
            general.general.translate_at(language, &words[at..])
        });
        let alone =
            |length: usize| length > 1 || !super::general::has_cjk(words[at]) || stands_alone(general, &words, at);
        if let Some((length, text)) = translated.flatten().filter(|(length, _)| alone(*length)) {
            changed = true;
            english.push(text);
            at += length;
            continue;
        }
        let word = words[at];
        let token = &s.tokens()[range.start + at];
        let foreign_filler = s.language != Language::English && is_stop_word_of(s.language, word);
        let mended =
            (s.language == Language::English && !token.capital && !token.cjk).then(|| general.mend(word)).flatten();
        changed |= mended.is_some() || foreign_filler;
        if let Some(mended) = mended {
            english.push(mended);
        } else if !(foreign_filler || token.cjk && is_stop_word(word)) {
            english.push(s.written(range.start + at..range.start + at + 1).to_owned());
        }
        at += 1;
    }
    if changed { english.join(" ") } else { s.written(range).to_owned() }
}

/// Whether a single Chinese character is a word of its own: the one before and the one after are known, or there is none.
fn stands_alone(general: &Words, words: &[&str], at: usize) -> bool {
    let known = |from: usize| {
        let word = words[from];
        !super::general::has_cjk(word)
            || is_stop_word(word)
            || general.general.translate_at(Language::Chinese, &words[from..]).is_some()
    };
    let before = at == 0
        || known(at - 1)
        || at > 1
            && general
                .general
                .translate_at(Language::Chinese, &words[at - 2..at])
                .is_some_and(|(length, _)| length == 2);
    before && (at + 1 == words.len() || known(at + 1))
}

/// "sheep or horses", "street art / graffiti": each by itself.
fn alternatives(s: &Sentence, pieces: &[Range<usize>], general: &Words) -> Vec<Wording> {
    let mut found = Vec::new();
    let slash = |at: usize| {
        s.tokens()[at].mark == Some('/') || s.tokens()[at].mark == Some('|') || s.tokens()[at].glue == Some('/')
    };
    let any = pieces
        .iter()
        .enumerate()
        .any(|(index, piece)| piece.clone().any(|at| is_alternative(s, at)) || index > 0 && slash(piece.start));
    if !any {
        return found;
    }
    for piece in pieces {
        let mut from = piece.start;
        for at in piece.clone() {
            if is_alternative(s, at) || (at > from && slash(at)) {
                if let Some(part) = trimmed(s, from..at) {
                    found.push(wording(s, &[part], general));
                }
                from = if is_alternative(s, at) { at + 1 } else { at };
            }
        }
        if let Some(part) = trimmed(s, from..piece.end) {
            found.push(wording(s, &[part], general));
        }
    }
    found
}

/// Other words for what the English wording names, the longest entries first.
fn expansions(english: &str, general: &General) -> Vec<Expansion> {
    let tokens = super::tokens::tokenize(english).tokens;
    let words: Vec<&str> = tokens.iter().map(|token| token.fold.as_str()).collect();
    let mut found: Vec<Expansion> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((length, related)) = general.related_at(&words[at..]) else {
            at += 1;
            continue;
        };
        let of = words[at..at + length].join(" ");
        for (term, weight) in related {
            if !found.iter().any(|other| other.term == *term) && !english.to_lowercase().contains(term.as_str()) {
                found.push(Expansion { of: of.clone(), term: term.clone(), weight: *weight });
            }
        }
        at += length;
    }
    found.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    found
}
