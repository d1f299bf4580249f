//! The speech engine as it is shipped: its program, started by the supervisor, asked by the client, with a tiny Whisper
//! whose weights are random. What it writes is compared with what whisper.cpp wrote when it was asked without us
//! (`scripts/reference/whisper_random.py`).

pub mod random;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use recollect::engine::protocol::Transcription;
use recollect::engine::speech::whole;
use recollect::engine::{
    EngineError, EngineSpec, EngineSpeechModel, EngineState, SpeechEvent, SpeechModel as _, SpeechRequest, Supervisor,
};
use recollect::voice::audio::Recording;
use serde::Deserialize;

use crate::program::shared;
use random::{model, sound};

const PROGRAM: &str = env!("CARGO_BIN_EXE_recollect-whisper");

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    seconds: usize,
    language: String,
    translate: bool,
    segments: Vec<Segment>,
}

#[derive(Deserialize)]
struct Segment {
    start: f64,
    end: f64,
    tokens: Vec<i32>,
}

fn engine(model: &Path, arguments: &[&str]) -> (Supervisor, EngineSpeechModel) {
    let mut spec = EngineSpec::new("whisper", PathBuf::from(PROGRAM));
    spec.arguments = vec!["--model".into(), model.into(), "--name".into(), "random".into()];
    // One thread: the machine may be busy, and threads that wait for one another are slow then.
    spec.arguments.extend(["--threads", "1", "--no-fallback"].iter().chain(arguments).map(std::ffi::OsString::from));
    let supervisor = Supervisor::new(spec);
    (supervisor.clone(), EngineSpeechModel::local(supervisor, "random".to_owned(), Some("en".to_owned())))
}

fn request(samples: Vec<i16>) -> SpeechRequest {
    SpeechRequest { content: Recording { samples }.to_wav(), file_name: "a.wav".to_owned(), ..SpeechRequest::default() }
}

async fn transcribe(model: &EngineSpeechModel, samples: Vec<i16>) -> Result<Transcription, EngineError> {
    whole(model.transcribe(request(samples))).await
}

#[tokio::test]
async fn tokens_and_times_are_those_of_whisper_cpp() {
    let Some(file) = model() else { return };
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/whisper_reference.json");
    let reference: Reference = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    // Quick attention differs in its last bits from processor to processor.
    let (supervisor, speech) = engine(&file, &["--no-flash-attention"]);
    for case in reference.cases {
        let asked = SpeechRequest {
            language: Some(case.language.clone()),
            translate: case.translate,
            ..request(sound(case.seconds))
        };
        let said = whole(speech.transcribe(asked)).await.unwrap();
        let name = format!("{} s of {}", case.seconds, case.language);
        let segments = said.segments.unwrap();
        assert_eq!(segments.len(), case.segments.len(), "{name}");
        for (found, expected) in segments.iter().zip(&case.segments) {
            assert_eq!(found.tokens, expected.tokens, "{name}");
            // whisper.cpp's last window is longer than the recording; our times are within it.
            let end = expected.end.min(case.seconds as f64);
            assert_eq!((found.start, found.end), (expected.start, end), "{name}");
        }
        assert!((said.duration - case.seconds as f64).abs() < 1e-6 && !said.text.is_empty(), "{name}");
    }
    supervisor.shutdown().await;
}

#[tokio::test]
async fn text_comes_while_it_works_with_progress_words_and_the_language_that_is_heard() {
    let Some(file) = model() else { return };
    let (supervisor, _) = engine(&file, &[]);
    let speech = EngineSpeechModel::local(supervisor.clone(), "random".to_owned(), None);
    let asked = SpeechRequest { words: true, ..request(sound(65)) };
    let events: Vec<SpeechEvent> = speech.transcribe(asked).map(Result::unwrap).collect().await;
    let text: String = events
        .iter()
        .filter_map(|event| if let SpeechEvent::Text(text) = event { Some(text.as_str()) } else { None })
        .collect();
    let steps: Vec<f64> = events
        .iter()
        .filter_map(|event| if let SpeechEvent::Progress(step) = event { Some(*step) } else { None })
        .collect();
    assert!(steps.len() >= 3 && steps.is_sorted() && steps[0] == 0.0, "{steps:?}");
    let Some(SpeechEvent::Done(said)) = events.last() else { panic!("{events:?}") };
    assert_eq!(text.trim(), said.text);
    assert!(!said.language.is_empty());
    let words = said.words.as_ref().unwrap();
    assert!(!words.is_empty() && words.iter().all(|word| word.start <= word.end && word.end <= 65.1), "{words:?}");
    supervisor.shutdown().await;
}

