//! The core on faces made up of seeded noise, whose people are known.

use std::collections::{BTreeMap, HashMap, HashSet};

use proptest::prelude::*;

use super::gallery::{Face, Gallery, Person, dot, unit};
use super::place::{Placement, Scope, Whom, place};
use super::quality::Quality;
use super::suggest::{Inquiry, Scene};

const SIZE: usize = 64;

/// Numbers that look random and are always the same.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as f32 / (1u64 << 31) as f32) - 0.5
    }

    fn direction(&mut self) -> Vec<f32> {
        unit(&(0..SIZE).map(|_| self.next()).collect::<Vec<_>>())
    }

    /// A vector at about this cosine to `of`.
    fn near(&mut self, of: &[f32], cosine: f32) -> Vec<f32> {
        let noise = self.direction();
        let side = (1.0 - cosine * cosine).sqrt();
        unit(&of.iter().zip(noise).map(|(x, n)| x * cosine + n * side).collect::<Vec<_>>())
    }
}

fn face(picture: u32) -> Face {
    Face {
        picture,
        moment: picture,
        year: Some(2020),
        quality: Quality::Good,
        person: None,
        fixed: false,
        fresh: true,
        not: Vec::new(),
    }
}

/// `people` people with `each` pictures, each picture of one of them.
fn portraits(people: u32, each: u32, noise: &mut Noise) -> (Gallery, Vec<u32>) {
    let mut gallery = Gallery::new(SIZE);
    let mut truth = Vec::new();
    for person in 0..people {
        let own = noise.direction();
        for at in 0..each {
            assert!(gallery.push(face(person * each + at), &noise.near(&own, 0.85)));
            truth.push(person);
        }
    }
    (gallery, truth)
}

fn placed(gallery: &Gallery, scope: Scope) -> Placement {
    place(gallery, scope, &|_| true).unwrap()
}

fn whom(placement: &Placement, face: usize) -> Option<Whom> {
    placement.faces[face].map(|placed| placed.whom)
}

/// The groups, whatever their numbers: for each face the first face of its group.
fn partition(placement: &Placement) -> Vec<Option<usize>> {
    let mut first: HashMap<Whom, usize> = HashMap::new();
    let of = |(at, placed): (usize, &Option<super::place::Placed>)| placed.map(|p| *first.entry(p.whom).or_insert(at));
    placement.faces.iter().enumerate().map(of).collect()
}

#[test]
fn portraits_fall_into_their_people() {
    let (gallery, truth) = portraits(12, 9, &mut Noise(1));
    let placement = placed(&gallery, Scope::Everything);
    for (a, of) in truth.iter().enumerate() {
        for (b, other) in truth.iter().enumerate() {
            assert_eq!(whom(&placement, a) == whom(&placement, b), of == other, "{a} {b}");
        }
    }
    assert!(placement.faces.iter().all(|placed| placed.unwrap().likeness > 0.7));
}

#[test]
fn a_chain_of_look_alikes_does_not_connect_two_people() {
    let mut noise = Noise(2);
    let (mut gallery, _) = portraits(2, 8, &mut noise);
    let (one, other) = (gallery.vector(0).to_vec(), gallery.vector(8).to_vec());
    for at in 1..8_u8 {
        let share = f32::from(at) / 8.0;
        let between: Vec<f32> = one.iter().zip(&other).map(|(a, b)| a * (1.0 - share) + b * share).collect();
        gallery.push(face(100 + u32::from(at)), &between);
    }
    let placement = placed(&gallery, Scope::Everything);
    assert!(whom(&placement, 0).is_some());
    assert_ne!(whom(&placement, 0), whom(&placement, 8));
}

#[test]
fn a_stranger_seen_once_and_a_burst_of_one_stay_with_nobody() {
    let mut noise = Noise(3);
    let (mut gallery, _) = portraits(2, 4, &mut noise);
    let stranger = noise.direction();
    gallery.push(face(50), &stranger);
    let passer_by = noise.direction();
    for picture in 60..63 {
        gallery.push(Face { moment: 60, ..face(picture) }, &noise.near(&passer_by, 0.98));
    }
    let placement = placed(&gallery, Scope::Everything);
    assert!(placement.faces.iter().skip(8).all(Option::is_none));
}

