//! Reads how a question hangs together with the one before.
//!
//! "Only the ones with Ben" narrows, "and in 2021?" changes one condition and keeps the rest, "how many are there?"
//! asks about the same media. A question that gives no sign of it stands alone. The joining itself is left to
//! `joining`.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::reading::{FollowUp, Intent, Order, Reading};
use super::sentence::Sentence;
use super::words::MEDIA_NOUNS;
use crate::library::filter::MediaFilter;

/// Words of a question that is so short that it leans on the one before.
const SHORT: usize = 7;

static OPENERS: LazyLock<Phrases<FollowUp>> = LazyLock::new(|| {
    Phrases::new([
        (
            "only the ones|only those|only ones|just the ones|just those|only|just|now only|now just|now only the|now just the|of those|of these|of them|which of them|which of those|which of these|out of those|\
             among them|among those|but only|but just|any with|any from|any of|any in|are there any with|narrow it down to|restrict to|limit to|filter by|keep only|and only|\
             nur|nur die|nur noch|jetzt nur|jetzt nur die|davon nur|davon|welche davon|aber nur|von denen|\
             seulement|seulement celles|seulement ceux|uniquement|uniquement celles|juste celles|maintenant seulement|parmi celles ci|parmi elles|mais seulement|que celles|\
             solo|solo las|solo las que|ahora solo|ahora solo las|únicamente|de esas|de estas|de ellas|pero solo|\
             只要|只看|只有|仅|其中|这些里面|现在只看|现在只要",
            FollowUp::Narrow,
        ),
        (
            "and what about|what about|how about|and how about|and|and in|same thing but|the same thing but|same but|same thing with|same thing for|the same but|the same for|the same with|same again but|same for|same with|\
             no i meant|no i mean|i meant|i mean|no not|actually|sorry i meant|i actually meant|rather|instead|no|try|now|now with|now the|then|then show|or|also|plus|\
             und|und was ist mit|was ist mit|wie wäre es mit|das gleiche mit|dasselbe mit|das gleiche aber mit|dasselbe aber mit|das gleiche aber|nein ich meinte|nein ich meine|ich meinte|ich meine|nein|stattdessen|jetzt|\
             et|et pour|qu'en est il de|la même chose mais|la même chose avec|la même chose pour|pareil mais|pareil avec|non je voulais dire|je voulais dire|non|non je parlais de|plutôt|maintenant|\
             y|y qué hay de|qué tal|lo mismo pero con|lo mismo pero|lo mismo con|no quise decir|no quería decir|quise decir|quería decir|me refería a|no me refería a|mejor|ahora|\
             那|那么|换成|不是|不对|我是说|我指的是|一样但是|同样的但是|那么换成",
            FollowUp::Change,
        ),
    ])
});

static MORE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "show the next ones|show me the next ones|the next ones|next ones|show next|next|next page|more|more please|show more|show me more|show some more|show me some more|give me more|more of them|more of these|more of those|\
         keep going|continue|go on|and more|the rest|show the rest|show me the rest|see more|load more|what else|anything else|any more|are there more|are there any more|\
         mehr|mehr davon|zeig mehr|zeig mir mehr|weitere|zeig weitere|zeig mir weitere|die nächsten|zeig die nächsten|zeig mir die nächsten|weiter|noch mehr|den rest|\
         plus|encore|montre plus|montre m'en plus|montre moi plus|les suivantes|les suivants|montre les suivantes|montre moi les suivantes|la suite|montre la suite|montre moi la suite|continue|\
         más|muéstrame más|muestra más|enséñame más|las siguientes|los siguientes|muestra las siguientes|muéstrame las siguientes|sigue|continúa|el resto|\
         更多|再来|再来一些|再多一些|下一页|下一批|继续|还有吗|看更多|显示更多|后面的|显示后面的",
        (),
    )])
});

