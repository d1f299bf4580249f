//! What must stay true of every storyboard, for whatever is known and wished.

use proptest::prelude::*;

use super::facts::Fact;
use super::plan::{About, plan};
use super::{Area, Beats, CropPath, Easing, Format, Mood, Music, Pace, Show, Storyboard, TransitionKind, edit};
use crate::film::wish::Wish;
use crate::library::MediaId;

/// A picture taken `hours` after New Year 2018.
fn fact(number: u64, hours: i64) -> Fact {
    Fact::sample(number, hours)
}

fn id(number: u64) -> MediaId {
    fact(number, 0).id
}

fn many(count: u64) -> Vec<Fact> {
    (0..count).map(|at| fact(at, at as i64 * 30)).collect()
}

fn wish(seconds: u32) -> Wish {
    Wish { seconds: Some(seconds), ..Wish::default() }
}

fn planned(wish: &Wish, facts: &[Fact]) -> Storyboard {
    plan(wish, facts, &About::default()).unwrap()
}

/// Music of so many beats a minute, the first after `first` milliseconds.
fn music(tempo: f64, first: u64) -> Music {
    let at_ms = (0..900)
        .map(|beat| first + (f64::from(beat) * 60_000.0 / tempo).round() as u64)
        .take_while(|at| *at < 600_000)
        .collect();
    let beats = Beats { of: "1".to_owned(), tempo, confidence: 0.7, at_ms };
    Music::File { path: "/music/a.mp3".to_owned(), beats: Some(beats) }
}

fn shown(board: &Storyboard) -> Vec<MediaId> {
    board.shots.iter().filter(|shot| shot.show != Show::Card).map(|shot| shot.media).collect()
}

prop_compose! {
    fn any_fact(number: u64)(
        hours in 0i64..60_000,
        size in (300u32..6000, 300u32..6000),
        face in prop::collection::vec((0.0f64..0.9, 0.0f64..0.9, 0.02f64..0.4, 0.02f64..0.4), 0..4),
        rating in prop::option::of(1u8..=5),
        group in prop::option::of(0u8..12),
        event in prop::option::of(0u8..6),
        video in prop::option::weighted(0.2, 1000u64..60_000),
    ) -> Fact {
        let faces = face.into_iter().map(|(x, y, w, h)| Area { x, y, w: w.min(1.0 - x), h: h.min(1.0 - y) }).collect();
        Fact {
            size,
            faces,
            rating,
            groups: group.map(|group| format!("burst {group}")).into_iter().collect(),
            event: event.map(|event| format!("Event {event}")),
            video: video.is_some(),
            duration_ms: video.unwrap_or(0),
            ..fact(number, hours)
        }
    }
}

fn any_facts() -> impl Strategy<Value = Vec<Fact>> {
    (1usize..60).prop_flat_map(|count| (0..count as u64).map(any_fact).collect::<Vec<_>>())
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let format = prop::sample::select(vec![Format::Wide, Format::Tall, Format::Square]);
    let pace = prop::sample::select(vec![Pace::Calm, Pace::Even, Pace::Lively]);
    let mood = prop::sample::select(Mood::ALL.to_vec());
    let music = prop_oneof![
        Just(Music::Made),
        Just(Music::None),
        (50.0f64..190.0, 0u64..2000).prop_map(|(tempo, first)| music(tempo, first))
    ];
    (prop::option::of(10u32..120), format, pace, mood, any::<bool>(), 0u64..9, music).prop_map(
        |(seconds, format, pace, mood, life, seed, music)| Wish {
            seconds,
            format,
            pace,
            mood,
            life,
            seed,
            music,
            ..Wish::default()
        },
    )
}

