//! Text in pictures, as it is shipped: the engine's detector and a tiny reader against what `scripts/reference/text.py`
//! computed by other means for the same pixels; tesseract on the lines of real pictures, from the file to the answer.
//!
//! Needs ../shared, ONNX Runtime and tesseract, as scripts/setup installs them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use image::RgbImage;
use recollect::engine::protocol::vision::{Feature, SeeingModel, TextLine};
use recollect::engine::{EngineAnnotator, EngineSpec, ImageAnnotator as _, Supervisor};
use recollect::models::folder::sha256_of;
use serde::Deserialize;

use crate::drawn::{board, save_turned};
use crate::moments::{film, spans};
use crate::program::{Home, names, png, shared};

const PICTURES: &str = include_str!("../fixtures/text_pictures.txt");
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

#[derive(Deserialize)]
struct Reference {
    pictures: Vec<Picture>,
}

#[derive(Deserialize)]
struct Picture {
    path: String,
    sha256: String,
    width: f32,
    height: f32,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    corners: [[f32; 2]; 4],
    score: f32,
    /// What the tiny reader makes of it; absent where rounding decides.
    text: Option<String>,
    certainty: Option<f32>,
}

/// The detector of ../shared and the tiny reader, in an engine.
fn engine() -> Option<(EngineAnnotator, Supervisor)> {
    let files = [shared("models/ppocrv3_text_detection.onnx")?, Path::new(FIXTURES).join("tiny-reader/inference.onnx")];
    let mut spec = EngineSpec::new("reading", PathBuf::from(env!("CARGO_BIN_EXE_recollect-encoder")));
    for file in &files {
        spec.arguments.extend(["--model".into(), file.into()]);
    }
    spec.arguments.extend(["--threads".into(), "2".into()]);
    let versions: Vec<String> = files.iter().map(|file| sha256_of(file).unwrap()[..16].to_owned()).collect();
    let name = "ppocrv3_text_detection+inference".to_owned();
    let served = BTreeMap::from([(Feature::Text, SeeingModel { name, version: versions.join("+") })]);
    let supervisor = Supervisor::new(spec);
    Some((EngineAnnotator::local(supervisor.clone(), served), supervisor))
}

/// The largest distance of a corner, in pixels, whichever corner comes first.
fn distance(expected: &Line, found: &TextLine, picture: &Picture) -> f32 {
    let found = found.corners.map(|[x, y]| [x * picture.width, y * picture.height]);
    let apart = |turn: usize| {
        let pairs = expected.corners.iter().enumerate().map(|(at, [x, y])| {
            let [u, v] = found[(at + turn) % 4];
            (x - u).abs().max((y - v).abs())
        });
        pairs.fold(0.0, f32::max)
    };
    (0..4).map(apart).fold(f32::INFINITY, f32::min)
}

fn check(picture: &Picture, found: &[TextLine]) {
    assert_eq!(found.len(), picture.lines.len(), "{}", picture.path);
    for expected in &picture.lines {
        let line =
            found.iter().min_by(|a, b| distance(expected, a, picture).total_cmp(&distance(expected, b, picture)));
        let line = line.unwrap();
        let off = distance(expected, line, picture);
        assert!(off < 1.0, "{}: a line at {:?} is off by {off} pixels", picture.path, expected.corners[0]);
        assert!((line.score - expected.score).abs() < 5e-3, "{}: {} {}", picture.path, line.score, expected.score);
        let read = line.read.as_ref().unwrap();
        if let (Some(text), Some(certainty)) = (&expected.text, expected.certainty) {
            assert_eq!(&read.text, text, "{}", picture.path);
            assert!((read.certainty - certainty).abs() < 5e-3, "{}: {} {certainty}", picture.path, read.certainty);
        }
        assert!(read.words.iter().all(|word| word.span[0] <= word.span[1] && !word.text.contains(' ')));
    }
}

#[tokio::test]
async fn the_lines_of_real_pictures_are_those_of_the_reference() {
    let (Some((annotator, supervisor)), Some(root)) = (engine(), shared("")) else { return };
    let pixels: Vec<RgbImage> =
        PICTURES.lines().map(|path| image::open(root.join(path)).unwrap().into_rgb8()).collect();
    if let Some(folder) = std::env::var_os("RECOLLECT_REFERENCE_PIXELS").map(PathBuf::from) {
        for (number, pixels) in pixels.iter().enumerate() {
            std::fs::write(folder.join(format!("{number}.png")), png(pixels)).unwrap();
        }
    }
    let reference = std::fs::read_to_string(Path::new(FIXTURES).join("text_reference.json")).unwrap();
    let reference: Reference = serde_json::from_str(&reference).unwrap();
    let bytes: Vec<Bytes> = pixels.iter().map(png).collect();
    let seen = annotator.annotate(&bytes, &[Feature::Text]).await.unwrap();
    assert_eq!(reference.pictures.len(), seen.len());
    for ((picture, pixels), seen) in reference.pictures.iter().zip(&pixels).zip(&seen) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), pixels.as_raw()).unwrap();
        assert_eq!(sha256_of(file.path()).unwrap(), picture.sha256, "{}: its pixels differ", picture.path);
        check(picture, seen.text.as_ref().unwrap());
    }
    supervisor.shutdown().await;
}

