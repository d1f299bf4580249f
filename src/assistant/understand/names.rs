//! What stands around the names of people: "only", "or", "the puppy" after a name, and names that nobody has.

use std::ops::Range;
use std::sync::LazyLock;

use super::kinship::{self, APPOSITIONS};
use super::lexicon::Lexicon;
use super::phrases::Phrases;
use super::reading::{FollowUp, Reading, Role};
use super::sentence::Sentence;
use super::words::{MEDIA_NOUNS, is_link, is_stop_word};

/// Words after which a name is expected.
pub fn introduces_name(word: &str) -> bool {
    matches!(
        word,
        "of" | "with"
            | "and"
            | "or"
            | "without"
            | "not"
            | "by"
            | "does"
            | "did"
            | "is"
            | "was"
            | "has"
            | "have"
            | "show"
            | "me"
            | "only"
            | "just"
            | "find"
            | "meant"
            | "mean"
            | "von"
            | "mit"
            | "ohne"
            | "und"
            | "oder"
            | "de"
            | "d"
            | "avec"
            | "sans"
            | "et"
            | "con"
            | "sin"
            | "y"
            | "about"
            | "see"
            | "&"
            | "for"
            | "whose"
            | "zeig"
            | "mir"
            | "moi"
            | "和"
            | "有"
            | "hat"
            | "ist"
            | "dear"
    )
}

/// Whether "or" stands between two names and nothing else of weight.
pub fn joined_by_or(s: &Sentence, from: usize, to: usize) -> bool {
    let between = from..to;
    between.clone().any(|at| matches!(s.word(at), "or" | "oder" | "ou" | "o" | "u" | "或" | "或者"))
        && between.clone().all(|at| is_joint(s.word(at)) || is_link(s.word(at)) || matches!(s.word(at), "either"))
}

fn is_joint(word: &str) -> bool {
    matches!(word, "or" | "oder" | "ou" | "o" | "u" | "and" | "und" | "et" | "y" | "&" | "或" | "者" | "和" | "与")
}

/// "Anna, Ben or Joe" is any of the three: names parted by a comma join the group that an "or" after them opens.
pub fn merge_lists(s: &Sentence, reading: &mut Reading) {
    let ends: Vec<Range<usize>> = (0..s.len())
        .filter(|at| s.claims[*at] == super::sentence::Claim::Part(Role::Person))
        .fold(Vec::new(), |mut runs: Vec<Range<usize>>, at| {
            match runs.last_mut() {
                Some(run) if run.end == at && s.tokens()[at].mark.is_none() => run.end = at + 1,
                _ => runs.push(at..at + 1),
            }
            runs
        });
    let comma = ends
        .windows(2)
        .filter(|pair| pair[0].end == pair[1].start && s.tokens()[pair[1].start].mark == Some(','))
        .count();
    let or_list = ends.windows(2).any(|pair| joined_by_or(s, pair[0].end, pair[1].start));
    if or_list && comma > 0 && reading.filter.people.len() > 1 {
        let merged: Vec<_> = std::mem::take(&mut reading.filter.people).into_iter().flatten().collect();
        reading.filter.people = vec![merged];
    }
}

/// Whether nobody else may be in the picture, and the words after the name that say so.
pub fn is_exclusive(s: &Sentence, start: usize, end: usize, kind: FollowUp) -> Option<Range<usize>> {
    static ALONE: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([(
            "alone|by herself|by himself|by themselves|on her own|on his own|on their own|all alone|only|and nobody else|and no one else|and no others|with nobody else|without anyone else|\
             solo|sola|a solas|allein|alleine|ganz allein|und sonst niemand|seul|seule|toute seule|tout seul|y nadie más|一个人|单独|独自",
            (),
        )])
    });
    if let Some((length, ())) = ALONE.at(s.tokens(), end) {
        let other = matches!(
            s.word(end + length),
            "or" | "oder" | "ou" | "before" | "after" | "in" | "from" | "since" | "with" | "between" | "on" | "at"
        ) && s.word(end) == "only";
        let either = matches!(s.word(end + length), "or" | "oder" | "ou" | "o");
        if !other && !either {
            return Some(end..end + length);
        }
    }
    let before = s.word_before(start);
    let only = matches!(before, "only" | "just" | "nur" | "seulement" | "uniquement" | "solo" | "solamente" | "只");
    let opens = start >= 1 && start - 1 == 0;
    (only && !(opens && kind != FollowUp::None)).then(|| start - 1..start)
}

/// "Lena and Tom, nobody else": said apart from the names.
pub fn read_nobody_else(s: &mut Sentence, reading: &mut Reading) {
    static PHRASES: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([(
            "nobody else|and nobody else|no one else|and no one else|with nobody else|without anyone else|without anybody else|sonst niemand|und sonst niemand|\
             personne d'autre|et personne d'autre|nadie más|y nadie más|没有别人|没有其他人",
            (),
        )])
    });
    let Some((at, length, ())) = PHRASES.find(s.tokens()) else { return };
    if s.is_free(at..at + length) && !reading.filter.people.is_empty() {
        s.skip(at..at + length);
        reading.filter.only_these_people = true;
    }
}