/// Whole questions for what a narrowing left out.
static OTHERS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "and the others|the others|show the others|show me the others|the other ones|and the other ones|what about the others|and what about the others|\
         all the others|the remaining ones|und die anderen|die anderen|zeig die anderen|zeig mir die anderen|was ist mit den anderen|die übrigen|\
         und die übrigen|alle anderen|et les autres|les autres|montre les autres|montre moi les autres|toutes les autres|y las otras|y los otros|\
         las otras|los otros|las demás|los demás|y las demás|y los demás|muéstrame las otras|muéstrame las demás|\
         其他的|其他的呢|其余的|其余的呢|别的呢|剩下的",
        (),
    )])
});

/// What a question about the set before points into: "is Ben in them?".
static INTO: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "in it|in them|on it|on them|with us|among them|with them|dabei|darauf|drauf|darunter|dessus|parmi eux|parmi elles|avec nous|en ella|en ellas|\
         entre ellas|entre ellos|con nosotros|在里面|在一起",
        (),
    )])
});

/// Words that point back.
static BACK: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "that|this|those|these|them|they|it|there|are there|these ones|those ones|of them|of these|of those|the results|that one|this one|the photos|the pictures|the ones|ones|in it|in them|then|so|\
         das|die|diese|es|sie|davon|dort|da|die bilder|die fotos|ça|cela|ce|celles|elles|ils|en|y|les photos|eso|esto|esas|estas|ellas|allí|las fotos|那|这|这些|那些|它们|那里",
        (),
    )])
});

/// What the opening of the question says about the one before, and accounts for it.
pub fn opener(s: &mut Sentence) -> FollowUp {
    if s.len() == 0 {
        return FollowUp::None;
    }
    let Some((length, kind)) = OPENERS.at(s.tokens(), 0).map(|(length, kind)| (length, *kind)) else {
        return fragment(s);
    };
    let first = s.word(0).to_owned();
    let rest = s.word(length).to_owned();
    // "Only photos of Ben" and "just show me" stand alone; so does "and" before a whole new question.
    let has_media =
        (length..s.len()).any(|at| MEDIA_NOUNS.is_at(s.tokens(), at) && !matches!(s.word(at), "ones" | "one"));
    let verb = matches!(
        rest.as_str(),
        "show"
            | "find"
            | "zeig"
            | "zeige"
            | "suche"
            | "montre"
            | "cherche"
            | "muestra"
            | "muestrame"
            | "give"
            | "list"
            | "make"
            | "create"
    );
    let weak = matches!(
        first.as_str(),
        "now"
            | "then"
            | "or"
            | "also"
            | "plus"
            | "no"
            | "and"
            | "und"
            | "et"
            | "y"
            | "jetzt"
            | "maintenant"
            | "ahora"
            | "just"
            | "nur"
            | "solo"
            | "only"
            | "try"
            | "actually"
            | "sin"
            | "nein"
            | "non"
    );
    if length == 1
        && weak
        && (verb || has_media && s.len() > length + 1)
        && !matches!(first.as_str(), "no" | "nein" | "non")
    {
        return FollowUp::None;
    }
    if first == "no" && length == 1 && s.tokens().get(1).is_none_or(|next| next.mark.is_none()) {
        return fragment(s);
    }
    // "Only videos": the kind of media narrows; "only" is read with it.
    if s.len() == length + 1 && has_media {
        return FollowUp::Narrow;
    }
    s.skip(0..length);
    let adds = matches!(rest.as_str(), "with" | "without" | "mit" | "ohne" | "avec" | "sans" | "con" | "sin");
    if adds && kind == FollowUp::Change {
        return FollowUp::Narrow;
    }
    // "and only …", "now just the …": the second opener says more.
    if let Some((more, second)) = OPENERS.at(s.tokens(), length).map(|(more, second)| (more, *second)) {
        s.skip(length..length + more);
        return if second == FollowUp::Narrow { second } else { kind };
    }
    kind
}

