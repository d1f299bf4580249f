//! The models that see, as they are shipped: the engine's program, started by the supervisor, asked by the client, compared
//! with what `scripts/reference/seeing.py` computed by other means for the same pixels.
//!
//! Needs ../shared and ONNX Runtime, as scripts/setup puts it in the models folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use base64::Engine as _;
use image::RgbImage;
use recollect::engine::protocol::vision::{Annotation, Feature, SeeingModel};
use recollect::engine::{EngineAnnotator, EngineSpec, ImageAnnotator as _, Supervisor};
use recollect::models::folder::sha256_of;
use serde::Deserialize;

use crate::program::{Home, names, png, shared};

const PICTURES: &str = include_str!("../fixtures/seeing_pictures.txt");

#[derive(Deserialize)]
struct Reference {
    pictures: Vec<Picture>,
}

#[derive(Deserialize)]
struct Picture {
    path: String,
    sha256: String,
    width: u32,
    height: u32,
    faces: Vec<Face>,
    objects: Vec<Object>,
    /// Number and score of the classes with the highest scores.
    labels: Vec<(usize, u32)>,
    embedding: String,
    safety: Vec<f32>,
}

#[derive(Deserialize)]
struct Face {
    #[serde(rename = "box")]
    area: [f32; 4],
    score: f32,
    landmarks: [[f32; 2]; 5],
    sharpness: f32,
    embedding: String,
}

#[derive(Deserialize)]
struct Object {
    class: usize,
    score: f32,
    #[serde(rename = "box")]
    area: [f32; 4],
}

fn decode(path: &Path) -> RgbImage {
    image::open(path).unwrap().into_rgb8()
}

/// 16-bit floats in base64.
fn vector(text: &str) -> Vec<f64> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap();
    let half = |bits: u16| {
        let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
        let value = match exponent {
            0 => fraction * 2_f64.powi(-24),
            _ => (1.0 + fraction / 1024.0) * 2_f64.powi(exponent - 15),
        };
        if bits >> 15 == 1 { -value } else { value }
    };
    bytes.as_chunks::<2>().0.iter().map(|bytes| half(u16::from_le_bytes(*bytes))).collect()
}

fn cosine(a: &[f64], b: &[f32]) -> f64 {
    let b: Vec<f64> = b.iter().map(|value| f64::from(*value)).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    dot(a, &b) / (dot(a, a) * dot(&b, &b)).sqrt()
}

/// The models in ../shared, and a supervisor of an engine that holds them.
fn engine() -> Option<(EngineAnnotator, Supervisor)> {
    let models = shared("models")?;
    let mut spec = EngineSpec::new("seeing", PathBuf::from(env!("CARGO_BIN_EXE_recollect-encoder")));
    let mut served = BTreeMap::new();
    let version = |name: &str| sha256_of(&models.join(format!("{name}.onnx"))).unwrap()[..16].to_owned();
    for (feature, names) in [
        (Feature::Faces, &["yunet_n_dynamic", "mobilefacenet"][..]),
        (Feature::Objects, &["yolox_nano"]),
        (Feature::Labels, &["mobilenet_v2_imagenet"]),
        (Feature::Embedding, &["mobilenet_v1_embedding"]),
        (Feature::Safety, &["nsfw_mobilenet_v2"]),
    ] {
        let versions: Vec<String> = names.iter().map(|name| version(name)).collect();
        served.insert(feature, SeeingModel { name: names.join("+"), version: versions.join("+") });
        for name in names {
            spec.arguments.extend(["--model".into(), models.join(format!("{name}.onnx")).into()]);
        }
    }
    spec.arguments.extend(["--threads".into(), "2".into()]);
    let supervisor = Supervisor::new(spec);
    Some((EngineAnnotator::local(supervisor.clone(), served), supervisor))
}

/// Left, top, right and bottom in pixels, within the picture.
fn edges(area: [f32; 4], width: u32, height: u32) -> [f32; 4] {
    let (w, h) = (width as f32, height as f32);
    let [x, y, right, bottom] = [area[0], area[1], area[0] + area[2], area[1] + area[3]];
    [x.clamp(0.0, w), y.clamp(0.0, h), right.clamp(0.0, w), bottom.clamp(0.0, h)]
}

