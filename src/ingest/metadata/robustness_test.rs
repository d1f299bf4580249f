//! No input, however broken, makes the reader panic, hang or fill memory.
//!
//! Random bytes behind every format's signature, real files with bytes changed, cut or doubled, and every real file there is.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::input::Input;
use super::{Limits, Metadata, MetadataError, Precision, Refusal, Size, choose, read, read_all, read_input};
use crate::fixtures::shared;

/// Signatures of every format that is read, so that random bytes get past the door.
const SIGNATURES: [&[u8]; 17] = [
    b"\xff\xd8\xff\xe1",
    b"\x89PNG\r\n\x1a\n\0\0\0\x20eXIfMM\0*\0\0\0\x08",
    b"GIF89a",
    b"RIFF\xff\xff\0\0WEBPVP8X",
    b"RIFF\xff\xff\0\0AVI LIST",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0",
    b"IIRO\x08\0\0\0",
    b"FUJIFILMCCD-RAW ",
    b"II\x1a\0\0\0HEAPCCDR",
    b"\0\0\0\x14ftypheic\0\0\0\0mif1\0\0\x10\0meta\0\0\0\0",
    b"\0\0\0\x14ftypcrx \0\0\0\0crx \0\0\x10\0moov",
    b"\0\0\0\x14ftypisom\0\0\0\0isom\0\0\x10\0moov",
    b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x20jxlc\xff\x0a",
    b"\x1aE\xdf\xa3\x84\x42\x82\x81w",
    b"\xff\xd8\xff\xed\x20\x20Photoshop 3.0\08BIM\x04\x04\0\0\0\0\x10\0\x1c\x02",
];

/// What one file may take on a machine that is busy with other work; an idle one needs milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

fn small() -> Limits {
    Limits { total_bytes: 4 << 20, block_bytes: 1 << 20, parts: 2_000 }
}