#[test]
fn poor_faces_found_nobody_and_fair_ones_join() {
    let mut noise = Noise(4);
    let (mut gallery, _) = portraits(1, 5, &mut noise);
    let own = gallery.vector(0).to_vec();
    let junk = noise.direction();
    for picture in 20..26 {
        gallery.push(Face { quality: Quality::Poor, ..face(picture) }, &noise.near(&junk, 0.97));
        gallery.push(Face { quality: Quality::Fair, ..face(picture) }, &noise.near(&own, 0.9));
    }
    let placement = placed(&gallery, Scope::Everything);
    for at in (5..17).step_by(2) {
        assert_eq!(whom(&placement, at), None);
        assert_eq!(whom(&placement, at + 1), whom(&placement, 0));
    }
}

#[test]
fn a_child_has_a_look_for_each_age_and_keeps_its_name() {
    let mut noise = Noise(5);
    let mut gallery = Gallery::new(SIZE);
    gallery.people = vec![Person { fixed: true }];
    let (baby, adult) = (noise.direction(), noise.direction());
    for (year, look) in [(2010, &baby), (2028, &adult)] {
        for at in 0..6 {
            let known = at == 0;
            let picture = year as u32 + at * 100;
            let of = Face { year: Some(year), person: known.then_some(0), fixed: known, ..face(picture) };
            gallery.push(of, &noise.near(look, 0.85));
        }
    }
    let placement = placed(&gallery, Scope::Everything);
    assert!((0..12).all(|at| whom(&placement, at) == Some(Whom::Known(0))));
    assert_eq!(placement.looks.len(), 2);
}

#[test]
fn those_who_are_apart_stay_apart_and_what_is_confirmed_stays() {
    let mut noise = Noise(6);
    let (mut gallery, _) = portraits(1, 8, &mut noise);
    gallery.people = vec![Person { fixed: true }, Person { fixed: true }, Person { fixed: false }];
    for (at, person) in [(0, 0), (4, 1)] {
        gallery.faces[at].person = Some(person);
        gallery.faces[at].fixed = true;
    }
    gallery.faces[7].not = vec![0, 1];
    let placement = placed(&gallery, Scope::Everything);
    assert_eq!(whom(&placement, 0), Some(Whom::Known(0)));
    assert_eq!(whom(&placement, 4), Some(Whom::Known(1)));
    assert!(!matches!(whom(&placement, 7), Some(Whom::Known(0 | 1))));
}

#[test]
fn found_groups_keep_their_identity_when_everything_is_placed_anew() {
    let mut noise = Noise(7);
    let (mut gallery, truth) = portraits(3, 6, &mut noise);
    gallery.people = vec![Person { fixed: false }; 3];
    for (face, person) in gallery.faces.iter_mut().zip(&truth) {
        face.person = Some(*person);
        face.fresh = false;
    }
    gallery.faces[1].person = Some(2);
    let placement = placed(&gallery, Scope::Everything);
    for (at, person) in truth.iter().enumerate() {
        assert_eq!(whom(&placement, at), Some(Whom::Known(*person)));
    }
}

#[test]
fn arrivals_join_whom_they_resemble_and_found_the_rest() {
    let mut noise = Noise(8);
    let (mut gallery, truth) = portraits(2, 6, &mut noise);
    gallery.people = vec![Person { fixed: true }];
    for (face, person) in gallery.faces.iter_mut().zip(&truth) {
        if *person == 0 && face.picture < 3 {
            (face.person, face.fixed, face.fresh) = (Some(0), true, false);
        }
    }
    let placement = placed(&gallery, Scope::Arrivals);
    assert!((0..6).all(|at| whom(&placement, at) == Some(Whom::Known(0))));
    assert!((6..12).all(|at| whom(&placement, at) == Some(Whom::New(0))));
}

#[test]
fn it_can_be_stopped() {
    let (gallery, _) = portraits(2, 4, &mut Noise(9));
    assert!(place(&gallery, Scope::Everything, &|_| false).is_none());
}

#[test]
fn vectors_that_are_none_are_left_out() {
    let mut gallery = Gallery::new(SIZE);
    assert!(!gallery.push(face(0), &[0.0; SIZE]));
    assert!(!gallery.push(face(0), &[f32::NAN; SIZE]));
    assert!(!gallery.push(face(0), &[1.0; 3]));
    assert!(gallery.faces.is_empty() && placed(&gallery, Scope::Everything).faces.is_empty());
}