#[test]
fn what_is_written_is_found_shown_and_told() {
    let (mut home, Some(root)) = (Home::new(), shared("")) else { return };
    if !home.read() {
        return;
    }
    let walk = "library/photos/2019/2019-06 Sydney/2019-06-09 Cowan to Brooklyn walk";
    for (from, to) in [
        ("library/photos/2021/2021-09 Europe/DSC03106.JPG".to_owned(), "bridge.jpg"),
        (format!("{walk}/P6099059.JPG"), "stoves.jpg"),
        ("media/dreambooth/dataset/dog6/00.jpg".to_owned(), "dog.jpg"),
    ] {
        std::fs::copy(root.join(from), home.photos().join(to)).unwrap();
    }
    std::fs::write(home.photos().join("broken.jpg"), b"no picture").unwrap();
    home.add();
    for question in ["Koelnmesse", "photo of the sign that says Koelnmesse", "das Schild, auf dem Koelnmesse steht"] {
        let answer = home.ask(question);
        assert_eq!(names(&answer), ["bridge.jpg"], "{question}: {answer}");
        let why = answer["media"][0]["why"].to_string();
        assert!(why.contains("text in picture: Koelnmesse"), "{why}");
    }
    // One letter is missing.
    assert_eq!(names(&home.json(&["search", "Koelnmese", "--json"])), ["bridge.jpg"]);
    assert_eq!(names(&home.ask("pictures with the words \"no fires\"")), ["stoves.jpg"]);
    assert!(home.show("dog.jpg")["text"].as_array().unwrap().is_empty());
    let shown = home.show("stoves.jpg");
    let line = shown["text"].as_array().unwrap().iter().find(|line| line["text"].to_string().contains("fires"));
    let line = line.unwrap_or_else(|| panic!("{shown}"));
    assert!(line["model"].as_str().unwrap().ends_with("+tesseract") && line["certainty"].as_f64() > Some(0.6));
    let area: Vec<f64> = line["box"].as_array().unwrap().iter().map(|edge| edge.as_f64().unwrap()).collect();
    assert!(area[2] > 0.1 && area[3] < 0.2 && area[0] + area[2] <= 1.0, "{area:?}");
    // What was read outlives the indexes.
    home.run(&["index", "rebuild"]);
    assert_eq!(names(&home.ask("the sign that says Koelnmesse")), ["bridge.jpg"]);
    let server = home.serve(&[]);
    server.settle();
    let detail = server.get(&format!("/api/v1/media/{}", shown["id"].as_str().unwrap()));
    let line = &detail["data"]["text"][0];
    assert!(line["corners"][3][1].is_f64() && line["words"][0]["corners"][0][0].is_f64(), "{line}");
    let status = server.get("/status");
    let reading =
        status["data"]["models"].as_array().unwrap().iter().find(|model| model["role"] == "text_in_pictures").unwrap();
    assert_eq!(reading["state"], "ready", "{status}");
}

#[test]
fn without_tesseract_it_is_said_and_nothing_waits_for_it() {
    let (mut home, Some(root)) = (Home::new(), shared("library/photos")) else { return };
    if !home.install(&["ppocrv3_text_detection"]) {
        return;
    }
    std::fs::copy(root.join("2021/2021-09 Europe/DSC03106.JPG"), home.photos().join("a.jpg")).unwrap();
    let nothing = tempfile::tempdir().unwrap();
    home.set("PATH", nothing.path().display().to_string());
    home.add();
    let server = home.serve(&[]);
    server.settle();
    let status = server.get("/status");
    let models = status["data"]["models"].as_array().unwrap();
    let reading = models.iter().find(|model| model["role"] == "text_in_pictures").unwrap();
    assert_eq!(reading["state"], "missing");
    assert!(reading["hint"].as_str().unwrap().contains("apt-get install tesseract-ocr"), "{reading}");
    let jobs = server.get("/jobs");
    let kinds = jobs["data"]["by_kind"].as_array().unwrap();
    let waiting = kinds.iter().filter(|kind| kind["kind"] == "read_text" && kind["queued"] != 0).count();
    assert_eq!(waiting, 0, "{jobs}");
}

