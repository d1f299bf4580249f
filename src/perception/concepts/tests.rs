//! Probes on made-up pictures: what they learn, that they judge themselves fairly, and that nothing is learned twice.

use proptest::prelude::*;

use super::Concepts;
use super::train::{Examples, TrainError, train};
use crate::jobs::{ModelKey, Overview as _};
use crate::library::Library;
use crate::library::concepts::examples::Said;
use crate::library::media::{NewMedium, SeenFile};
use crate::library::synthetic::{LookedAt, LookedWith};

/// Numbers between -1 and 1 that look random and never change.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        // The multiplier and increment are Knuth's (MMIX).
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / 8_388_608.0 - 1.0
    }
}

/// Unit vectors around a direction (one component that is raised by `apart`).
fn pictures(noise: &mut Noise, count: usize, length: usize, towards: usize, apart: f32) -> Vec<Vec<f32>> {
    (0..count)
        .map(|_| {
            let mut vector: Vec<f32> = (0..length).map(|_| noise.next()).collect();
            vector[towards] += apart;
            crate::perception::faces::gallery::unit(&vector)
        })
        .collect()
}

fn refs(vectors: &[Vec<f32>]) -> Vec<&[f32]> {
    vectors.iter().map(Vec::as_slice).collect()
}

#[test]
fn a_few_examples_and_a_library_tell_what_is_meant() {
    let mut noise = Noise(7);
    let (yes, library) = (pictures(&mut noise, 5, 128, 3, 6.0), pictures(&mut noise, 200, 128, 9, 2.0));
    let learned = train(&Examples { belonging: refs(&yes), others: vec![], unlabelled: refs(&library) }).unwrap();
    assert!(learned.quality.recognised >= 0.8 && learned.quality.among_others.unwrap() < 0.05, "{:?}", learned.quality);
    assert_eq!(learned.quality.kept_out, None);
    let (more, others) = (pictures(&mut noise, 100, 128, 3, 6.0), pictures(&mut noise, 100, 128, 9, 2.0));
    let taken = |vectors: &[Vec<f32>]| vectors.iter().filter(|v| learned.probe.certainty(v).unwrap() >= 0.5).count();
    assert!(taken(&more) >= 90 && taken(&others) <= 5, "{} {}", taken(&more), taken(&others));
}

#[test]
fn counter_examples_keep_out_what_the_library_alone_does_not() {
    let mut noise = Noise(11);
    let library = pictures(&mut noise, 150, 96, 40, 1.0);
    let bikes = pictures(&mut noise, 8, 96, 2, 6.0);
    // Bikes of others: the same direction, and another one beside it.
    let theirs: Vec<Vec<f32>> = pictures(&mut noise, 8, 96, 2, 6.0)
        .into_iter()
        .map(|mut vector| {
            vector[5] += 0.6;
            crate::perception::faces::gallery::unit(&vector)
        })
        .collect();
    let alone = train(&Examples { belonging: refs(&bikes), others: vec![], unlabelled: refs(&library) }).unwrap();
    let told =
        train(&Examples { belonging: refs(&bikes[..6]), others: refs(&theirs[..6]), unlabelled: refs(&library) })
            .unwrap();
    assert!(alone.probe.certainty(&theirs[7]).unwrap() > 0.5, "nobody said that those are not meant");
    assert!(told.probe.certainty(&theirs[7]).unwrap() < 0.5);
    assert!(told.probe.certainty(&bikes[7]).unwrap() > 0.5);
    assert!(told.quality.kept_out.unwrap() > 0.6, "{:?}", told.quality);
}

#[test]
fn examples_are_judged_as_if_they_had_been_left_out() {
    let mut noise = Noise(23);
    // Nothing tells these apart, so that judging them by what was fitted to them would be much too kind.
    let (yes, no) = (pictures(&mut noise, 20, 256, 0, 0.0), pictures(&mut noise, 60, 256, 0, 0.0));
    let learned = train(&Examples { belonging: refs(&yes), others: refs(&no), unlabelled: vec![] }).unwrap();
    let fitted = yes.iter().filter(|v| learned.probe.certainty(v).unwrap() > 0.5).count();
    let really = {
        let mut right = 0;
        for at in 0..yes.len() {
            let mut rest = yes.clone();
            let one = rest.remove(at);
            let without = train(&Examples { belonging: refs(&rest), others: refs(&no), unlabelled: vec![] }).unwrap();
            // The plane of the whole, moved to the same place.
            right += usize::from(without.probe.distance(&one).unwrap() > 0.0);
        }
        right as f32 / yes.len() as f32
    };
    assert!(fitted >= 18, "{fitted}");
    let kept_out = learned.quality.kept_out.unwrap();
    assert!(learned.quality.recognised + kept_out < 1.5, "{:?}, really {really}", learned.quality);
}

#[test]
fn what_cannot_be_learned_is_said() {
    let picture = [1.0, 0.0];
    let yes = || vec![&picture[..]];
    assert_eq!(train(&Examples::default()), Err(TrainError::NoExample));
    assert_eq!(train(&Examples { belonging: yes(), ..Examples::default() }), Err(TrainError::NothingElse));
    let mixed = Examples { belonging: yes(), others: vec![&picture[..1]], unlabelled: vec![] };
    assert_eq!(train(&mixed), Err(TrainError::Mixed));
    let learned = train(&Examples { belonging: yes(), others: vec![&[0.0, 1.0]], unlabelled: vec![] }).unwrap();
    assert!(learned.probe.certainty(&[1.0, 0.0]).unwrap() > learned.probe.certainty(&[0.0, 1.0]).unwrap());
    assert_eq!(learned.probe.certainty(&[1.0]), None, "a vector of another model");
}