/// The largest distance of an edge, in pixels.
fn distance(expected: [f32; 4], found: [f32; 4], picture: &Picture) -> f32 {
    let (w, h) = (picture.width as f32, picture.height as f32);
    let found = [found[0] * w, found[1] * h, found[2] * w, found[3] * h];
    let a = edges(expected, picture.width, picture.height);
    let b = edges(found, picture.width, picture.height);
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn check_faces(picture: &Picture, seen: &Annotation) {
    let faces = seen.faces.as_ref().unwrap();
    assert_eq!(faces.len(), picture.faces.len(), "{}", picture.path);
    for expected in &picture.faces {
        let near = |face: &&recollect::engine::protocol::vision::Face| distance(expected.area, face.area, picture);
        let face = faces.iter().min_by(|a, b| near(a).total_cmp(&near(b))).unwrap();
        assert!(near(&face) < 1.0, "{}: a face is off by {} pixels", picture.path, near(&face));
        assert!((face.score - expected.score).abs() < 1e-3, "{}", picture.path);
        let cosine = cosine(&vector(&expected.embedding), &face.embedding);
        assert!(cosine > 0.9999, "{}: cosine {cosine}", picture.path);
        let sharpness = face.sharpness / expected.sharpness;
        assert!((sharpness - 1.0).abs() < 0.02, "{}: sharpness {sharpness}", picture.path);
        for (point, expected) in face.landmarks.iter().zip(expected.landmarks) {
            let (x, y) = (point[0] * picture.width as f32, point[1] * picture.height as f32);
            assert!((x - expected[0]).abs() < 1.0 && (y - expected[1]).abs() < 1.0, "{}", picture.path);
        }
    }
}

fn check_objects(picture: &Picture, seen: &Annotation) {
    let objects = seen.objects.as_ref().unwrap();
    for expected in &picture.objects {
        let near =
            |object: &&recollect::engine::protocol::vision::Object| distance(expected.area, object.area, picture);
        let object = objects.iter().min_by(|a, b| near(a).total_cmp(&near(b))).unwrap();
        assert!(near(&object) < 1.0, "{}: {} is off by {} pixels", picture.path, object.label, near(&object));
        assert!((object.score - expected.score).abs() < 1e-3, "{}: {}", picture.path, object.label);
        assert!(expected.class < 80);
    }
    let sure = objects.iter().filter(|object| object.score >= 0.302).count();
    assert!(sure <= picture.objects.len(), "{}: {objects:?}", picture.path);
}

fn check_whole(picture: &Picture, seen: &Annotation, names: &[String]) {
    let cosine = cosine(&vector(&picture.embedding), seen.embedding.as_ref().unwrap());
    assert!(cosine > 0.9999, "{}: cosine {cosine}", picture.path);
    let labels = seen.labels.as_ref().unwrap();
    for (class, score) in picture.labels.iter().filter(|(_, score)| *score > 12) {
        let label = labels.iter().find(|label| names[*class].starts_with(&label.label));
        let found = label.map_or(0.0, |label| label.score * 255.0);
        // The graph rounds to whole numbers.
        assert!((found - *score as f32).abs() < 2.5, "{}: {} {found} {score}", picture.path, names[*class]);
    }
    let safety = seen.safety.as_ref().unwrap();
    for (class, expected) in ["drawing", "hentai", "neutral", "porn", "sexy"].into_iter().zip(&picture.safety) {
        assert!((safety[class] - expected).abs() < 5e-3, "{}: {class}", picture.path);
    }
}

/// The folder that the pixels of the compared pictures are to be written into, for making the reference anew.
fn folder_for_pixels() -> Option<PathBuf> {
    std::env::var_os("RECOLLECT_REFERENCE_PIXELS").map(PathBuf::from)
}

#[tokio::test]
async fn what_is_seen_in_fifty_pictures_is_what_the_reference_sees() {
    let (Some((annotator, supervisor)), Some(media)) = (engine(), shared("media")) else { return };
    if let Some(folder) = folder_for_pixels() {
        for (number, path) in PICTURES.lines().enumerate() {
            std::fs::write(folder.join(format!("{number}.png")), png(&decode(&media.join(path)))).unwrap();
        }
    }
    let names = std::fs::read_to_string(shared("models/imagenet_labels.txt").unwrap()).unwrap();
    let names: Vec<String> = names.lines().map(str::to_owned).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/seeing_reference.json");
    let reference: Reference = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(
        reference.pictures.iter().map(|p| p.path.as_str()).collect::<Vec<_>>(),
        PICTURES.lines().collect::<Vec<_>>()
    );
    for pictures in reference.pictures.chunks(10) {
        let pixels: Vec<RgbImage> = pictures.iter().map(|picture| decode(&media.join(&picture.path))).collect();
        for (picture, pixels) in pictures.iter().zip(&pixels) {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), pixels.as_raw()).unwrap();
            let hash = sha256_of(file.path()).unwrap();
            assert_eq!(hash, picture.sha256, "{}: its pixels differ; make the reference anew", picture.path);
        }
        let bytes: Vec<Bytes> = pixels.iter().map(png).collect();
        let features: Vec<Feature> = annotator.models().keys().copied().collect();
        let seen = annotator.annotate(&bytes, &features).await.unwrap();
        for (picture, seen) in pictures.iter().zip(&seen) {
            assert_eq!((seen.width, seen.height, &seen.error), (picture.width, picture.height, &None));
            check_faces(picture, seen);
            check_objects(picture, seen);
            check_whole(picture, seen, &names);
        }
    }
    supervisor.shutdown().await;
}

