//! Repeats found in made-up lists, at scale, and in the family library against its truth.

use std::collections::HashSet;

use super::*;
use crate::fixtures::shared;
use crate::ingest::fingerprint::perceptual_hash;
use crate::ingest::picture::{DecodeLimits, decode};

fn shot(name: &'static str, second: i8, hash: u64) -> Look<'static> {
    let taken = jiff::civil::date(2019, 6, 9).at(12, 0, second, 0);
    Look { hash: Some(hash), size: (4000, 3000), taken: Some(taken), camera: Some("Canon"), folder: "2019", name }
}

const SCENE: u64 = 0x0123_4567_89AB_CDEF;

#[test]
fn a_smaller_copy_is_near_and_its_group_starts_with_the_largest() {
    let small = Look { size: (400, 300), folder: "best of", ..shot("small.jpg", 0, SCENE ^ 0b101) };
    let found = find_repeats(&[small, shot("IMG_1.JPG", 0, SCENE)]);
    assert_eq!(found, Repeats { near: vec![vec![1, 0]], bursts: vec![] });
}

#[test]
fn other_shapes_other_scenes_and_empty_pictures_are_not_near() {
    let square = Look { size: (3000, 3000), folder: "x", ..shot("a.jpg", 0, SCENE) };
    let other = Look { folder: "y", ..shot("b.jpg", 0, SCENE ^ 0xFF00) };
    let blank = Look { hash: None, folder: "z", ..shot("c.jpg", 0, 0) };
    let found = find_repeats(&[shot("IMG_1.JPG", 0, SCENE), square, other, blank.clone(), blank]);
    assert_eq!(found, Repeats::default());
}

#[test]
fn shots_within_moments_are_a_burst_and_not_near() {
    let media = [
        shot("IMG_3.JPG", 2, SCENE ^ 1),
        shot("IMG_1.JPG", 0, SCENE),
        shot("IMG_2.JPG", 1, SCENE ^ 3),
        shot("IMG_9.JPG", 30, SCENE),
    ];
    let found = find_repeats(&media);
    assert_eq!(found.bursts, [vec![1, 2, 0]]);
    assert_eq!(found.near.len(), 1, "the later shot of the same scene is near one of them");
}

#[test]
fn another_scene_in_the_same_second_is_no_part_of_a_burst() {
    let found = find_repeats(&[shot("IMG_1.JPG", 0, SCENE), shot("IMG_2.JPG", 0, !SCENE)]);
    assert_eq!(found, Repeats::default());
}

#[test]
fn a_copy_beside_its_original_is_near_and_no_burst() {
    for name in ["IMG_1 (1).JPG", "IMG_1-edited.jpg", "IMG_1 copy.jpg", "IMG_1~2.jpg"] {
        let found = find_repeats(&[shot("IMG_1.JPG", 0, SCENE), shot(name, 0, SCENE ^ 1)]);
        assert_eq!(found, Repeats { near: vec![vec![0, 1]], bursts: vec![] }, "{name}");
    }
}

#[test]
fn names_of_bursts_are_read() {
    assert_eq!(burst_name("IMG_1292_BURST002"), Some("IMG_1292"));
    assert_eq!(burst_name("00002IMG_00002_BURST20180704153012345_COVER"), Some("BURST20180704153012345"));
    assert_eq!(burst_name("IMG_20170301_101112_Burst01"), Some("IMG_20170301_101112"));
    assert_eq!(burst_name("Sunburst over the lake"), None);
    assert_eq!(burst_name("Größe_BURST7"), Some("Größe"));
}

#[test]
fn a_counter_that_starts_again_years_later_makes_no_burst() {
    let mut later = shot("IMG_1_BURST002.JPG", 0, SCENE);
    later.taken = Some(jiff::civil::date(2023, 1, 1).at(0, 0, 0, 0));
    assert!(find_repeats(&[shot("IMG_1.JPG", 0, SCENE), later]).bursts.is_empty());
}

#[test]
fn every_copy_among_many_media_is_found() {
    // A fixed sequence of well-mixed numbers (SplitMix64), every hundredth picture a near copy of the one before.
    let hash = |n: u64| {
        let z = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    };
    let media: Vec<Look<'_>> = (0..50_000u64)
        .map(|n| Look {
            hash: Some(if n % 100 == 1 { hash(n - 1) ^ 0b10010 } else { hash(n) }),
            size: (400, 300),
            ..Look::default()
        })
        .collect();
    let found = find_repeats(&media);
    assert_eq!(found.near.len(), 500);
}

/// Pairs of positions that a list of groups joins.
fn pairs(groups: &[Vec<usize>]) -> HashSet<(usize, usize)> {
    let all = groups.iter().flat_map(|g| g.iter().flat_map(move |&a| g.iter().map(move |&b| (a, b))));
    all.filter(|(a, b)| a < b).collect()
}

#[test]
fn the_family_library_is_found_to_repeat_itself_where_it_does() {
    let Some(root) = shared("library") else { return };
    let truth: serde_json::Value = serde_json::from_slice(&std::fs::read(root.join("truth.json")).unwrap()).unwrap();
    let items: Vec<&serde_json::Value> =
        truth["items"].as_array().unwrap().iter().filter(|i| i["media_type"] == "photo").collect();
    let text = |item: &serde_json::Value, field: &str| item[field].as_str().map(str::to_owned);
    let looks: Vec<(Option<u64>, (u32, u32))> = items
        .iter()
        .map(|item| {
            let picture =
                decode(&root.join("photos").join(item["path"].as_str().unwrap()), 1, &DecodeLimits::default());
            let picture = picture.unwrap();
            (perceptual_hash(&picture.image), (picture.width, picture.height))
        })
        .collect();
    let media: Vec<Look<'_>> = items
        .iter()
        .zip(&looks)
        .map(|(item, (hash, size))| {
            let (folder, name) = item["path"].as_str().unwrap().rsplit_once('/').unwrap_or_default();
            let taken = item["date"].as_str().and_then(|date| date.parse().ok());
            Look { hash: *hash, size: *size, taken, camera: item["camera"].as_str(), folder, name }
        })
        .collect();
    let found = find_repeats(&media);
    let expected = |field: &str| -> HashSet<(usize, usize)> {
        let same =
            |a: usize, b: usize| text(items[a], field).is_some() && text(items[a], field) == text(items[b], field);
        (0..items.len()).flat_map(|b| (0..b).map(move |a| (a, b))).filter(|&(a, b)| same(a, b)).collect()
    };
    let near: HashSet<_> = pairs(
        &found
            .near
            .iter()
            .map(|g| {
                let mut g = g.clone();
                g.sort();
                g
            })
            .collect::<Vec<_>>(),
    );
    let bursts: HashSet<_> = pairs(
        &found
            .bursts
            .iter()
            .map(|g| {
                let mut g = g.clone();
                g.sort();
                g
            })
            .collect::<Vec<_>>(),
    );
    for (what, found, expected) in [("near", near, expected("dup_group")), ("burst", bursts, expected("burst_group"))] {
        let right = found.intersection(&expected).count();
        println!("{what}: {right} of {} pairs found, {} found wrongly", expected.len(), found.len() - right);
        for (a, b) in found.symmetric_difference(&expected) {
            println!("   {} | {}", items[*a]["path"], items[*b]["path"]);
        }
        assert_eq!(found, expected, "{what}");
    }
}