#[test]
fn what_tesseract_reads_is_listed_with_the_packages_that_add_more() {
    let mut home = Home::new();
    let folder = tempfile::tempdir().unwrap();
    let says = "#!/bin/sh\ncase \"$1\" in\n--version) echo 'tesseract 5.5.0';;\n--list-langs) printf 'List (4):\\nLatin\\ndeu\\nosd\\nkor\\n';;\nesac\n";
    let program = folder.path().join("tesseract");
    std::fs::write(&program, says).unwrap();
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    home.set("PATH", format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap()));
    home.set("RECOLLECT_CAPTIONS_LANGUAGE", "uk");
    let packs = |home: &Home| {
        let server = home.serve(&[home.photos().to_str().unwrap()]);
        let all = server.get("/models")["data"].clone();
        let abilities = all["abilities"].as_array().unwrap().iter();
        abilities.flat_map(|ability| ability["packs"].as_array().unwrap().clone()).collect::<Vec<_>>()
    };
    let listed = packs(&home);
    let of = |key: &str, value: &str| {
        let of = listed.iter().filter(|pack| pack[key] == true);
        of.map(|pack| pack[value].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of("used", "name"), ["Latin", "kor"]);
    assert_eq!(of("installed", "name"), ["Latin", "kor", "deu"]);
    assert_eq!(of("wanted", "package"), ["tesseract-ocr-ukr"]);
    assert!(listed.iter().any(|pack| pack["language"] == "ja" && pack["package"] == "tesseract-ocr-jpn"), "{listed:?}");
    let said = home.run(&["doctor"]);
    assert!(said.contains("Latin+kor of Latin, kor, deu; for yours: sudo apt-get install tesseract-ocr-ukr"), "{said}");
    home.set("RECOLLECT_READING_READER", "none");
    assert!(packs(&home).is_empty(), "nobody reads with them");
}

#[test]
fn what_stands_on_its_head_or_side_is_read_where_it_is_shown() {
    let mut home = Home::new();
    if !home.read() {
        return;
    }
    let words = ["Harbour Café", "open daily from seven", "Gate 4", "Fresh bread", "and coffee"];
    for (quarters, name) in ["upright.png", "right.png", "head.png", "left.png"].into_iter().enumerate() {
        save_turned(&board(720, &words), quarters as u32, &home.photos().join(name));
    }
    home.add();
    let read = |name: &str| -> Vec<(String, [f64; 2])> {
        let shown = home.show(name);
        let middle = |area: &serde_json::Value| {
            let edge = |at: usize| area[at].as_f64().unwrap();
            [edge(0) + edge(2) / 2.0, edge(1) + edge(3) / 2.0]
        };
        let lines = shown["text"].as_array().unwrap().iter();
        lines.map(|line| (line["text"].as_str().unwrap().to_owned(), middle(&line["box"]))).collect()
    };
    let upright = read("upright.png");
    assert_eq!(upright.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), words);
    let turned = |[x, y]: [f64; 2]| [1.0 - y, x];
    let mut expected = upright;
    for name in ["right.png", "head.png", "left.png"] {
        expected.iter_mut().for_each(|(_, middle)| *middle = turned(*middle));
        let found = read(name);
        for ((text, at), (wanted, place)) in found.iter().zip(&expected) {
            assert_eq!(text, wanted, "{name}: {found:?}");
            let apart = (at[0] - place[0]).abs().max((at[1] - place[1]).abs());
            assert!(apart < 0.03, "{name}: {text} at {at:?} and not {place:?}");
        }
        assert_eq!(found.len(), words.len(), "{name}");
    }
    assert_eq!(names(&home.ask("the sign that says fresh bread")).len(), 4);
}

#[test]
fn what_is_written_in_a_film_is_found_at_its_seconds() {
    let (mut home, Some(media)) = (Home::new(), shared("media/dreambooth/dataset")) else { return };
    if !home.read() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let drawn = |name: &str, lines: &[&str]| {
        let path = folder.path().join(name);
        board(480, lines).save(&path).unwrap();
        path
    };
    let harbour = drawn("harbour.png", &["Harbour Café", "open daily"]);
    let (dog, cat) = (media.join("dog6/00.jpg"), media.join("cat/03.jpg"));
    let departures = drawn("departures.png", &["Departures", "Platform 12"]);
    // The first is shown for so long that it has two frames.
    let pictures = [harbour.as_path(), &harbour, &dog, &departures, &cat, &harbour];
    if !film(&pictures, &home.photos().join("film.mp4")) {
        return;
    }
    home.add();
    let shown = home.show("film.mp4");
    let of = |words: &str| {
        let all = shown["moments"].as_array().unwrap().iter();
        let of: Vec<_> =
            all.filter(|moment| moment["why"][0] == format!("text in picture: {words}")).cloned().collect();
        spans(&of.into())
    };
    assert_eq!(of("Harbour Café"), [(0, 12), (30, 36)], "{shown}");
    assert_eq!((of("open daily"), of("Platform 12")), (vec![(0, 12), (30, 36)], vec![(18, 24)]), "{shown}");
    assert!(shown["text"].as_array().unwrap().len() == 6, "once each time it is shown: {shown}");
    let found = home.json(&["search", "departures platform", "--json"]);
    assert_eq!(spans(&found["media"][0]["moments"]), [(18, 24)], "{found}");
    let answer = home.ask("videos with the words \"Harbour Café\"");
    assert_eq!(spans(&answer["media"][0]["moments"]), [(0, 12), (30, 36)], "{answer}");
    assert!(answer["answer"].as_str().unwrap().contains("(0:00, 0:30)"), "{answer}");
    assert!(answer["media"][0]["why"].to_string().contains("text in picture at 0:00: Harbour"), "{answer}");
}