/// Whatever is seen of a picture lies in it, has the frame's shape and holds every face.
fn paths_are_sound(board: &Storyboard, facts: &[Fact]) -> Result<(), TestCaseError> {
    for shot in &board.shots {
        let fact = facts.iter().find(|fact| fact.id == shot.media).unwrap();
        let (path, fit) = match &shot.show {
            Show::Card => continue,
            Show::Still { path, fit } => (path.clone(), *fit),
            Show::Clip { area, fit, .. } => (CropPath { from: *area, to: *area, easing: Easing::Linear }, *fit),
        };
        for step in 0..=20 {
            let area = path.at(f64::from(step) / 20.0);
            prop_assert!(Area::WHOLE.holds(&area), "{area:?} leaves the picture");
            for face in &fact.faces {
                prop_assert!(area.holds(face), "{area:?} cuts {face:?} off");
            }
            let shape = area.w * fact.aspect() / area.h;
            prop_assert!(fit || (shape / board.format.aspect() - 1.0).abs() < 1e-6, "{shape} is not the frame's shape");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_storyboard_can_be_made(facts in any_facts(), wish in any_wish()) {
        let Ok(board) = plan(&wish, &facts, &About::default()) else {
            prop_assert!(facts.iter().all(|fact| fact.video && fact.duration_ms < 1500));
            return Ok(());
        };
        prop_assert_eq!(board.check(), Ok(()));
        let media = shown(&board);
        for (at, one) in media.iter().enumerate() {
            let find = |id: &MediaId| facts.iter().find(|fact| fact.id == *id).unwrap();
            for other in &media[..at] {
                prop_assert!(one != other, "a medium is shown twice");
                let shared = find(one).groups.iter().any(|group| find(other).groups.contains(group));
                prop_assert!(!shared, "two of a burst are shown");
            }
        }
        paths_are_sound(&board, &facts)?;
        prop_assert_eq!(&plan(&wish, &facts, &About::default()).unwrap(), &board);
        let written = serde_json::to_string(&board).unwrap();
        prop_assert_eq!(serde_json::from_str::<Storyboard>(&written).unwrap().shots.len(), board.shots.len());
    }

    #[test]
    fn every_change_gives_a_storyboard_that_can_be_made(facts in any_facts(), wish in any_wish(), which in 0usize..8) {
        let Ok(board) = plan(&wish, &facts, &About::default()) else { return Ok(()) };
        let edits = ["shorter", "longer", "replace the third", "vertical", "slower", "faster", "remove the first", "no captions"];
        if let Ok(edited) = edit::apply(&board, &facts, &edit::read(edits[which]), false) {
            prop_assert_eq!(edited.board.check(), Ok(()), "{}", edits[which]);
            paths_are_sound(&edited.board, &facts)?;
        }
    }

    #[test]
    fn a_film_is_as_long_as_wished(seconds in 12u32..240, pace in 0usize..3, mood in 0usize..5) {
        let pace = [Pace::Calm, Pace::Even, Pace::Lively][pace];
        let mood = Mood::ALL[mood];
        let board = planned(&Wish { pace, mood, ..wish(seconds) }, &many(150));
        let off = (board.length_ms() as f64 / (f64::from(seconds) * 1000.0) - 1.0).abs();
        prop_assert!(off < 0.02, "{} ms instead of {seconds} s", board.length_ms());
    }

    #[test]
    fn cuts_lie_on_the_beats_of_the_users_music(seconds in 12u32..240, tempo in 55.0f64..180.0, first in 0u64..900) {
        let own = music(tempo, first);
        let board = planned(&Wish { music: own.clone(), ..wish(seconds) }, &many(150));
        let off = (board.length_ms() as f64 / (f64::from(seconds) * 1000.0) - 1.0).abs();
        prop_assert!(off < 0.02, "{} ms instead of {seconds} s", board.length_ms());
        let cuts = board.cuts_ms();
        let beats = &own.clear_beats().unwrap().at_ms;
        for cut in &cuts[1..cuts.len() - 1] {
            prop_assert!(beats.contains(cut), "{cut} of {cuts:?} is on no beat");
        }
        prop_assert!(board.shots.iter().all(|shot| shot.duration_ms >= 700));
    }

    #[test]
    fn what_is_trimmed_by_hand_keeps_its_length_and_the_rest_goes_back_to_the_beats(
        facts in any_facts(), wish in any_wish(), at in 0usize..40, by in -900i64..900,
    ) {
        let Ok(mut board) = plan(&wish, &facts, &About::default()) else { return Ok(()) };
        let at = at % board.shots.len();
        let trimmed = board.shots[at].duration_ms.saturating_add_signed(by).max(400);
        (board.shots[at].duration_ms, board.shots[at].fixed) = (trimmed, true);
        let length = board.length_ms();
        board.ending.fade_ms = board.ending.fade_ms.min(length);
        board.settle();
        prop_assert_eq!((board.shots[at].duration_ms, board.length_ms()), (trimmed, length));
        prop_assert_eq!(board.check(), Ok(()));
    }
}

#[test]
fn movements_are_smooth() {
    let path = CropPath {
        from: Area { x: 0.0, y: 0.0, w: 1.0, h: 1.0 },
        to: Area { x: 0.2, y: 0.1, w: 0.7, h: 0.7 },
        easing: Easing::Gentle,
    };
    let frames = 120;
    let xs: Vec<f64> = (0..=frames).map(|at| path.at(f64::from(at) / f64::from(frames)).x).collect();
    let bound = 3.6 * 0.2 / f64::from(frames * frames);
    for three in xs.windows(3) {
        assert!((three[0] - 2.0 * three[1] + three[2]).abs() <= bound * 1.001);
    }
    assert!(xs.windows(2).all(|two| two[1] > two[0]), "it stands still");
}

#[test]
fn everything_that_happened_and_everybody_is_there() {
    let mut facts = many(60);
    for (at, fact) in facts.iter_mut().enumerate() {
        fact.event = Some(format!("Event {}", at / 20));
        fact.people = if at == 33 { vec!["Ruth".to_owned()] } else { Vec::new() };
    }
    let board = planned(&wish(40), &facts);
    let media = shown(&board);
    for event in 0..3u64 {
        let of = media.iter().filter(|one| (event * 20..event * 20 + 20).any(|at| **one == id(at))).count();
        assert!(of >= 2, "event {event} has {of} shots");
    }
    assert!(media.contains(&id(33)), "the only picture of Ruth is missing");
    assert_eq!(board.sections.len(), 3);
}

#[test]
fn a_life_is_told_evenly() {
    // Twelve years, the last of which has most pictures.
    let mut facts: Vec<Fact> =
        (0..12).flat_map(|year| (0..4).map(move |at| fact(year * 10 + at, (year * 8766 + at * 700) as i64))).collect();
    facts.extend((0..80).map(|at| fact(1000 + at, (11 * 8766 + at * 20) as i64)));
    let board =
        plan(&Wish { life: true, ..wish(60) }, &facts, &About { people: vec!["Anna".to_owned()], name: None }).unwrap();
    let mut years = std::collections::BTreeMap::new();
    for media in shown(&board) {
        let taken = facts.iter().find(|fact| fact.id == media).unwrap().taken.unwrap();
        *years.entry(taken.year()).or_insert(0) += 1;
    }
    assert_eq!(years.len(), 12, "{years:?}");
    assert!(years.values().all(|count| (1..=3).contains(count)), "{years:?}");
    assert_eq!(board.title, "Anna");
    assert_eq!(board.sections.len(), 12);
}

#[test]
fn the_best_seconds_of_a_clip_have_faces_and_whole_sentences() {
    let clip = Fact {
        video: true,
        duration_ms: 30_000,
        face_times: vec![21_000, 22_000],
        speech: vec![(20_000, 23_000)],
        ..fact(1, 0)
    };
    let (from, to) = super::arrange::best_seconds(&clip, 5000);
    assert!(from <= 20_000 && to >= 23_000, "{from} to {to}");
    assert_eq!(to - from, 5000);
}

#[test]
fn a_film_is_changed_by_words() {
    let mut facts = many(80);
    for at in [7, 21, 44, 63] {
        facts[at].people = vec!["Rex".to_owned()];
        facts[at].relevance = 0.1;
        facts[at].rating = Some(1);
    }
    facts[50].words = "a small red boat on the lake".to_owned();
    let board = planned(&wish(40), &facts);
    let of_rex = |board: &Storyboard| {
        shown(board).iter().filter(|one| [7u64, 21, 44, 63].iter().any(|at| **one == id(*at))).count()
    };
    let change = |board: &Storyboard, words: &str| edit::apply(board, &facts, &edit::read(words), false).unwrap().board;
    assert!(of_rex(&change(&board, "more of Rex")) > of_rex(&board));
    assert_eq!(shown(&change(&board, "start with the boat"))[0], id(50));
    let short = change(&board, "shorter");
    assert!((short.length_ms() as f64 / 26_666.0 - 1.0).abs() < 0.02 && short.shots.len() < board.shots.len());
    let third = change(&board, "replace the third");
    let moved = shown(&third).iter().zip(shown(&board)).filter(|(a, b)| *a != b).count();
    assert_eq!((moved, shown(&third)[2] == shown(&board)[2]), (1, false));
    let plain = change(&change(&board, "without captions"), "no music");
    let words = plain.shots.iter().filter(|shot| shot.show != Show::Card && shot.caption.is_some()).count();
    assert_eq!((words, plain.music.clone()), (0, super::Music::None));
    assert_eq!(change(&board, "vertical for the phone").format, Format::Tall);
    assert!(edit::apply(&board, &facts, &edit::read("more of Zebedee"), false).is_err());
}

#[test]
fn what_cannot_be_made_is_refused() {
    let board = planned(&wish(20), &many(30));
    let with = |change: &dyn Fn(&mut Storyboard)| {
        let mut board = board.clone();
        change(&mut board);
        board.check().unwrap_err()
    };
    assert!(with(&|board| board.schema = 9).contains("version 9"));
    assert!(with(&|board| board.shots.clear()).contains("shots"));
    assert!(with(&|board| board.shots[1].duration_ms = 1).starts_with("shot 2"));
    assert!(with(&|board| board.shots[2].section = 99).contains("section"));
    assert!(
        with(&|board| {
            board.shots[1].show = Show::Clip { in_ms: 5, out_ms: 5, area: Area::WHOLE, fit: false, sound: true };
        })
        .contains("ends before it begins")
    );
    assert!(
        with(&|board| board.shots[1].transition = super::Transition { kind: TransitionKind::Dissolve, ms: 4999 })
            .contains("transition")
    );
    assert_eq!(board.check(), Ok(()));
}