#[tokio::test]
async fn a_broken_picture_is_told_alone_and_one_more_model_than_asked_is_not_run() {
    let (Some((annotator, supervisor)), Some(media)) = (engine(), shared("media")) else { return };
    let good: Bytes = std::fs::read(media.join(PICTURES.lines().next().unwrap())).unwrap().into();
    let pictures = [good.clone(), Bytes::from_static(b"no picture"), good.slice(..good.len() / 3), good];
    let seen = annotator.annotate(&pictures, &[Feature::Faces]).await.unwrap();
    let codes: Vec<Option<&str>> =
        seen.iter().map(|seen| seen.error.as_ref().map(|fault| fault.code.as_str())).collect();
    assert_eq!((codes[0], codes[1], codes[3]), (None, Some("unreadable"), None));
    assert_eq!(seen.iter().map(|seen| seen.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(seen[0].faces, seen[3].faces);
    assert!(seen[0].objects.is_none() && seen[0].embedding.is_none());
    supervisor.shutdown().await;
}

#[test]
fn what_is_seen_is_found_shown_and_compared() {
    let (mut home, Some(media)) = (Home::new(), shared("media/dreambooth/dataset")) else { return };
    if !home.install(&["yolox_nano", "mobilenet_v2_imagenet", "mobilenet_v1_embedding", "nsfw_mobilenet_v2"]) {
        return;
    }
    let copy = |from: &str, to: &str| std::fs::copy(media.join(from), home.photos().join(to)).unwrap();
    copy("dog6/00.jpg", "a.jpg");
    copy("dog6/02.jpg", "b.jpg");
    copy("cat/03.jpg", "c.jpg");
    std::fs::write(home.photos().join("broken.jpg"), b"no picture").unwrap();
    home.add();
    let found = |question: &str| names(&home.ask(question));
    assert_eq!(found("show me dogs"), ["a.jpg", "b.jpg"]);
    assert_eq!(found("cats"), ["c.jpg"]);
    assert_eq!(found("Fotos von Tieren"), ["a.jpg", "b.jpg", "c.jpg"]);
    assert!(found("elephants").is_empty());
    let why = home.ask("dogs")["media"][0]["why"].to_string();
    assert!(why.contains("seen: dog"), "{why}");
    let shown = home.show("a.jpg");
    let dog = shown["objects"].as_array().unwrap().iter().find(|object| object["label"] == "dog").unwrap();
    assert_eq!((dog["model"].as_str(), dog["version"].as_str().map(str::len)), (Some("yolox_nano"), Some(16)));
    assert!(shown["seen"].as_array().unwrap().iter().any(|sight| sight["word"] == "dog"), "{shown}");
    let safety = shown["safety"].as_array().unwrap();
    assert_eq!((safety.len(), safety[0]["model"].as_str()), (5, Some("nsfw_mobilenet_v2")));
    // What was seen outlives the indexes.
    home.run(&["index", "rebuild"]);
    assert_eq!(found("show me dogs"), ["a.jpg", "b.jpg"]);
    let server = home.serve(&[]);
    server.settle();
    let id = shown["id"].as_str().unwrap();
    let detail = server.get(&format!("/api/v1/media/{id}"));
    assert_eq!(detail["data"]["objects"][0]["label"], "dog");
    let similar = server.get(&format!("/api/v1/media/{id}/similar"));
    let first = &similar["data"][0];
    assert!(first["why"].to_string().contains("looks: alike"), "{similar}");
}