/// A picture that was looked at.
fn looked_at(name: &str, vector: Vec<f32>) -> LookedAt {
    let (path, folder, sidecars) = (format!("/p/{name}"), "/p".to_owned(), String::new());
    let file = SeenFile { path, folder, name: name.into(), bytes: 1, modified_ns: 1, sidecars };
    let (hash, mime) = (name.to_owned(), "image/jpeg".to_owned());
    let medium = NewMedium { hash, kind: "photo", mime, ..NewMedium::default() };
    LookedAt { file, medium, faces: vec![], group: 0, objects: vec![], labels: vec![], vector }
}

#[tokio::test]
async fn what_is_learned_is_not_learned_again_when_nothing_changed() {
    let dir = tempfile::tempdir().unwrap();
    let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
    let key = ModelKey { name: "eye".into(), version: "1".into(), settings: String::new() };
    let with = LookedWith { faces: key.clone(), objects: key.clone(), labels: key.clone(), vector: key };
    let mut noise = Noise(5);
    let vectors = pictures(&mut noise, 30, 16, 3, 4.0).into_iter().chain(pictures(&mut noise, 4, 16, 9, 4.0));
    let all: Vec<LookedAt> =
        vectors.enumerate().map(|(at, vector)| looked_at(&format!("{at:02}.jpg"), vector)).collect();
    library.add_looked_at(&all, &with, &[]).await.unwrap();
    // The user spoke of nearly all of the library, so that there will never be much else to compare with.
    let ids = library.media_with_vectors(&library.main_picture_model().await.unwrap().unwrap()).await.unwrap();
    let said = Said { belonging: ids[..15].to_vec(), others: ids[15..30].to_vec(), neither: vec![] };
    let id = library.create_concept("bikes", &said).await.unwrap();
    let concepts = Concepts::new(library.clone(), None, Vec::new());
    let before = library.revision().await.unwrap();
    let caught = concepts.catch_up(false).await.unwrap();
    let (learned, settled) = (library.concept(id).await.unwrap().probe, library.revision().await.unwrap());
    assert!(learned.is_some());
    assert_eq!((caught.current, caught.writes), (true, settled - before), "its own writes are counted");
    assert_eq!(concepts.catch_up(false).await.unwrap().writes, 0);
    assert_eq!((library.concept(id).await.unwrap().probe, library.revision().await.unwrap()), (learned, settled));

    let more: Vec<LookedAt> = pictures(&mut noise, 20, 16, 9, 4.0)
        .into_iter()
        .enumerate()
        .map(|(at, vector)| looked_at(&format!("more {at:02}.jpg"), vector))
        .collect();
    library.add_looked_at(&more, &with, &[]).await.unwrap();
    concepts.catch_up(false).await.unwrap();
    assert_ne!(library.concept(id).await.unwrap().probe, learned, "there is much more to compare with");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_examples_give_numbers(
        seed in any::<u64>(), yes in 1usize..12, no in 0usize..12, rest in 0usize..20, length in 1usize..24, twice in any::<bool>(),
    ) {
        let mut noise = Noise(seed);
        let mut belonging = pictures(&mut noise, yes, length, 0, 1.0);
        let (others, unlabelled) = (pictures(&mut noise, no, length, 0, 0.0), pictures(&mut noise, rest, length, 0, 0.0));
        if twice {
            belonging.push(belonging[0].clone());
        }
        let examples = Examples { belonging: refs(&belonging), others: refs(&others), unlabelled: refs(&unlabelled) };
        match train(&examples) {
            Ok(learned) => {
                prop_assert!(learned.probe.weights.iter().all(|w| w.is_finite()) && learned.probe.bias.is_finite());
                let certainty = learned.probe.certainty(&belonging[0]).unwrap();
                prop_assert!((0.0..=1.0).contains(&certainty));
                prop_assert!((0.0..=1.0).contains(&learned.quality.recognised));
            }
            Err(error) => prop_assert!(error == TrainError::NothingElse && no + rest == 0, "{error}"),
        }
    }

    #[test]
    fn the_order_of_examples_does_not_matter(seed in any::<u64>()) {
        let mut noise = Noise(seed);
        let (yes, rest) = (pictures(&mut noise, 6, 12, 1, 2.0), pictures(&mut noise, 20, 12, 0, 0.0));
        let (back, tser): (Vec<_>, Vec<_>) = (yes.iter().rev().cloned().collect(), rest.iter().rev().cloned().collect());
        let one = train(&Examples { belonging: refs(&yes), others: vec![], unlabelled: refs(&rest) }).unwrap();
        let other = train(&Examples { belonging: refs(&back), others: vec![], unlabelled: refs(&tser) }).unwrap();
        let judged = |picture| one.probe.certainty(picture).zip(other.probe.certainty(picture)).unwrap();
        for picture in yes.iter().chain(&rest) {
            let (a, b) = judged(picture);
            prop_assert!((a - b).abs() < 1e-3, "{a} {b}");
        }
    }
}
