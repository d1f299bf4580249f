//! Two hundred false statements, each wrong in a name, a number, a date or a place, and true ones like them.

use jiff::civil::date;

use super::super::evidence::{Chapter, Evidence, Named, OnDay};
use super::*;
use crate::library::{MediaId, fold};

/// A journey: two days in Svolvær with Anna, one in Reine with Ben, one in Oslo with both.
pub(in super::super) fn norway() -> Evidence {
    let id = MediaId::new;
    let named = |name: &str, count: usize| Named { name: name.into(), count, media: vec![id()] };
    let plan: [(i8, &str, &[&str], usize, &str); 4] = [
        (3, "Svolvær", &["Anna"], 5, "A red boat in the harbour"),
        (4, "Svolvær", &["Anna"], 3, "Drying cod on wooden racks"),
        (5, "Reine", &["Ben"], 2, "Ben climbs the Reinebringen"),
        (6, "Oslo", &["Anna", "Ben"], 2, "Two ice creams at the opera"),
    ];
    let mut days = std::collections::BTreeMap::new();
    let mut chapters = Vec::new();
    for (day, place, people, count, caption) in plan {
        let on = date(2019, 7, day);
        let folded = |names: &[&str]| names.iter().map(|name| fold(name)).collect();
        days.insert(on, OnDay { places: folded(&[place, "Norway"]), people: folded(people), media: vec![id()] });
        chapters.push(Chapter {
            event: None,
            days: (on, on),
            count,
            places: vec![named(place, count)],
            people: people.iter().map(|name| named(name, 1)).collect(),
            captions: vec![(caption.to_owned(), id())],
            media: vec![id()],
        });
    }
    Evidence {
        name: "Lofoten, July 2019".into(),
        photos: 11,
        videos: 1,
        span: Some((date(2019, 7, 3).at(9, 0, 0, 0), date(2019, 7, 6).at(20, 0, 0, 0))),
        days,
        places: vec![named("Svolvær", 8), named("Reine", 2), named("Oslo", 2)],
        countries: vec![named("Norway", 12)],
        people: vec![named("Anna", 7), named("Ben", 4)],
        chapters,
        starred: 2,
        highlights: vec![id(), id()],
    }
}

const TRUE: &[&str] = &[
    "The journey began on July 3, 2019 in Svolvær and ended in Oslo on July 6.",
    "Anna was in Svolvær on 4 July 2019.",
    "Ben climbed in Reine on July 5, 2019.",
    "There are 11 photos and one video of these four days.",
    "On the first day Anna watched a red boat in the harbour.",
    "Anna and Ben met in Oslo on July 6 and had ice cream at the opera.",
    "Most pictures, 8 of them, are from Svolvær.",
    "Everything happened in Norway in July 2019.",
    "“Drying cod on wooden racks” is written under one of the pictures.",
    "They spent three nights away.",
    "Lofoten, July 2019 has twelve pictures.",
    "In Reine, Ben climbed the Reinebringen.",
    "On Saturday they were in Oslo.",
    "From July 3 to July 6 they saw Svolvær, Reine and Oslo.",
    "Together they visited three places.",
    "Anna is in 7 pictures, Ben in 4.",
    "Two pictures stand out.",
    "Two pictures have four stars or more.",
    "It was summer, and the light lasted long.",
    "Looking back, the harbour was the favourite place of all.",
    "Anna’s favourite was the boat.",
];

