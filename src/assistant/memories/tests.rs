//! What must stay true of the memories of a day, whatever there is.

use std::collections::{HashMap, HashSet};

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::feedback::{About, Amount, Feedback, Wants};
use super::pairs::Pair;
use super::plan::{Material, plan};
use super::{Draft, Kind, Side};
use crate::film::storyboard::facts::Fact;
use crate::library::memories::Subjects;
use crate::library::{EventId, MediaId, PersonId};

const TODAY: Date = date(2026, 11, 22);

/// A picture taken on a day, `minutes` after nine.
fn on(number: u64, day: Date, minutes: i64) -> Fact {
    let taken = day.at(9, 0, 0, 0) + jiff::SignedDuration::from_mins(minutes);
    Fact { taken: Some(taken), ..Fact::sample(number, 0) }
}

/// So many pictures of a day, twenty minutes apart.
fn day(first: u64, day: Date, count: u64) -> Vec<Fact> {
    (0..count).map(|at| on(first + at, day, 20 * at as i64)).collect()
}

fn pair(person: PersonId, then: &Fact, now: &Fact) -> Pair {
    let side = |fact: &Fact| Side { media: fact.id, area: None, taken: fact.taken.unwrap() };
    Pair { kind: Kind::Person, person: Some(person), sides: [side(then), side(now)], fits: 0.8, why: "alike".into() }
}

fn kinds(drafts: &[Draft]) -> Vec<(Kind, i16)> {
    drafts.iter().map(|draft| (draft.kind, draft.years)).collect()
}

fn ids(drafts: &[Draft]) -> Vec<MediaId> {
    drafts.iter().flat_map(Draft::ids).collect()
}

#[test]
fn the_day_comes_before_the_week_and_a_pair_stands_beside() {
    let (then, now) = (on(900, date(2012, 5, 1), 0), on(901, date(2024, 5, 1), 0));
    let material = || Material {
        days: [day(0, date(2021, 11, 22), 5), day(10, date(2018, 11, 24), 5), day(20, date(2023, 11, 3), 6)].concat(),
        people: vec![pair(PersonId::new(), &then, &now)],
        known: [&then, &now].map(|fact| (fact.id, fact.clone())).into(),
        year: Some((2023, (0..40).map(|at| on(100 + at, date(2023, 1 + (at % 10) as i8, 5), 0)).collect())),
        ..Material::default()
    };
    let drafts = plan(TODAY, material());
    assert_eq!(drafts[0].kind, Kind::OnThisDay);
    let found: HashSet<(Kind, i16)> = kinds(&drafts).into_iter().collect();
    let expected =
        [(Kind::OnThisDay, 5), (Kind::ThisWeek, 8), (Kind::ThisMonth, 3), (Kind::Person, 12), (Kind::Year, 3)];
    assert_eq!(found, HashSet::from(expected));
    assert_eq!(plan(TODAY, material()).iter().map(|d| d.key.clone()).collect::<Vec<_>>().len(), drafts.len());
}

#[test]
fn bursts_doubles_and_screenshots_are_not_shown() {
    let mut facts = day(0, date(2021, 11, 22), 8);
    for fact in &mut facts[1..5] {
        fact.groups = vec!["burst 1".into()];
    }
    facts[6].screenshot = true;
    let drafts = plan(TODAY, Material { days: facts.clone(), ..Material::default() });
    let shown: HashSet<MediaId> = ids(&drafts).into_iter().collect();
    assert_eq!(facts[1..5].iter().filter(|fact| shown.contains(&fact.id)).count(), 1);
    assert!(!shown.contains(&facts[6].id));
    assert_eq!(shown.len(), 4);
}

