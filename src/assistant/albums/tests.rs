//! Rules as text and as a structure: what is printed is read back, and what is wrong is told at the word.

use proptest::prelude::*;

use super::rule::{COPIES, KINDS, SHAPES};
use super::*;
use crate::library::filter::{Copies, DaySpan, MediaKind, Shape};

fn printed(text: &str) -> String {
    match parse(text) {
        Ok(parsed) => parsed.rule.to_string(),
        Err(problems) => panic!("{text}: {problems:?}"),
    }
}

/// The words at which something is wrong, and what is said of the first.
fn wrong(text: &str) -> (Vec<&str>, String) {
    let problems = parse(text).expect_err(text);
    let message = problems[0].message.clone();
    (problems.into_iter().map(|problem| &text[problem.range]).collect(), message)
}

#[test]
fn a_rule_is_printed_as_one_writes_it() {
    let rule = "people: Anna & Ben; place: Norway; date: 2019-06..2019-08; rating >= 3; not screenshot; best 40";
    assert_eq!(printed(rule), rule);
    let loose =
        "  WHO:anna|\"Rock & Roll\" ;; Where : Norway;stars≥3; NOT videos; Top 40; length <= 2 min; month: 6 | jul;";
    assert_eq!(
        printed(loose),
        "people: anna | \"Rock & Roll\"; place: Norway; rating >= 3; not video; length <= 120 s; month: June | July; best 40"
    );
    assert_eq!(printed("kind: photo"), "photo");
    assert_eq!(printed("people: nobody; place: unknown; live photo"), "people: nobody; place: unknown; live photo");
    assert_eq!(printed("people: \"nobody\""), "people: \"nobody\"");
    assert_eq!(printed("time: 22..5:30"), "time: 22:00..05:30");
    assert_eq!(printed("date: Last 30 Days | unknown"), "date: last 30 days | unknown");
    assert_eq!(printed("event: Trip: Rome"), "event: Trip: Rome");
}

#[test]
fn what_is_wrong_is_told_at_the_word() {
    for (text, at) in [
        ("", ""),
        ("rating >= 4; peple: Anna", "peple"),
        ("people: Anna & Ben | Joe", "Joe"),
        ("people: Anna & ", "people: Anna &"),
        ("date: 2019-13", "2019-13"),
        ("date: 2019 & 2020", "2019 & 2020"),
        ("rating >= 9", "9"),
        ("rating => 3", "=>"),
        ("length >= 5 miles", "5 miles"),
        ("sunset", "sunset"),
        ("best", "best"),
        ("not best 4", "best 4"),
        ("best 4; newest 4", "newest 4"),
        ("tag: \"open", "\"open"),
        ("tag: a \"b\"", "a \"b\""),
        ("people: nobody | Anna", "nobody"),
        ("colour >= 3", "colour"),
        ("not", "not"),
    ] {
        assert_eq!(wrong(text).0, [at], "{text}");
    }
    assert!(wrong("peple: Anna").1.contains("did you mean `people`"));
    assert!(wrong("sunset").1.contains("shows: sunset"));
    assert_eq!(wrong("sunset; video; date: x").0, ["sunset", "x"]);
    assert!(parse(&"a".repeat(LONGEST + 1)).is_err());
}

fn names() -> impl Strategy<Value = (Vec<String>, bool)> {
    let name = prop_oneof![
        "[A-Za-zÄØß0-9:'.,()/-]{1,8}( [A-Za-z0-9]{1,5}){0,2}",
        r#"[A-Za-z;|&"\\ ]{0,6}[a-z]"#,
        Just("nobody".to_owned()),
        Just("unknown".to_owned()),
    ];
    (prop::collection::vec(name, 1..4), any::<bool>()).prop_map(|(names, all)| {
        let all = all && names.len() > 1;
        (names, all)
    })
}

