//! Joins a question with the one before it.
//!
//! A condition is replaced or narrowed by one of the same kind and forgotten in no other way. Which of the two a question
//! asks for is decided by `followup`.

use super::language::Language;
use super::reading::{Content, FollowUp, Intent, Order, Reading, Role, Wording};
use crate::library::filter::{MediaFilter, TimeSpan};

/// Joins a question with the one before it.
pub fn join(previous: &Reading, mut current: Reading, kind: FollowUp) -> Reading {
    let mut joined = carried(previous);
    let narrow = kind == FollowUp::Narrow;
    if narrow {
        joined.narrowed = Some(Box::new(Reading { narrowed: None, ..previous.clone() }));
    }
    joined.language = current.language;
    joined.yes_or_no = current.yes_or_no;
    joined.asks_a_fact = current.asks_a_fact;
    joined.follow_up = kind;
    joined.certainty = previous.certainty.min(current.certainty);
    let replaced = replaced_roles(&current, narrow);
    if current.intent != Intent::Find
        || current.order != Order::default()
        || matches!(
            joined.intent,
            Intent::Act { .. } | Intent::ShowMore | Intent::Chat | Intent::Thanks | Intent::Similar
        )
    {
        joined.intent = current.intent;
    } else if kind == FollowUp::Narrow && !matches!(joined.intent, Intent::Count { .. } | Intent::HowOften) {
        joined.intent = Intent::Find;
    }
    if current.limit.is_some() || current.order != Order::default() {
        joined.limit = current.limit;
        joined.order = current.order;
    } else if narrow && joined.limit == Some(1) {
        // A single picture cannot be narrowed: what it was the first or the last of is meant.
        joined.limit = None;
        joined.order = Order::default();
        joined.parts.retain(|part| part.role != Role::Order);
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

/// More of the same results.
pub fn more(previous: &Reading, language: Language) -> Reading {
    let more = Reading { intent: Intent::ShowMore, certainty: 0.95, language, ..Reading::default() };
    join(previous, more, FollowUp::Same)
}

/// What a narrowing left out; where nothing was narrowed, what a number of results left out, else more of the same.
pub fn others(previous: &Reading, language: Language) -> Reading {
    let mut wider = match &previous.narrowed {
        Some(wider) => carried(wider),
        None if previous.limit.is_some() => {
            let mut wider = carried(previous);
            (wider.limit, wider.order) = (None, Order::default());
            wider.parts.retain(|part| part.role != Role::Order);
            wider
        }
        None => return more(previous, language),
    };
    wider.intent = Intent::Find;
    wider.yes_or_no = false;
    wider.language = language;
    wider.follow_up = FollowUp::Others;
    wider
}

/// An earlier reading in another question: its parts come from none of its words.
fn carried(earlier: &Reading) -> Reading {
    let mut carried = earlier.clone();
    for part in &mut carried.parts {
        part.range = None;
    }
    carried
}

/// Roles whose earlier parts give way to those of the question.
fn replaced_roles(current: &Reading, narrow: bool) -> Vec<Role> {
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
    old.somebody_unnamed |= new.somebody_unnamed;
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
    replace(&mut old.themes, new.themes);
    let added: Vec<_> = new.tags.into_iter().filter(|tag| !old.tags.contains(tag)).collect();
    if narrow || added.is_empty() {
        old.tags.extend(added);
    } else {
        old.tags = added;
    }
    old.without_tags.extend(new.without_tags);
    if narrow {
        old.concepts.extend(new.concepts);
    } else {
        replace(&mut old.concepts, new.concepts);
    }
    old.without_concepts.extend(new.without_concepts);
    old.generated = new.generated.or(old.generated);
    old.min_rating = new.min_rating.or(old.min_rating);
    old.max_rating = new.max_rating.or(old.max_rating);
    old.copies = new.copies.or(old.copies);
    old.dated = new.dated.or(old.dated);
    old.located = new.located.or(old.located);
    old.people_count = new.people_count.or(old.people_count);
    if new.min_seconds.is_some() || new.max_seconds.is_some() {
        (old.min_seconds, old.max_seconds) = (new.min_seconds, new.max_seconds);
    }
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
