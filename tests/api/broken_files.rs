//! Broken files: each is recorded with its reason, and all others are indexed.

use std::fs;

use crate::program::{Home, Photo, shared};

#[test]
fn a_broken_file_has_a_reason_and_costs_nothing_else() {
    let home = Home::new();
    Photo { seed: 1, taken: "2024-05-04T15:00:00", ..Photo::default() }.write(&home.photos().join("good.jpg"));
    fs::write(home.photos().join("empty.jpg"), b"").unwrap();
    fs::write(home.photos().join("text.jpg"), b"this is no picture at all, whatever its name says").unwrap();
    fs::write(home.photos().join("cut.png"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0").unwrap();
    let summary = home.add();
    assert!(summary.contains("3 failed") && summary.contains("holds 1 photos"), "{summary}");
    let jobs = home.json(&["jobs", "--json"]);
    for failure in jobs["failed"].as_array().unwrap() {
        assert!(!failure["code"].as_str().unwrap().is_empty() && !failure["message"].as_str().unwrap().is_empty());
    }
    // Nothing changed, so nothing is read again.
    assert!(home.add().contains("0 files read, 4 unchanged"), "{}", home.add());
}

#[test]
fn fuzzed_files_and_the_decompression_bomb_end_with_a_reason() {
    let (Some(fuzzed), Some(bombs)) = (shared("media/mei-fuzz"), shared("media/mei-sample/png/ImageTestSuite")) else {
        return;
    };
    let home = Home::new();
    Photo { seed: 1, taken: "2024-05-04T15:00:00", ..Photo::default() }.write(&home.photos().join("good.jpg"));
    let mut files = 1;
    for (folder, name) in [(fuzzed, "fuzz"), (bombs, "suite")] {
        fs::create_dir(home.photos().join(name)).unwrap();
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_file() {
                fs::copy(entry.path(), home.photos().join(name).join(entry.file_name())).unwrap();
                files += 1;
            }
        }
    }
    assert!(files > 56, "{files}");
    home.add();
    let jobs = home.json(&["jobs", "--json"]);
    assert_eq!(jobs["counts"]["queued"], 0, "{jobs}");
    assert_eq!(jobs["counts"]["running"], 0, "{jobs}");
    let failed = jobs["failed"].as_array().unwrap();
    assert!(failed.iter().all(|failure| !failure["message"].as_str().unwrap().is_empty()));
    let bomb = failed.iter().find(|failure| failure["path"].as_str().unwrap().contains("/817f"));
    assert_eq!(bomb.unwrap()["code"], "too_many_pixels", "the decompression bomb is refused by its header");
    assert!(!home.ask("photos from may 2024")["media"].as_array().unwrap().is_empty());
}