/// Past what somebody is said to be: "Pip the puppy", "Misty, our little white dog", "Tiger, he is my cat".
pub fn past_apposition(s: &Sentence, end: usize) -> usize {
    /// Adjectives before the noun.
    const ADJECTIVES: usize = 2;
    let comma = s.tokens().get(end).is_some_and(|token| token.mark.is_none_or(|mark| mark == ','));
    let subject = matches!(s.word(end), "he" | "she" | "it" | "who" | "that" | "er" | "sie" | "es" | "qui" | "que");
    let verb = matches!(s.word(end + 1), "is" | "was" | "ist" | "war" | "est" | "etait" | "es" | "era");
    let article_at = if subject && verb { end + 2 } else { end };
    let article = matches!(
        s.word(article_at),
        "the"
            | "our"
            | "my"
            | "der"
            | "die"
            | "unser"
            | "unsere"
            | "mein"
            | "meine"
            | "le"
            | "la"
            | "el"
            | "notre"
            | "mon"
            | "ma"
            | "nuestro"
            | "nuestra"
            | "mi"
    );
    if !(article && comma) {
        return end;
    }
    let last = (article_at + 1..=article_at + 1 + ADJECTIVES).find(|at| APPOSITIONS.contains(&s.word(*at)));
    let parted = |last: usize| s.tokens()[end + 1..=last].iter().any(|token| token.mark.is_some());
    let goes_on =
        |last: usize| (article_at + 1..last).any(|at| is_link(s.word(at)) || MEDIA_NOUNS.is_at(s.tokens(), at));
    last.filter(|last| s.is_free(end..last + 1) && !parted(*last) && !goes_on(*last)).map_or(end, |last| last + 1)
}

/// Reads names of people that the library does not know.
pub fn read(s: &mut Sentence, lexicon: &Lexicon, reading: &mut Reading) {
    for at in 0..s.len() {
        if !s.free_at(at) {
            continue;
        }
        if let Some((length, _)) = kinship::at(s.tokens(), at).filter(|(length, _)| s.is_free(at..at + length)) {
            unknown_relative(s, at, length, lexicon, reading);
            continue;
        }
        if is_unknown_name(s, at, lexicon) {
            let end = surname_end(s, at, lexicon);
            push(s, at..end, reading);
        }
    }
}

fn push(s: &mut Sentence, words: Range<usize>, reading: &mut Reading) {
    let name = s.written(words.clone()).trim_end_matches("'s").trim_end_matches("’s").to_owned();
    s.claim(words, Role::UnknownPerson, format!("{name} (unknown)"));
    reading.unknown_names.push(name);
}

/// "my mom", "uncle Thorvald": somebody, whom the library does not know. "a mother" is anybody.
fn unknown_relative(s: &mut Sentence, at: usize, length: usize, lexicon: &Lexicon, reading: &mut Reading) {
    let next = at + length;
    let named = s.tokens().get(next).is_some_and(|token| {
        token.mark.is_none()
            && s.claims[next] == super::sentence::Claim::Free
            && (token.capital && !MEDIA_NOUNS.is_at(s.tokens(), next) || lexicon.general.is_given_name(&token.fold))
            && !is_stop_word(&token.fold)
    });
    let possessive = matches!(
        s.word_before(at),
        "my" | "our"
            | "your"
            | "his"
            | "her"
            | "mein"
            | "meine"
            | "meiner"
            | "meinem"
            | "meinen"
            | "unsere"
            | "unser"
            | "unserer"
            | "mon"
            | "ma"
            | "mes"
            | "notre"
            | "mi"
            | "nuestra"
            | "nuestro"
    );
    let bare = matches!(s.word_before(at), "of" | "with" | "without" | "von" | "mit" | "de" | "avec" | "con")
        || at == 0 && next == s.len();
    let everyday = matches!(
        s.word(at),
        "son" | "femme" | "fille" | "mari" | "pop" | "nan" | "papi" | "tata" | "sis" | "bro" | "gran"
    );
    if named && !everyday {
        push(s, at..next + 1, reading);
    } else if (possessive || bare && !everyday) && !lexicon.general.continues(s, next - 1) {
        push(s, at..next, reading);
    }
}

fn is_unknown_name(s: &Sentence, at: usize, lexicon: &Lexicon) -> bool {
    let token = &s.tokens()[at];
    let word = token.fold.as_str();
    if !lexicon.general.is_given_name(word) || is_stop_word(word) || token.quote.is_some() || lexicon.people.knows(word)
    {
        return false;
    }
    let everyday = lexicon.general.is_word(word);
    // "roman ruins": an adjective before a noun.
    let told = token.capital && at > 0;
    let goes_on = s.tokens().get(at + 1).is_some_and(|next| {
        next.mark.is_none()
            && s.free_at(at + 1)
            && !next.capital
            && !is_stop_word(&next.fold)
            && lexicon.general.is_word(&next.fold)
    });
    if goes_on && !told && !token.possessive && !introduces_name(s.word_before(at)) {
        return false;
    }
    let capital_inside = token.capital && at > 0;
    let cue = introduces_name(s.word_before(at)) || at == 0 || MEDIA_NOUNS.before(s.tokens(), at).is_some();
    let month = super::dates::is_calendar_word(s, at);
    // "Joan of Arc statue", "Mona Lisa": a name inside a longer capitalised phrase may be a thing.
    if month {
        return capital_inside && introduces_name(s.word_before(at));
    }
    if everyday { capital_inside && cue } else { cue || capital_inside }
}

/// Past a family name that follows: a capitalised word that is no everyday word.
fn surname_end(s: &Sentence, at: usize, lexicon: &Lexicon) -> usize {
    let next = at + 1;
    let follows = s.tokens().get(next).is_some_and(|token| {
        token.capital
            && token.mark.is_none()
            && s.free_at(next)
            && !s.tokens()[at].possessive
            && !lexicon.general.is_common(&token.fold)
            && !is_stop_word(&token.fold)
    });
    if follows { next + 1 } else { next }
}