/// A bare "with Ben", "in 2021", "without the dog".
fn fragment(s: &Sentence) -> FollowUp {
    let opens = matches!(
        s.word(0),
        "with"
            | "without"
            | "in"
            | "from"
            | "not"
            | "except"
            | "but"
            | "excluding"
            | "before"
            | "after"
            | "since"
            | "during"
            | "mit"
            | "ohne"
            | "aus"
            | "nicht"
            | "aber"
            | "seit"
            | "avec"
            | "sans"
            | "pas"
            | "sauf"
            | "depuis"
            | "con"
            | "sin"
            | "excepto"
            | "menos"
            | "desde"
            | "没"
            | "不"
    );
    let has_media = (0..s.len()).any(|at| MEDIA_NOUNS.is_at(s.tokens(), at) && !matches!(s.word(at), "ones" | "one"));
    let last = s.word(s.len() - 1);
    let few = s.len() <= 6 && !has_media;
    // "The sleeping ones", "the ones at night", "any videos?", "no Carlos": what is left of the results.
    let named_ones =
        few && matches!(last, "ones" | "one") && s.len() > 1 && !matches!(s.word(0), "which" | "what" | "who");
    let ones_named = few && matches!((s.word(0), s.word(1)), ("the" | "those", "ones")) && s.len() > 2;
    let any_kind = matches!(s.word(0), "any" | "some") && has_media && s.len() <= 3;
    let none_of = s.word(0) == "no" && few && s.tokens().get(1).is_some_and(|next| next.mark.is_none());
    if named_ones || ones_named || any_kind || none_of {
        return FollowUp::Narrow;
    }
    let asks = matches!(s.word(1), "which" | "what" | "welchem" | "welcher" | "quel" | "que" | "how" | "whom");
    if opens && !has_media && !asks && s.len() <= 8 { FollowUp::Narrow } else { FollowUp::None }
}

/// "Remove the tennis ones": leaves some of the results out, and deletes nothing.
pub fn leaves_out(s: &Sentence) -> bool {
    let verb = matches!(s.word(0), "remove" | "drop" | "hide" | "exclude" | "leave" | "skip" | "take");
    let results = (1..s.len()).any(|at| matches!(s.word(at), "ones" | "results"));
    verb && results
}

/// Whether the whole question asks for more of the same.
pub fn asks_for_more(s: &Sentence) -> bool {
    let end = s.len() - usize::from(s.len() > 1 && matches!(s.word(s.len() - 1), "please" | "bitte" | "pls"));
    MORE.at(s.tokens(), 0).is_some_and(|(length, ())| length == end)
}

/// Accounts for words that only point back ("how many are there?"); whether there was one.
pub fn points_back(s: &mut Sentence) -> bool {
    s.skip_all(&BACK)
}

/// Whether the whole question asks for what a narrowing left out.
pub fn asks_for_the_others(s: &Sentence) -> bool {
    OTHERS.at(s.tokens(), 0).is_some_and(|(length, ())| length == s.len())
}

/// "Was Ben with us?": asked of the set before, where the question names no place, event or time of its own.
pub fn asks_of_set(s: &Sentence, reading: &Reading) -> bool {
    let filter = &reading.filter;
    let own = !filter.places.is_empty() || !filter.events.is_empty() || !filter.taken.is_empty();
    reading.yes_or_no && !own && INTO.find(s.tokens()).is_some()
}

/// "How many pictures of buses?" while a trip is talked about: what is counted says nothing of where and when, so it is
/// counted there, unless the question is of the whole library.
pub fn counts_within(s: &Sentence, reading: &Reading, previous: &Reading) -> bool {
    const OF_ALL: &str = " have got total library collection altogether overall ever all haben insgesamt uberhaupt alle avons ai collection \
        tenemos tengo hay coleccion todas 总 共 所 ";
    let counts = matches!(reading.intent, Intent::Count { distinct: None } | Intent::HowOften);
    let only_content =
        MediaFilter { kinds: Vec::new(), ..reading.filter.clone() }.is_empty() && reading.content.is_some();
    let scope = &previous.filter;
    let within = !scope.events.is_empty()
        || !scope.places.is_empty()
        || !scope.taken.is_empty()
        || !scope.albums.is_empty()
        || !scope.themes.is_empty();
    let of_all = (0..s.len()).any(|at| OF_ALL.contains(&format!(" {} ", s.word(at))));
    counts && only_content && within && scope.people.is_empty() && !of_all && s.len() <= SHORT
}

