//! Real files, cut and damaged.

use std::path::PathBuf;

use super::*;
use crate::fixtures::shared;

fn written(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.bin");
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// Numbers that look random and are the same everywhere.
fn noise(seed: u64) -> impl Iterator<Item = u8> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
}

#[test]
fn a_detector_is_known_and_any_cut_is_noticed() {
    let Some(path) = shared("models/ggml-silero-v6.2.0.bin") else { return };
    check_silero(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for part in 0..20 {
        let (_folder, cut) = written(&bytes[..bytes.len() * part / 20 + part % 3]);
        assert!(check_silero(&cut).is_err(), "cut at {part}/20");
    }
    let (_folder, longer) = written(&[&bytes[..], &[0; 5]].concat());
    assert!(check_silero(&longer).is_err());
    assert!(matches!(check_whisper(&path), Err(GgmlError::Other { .. })));
}

#[test]
fn a_whisper_without_weights_is_told_from_a_cut_one() {
    let Some(path) = shared("models/whisper-tiny-no-weights.bin") else { return };
    assert!(matches!(check_whisper(&path), Err(GgmlError::NoWeights)));
    let bytes = std::fs::read(&path).unwrap();
    for part in 1..20 {
        let (_folder, cut) = written(&bytes[..bytes.len() * part / 20]);
        let error = check_whisper(&cut).unwrap_err();
        assert!(matches!(error, GgmlError::CutOff), "cut at {part}/20: {error}");
    }
    assert!(matches!(check_silero(&path), Err(GgmlError::Other { .. })));
}

#[test]
fn a_damaged_header_is_refused_before_anything_is_made_of_it() {
    let Some(path) = shared("models/whisper-tiny-no-weights.bin") else { return };
    let bytes = std::fs::read(&path).unwrap();
    for at in 0..56 {
        for value in [0x00, 0x7f, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] = value;
            // The type of the weights may be another valid one.
            if damaged == bytes || at == 44 {
                continue;
            }
            let (_folder, damaged) = written(&damaged);
            let error = check_whisper(&damaged).unwrap_err();
            assert!(!matches!(error, GgmlError::NoWeights), "byte {at} set to {value}: {error}");
        }
    }
}

#[test]
fn random_bytes_are_no_model_also_behind_a_right_beginning() {
    for seed in 0..200 {
        let mut bytes: Vec<u8> = noise(seed).take(4096).collect();
        let (_folder, path) = written(&bytes);
        assert!(check_whisper(&path).is_err() && check_silero(&path).is_err());
        bytes[..4].copy_from_slice(b"lmgg");
        let (_folder, path) = written(&bytes);
        assert!(check_whisper(&path).is_err() && check_silero(&path).is_err());
    }
    let (_folder, path) = written(b"GGUF\x03\0\0\0");
    assert!(check_whisper(&path).unwrap_err().to_string().contains("GGUF"));
    assert!(check_whisper(path.parent().unwrap()).unwrap_err().to_string().contains("folder"));
    assert!(check_whisper(Path::new("/nowhere/x.bin")).unwrap_err().to_string().contains("cannot be read"));
}
