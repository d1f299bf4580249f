//! Encoders of pictures and texts, as they are shipped: the engine's program with a tiny SigLIP 2, compared with what
//! transformers computes (`scripts/reference/siglip2_tiny.py`), and what a library can do with it.
//!
//! Needs ONNX Runtime, as scripts/setup puts it in the models folder.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use image::{ImageFormat, Rgb, RgbImage};
use recollect::engine::protocol::vision::{Feature, SeeingModel};
use recollect::engine::{
    EngineAnnotator, EngineSpec, EngineTextEncoder, ImageAnnotator as _, ModelName, Supervisor, TextEncoder as _,
};
use recollect::models::folder::sha256_of;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::program::{Home, onnx_runtime};

#[derive(Deserialize)]
struct Reference {
    sizes: Vec<(u32, u32)>,
    pictures: Vec<Vec<f64>>,
    #[serde(default)]
    texts: Vec<String>,
    #[serde(default)]
    text_vectors: Vec<Vec<f64>>,
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn reference(name: &str) -> Reference {
    serde_json::from_str(&std::fs::read_to_string(fixture(name).join("reference.json")).unwrap()).unwrap()
}

/// The picture that the reference was made of.
fn formula(width: u32, height: u32) -> Bytes {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        Rgb([((x * 7 + y * 3) / 5) as u8, (x * x / 50 + y) as u8, ((x ^ y) * 5) as u8])
    });
    png(&picture)
}

fn png(picture: &RgbImage) -> Bytes {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner().into()
}

fn cosine(a: &[f64], b: &[f32]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let b: Vec<f64> = b.iter().map(|value| f64::from(*value)).collect();
    dot(a, &b) / (dot(a, a) * dot(&b, &b)).sqrt()
}

fn engine(name: &str) -> Option<(Supervisor, SeeingModel)> {
    let runtime = onnx_runtime()?;
    let mut spec = EngineSpec::new("seeing", PathBuf::from(env!("CARGO_BIN_EXE_recollect-encoder")));
    spec.arguments =
        ["--model".into(), fixture(name).into(), "--threads".into(), "2".into(), "--runtime".into(), runtime.into()]
            .to_vec();
    let version = sha256_of(&fixture(name).join("onnx/vision_model.onnx")).unwrap()[..16].to_owned();
    Some((Supervisor::new(spec), SeeingModel { name: name.to_owned(), version }))
}

fn annotator(supervisor: &Supervisor, model: &SeeingModel) -> EngineAnnotator {
    EngineAnnotator::local(supervisor.clone(), BTreeMap::from([(Feature::Embedding, model.clone())]))
}

fn reader(supervisor: &Supervisor, model: &SeeingModel) -> EngineTextEncoder {
    let SeeingModel { name, version } = model.clone();
    EngineTextEncoder::local(supervisor.clone(), ModelName { name, version, dimensions: 32 })
}

#[tokio::test]
async fn pictures_and_texts_are_those_of_transformers() {
    for name in ["tiny-siglip2", "tiny-siglip2-384"] {
        let Some((supervisor, model)) = engine(name) else { return };
        let reference = reference(name);
        let pictures: Vec<Bytes> = reference.sizes.iter().map(|(w, h)| formula(*w, *h)).collect();
        let seen = annotator(&supervisor, &model).annotate(&pictures, &[Feature::Embedding]).await.unwrap();
        for ((size, expected), seen) in reference.sizes.iter().zip(&reference.pictures).zip(&seen) {
            let vector = seen.embedding.as_ref().unwrap();
            assert!(cosine(expected, vector) > 0.9999, "{name}, {size:?}: {}", cosine(expected, vector));
            let length: f64 = vector.iter().map(|value| f64::from(*value).powi(2)).sum();
            assert!((length - 1.0).abs() < 1e-5);
        }
        if reference.texts.is_empty() {
            let refused = reader(&supervisor, &model).embed(&["a".to_owned()]).await;
            assert!(refused.is_err(), "a model without a tower for texts: {refused:?}");
        }
        let texts = reader(&supervisor, &model).embed(&reference.texts).await.unwrap();
        for ((text, expected), vector) in reference.texts.iter().zip(&reference.text_vectors).zip(&texts) {
            assert!(cosine(expected, vector) > 0.9999, "{text:?}: {}", cosine(expected, vector));
        }
        supervisor.shutdown().await;
    }
}