#[tokio::test]
async fn silence_gives_nothing_and_so_does_noise_where_a_detector_listens() {
    let (Some(file), Some(detector)) = (model(), shared("models/ggml-silero-v6.2.0.bin")) else { return };
    let (supervisor, speech) = engine(&file, &["--vad", detector.to_str().unwrap()]);
    let (plain_supervisor, plain) = engine(&file, &[]);
    for speech in [&speech, &plain] {
        let said = transcribe(speech, vec![0; 160_000]).await.unwrap();
        assert_eq!((said.text.as_str(), said.segments.unwrap().len()), ("", 0));
        assert_eq!(said.duration, 10.0);
    }
    let hiss: Vec<i16> = sound(10).iter().map(|sample| sample % 97).collect();
    assert_eq!(transcribe(&speech, hiss.clone()).await.unwrap().text, "");
    assert_ne!(transcribe(&plain, hiss).await.unwrap().text, "");
    supervisor.shutdown().await;
    plain_supervisor.shutdown().await;
}

/// Somebody says a sentence, as ffmpeg's speech synthesis has it; `None` where it has none.
fn sentence() -> Option<Vec<i16>> {
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-f", "lavfi"])
        .args(["-i", "flite=text='This is the house by the lake where we spent the whole summer.'"])
        .args(["-ac", "1", "-ar", "16000", "-f", "s16le", "pipe:1"])
        .output()
        .ok()
        .filter(|made| made.status.success() && made.stdout.len() > 32_000);
    if made.is_none() {
        eprintln!("SKIPPED: this ffmpeg cannot speak (libflite)");
    }
    Some(made?.stdout.as_chunks::<2>().0.iter().map(|sample| i16::from_le_bytes(*sample)).collect())
}

#[tokio::test]
async fn a_long_recording_is_cut_at_its_pauses_and_times_are_those_of_the_recording() {
    let (Some(file), Some(detector)) = (model(), shared("models/ggml-silero-v6.2.0.bin")) else { return };
    let Some(sentence) = sentence() else { return };
    let (supervisor, speech) = engine(&file, &["--vad", detector.to_str().unwrap()]);
    let seconds = |samples: usize| samples as f64 / 16_000.0;
    // A minute of silence, the sentence, ten minutes of silence (more than a block of the detector), the sentence again.
    let mut samples = vec![0; 60 * 16_000];
    let first = samples.len();
    samples.extend(&sentence);
    samples.resize(samples.len() + 600 * 16_000, 0);
    let second = samples.len();
    samples.extend(&sentence);
    samples.resize(samples.len() + 16_000, 0);
    let began = Instant::now();
    let said = transcribe(&speech, samples).await.unwrap();
    eprintln!("eleven minutes, mostly silence: {:?}", began.elapsed());
    let segments = said.segments.unwrap();
    let near = |time: f64, place: usize| (seconds(place) - 1.0..seconds(place + sentence.len()) + 1.0).contains(&time);
    assert!(!segments.is_empty());
    for segment in &segments {
        assert!(near(segment.start, first) || near(segment.start, second), "{} s", segment.start);
        assert!(near(segment.end, first) || near(segment.end, second), "{} s", segment.end);
    }
    supervisor.shutdown().await;
}

#[tokio::test]
async fn who_goes_away_is_given_up() {
    let Some(file) = model() else { return };
    let (supervisor, speech) = engine(&file, &[]);
    transcribe(&speech, sound(1)).await.unwrap();
    let began = Instant::now();
    transcribe(&speech, sound(60)).await.unwrap();
    let a_minute = began.elapsed();
    let mut long = speech.transcribe(request(sound(1800)));
    assert!(matches!(long.next().await, Some(Ok(SpeechEvent::Progress(_)))));
    drop(long);
    let began = Instant::now();
    transcribe(&speech, sound(1)).await.unwrap();
    assert!(began.elapsed() < a_minute * 4, "{:?}, and a minute takes {a_minute:?}", began.elapsed());
    supervisor.shutdown().await;
}