fn dates() -> impl Strategy<Value = Dates> {
    let day = || {
        prop_oneof![
            (1i16..=9999).prop_map(Day::Year),
            (1i16..=9999, 1i8..=12).prop_map(|(year, month)| Day::Month(year, month)),
            (1i16..=9999, 1i8..=12, 1i8..=28)
                .prop_map(|(year, month, day)| Day::Day(jiff::civil::Date::new(year, month, day).unwrap())),
        ]
    };
    prop_oneof![
        Just(Dates::Unknown),
        day().prop_map(Dates::On),
        day().prop_map(Dates::From),
        day().prop_map(Dates::Until),
        (day(), day()).prop_map(|(a, b)| if a.first() < b.after() {
            Dates::Between(a, b)
        } else {
            Dates::Between(b, a)
        }),
        (1u16..=9999, prop::sample::select(Unit::ALL)).prop_map(|(number, unit)| Dates::Last(number, unit)),
    ]
}

fn conditions() -> impl Strategy<Value = Condition> {
    let many = |values: std::ops::Range<usize>| values;
    let kinds: Vec<MediaKind> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let shapes: Vec<Shape> = SHAPES.iter().map(|(shape, _)| *shape).collect();
    let copies: Vec<Copies> = COPIES.iter().map(|(copies, _)| *copies).collect();
    let span = (0u16..1440, 0u16..=1440).prop_filter("a span has a length", |(from, to)| from != to);
    let measures = (prop::sample::select(Measure::ALL), prop::sample::select(Compare::ALL), 2u32..=4);
    prop_oneof![
        4 => (prop::sample::select(Key::ALL), names())
            .prop_map(|(key, (names, all))| Condition::Named { key, names, all }),
        1 => any::<bool>().prop_map(Condition::Somebody),
        1 => Just(Condition::NoPlace),
        1 => Just(Condition::Generated),
        2 => prop::collection::vec(dates(), many(1..3)).prop_map(Condition::Dates),
        1 => prop::collection::vec(1i8..=12, many(1..3)).prop_map(Condition::Months),
        1 => prop::collection::vec((1i8..=12, 1i8..=29), many(1..3)).prop_map(Condition::Days),
        1 => prop::collection::vec(1i8..=7, many(1..3)).prop_map(Condition::Weekdays),
        1 => prop::collection::vec(span.prop_map(|(from, to)| DaySpan { from, to }), many(1..3)).prop_map(Condition::Times),
        1 => prop::collection::vec(prop::sample::select(kinds), many(1..3)).prop_map(Condition::Kinds),
        1 => prop::collection::vec(prop::sample::select(shapes), many(1..3)).prop_map(Condition::Shapes),
        1 => prop::collection::vec(prop::sample::select(copies), many(1..3)).prop_map(Condition::Copies),
        1 => measures.prop_map(|(measure, compare, number)| Condition::Measured { measure, compare, number }),
    ]
}

fn rules() -> impl Strategy<Value = Rule> {
    let clause = (any::<bool>(), conditions()).prop_map(|(not, condition)| Clause { not, condition });
    let pick = (prop::sample::select(Which::ALL), 1u32..=1000).prop_map(|(which, number)| Pick { which, number });
    (prop::collection::vec(clause, 1..5), prop::option::of(pick)).prop_map(|(clauses, pick)| Rule { clauses, pick })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back_as_the_same_rule(rule in rules()) {
        let text = rule.to_string();
        let read = parse(&text).map_err(|problems| TestCaseError::fail(format!("{text}: {problems:?}")))?;
        prop_assert_eq!(&read.rule, &rule, "{}", text);
        prop_assert_eq!(read.rule.to_string(), text);
    }

    #[test]
    fn any_text_is_read_or_told_where_it_is_wrong(text in r#"[a-z:;|&"\\<>=≥ äß0-9.-]{0,60}"#) {
        match parse(&text) {
            Ok(parsed) => {
                let canonical = parsed.rule.to_string();
                prop_assert_eq!(parse(&canonical).map(|parsed| parsed.rule), Ok(parsed.rule), "{}", canonical);
            }
            Err(problems) => {
                for problem in problems {
                    prop_assert!(text.get(problem.range.clone()).is_some(), "{:?}", problem);
                }
            }
        }
        for cursor in 0..=text.len() + 1 {
            let range = complete(&text, cursor, &Default::default()).range;
            prop_assert!(text.get(range).is_some());
        }
    }
}