#[tokio::test]
async fn one_card_stands_for_both_towers_and_case_makes_no_difference() {
    let Some((supervisor, model)) = engine("tiny-siglip2") else { return };
    let lease = supervisor.lease().await.unwrap();
    let cards = lease.client().models().await.unwrap();
    assert_eq!(cards.len(), 1, "{cards:?}");
    assert_eq!((cards[0].dimensions, cards[0].max_input_tokens), (Some(32), Some(64)));
    assert_eq!(cards[0].features, [Feature::Embedding]);
    let texts = ["Rot BEI Nacht".to_owned(), "rot bei nacht".to_owned(), "x".repeat(10_000)];
    let vectors = reader(&supervisor, &model).embed(&texts).await.unwrap();
    assert_eq!(vectors[0], vectors[1]);
    drop(lease);
    supervisor.shutdown().await;
}

/// A picture of one colour, darker at night, with a slope of its own, so that no two are copies.
fn painted(colour: [u8; 3], night: bool, seed: u32) -> RgbImage {
    let slope = |number: u32| (number as f32 - 2.0) * 0.06;
    let (across, down) = (slope(seed % 5), slope(seed / 5 % 5));
    let light = if night { 0.22 } else { 1.0 };
    RgbImage::from_fn(320, 240, |x, y| {
        let grain = (x.wrapping_mul(31) ^ y.wrapping_mul(17).wrapping_add(seed.wrapping_mul(97))) % 17;
        let shade = grain as f32 - 8.0 + (x as f32 - 160.0) * across + (y as f32 - 120.0) * down;
        Rgb(colour.map(|value| ((f32::from(value) + shade) * light).clamp(0.0, 255.0) as u8))
    })
}

const COLOURS: [(&str, [u8; 3]); 4] =
    [("red", [200, 30, 30]), ("green", [40, 160, 50]), ("blue", [30, 60, 200]), ("yellow", [230, 210, 40])];

/// A library of pictures in four colours by day and by night among grey stones, which nothing is written about, and the
/// model, whose likenesses spread more widely than those of a real one.
fn colourful() -> Option<Home> {
    let runtime = onnx_runtime()?;
    let mut home = Home::new();
    home.set("RECOLLECT_ONNXRUNTIME", runtime.display().to_string());
    std::fs::create_dir_all(home.data()).unwrap();
    let settings = "[search.looks]\nunrelated = 1.5\nsame = 5.2\n";
    std::fs::write(home.data().join("recollect.toml"), settings).unwrap();
    home.run(&["models", "import", fixture("tiny-siglip2").to_str().unwrap()]);
    let save = |picture: RgbImage, number: usize| {
        let path = home.photos().join(format!("{number}.png"));
        picture.save(&path).unwrap();
        // At noon, so that the hour of the day says nothing of the night.
        let noon = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_717_243_200);
        std::fs::File::options().append(true).open(path).unwrap().set_modified(noon).unwrap();
    };
    for stone in 0..20 {
        save(painted([105 + 2 * stone as u8; 3], false, stone), 300 + stone as usize);
    }
    for (at, (_, colour)) in COLOURS.into_iter().enumerate() {
        for number in 0..6 {
            let night = number >= 4;
            save(painted(colour, night, (at * 6 + number) as u32), 100 + at * 10 + number);
        }
    }
    home.add();
    Some(home)
}

/// The numbers of the files found, best first: tens tell the colour, ones from 4 on the night.
fn numbers(found: &Value) -> Vec<u32> {
    let name = |path: &Value| Path::new(path.as_str().unwrap()).file_stem().unwrap().to_string_lossy().into_owned();
    found["media"]
        .as_array()
        .unwrap()
        .iter()
        .map(|medium| name(&medium["path"]).parse::<u32>().unwrap() - 100)
        .collect()
}