#[tokio::test]
async fn a_crash_ends_its_request_with_an_error_and_the_next_one_works() {
    let Some(file) = model() else { return };
    let (supervisor, speech) = engine(&file, &[]);
    // After a fourth crash the supervisor would wait longer than a caller does.
    for _ in 0..3 {
        let mut events = speech.transcribe(request(sound(120)));
        assert!(matches!(events.next().await, Some(Ok(SpeechEvent::Progress(_)))));
        let EngineState::Running { pid } = supervisor.state() else { panic!("{:?}", supervisor.state()) };
        assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
        let error = loop {
            match events.next().await {
                Some(Ok(_)) => {}
                Some(Err(error)) => break error,
                None => panic!("the stream ended without an error"),
            }
        };
        assert!(matches!(&error, EngineError::Crashed { engine, .. } if engine == "whisper"), "{error}");
        assert!(events.next().await.is_none());
        assert!(!Path::new(&format!("/proc/{pid}/exe")).exists(), "the killed engine is still there");
    }
    assert!(!transcribe(&speech, sound(2)).await.unwrap().text.is_empty());
    supervisor.shutdown().await;
}

#[tokio::test]
async fn fifty_requests_at_once_are_answered_or_told_to_come_back() {
    let Some(file) = model() else { return };
    let (supervisor, _) = engine(&file, &["--queue", "4"]);
    let lease = supervisor.lease().await.unwrap();
    let ask = async || -> Result<Transcription, EngineError> {
        let mut events = std::pin::pin!(lease.client().transcribe("random", &request(sound(1))).await?);
        loop {
            match events.next().await {
                Some(Ok(SpeechEvent::Done(said))) => return Ok(said),
                Some(event) => drop(event?),
                None => panic!("the stream ended before its end"),
            }
        }
    };
    let answers = futures::future::join_all((0..50).map(|_| ask())).await;
    let said: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    assert!(said.len() >= 5, "{}", said.len());
    assert!(said.iter().all(|answer| answer.text == said[0].text && !answer.text.is_empty()));
    for error in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert!(matches!(error, EngineError::Busy { .. }), "{error}");
    }
    assert!(ask().await.is_ok());
    drop(lease);
    supervisor.shutdown().await;
}

/// Starts the engine on a file and returns its exit code and what it said; it must end by itself.
fn refused(model: &Path, more: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let listen = format!("unix:{}", folder.path().join("s").display());
    let mut child = Command::new(PROGRAM)
        .args(["--threads", "1", "--listen", &listen, "--model"])
        .arg(model)
        .args(more)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("{} was taken for a model", model.display());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_file_that_is_no_whole_model_is_named_and_nothing_crashes() {
    let (Some(file), Some(empty)) = (model(), shared("models/whisper-tiny-no-weights.bin")) else { return };
    let bytes = std::fs::read(&file).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.bin");
    let expect = |content: &[u8], why: &str| {
        std::fs::write(&broken, content).unwrap();
        let (code, said) = refused(&broken, &[]);
        assert_eq!(code, Some(1), "{why}: {said}");
        assert!(said.contains("broken.bin"), "{why}: {said}");
        said
    };
    for part in 0..20 {
        let said = expect(&bytes[..bytes.len() * part / 20 + 7 * part], "cut off");
        assert!(part == 0 || said.contains("cut off"), "{said}");
    }
    assert!(expect(&bytes[..bytes.len() - 1], "one byte too few").contains("cut off"));
    let noise: Vec<u8> = sound(10).iter().flat_map(|sample| sample.to_le_bytes()).collect();
    expect(&noise, "random bytes");
    expect(&[b"lmgg", &noise[..]].concat(), "random bytes behind the right beginning");
    // Whole, but with a tensor of another name: whisper.cpp itself refuses it.
    let mut renamed = bytes.clone();
    let at = renamed.windows(13).position(|window| window == b"decoder.ln.we").unwrap();
    renamed[at + 8] = b'x';
    expect(&renamed, "renamed tensor");
    assert!(refused(&empty, &[]).1.contains("no weights"));
    let (code, said) = refused(Path::new("/nowhere/ggml-base.bin"), &[]);
    assert!(code == Some(1) && said.contains("/nowhere/ggml-base.bin"), "{said}");
    std::fs::write(&broken, &noise).unwrap();
    let (code, said) = refused(&file, &["--vad", broken.to_str().unwrap()]);
    assert!(code == Some(1) && said.contains("broken.bin") && said.contains("voice activity"), "{said}");
}