#[test]
fn what_is_never_wanted_is_gone_and_what_is_wanted_less_comes_last() {
    let (anna, rome) = (PersonId::new(), EventId::new());
    let facts = [day(0, date(2021, 11, 22), 5), day(10, date(2016, 11, 22), 5)].concat();
    let subjects: HashMap<MediaId, Subjects> =
        facts[..5].iter().map(|fact| (fact.id, Subjects { people: vec![anna], events: vec![rome] })).collect();
    let planned = |wants: &[(About, Amount)]| {
        let said = wants.iter().map(|(about, amount)| Feedback { about: about.clone(), amount: *amount });
        let wants: Wants = said.collect();
        plan(TODAY, Material { days: facts.clone(), subjects: subjects.clone(), wants, ..Material::default() })
    };
    assert_eq!(planned(&[]).len(), 2);
    for about in [About::Person(anna), About::Event(rome), About::Days("2021-11-01..2021-11-30".parse().unwrap())] {
        assert_eq!(kinds(&planned(&[(about.clone(), Amount::Never)])), [(Kind::OnThisDay, 10)], "{about:?}");
        let less = planned(&[(about.clone(), Amount::Less)]);
        assert_eq!(kinds(&less)[0], (Kind::OnThisDay, 10), "{about:?}");
    }
    assert_eq!(planned(&[(About::Kind(Kind::OnThisDay), Amount::Never)]), []);
}

#[test]
fn a_pair_goes_with_either_of_its_pictures() {
    let (then, now) = (on(1, date(2012, 5, 1), 0), on(2, date(2024, 5, 1), 0));
    let material = |known: &[&Fact]| Material {
        people: vec![pair(PersonId::new(), &then, &now)],
        known: known.iter().map(|fact| (fact.id, (*fact).clone())).collect(),
        ..Material::default()
    };
    assert_eq!(plan(TODAY, material(&[&then, &now])).len(), 1);
    assert_eq!(plan(TODAY, material(&[&then])), []);
    let only = Feedback { about: About::Days("2012-05-01..2012-05-01".parse().unwrap()), amount: Amount::Never };
    let wants: Wants = [only].into_iter().collect();
    assert_eq!(plan(TODAY, Material { wants, ..material(&[&then, &now]) }), []);
}

prop_compose! {
    fn any_fact(number: u64)(
        off in -40i64..40, ago in 0i16..25, minute in 0i64..700, rating in prop::option::of(1u8..=5),
        group in 0u8..12, event in 0u8..4, video in any::<bool>(),
    ) -> Fact {
        let base = TODAY.with().year(TODAY.year() - ago).build().unwrap();
        let day = base.checked_add(jiff::Span::new().days(off)).unwrap();
        Fact {
            rating, video, duration_ms: if video { 8000 } else { 0 },
            groups: if group < 4 { vec![format!("near {group}")] } else { Vec::new() },
            event: (event > 0).then(|| format!("event {event}")),
            ..on(number, day, minute)
        }
    }
}

fn any_facts() -> impl Strategy<Value = Vec<Fact>> {
    (0usize..120).prop_flat_map(|count| (0..count as u64).map(any_fact).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn memories_are_few_without_repetition_and_the_same_every_time(facts in any_facts(), review in any_facts()) {
        let material = || Material {
            days: facts.clone(),
            year: Some((2020, review.iter().map(|fact| Fact { id: Fact::sample(1000 + number(fact), 0).id, ..fact.clone() }).collect())),
            ..Material::default()
        };
        let drafts = plan(TODAY, material());
        prop_assert_eq!(&drafts, &plan(TODAY, material()));
        prop_assert!(drafts.len() <= 9);
        let shown = ids(&drafts);
        prop_assert_eq!(shown.iter().collect::<HashSet<_>>().len(), shown.len());
        for kind in Kind::ALL {
            prop_assert!(drafts.iter().filter(|draft| draft.kind == kind).count() <= kind.most());
        }
        for draft in &drafts {
            prop_assert!(!draft.media.is_empty() && draft.years >= 1);
            let days: Vec<Date> = draft.media.iter().map(|(fact, _)| fact.taken.unwrap().date()).collect();
            prop_assert!(days.is_sorted());
            if draft.kind == Kind::OnThisDay {
                prop_assert!(days.iter().all(|day| (day.month(), day.day()) == (11, 22)));
            }
            prop_assert!(draft.media.iter().all(|(_, why)| !why.is_empty()));
        }
    }
}

fn number(fact: &Fact) -> u64 {
    u64::from_str_radix(&fact.id.to_string()[24..], 16).unwrap()
}
