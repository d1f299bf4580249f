//! Speaking to the program: uploads to a running server, and `recollect ask --audio`.

use std::process::Command;

use recollect::voice::audio::Recording;
use serde_json::Value;

use crate::program::{Home, block, client, family};
use crate::whisper::random::{model, sound};

const BOUNDARY: &str = "sound-in-a-form";

fn form(content: &[u8]) -> Vec<u8> {
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"question\"\r\n\r\n");
    // Longer than other requests may be.
    let note =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n{}\r\n", "x".repeat(1 << 20));
    [note.as_bytes(), head.as_bytes(), content, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

/// Status and body of an upload.
pub fn upload(url: &str, content: &[u8], accept: &str) -> (u16, String) {
    block(async {
        let request = client().post(url).header("accept", accept);
        let request = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        let response = request.body(form(content)).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    })
}

fn wav(seconds: usize) -> Vec<u8> {
    Recording { samples: sound(seconds) }.to_wav()
}

/// A home whose configuration names the speech model, if there is one.
fn home(speech: Option<&std::path::Path>) -> Home {
    let home = Home::new();
    family(&home);
    home.add();
    if let Some(model) = speech {
        let text = format!("[speech]\nmodel = {:?}\nlanguage = \"en\"\nthreads = 1\n", model.display().to_string());
        std::fs::write(home.data().join("recollect.toml"), text).unwrap();
    }
    home
}

#[test]
fn without_a_speech_model_the_server_and_the_command_say_what_to_do() {
    let home = home(None);
    let output = home.command(&["ask", "--audio", "/nowhere/a.wav"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("speech model"), "{said}");
    let server = home.serve(&[]);
    let (status, body) = upload(&server.address("/transcriptions"), &wav(1), "application/json");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, body["error"]["code"].as_str().unwrap()), (503, "no_speech_model"));
    let hint = body["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("recollect models pull") || hint.contains("speech.model"), "{hint}");
    let models = server.get("/status")["data"]["models"].as_array().unwrap().clone();
    assert!(models.iter().any(|model| model["role"] == "speech" && model["state"] == "missing"), "{models:?}");
}

#[test]
fn what_is_said_comes_back_whole_or_as_it_is_heard() {
    let Some(model) = model() else { return };
    let home = home(Some(&model));
    let server = home.serve(&[]);
    let url = server.address("/transcriptions");
    let (status, body) = upload(&url, &wav(4), "application/json");
    let whole: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, whole["data"]["duration_s"].as_f64()), (200, Some(4.0)), "{body}");
    let text = whole["data"]["text"].as_str().unwrap();
    assert!(!text.is_empty() && !whole["data"]["segments"].as_array().unwrap().is_empty(), "{whole}");

    let (_, body) = upload(&url, &wav(4), "text/event-stream");
    let events: Vec<(&str, Value)> = body
        .split("\n\n")
        .filter_map(|event| event.strip_prefix("event: ")?.split_once("\ndata: "))
        .map(|(name, data)| (name, serde_json::from_str(data).unwrap()))
        .collect();
    let heard: String =
        events.iter().filter(|(name, _)| *name == "text").filter_map(|(_, data)| data["delta"].as_str()).collect();
    assert!(events.iter().any(|(name, _)| *name == "progress"), "{body}");
    let (name, last) = events.last().unwrap();
    assert_eq!((*name, last["text"].as_str()), ("done", Some(heard.trim())));

    for (content, code) in [(&b""[..], "empty_file"), (b"this is no sound at all, only words", "damaged")] {
        let (status, body) = upload(&url, content, "text/event-stream");
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, body["error"]["code"].as_str().unwrap()), (400, code), "{body}");
    }
    let (status, body) = upload(&url, &vec![0; 64 << 20], "application/json");
    assert!(status == 413 && body.contains("too_large"), "{status} {body}");
    let other = server.post("/ask", &serde_json::json!({ "question": "x".repeat((1 << 20) + 1000) }));
    assert_eq!(other["error"]["code"], "too_large", "other requests keep their limit");
}

fn ask_by_voice(home: &Home, recording: &std::path::Path) -> (Value, String) {
    let mut command: Command = home.command(&["ask", "--json", "--audio"]);
    let output = command.arg(recording).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    (serde_json::from_slice(&output.stdout).unwrap(), said)
}

#[test]
fn a_question_is_asked_by_voice_with_and_without_a_server() {
    let Some(model) = model() else { return };
    let home = home(Some(&model));
    let recording = home.data().join("question.wav");
    std::fs::write(&recording, wav(3)).unwrap();
    let (alone, heard_alone) = ask_by_voice(&home, &recording);
    assert!(alone["answer"].is_string() && heard_alone.contains("heard: "), "{heard_alone}");
    let _server = home.serve(&[]);
    let (_, heard) = ask_by_voice(&home, &recording);
    let words = |text: &str| text.split_once("heard: ").unwrap().1.trim().to_owned();
    assert_eq!(words(&heard), words(&heard_alone));
    std::fs::write(&recording, Recording { samples: vec![0; 32_000] }.to_wav()).unwrap();
    let silent = home.command(&["ask", "--audio"]).arg(&recording).output().unwrap();
    assert!(String::from_utf8_lossy(&silent.stderr).contains("nobody speaks"));
}