/// Statements that are true with the first value and false with every other.
fn planted() -> Vec<String> {
    let names = ["Peter", "Maria", "Kjersti", "Grandma Ruth", "Oliver", "Zoë", "Mr Hansen", "Ingrid", "Tom", "Yuki"];
    let numbers = ["5", "9", "17", "23", "nine", "40", "132", "6", "1,200", "eleven hundred and 3"];
    let dates = [
        "July 9",
        "June 3",
        "July 3, 2018",
        "August 6",
        "12 July",
        "July 31, 2019",
        "May 5",
        "1 January 2019",
        "July 7",
        "July 2",
    ];
    let places =
        ["Bergen", "Paris", "Tromsø", "Stockholm", "Berlin", "Hamburg", "Sweden", "Chicago", "Trondheim", "Germany"];
    let fill = |patterns: [&str; 5], values: [&str; 10]| -> Vec<String> {
        patterns.iter().flat_map(|pattern| values.map(|value| pattern.replace("{}", value))).collect()
    };
    let mut all = fill(
        [
            "{} was with them in Svolvær.",
            "On July 4, 2019 they met {} in the harbour.",
            "Anna and {} climbed in Reine.",
            "The best picture shows {} on a boat.",
            "In Oslo {} joined them.",
        ],
        names,
    );
    all.extend(fill(
        [
            "There are {} photos of the journey.",
            "They stayed for {} days.",
            "They made {} videos.",
            "They saw {} countries.",
            "On July 6 they took {} pictures in Oslo.",
        ],
        numbers,
    ));
    all.extend(fill(
        [
            "The journey began on {}.",
            "Anna was in Svolvær on {}.",
            "They came to Oslo on {} by train.",
            "On {} Ben climbed in Reine.",
            "The last picture is from {}.",
        ],
        dates,
    ));
    all.extend(fill(
        [
            "The journey ended in {}.",
            "Anna saw a red boat in {}.",
            "They drove from Svolvær to {} by car.",
            "On July 6, 2019 they were in {}.",
            "{} was the place they liked most.",
        ],
        places,
    ));
    all
}

#[test]
fn two_hundred_false_statements_are_dropped_and_no_true_one() {
    let evidence = norway();
    let grounds = Grounds::of(&evidence, Language::English);
    let false_ones = planted();
    assert_eq!(false_ones.len(), 200);
    let passed: Vec<&String> = false_ones.iter().filter(|said| grounds.fault(said).is_none()).collect();
    let lost: Vec<(&&str, Fault)> = TRUE.iter().filter_map(|said| Some((said, grounds.fault(said)?))).collect();
    assert!(passed.is_empty() && lost.is_empty(), "passed: {passed:#?}\nlost: {lost:#?}");
}

#[test]
fn what_did_not_meet_is_not_brought_together() {
    let evidence = norway();
    let grounds = Grounds::of(&evidence, Language::English);
    for said in [
        "Ben was in Svolvær.",
        "Anna was in Reine.",
        "On July 3, 2019 they were in Oslo.",
        "Ben was there on July 4.",
        "On Monday they were in Oslo.",
        "“Anna swims with whales” is written under it.",
    ] {
        assert!(grounds.fault(said).is_some(), "{said}");
    }
}

#[test]
fn german_is_checked_too() {
    let evidence = norway();
    let grounds = Grounds::of(&evidence, Language::German);
    for said in
        ["Am 3. Juli 2019 war Anna in Svolvær.", "Es gibt 11 Fotos und ein Video.", "Ben war am 5. Juli in Reine."]
    {
        assert_eq!(grounds.fault(said), None, "{said}");
    }
    for said in [
        "Am 9. Juli 2019 war Anna in Svolvær.",
        "Es gibt 14 Fotos.",
        "Peter war am 5. Juli in Reine.",
        "Das Ende war in Hamburg.",
    ] {
        assert!(grounds.fault(said).is_some(), "{said}");
    }
}

#[test]
fn no_tone_makes_a_false_statement_pass_or_a_true_one_fall() {
    let evidence = norway();
    let grounds = Grounds::of(&evidence, Language::English);
    for opening in ["Looking back: ", "Here we go: ", "What a time: ", "Once more, with a smile: ", "Surprise! "] {
        let toned = |said: &str| format!("{opening}{said}");
        let passed: Vec<String> =
            planted().iter().map(|said| toned(said)).filter(|said| grounds.fault(said).is_none()).collect();
        let lost: Vec<(&&str, Fault)> =
            TRUE.iter().filter_map(|said| Some((said, grounds.fault(&toned(said))?))).collect();
        assert!(passed.is_empty() && lost.is_empty(), "passed: {passed:#?}\nlost: {lost:#?}");
    }
}
