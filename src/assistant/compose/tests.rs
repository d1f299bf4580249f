//! What is said of findings, word by word.

use super::*;

fn tally(photos: u64, videos: u64) -> Tally {
    Tally { photos, videos, ..Tally::default() }
}

#[test]
fn a_video_is_cited_with_the_times_of_its_best_moments() {
    let id = MediaId::new();
    let moment = |n: i64| Moment {
        start_ms: n * 10_000,
        end_ms: n * 10_000 + 500,
        frame_ms: None,
        score: if n == 3 { 0.2 } else { 0.9 },
        why: Vec::new(),
    };
    let answer = |moments: Vec<Moment>| compose(&Finding::Media(tally(0, 1), vec![(id, moments)]), Language::English);
    assert!(answer(vec![moment(1), moment(7)]).ends_with(&format!("[[media:{id}]] (0:10, 1:10)")));
    assert!(answer((1..=6).map(moment).collect()).ends_with("(0:10, 0:20, 0:40, 0:50, 1:00 …)"));
    assert!(answer(Vec::new()).ends_with("]]"));
}

#[test]
fn numbers_come_first_and_agree() {
    let english = |photos, videos| compose(&Finding::Count(tally(photos, videos)), Language::English);
    assert_eq!(english(1, 0), "**1 photo**.");
    assert_eq!(english(20, 1), "**21**: 20 photos and 1 video.");
    assert_eq!(english(0, 0), "0: there are no photos or videos like that.");
    assert_eq!(compose(&Finding::Count(tally(0, 7)), Language::Chinese), "**7 个视频**。");
}

#[test]
fn no_groups_are_no_empty_list() {
    let text = compose(&Finding::Distinct(Grouping::Event, Vec::new()), Language::English);
    assert_eq!(text, "0: there are no photos or videos like that.");
}

#[test]
fn what_was_said_is_quoted_and_cited_and_no_markup() {
    let id = MediaId::new();
    let said = |reason: &str| compose(&Finding::Said(tally(1, 0), reason.to_owned(), id), Language::English);
    let expected = format!("I found **1 photo**. You said: “…grandpa's boat…” [[media:{id}]]");
    assert_eq!(said("note: …grandpa's boat…"), expected);
    assert!(said("note on Lofoten: a whale").contains("About Lofoten you said: “a whale”"));
    assert!(said("spoken at 1:23: hello").contains("At 1:23: “hello”"));
    assert!(!said("note: [[media:x]] **bold**").contains("[[media:x"));
}

#[test]
fn months_are_written_out_and_ties_are_named() {
    let groups: Vec<_> = [("2019-06", 70), ("2019-03", 70), ("2019-01", 2)]
        .map(|(key, count)| GroupCount { key: key.into(), count })
        .to_vec();
    let text = compose(&Finding::Groups(Grouping::Month, Pick::Most, groups), Language::English);
    assert_eq!(text, "Month with the most: **June 2019, March 2019** (70).");
}

#[test]
fn a_day_is_cited_by_its_media() {
    let id = MediaId::new();
    let claim = (jiff::civil::date(2018, 9, 15).at(13, 0, 0, 0), Exact::Day, id);
    let text = compose(&Finding::When(vec![(claim, claim)]), Language::English);
    assert_eq!(text, format!("That was on **September 15, 2018** [[media:{id}]]."));
}

#[test]
fn long_lists_are_cut() {
    let entries: Vec<_> = (0..11).map(|n| GroupCount { key: format!("p{n}"), count: 1 }).collect();
    let text = compose(&Finding::List(Listed::People, entries), Language::English);
    assert!(text.starts_with("**11** people: p0 (1)") && text.ends_with("p7 (1) and 3 more."), "{text}");
}
