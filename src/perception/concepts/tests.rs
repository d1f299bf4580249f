//! Probes on made-up pictures: what they learn, and that they judge themselves fairly.

use proptest::prelude::*;

use super::train::{Examples, TrainError, train};

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
        train(&Examples { belonging: refs(&bikes[..6]), others: refs(&theirs[..6]), unlabelled: refs(&library) }).unwrap();
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