#[test]
fn pictures_are_found_by_words_by_example_and_by_region() {
    let Some(home) = colourful() else { return };
    let search = |arguments: &[&str]| home.json(&[&["search", "--json"][..], arguments].concat());
    // Nothing is written about any of them.
    for (at, (colour, _)) in COLOURS.iter().enumerate() {
        let found = search(&[*colour]);
        let best = numbers(&found);
        assert!(!best.is_empty() && best.iter().all(|number| number / 10 == at as u32), "{colour}: {found}");
        let why = found["media"][0]["why"].to_string();
        assert!(why.contains(&format!("looks like: {colour}")), "{why}");
    }
    assert!(numbers(&search(&["blau"])).iter().all(|number| number / 10 == 2));
    let picture = home.photos().join("100.png");
    let like = |more: &[&str]| numbers(&search(&[&["--like", picture.to_str().unwrap()][..], more].concat()));
    assert!(like(&[]).contains(&1) && !like(&[]).contains(&0), "{:?}", like(&[]));
    let dark = like(&["at night"]);
    assert!(matches!(dark[0], 4 | 5), "red and dark: {dark:?}");
    // A stranger's picture: blue on the left, green on the right.
    let stranger = home.data().join("stranger.png");
    let two = RgbImage::from_fn(320, 240, |x, _| Rgb(if x < 160 { COLOURS[2].1 } else { COLOURS[1].1 }));
    two.save(&stranger).unwrap();
    let part = |area: &str| numbers(&search(&["--like", stranger.to_str().unwrap(), "--box", area, "--limit", "3"]));
    assert!(part("0,0,0.45,1").iter().all(|number| number / 10 == 2), "{:?}", part("0,0,0.45,1"));
    assert!(part("0.55,0,0.45,1").iter().all(|number| number / 10 == 1), "{:?}", part("0.55,0,0.45,1"));
    let said = home.json(&["ask", "more like this", "--image", stranger.to_str().unwrap(), "--json"]);
    assert_eq!(said["tool_calls"][0]["name"], "find_similar", "{said}");
    assert!(!said["media"].as_array().unwrap().is_empty());
}

#[test]
fn a_region_of_a_medium_is_searched_for_by_the_api() {
    let Some(home) = colourful() else { return };
    let server = home.serve(&[]);
    server.settle();
    let all = server.get("/api/v1/media?limit=200");
    let id_of = |name: &str| {
        let named = |card: &&Value| card["name"] == name;
        all["data"].as_array().unwrap().iter().find(named).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let id = id_of("120.png");
    let found = server.post("/api/v1/search/pictures", &json!({ "id": id, "box": [0.2, 0.2, 0.5, 0.5], "limit": 3 }));
    let hits = found["data"]["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 3, "{found}");
    assert!(hits.iter().all(|hit| hit["media"]["name"].as_str().unwrap().starts_with("12")), "{found}");
    assert!(hits.iter().all(|hit| hit["media"]["id"] != id.as_str() && hit["score"].as_f64().unwrap() > 0.5));
    for wrong in [json!([0.5, 0.5, 0.0, 0.1]), json!([2.0, 0.0, 1.0, 1.0]), json!([0.0, 0.0, 0.001, 0.001])] {
        let refused = server.post("/api/v1/search/pictures", &json!({ "id": id, "box": wrong }));
        assert_eq!(refused["error"]["code"], "bad_request", "{refused}");
    }
    let neither = server.post("/api/v1/search/pictures", &json!({ "limit": 3 }));
    assert_eq!(neither["error"]["code"], "bad_request");
}

#[test]
fn without_an_encoder_it_is_said_what_is_missing() {
    let home = Home::new();
    painted([9, 80, 200], false, 1).save(home.photos().join("1.png")).unwrap();
    home.add();
    let server = home.serve(&[]);
    server.settle();
    let id = server.get("/api/v1/media")["data"][0]["id"].clone();
    let refused = server.post("/api/v1/search/pictures", &json!({ "id": id, "box": [0.0, 0.0, 0.5, 0.5] }));
    assert_eq!(refused["error"]["code"], "no_image_encoder", "{refused}");
    assert!(refused["error"]["hint"].as_str().unwrap().contains("recollect models pull siglip2"), "{refused}");
}