/// Whether nothing but words of asking and pointing is left.
pub fn nothing_left(s: &Sentence, reading: &Reading, parts: usize) -> bool {
    let empty = reading.filter.is_empty() && reading.unknown_names.is_empty();
    let action_only = matches!(reading.intent, Intent::Act { .. }) && empty;
    let free = (0..s.len()).filter(|at| s.free_at(*at) && !super::words::is_stop_word(s.word(*at))).count();
    empty && (parts == 0 || action_only) && free == 0
}

/// "Which was the first one?": one of the results, picked by its order.
pub fn picks_one(s: &Sentence, reading: &Reading) -> bool {
    let one = (0..s.len()).any(|at| s.word(at) == "one" || s.word(at) == "一" && s.word(at + 1) == "张");
    one && reading.filter.is_empty() && (reading.limit.is_some() || reading.order != Order::default())
}

/// "How many of them are videos": the set before, narrowed.
pub fn refers_to_set(s: &Sentence) -> bool {
    let text = s.tokens().iter().map(|token| token.fold.as_str()).collect::<Vec<_>>().join(" ");
    ["of them", "of those", "of these", "davon", "among them", "d entre elles", "de ellas", "de esas"]
        .iter()
        .any(|phrase| text.contains(phrase))
}

/// Conditions of an earlier question that a word takes over: "with her", "there", "on the same day".
pub fn take_over(s: &mut Sentence, previous: &Reading, filter: &mut MediaFilter) -> bool {
    static THEM: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([(
            "him|her|of him|of her|with him|with her|with them both|mit ihm|mit ihr|von ihm|von ihr|avec lui|avec elle|con él|con ella|和他|和她",
            (),
        )])
    });
    static THERE: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([("there|over there|from there|in that place|at the same place|dort|là bas|allí|ahí|那里", ())])
    });
    static THEN: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([(
            "that day|the same day|on that day|on the same day|that year|the same year|that month|the same month|back then|an dem tag|am selben tag|ce jour là|le même jour|ese día|el mismo día|那天|同一天",
            (),
        )])
    });
    static TRIP: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([(
            "that trip|the same trip|on that trip|this trip|that event|that party|auf dieser reise|auf der reise|ce voyage|ese viaje|那次旅行",
            (),
        )])
    });
    let mut taken = false;
    let mut skip = |s: &mut Sentence, phrases: &Phrases<()>| {
        let Some((at, length, ())) = phrases.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length))
        else {
            return false;
        };
        if at == 0 && length == 1
            || matches!(s.word(at.wrapping_sub(1)), "are" | "is" | "were" | "was") && s.word(at) == "there"
        {
            return false;
        }
        s.skip(at..at + length);
        taken = true;
        true
    };
    if !previous.filter.people.is_empty() && skip(s, &THEM) {
        filter.people.clone_from(&previous.filter.people);
    }
    if (!previous.filter.places.is_empty() || !previous.filter.events.is_empty()) && skip(s, &THERE) {
        filter.places.clone_from(&previous.filter.places);
        filter.place_events.clone_from(&previous.filter.place_events);
        filter.events.clone_from(&previous.filter.events);
    }
    if !previous.filter.taken.is_empty() && skip(s, &THEN) {
        filter.taken.clone_from(&previous.filter.taken);
    }
    if !previous.filter.events.is_empty() && skip(s, &TRIP) {
        filter.events.clone_from(&previous.filter.events);
    }
    taken
}
