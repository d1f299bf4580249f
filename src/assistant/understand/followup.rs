//! Reads how a question hangs together with the one before, and joins the two.
//!
//! "Only the ones with Ben" narrows, "and in 2021?" changes one condition and keeps the rest, "how many are there?" asks about
//! the same media. A question that gives no sign of it stands alone. Joining never forgets a condition that was not replaced.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::reading::{Content, FollowUp, Intent, Reading, Wording};
use super::sentence::Sentence;
use super::words::MEDIA_NOUNS;
use crate::library::filter::{MediaFilter, TimeSpan};

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
    let asks = matches!(s.word(1), "which" | "what" | "welchem" | "welcher" | "quel" | "que" | "how" | "whom");
    if opens && !has_media && !asks && s.len() <= 8 { FollowUp::Narrow } else { FollowUp::None }
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

/// Joins a question with the one before it.
pub fn join(previous: &Reading, mut current: Reading, kind: FollowUp) -> Reading {
    let mut joined = previous.clone();
    for part in &mut joined.parts {
        part.range = None;
    }
    let narrow = kind == FollowUp::Narrow;
    joined.language = current.language;
    joined.follow_up = kind;
    joined.certainty = previous.certainty.min(current.certainty);
    let replaced = replaced_roles(&current, narrow);
    if current.intent != Intent::Find
        || matches!(joined.intent, Intent::Act { .. } | Intent::ShowMore | Intent::Chat | Intent::Similar)
    {
        joined.intent = current.intent;
    } else if kind == FollowUp::Narrow && !matches!(joined.intent, Intent::Count { .. }) {
        joined.intent = Intent::Find;
    }
    if current.limit.is_some() || current.order != super::reading::Order::default() {
        joined.limit = current.limit;
        joined.order = current.order;
    }
    joined.parts.retain(|part| !replaced.contains(&part.role));
    joined.parts.append(&mut current.parts);
    join_filter(&mut joined.filter, current.filter, narrow);
    joined.unknown_names = current.unknown_names;
    if !current.likely_events.is_empty() {
        joined.likely_events = current.likely_events;
    }
    joined.without_content.extend(current.without_content);
    joined.content = match (joined.content, current.content) {
        (Some(old), Some(new)) if narrow => Some(both(old, new)),
        (_, Some(new)) => Some(new),
        (old, None) => old,
    };
    joined
}

/// Roles whose earlier parts give way to those of the question.
fn replaced_roles(current: &Reading, narrow: bool) -> Vec<super::reading::Role> {
    use super::reading::Role;
    let roles =
        [Role::Time, Role::Place, Role::Kind, Role::Camera, Role::Rating, Role::Shape, Role::Event, Role::Order];
    let mut replaced: Vec<Role> =
        roles.into_iter().filter(|role| current.parts.iter().any(|part| part.role == *role)).collect();
    if !narrow && !current.filter.people.is_empty() {
        replaced.push(Role::Person);
    }
    if !narrow && current.content.is_some() {
        replaced.push(Role::Content);
    }
    replaced.push(Role::UnknownPerson);
    replaced.push(Role::Action);
    replaced
}

fn join_filter(old: &mut MediaFilter, new: MediaFilter, narrow: bool) {
    if !new.people.is_empty() {
        if narrow {
            let added: Vec<_> = new.people.into_iter().filter(|group| !old.people.contains(group)).collect();
            old.people.extend(added);
        } else {
            old.people = new.people;
            old.without_people.retain(|id| !old.people.iter().flatten().any(|person| person == id));
        }
    }
    old.without_people.extend(new.without_people);
    old.only_these_people |= new.only_these_people;
    old.has_people = new.has_people.or(old.has_people);
    if !new.places.is_empty() {
        old.places = new.places;
        old.place_events = new.place_events;
        if !narrow {
            old.events.clear();
        }
    }
    old.without_places.extend(new.without_places);
    join_time(old, new.taken, narrow);
    let calendar = !new.months.is_empty() || !new.month_days.is_empty();
    if calendar && !narrow {
        old.months.clear();
        old.month_days.clear();
    }
    replace(&mut old.months, new.months);
    replace(&mut old.month_days, new.month_days);
    replace(&mut old.weekdays, new.weekdays);
    replace(&mut old.times_of_day, new.times_of_day);
    replace(&mut old.kinds, new.kinds);
    replace(&mut old.cameras, new.cameras);
    replace(&mut old.shapes, new.shapes);
    if !new.events.is_empty() {
        if narrow {
            let common: Vec<_> = old.events.iter().filter(|id| new.events.contains(id)).copied().collect();
            old.events = if common.is_empty() { new.events } else { common };
        } else {
            old.events = new.events;
            old.places.clear();
            old.place_events.clear();
            old.taken.clear();
        }
    }
    old.without_events.extend(new.without_events);
    replace(&mut old.albums, new.albums);
    let added: Vec<_> = new.tags.into_iter().filter(|tag| !old.tags.contains(tag)).collect();
    if narrow || added.is_empty() {
        old.tags.extend(added);
    } else {
        old.tags = added;
    }
    old.without_tags.extend(new.without_tags);
    old.min_rating = new.min_rating.or(old.min_rating);
    old.max_rating = new.max_rating.or(old.max_rating);
    old.copies = new.copies.or(old.copies);
    old.dated = new.dated.or(old.dated);
}

fn join_time(old: &mut MediaFilter, new: Vec<TimeSpan>, narrow: bool) {
    if new.is_empty() {
        return;
    }
    let overlaps: Vec<TimeSpan> = old
        .taken
        .iter()
        .flat_map(|a| new.iter().map(move |b| TimeSpan { start: a.start.max(b.start), end: a.end.min(b.end) }))
        .filter(|span| span.start < span.end)
        .collect();
    old.taken = if narrow && !overlaps.is_empty() { overlaps } else { new };
}

fn replace<T>(old: &mut Vec<T>, new: Vec<T>) {
    if !new.is_empty() {
        *old = new;
    }
}

fn both(old: Content, new: Content) -> Content {
    let join = |a: &str, b: &str| format!("{a} {b}");
    let wording = Wording {
        text: join(&old.wording.text, &new.wording.text),
        english: join(&old.wording.english, &new.wording.english),
    };
    let mut expansions = old.expansions;
    expansions.extend(new.expansions);
    Content { alternatives: vec![wording.clone()], wording, expansions }
}