/// Reads a block as a file would be read, to the chosen values.
fn read_block(block: Vec<u8>) -> Option<Metadata> {
    let limits = small();
    match read_input(&mut Input::memory(block, &limits), &limits) {
        Ok(facts) => Some(choose::choose(facts)),
        Err(Refusal::Io(error)) => panic!("memory cannot fail: {error}"),
        Err(Refusal::NotMedia(_)) => None,
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Small real files, one of each format at least.
fn seeds() -> Vec<Vec<u8>> {
    let Some(root) = shared("media") else { return Vec::new() };
    let mut all = Vec::new();
    for folder in [
        "exif-samples",
        "photoprism/internal/meta",
        "photoprism/pkg",
        "photoview",
        "pigallery2/test",
        "immich-test-assets",
    ] {
        files(&root.join(folder), &mut all);
    }
    let small = all.into_iter().filter(|path| path.metadata().is_ok_and(|info| info.len() < 200_000));
    small.filter_map(|path| std::fs::read(path).ok()).filter(|block| super::sniff::sniff(block).is_some()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_behind_a_signature_are_survived(
        signature in 0..SIGNATURES.len(),
        tail in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        read_block([SIGNATURES[signature], &tail[..]].concat());
    }

    #[test]
    fn random_words_behind_a_signature_are_survived(
        signature in 0..SIGNATURES.len(),
        words in proptest::collection::vec(prop_oneof![Just(0_u32), Just(1), 0..64_u32, Just(u32::MAX), any::<u32>()], 0..200),
        big in any::<bool>(),
    ) {
        let tail = words.iter().flat_map(|word| if big { word.to_be_bytes() } else { word.to_le_bytes() });
        read_block(SIGNATURES[signature].iter().copied().chain(tail).collect());
    }

    #[test]
    fn random_packets_are_survived(packet in "(<[a-z:]{1,8}( rdf:li=\"[0-9|,./]{0,5}\")?>|</[a-z:]{1,8}>|[a-z]{0,3}){0,60}") {
        let _ = super::xmp::read(packet.as_bytes(), super::Source::Xmp, &mut super::facts::Facts::default());
    }

    #[test]
    fn any_name_is_survived(name in "\\PC{0,40}", digits in "[0-9_. -]{0,30}(PM|WA|at)?[0-9.]{0,10}") {
        for name in [name, digits] {
            let _ = super::file_date(&name);
            let _ = super::folder_date(Path::new(&name));
            let _ = super::Siblings::default().sidecars_of(&name);
            let _ = super::camera_label(Some(&name), Some(&name));
            let _ = super::when::parse(&name);
            let _ = super::movie_text::iso_6709(&name);
        }
    }
}

#[test]
fn changed_real_files_are_survived() {
    let seeds = seeds();
    // A small generator of its own: the same changes on every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 11).unwrap_or(0) % below.max(1)
    };
    for seed in &seeds {
        for round in 0..12 {
            let mut block = seed.clone();
            for _ in 0..=round {
                let reach = if next(2) == 0 { block.len() } else { block.len().min(1024) };
                let at = next(reach);
                match next(4) {
                    0 => block[at] = [0, 1, 0x7f, 0x80, 0xff][next(5)],
                    1 => block[at] ^= 1 << next(8),
                    2 => block.truncate(at.max(64.min(block.len()))),
                    _ => {
                        let part = block[at..(at + next(64)).min(block.len())].to_vec();
                        block.extend(part);
                    }
                }
            }
            let start = Instant::now();
            read_block(block);
            assert!(start.elapsed() < PATIENCE, "a changed file took {:?}", start.elapsed());
        }
    }
}

#[test]
fn every_real_file_is_read_or_refused_with_a_reason_and_soon() {
    let Some(root) = shared("media") else { return };
    let mut all = Vec::new();
    files(&root, &mut all);
    let (mut media, mut refused, mut slowest) = (0, 0, (Duration::ZERO, PathBuf::new()));
    for path in &all {
        let start = Instant::now();
        match read(path, &Limits::default()) {
            Ok(metadata) => {
                media += 1;
                assert!(metadata.values.len() <= 4096, "{}", path.display());
            }
            Err(MetadataError::Unreadable { .. }) => panic!("{} could not be read", path.display()),
            Err(error) => {
                refused += 1;
                assert!(error.to_string().contains(&path.display().to_string()));
            }
        }
        slowest = slowest.max((start.elapsed(), path.clone()));
    }
    println!("{media} media, {refused} refused, slowest {:?} {}", slowest.0, slowest.1.display());
    assert!(media > 850 && slowest.0 < PATIENCE);
}

#[test]
fn a_broken_sidecar_or_part_costs_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("2019-07 Lofoten");
    std::fs::create_dir(&root).unwrap();
    let path = root.join("a.jpg");
    let still =
        b"\xff\xd8\xff\xe1\0\x10Exif\0\0MM\0*\xff\xff\xff\xff\xff\xc0\0\x0b\x08\0\x10\0\x20\x01\x01\x11\0\xff\xd9";
    std::fs::write(&path, still).unwrap();
    std::fs::write(root.join("a.jpg.xmp"), "<x:xmpmeta").unwrap();
    std::fs::write(root.join("a.jpg.json"), r#"{"title": "a.jpg", "description": "Boats", "photoTakenTime": {}}"#)
        .unwrap();
    let metadata = read_all(&path, folder.path(), None, &Limits::default()).unwrap();
    assert_eq!(metadata.stored_size, Some(Size { width: 32, height: 16 }));
    assert_eq!(metadata.description.unwrap().value, "Boats");
    assert_eq!(
        (metadata.taken.unwrap().value.precision, metadata.sidecars),
        (Precision::Month, vec![root.join("a.jpg.json")])
    );
    assert_eq!(metadata.warnings.len(), 2, "{:?}", metadata.warnings);
}

#[test]
fn a_file_that_is_no_medium_has_a_code() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content, code) in
        [("a.jpg", &b""[..], "file_empty"), ("b.jpg", b"hello", "not_media"), ("c.jpg", b"%PDF-1.7", "not_media")]
    {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        assert_eq!(read(&path, &Limits::default()).unwrap_err().code(), code, "{name}");
    }
    assert_eq!(read(&folder.path().join("d.jpg"), &Limits::default()).unwrap_err().code(), "file_unreadable");
    assert_eq!(read(folder.path(), &Limits::default()).unwrap_err().code(), "not_media");
}