/// A named person with four portraits, and a group that the face alone leaves unclear.
fn unclear(noise: &mut Noise, likeness: f32) -> (Gallery, Vec<Scene>) {
    let mut gallery = Gallery::new(SIZE);
    gallery.people = vec![Person { fixed: true }, Person { fixed: false }];
    let own = noise.direction();
    for picture in 0..4 {
        let of = Face { person: Some(0), fixed: true, ..face(picture) };
        gallery.push(of, &noise.near(&own, 0.95));
    }
    let similar = noise.near(&own, likeness);
    for picture in 4..9 {
        let of = Face { person: Some(1), ..face(picture) };
        gallery.push(of, &noise.near(&similar, 0.95));
    }
    let scene = |person| Scene { day: Some(18_000), people: vec![person], ..Scene::default() };
    let scenes = (0..9).map(|picture| scene(u32::from(picture >= 4))).collect();
    (gallery, scenes)
}

#[test]
fn an_unclear_group_is_asked_about_and_surroundings_make_it_likelier() {
    let (gallery, mut scenes) = unclear(&mut Noise(10), 0.5);
    let (named, silent) = (HashSet::from([0]), HashSet::new());
    let ask = |scenes: &[Scene]| {
        let inquiry = Inquiry { gallery: &gallery, scenes, named: &named, silent: &silent };
        inquiry.questions(&inquiry.learn(), 10)
    };
    let questions = ask(&scenes);
    assert_eq!(questions.len(), 1);
    assert_eq!((questions[0].group, questions[0].faces.len()), (Some(1), 5));
    scenes.iter_mut().for_each(|scene| scene.events = vec![3]);
    let surrounded = ask(&scenes);
    assert_eq!(surrounded[0].person, Some(0));
    assert!(surrounded[0].probability > questions[0].probability);
}

#[test]
fn what_was_answered_is_not_asked_again() {
    let (mut gallery, scenes) = unclear(&mut Noise(11), 0.6);
    gallery.apart.insert((0, 1));
    let (named, silent) = (HashSet::from([0]), HashSet::new());
    let inquiry = Inquiry { gallery: &gallery, scenes: &scenes, named: &named, silent: &silent };
    assert_eq!(inquiry.questions(&inquiry.learn(), 10)[0].person, None);
    let silent = HashSet::from([1]);
    let inquiry = Inquiry { silent: &silent, ..inquiry };
    assert!(inquiry.questions(&inquiry.learn(), 10).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the faces are: two of one picture are not one person, those who said no are heard, the order of faces
    /// does not matter, and the same gallery gives the same result.
    #[test]
    fn the_rules_hold_for_any_faces(seed in any::<u64>(), count in 2_usize..40, pictures in 1_u32..12) {
        let mut noise = Noise(seed);
        let people: Vec<Vec<f32>> = (0..4).map(|_| noise.direction()).collect();
        let mut gallery = Gallery::new(SIZE);
        gallery.people = vec![Person { fixed: true }, Person { fixed: false }];
        for _ in 0..count {
            let mut pick = |of: usize| ((noise.next() + 0.5) * of as f32) as usize % of;
            let (who, picture, quality, known) = (pick(4), pick(pictures as usize) as u32, pick(3), pick(6));
            let quality = [Quality::Poor, Quality::Fair, Quality::Good][quality];
            let taken = gallery.faces.iter().any(|face: &Face| face.picture == picture && face.person.is_some());
            let person = (known < 2 && !taken).then_some(known as u32);
            let of = Face { quality, person, fixed: person == Some(0), not: if known == 5 { vec![0] } else { vec![] }, ..face(picture) };
            let vector = noise.near(&people[who], 0.8);
            gallery.push(of, &vector);
        }
        for scope in [Scope::Arrivals, Scope::Everything] {
            let placement = placed(&gallery, scope);
            prop_assert_eq!(partition(&placement), partition(&placed(&gallery, scope)));
            let mut seen: BTreeMap<(u32, Whom), usize> = BTreeMap::new();
            for (at, (face, placed)) in gallery.faces.iter().zip(&placement.faces).enumerate() {
                let Some(placed) = placed else { continue };
                if let Some(other) = seen.insert((face.picture, placed.whom), at) {
                    prop_assert!(false, "{at} and {other} of one picture are one person");
                }
                if let Whom::Known(person) = placed.whom {
                    prop_assert!(!face.not.contains(&person) || face.person == Some(person));
                }
                if face.fixed {
                    prop_assert_eq!(placed.whom, Whom::Known(face.person.unwrap()));
                }
            }
        }
    }

    #[test]
    fn cosines_of_directions_are_cosines(seed in any::<u64>()) {
        let mut noise = Noise(seed);
        let (a, b) = (noise.direction(), noise.direction());
        let plain: f32 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
        prop_assert!((dot(&a, &b) - plain).abs() < 1e-5 && (dot(&a, &a) - 1.0).abs() < 1e-5);
    }
}
