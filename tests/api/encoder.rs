//! The text encoder as it is shipped: the engine's program, started by the supervisor, asked by the client, compared with
//! vectors that `scripts/reference/minilm.py` computed by other means, and with those of sentence-transformers
//! (`scripts/reference/minilm_sentences.py`).
//!
//! Needs all-MiniLM-L6-v2 in the models folder and ONNX Runtime, as scripts/setup puts them there. Without them the
//! tests say so and pass; on CI they fail.

use std::path::{Path, PathBuf};
use std::time::Duration;

use recollect::engine::{EngineSpec, EngineState, EngineTextEncoder, ModelName, Supervisor, TextEncoder as _};
use recollect::models::{InstalledModel, ModelFolder};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
    dot_products: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    head_norm: f64,
    /// The whole vector, or its first numbers.
    vector: Vec<f64>,
}

fn reference() -> Reference {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/minilm_reference.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The installed model and a supervisor of its engine.
fn engine(idle_after: Option<Duration>) -> Option<(InstalledModel, Supervisor)> {
    let model = match ModelFolder::resolve().and_then(|folder| folder.get("all-MiniLM-L6-v2")) {
        Ok(model) => model,
        Err(error) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs the text encoder: {error}");
            eprintln!("SKIPPED: needs the text encoder: {error}");
            return None;
        }
    };
    let mut spec = EngineSpec::new("encoder", PathBuf::from(env!("CARGO_BIN_EXE_recollect-encoder")));
    spec.arguments = ["--model".into(), model.path().into(), "--threads".into(), "2".into()].to_vec();
    spec.idle_after = idle_after;
    Some((model, Supervisor::new(spec)))
}

fn encoder(model: &InstalledModel, supervisor: &Supervisor) -> EngineTextEncoder {
    let name = ModelName {
        name: model.manifest.id.clone(),
        version: model.manifest.version.clone(),
        dimensions: model.manifest.dimensions.unwrap(),
    };
    EngineTextEncoder::local(supervisor.clone(), name)
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

#[tokio::test]
async fn vectors_are_those_of_the_reference() {
    let Some((model, supervisor)) = engine(None) else { return };
    let reference = reference();
    let texts: Vec<String> = reference.cases.iter().map(|case| case.text.clone()).collect();
    let vectors = encoder(&model, &supervisor).embed(&texts).await.unwrap();
    assert_eq!(vectors.len(), texts.len());
    for (case, vector) in reference.cases.iter().zip(&vectors) {
        let head = &vector[..case.vector.len()];
        let product: f64 = head.iter().zip(&case.vector).map(|(a, b)| f64::from(*a) * b).sum();
        let norms = dot(head, head).sqrt() * case.vector.iter().map(|value| value * value).sum::<f64>().sqrt();
        let largest = head.iter().zip(&case.vector).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
        assert!(product / norms > 0.9999, "{:?}: cosine {}", case.text, product / norms);
        assert!(largest < 1e-4, "{:?}: a number is off by {largest}", case.text);
        assert!((dot(vector, vector) - 1.0).abs() < 1e-5, "{:?} has not length 1", case.text);
        let head = &vector[..32];
        assert!((dot(head, head).sqrt() - case.head_norm).abs() < 1e-4, "{:?}: norm of the head", case.text);
    }
    // The dot products of all pairs involve every number of every vector.
    for (a, row) in reference.dot_products.iter().enumerate() {
        for (b, expected) in row.iter().enumerate() {
            let found = dot(&vectors[a], &vectors[b]);
            assert!((found - expected).abs() < 2e-4, "{:?} and {:?}: {found}", texts[a], texts[b]);
        }
    }
    supervisor.shutdown().await;
}

#[tokio::test]
async fn captions_in_five_languages_mean_what_sentence_transformers_says() {
    let Some((model, supervisor)) = engine(None) else { return };
    let fixture = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let captions = std::fs::read_to_string(fixture("sentences.txt")).unwrap();
    let captions: Vec<String> = captions.lines().map(str::to_owned).collect();
    let stored = std::fs::read(fixture("sentences_minilm.i16")).unwrap();
    let numbers: Vec<f32> = stored.as_chunks().0.iter().map(|two| f32::from(i16::from_le_bytes(*two))).collect();
    let expected: Vec<&[f32]> = numbers.chunks(384).collect();
    assert_eq!((captions.len(), expected.len()), (200, 200));
    let vectors = encoder(&model, &supervisor).embed(&captions).await.unwrap();
    let mut least = 1.0_f64;
    for ((caption, vector), expected) in captions.iter().zip(&vectors).zip(expected) {
        let cosine = dot(vector, expected) / (dot(vector, vector) * dot(expected, expected)).sqrt();
        assert!(cosine > 0.9999, "{caption}: cosine {cosine}");
        least = least.min(cosine);
    }
    eprintln!("the least cosine of 200 captions: {least:.7}");
    supervisor.shutdown().await;
}

#[tokio::test]
async fn a_text_has_the_same_vector_alone_and_among_others() {
    let Some((model, supervisor)) = engine(None) else { return };
    let encoder = encoder(&model, &supervisor);
    let texts: Vec<String> = (0..300).map(|n| format!("{} number {n}", "a longer picture ".repeat(n % 40))).collect();
    let together = encoder.embed(&texts).await.unwrap();
    for at in [0, 39, 150, 299] {
        let alone = encoder.embed(&texts[at..=at]).await.unwrap();
        assert!(dot(&alone[0], &together[at]) > 0.9999, "text {at}");
    }
    supervisor.shutdown().await;
}

#[tokio::test]
async fn an_idle_engine_goes_and_comes_back() {
    let Some((model, supervisor)) = engine(Some(Duration::from_millis(300))) else { return };
    let encoder = encoder(&model, &supervisor);
    assert_eq!(supervisor.state(), EngineState::Stopped);
    let first = encoder.embed(&["snow".to_owned()]).await.unwrap();
    assert!(matches!(supervisor.state(), EngineState::Running { .. }));
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if supervisor.state() == EngineState::Stopped {
            break;
        }
    }
    assert_eq!(supervisor.state(), EngineState::Stopped);
    assert_eq!(encoder.embed(&["snow".to_owned()]).await.unwrap(), first);
    supervisor.shutdown().await;
    assert_eq!(supervisor.state(), EngineState::ShutDown);
}
