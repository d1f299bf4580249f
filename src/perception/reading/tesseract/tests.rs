//! The program, as it is installed here, and stand-ins for one that fails.

use std::os::unix::fs::PermissionsExt as _;

use image::{Rgb, RgbImage};

use super::*;

/// A program that does what the shell script says.
fn script(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("tesseract");
    let answers = "case \"$*\" in *--version*) echo 'tesseract 9.8.7'; exit;; \
                   *--list-langs*) printf 'List of (2):\\neng\\nosd\\n'; exit;; esac";
    std::fs::write(&path, format!("#!/bin/sh\n{answers}\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn page() -> Page {
    Page { pixels: RgbImage::from_pixel(200, 100, Rgb([255; 3])) }
}

async fn read(text: &str) -> Result<Vec<RawLine>, Outcome> {
    let folder = tempfile::tempdir().unwrap();
    let program = script(folder.path(), text);
    Tesseract::at(program, &[], &[], Duration::from_millis(500), None).unwrap().read(&page()).await
}

fn code(outcome: Outcome) -> String {
    match outcome {
        Outcome::Retry { code, .. } => format!("retry {code}"),
        Outcome::Failed { code, .. } => format!("failed {code}"),
        Outcome::Unavailable { code, .. } => format!("unavailable {code}"),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn words_of_a_page_become_lines_with_places() {
    let row = |line: u32, left: u32, word: &str| {
        format!("printf '5\\t1\\t1\\t1\\t{line}\\t1\\t{left}\\t20\\t40\\t10\\t91\\t{word}\\n'")
    };
    let printed = [row(1, 20, "Green"), row(1, 100, "Lake"), row(2, 60, "Trail")].join("; ");
    let lines = read(&printed).await.unwrap();
    let words: Vec<Vec<&str>> =
        lines.iter().map(|line| line.words.iter().map(|word| word.text.as_str()).collect()).collect();
    assert_eq!(words, [vec!["Green", "Lake"], vec!["Trail"]]);
    assert_eq!(lines[0].corners, [[0.1, 0.2], [0.7, 0.2], [0.7, 0.3], [0.1, 0.3]]);
    let [begin, end] = lines[0].words[1].span;
    assert!((begin - 80.0 / 120.0).abs() < 1e-6 && end == 1.0 && lines[0].found.is_none());
}

#[tokio::test]
async fn a_child_that_takes_too_long_fails_or_floods_is_told() {
    assert_eq!(code(read("sleep 60").await.unwrap_err()), "retry reader_timeout");
    assert_eq!(code(read("echo 'no memory' >&2; exit 1").await.unwrap_err()), "retry reader_failed");
    assert_eq!(code(read("head -c 20000000 /dev/zero").await.unwrap_err()), "failed reader_output");
    assert!(read("echo nonsense").await.unwrap().is_empty());
}

#[test]
fn what_is_missing_is_said_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let at = |program: PathBuf, wanted: &[String]| {
        Tesseract::at(program, wanted, &[], Duration::from_secs(5), None).err().unwrap().to_string()
    };
    let program = script(folder.path(), "");
    let error = at(program.clone(), &["jpn".to_owned()]);
    assert!(error.contains("`jpn`") && error.contains("it has eng"), "{error}");
    assert!(at(folder.path().join("nothing"), &[]).contains("tesseract"));
    let reader = Tesseract::at(program, &[], &["en", "ja"], Duration::from_secs(5), None).unwrap();
    let packs = reader.packs();
    assert!(packs.iter().filter(|pack| pack.installed).all(|pack| pack.used), "{packs:?}");
    let wanted: Vec<&str> = packs.iter().filter(|pack| pack.wanted).map(|pack| pack.package.as_str()).collect();
    assert_eq!(wanted, ["tesseract-ocr-jpn"]);
    assert_eq!(reader.key.name, "tesseract");
    assert_eq!(
        (reader.key.version.as_str(), reader.key.settings.as_str()),
        ("9.8.7", "languages=eng,edge=2048,ways=4")
    );
}
