//! What is said about pictures and in videos: kept, written down, found, played, put right, taken back.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use recollect::voice::audio::Recording;
use serde_json::{Value, json};

use crate::program::{Home, Server, block, client, family};
use crate::speech_script::{Heard, SpeechScript};
use crate::voice::upload;
use crate::whisper::random::{model, sound};

const BOAT: &str = "Here I talk about grandpa's old wooden boat and how we painted it";
const WHALE: &str = "On this journey we saw a whale quite far away";

/// Hears by the length of a recording.
fn ears() -> SpeechScript {
    SpeechScript::play(|seconds| match seconds.round() as u32 {
        2 => Heard::Said(vec![(0.0, 1.0, "Oh, that one."), (1.0, 2.0, BOAT)]),
        3 => Heard::Said(vec![(0.5, 3.0, WHALE)]),
        4 => Heard::Status(400),
        8 => Heard::Said(vec![(1.0, 3.0, "Hello everybody"), (5.5, 8.0, "look at the pelican on the roof")]),
        _ => Heard::Said(Vec::new()),
    })
}

fn wav(seconds: usize) -> Vec<u8> {
    Recording { samples: sound(seconds) }.to_wav()
}

fn home(speech: &str) -> Home {
    let home = Home::new();
    family(&home);
    configure(&home, speech);
    home
}

fn configure(home: &Home, speech: &str) {
    std::fs::create_dir_all(home.data()).unwrap();
    std::fs::write(home.data().join("recollect.toml"), format!("[speech]\n{speech}\n")).unwrap();
}

fn serve(home: &Home) -> Server {
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    server
}

fn medium(server: &Server, name: &str) -> String {
    let page = server.get("/media?limit=100");
    let media = page["data"].as_array().unwrap();
    let found = media.iter().find(|medium| medium["name"] == name);
    found.unwrap_or_else(|| panic!("{name} is not among {media:?}"))["id"].as_str().unwrap().to_owned()
}

/// Keeps a note and returns it.
fn say(server: &Server, about: &str, seconds: usize) -> Value {
    let (status, body) = upload(&server.address(&format!("{about}/notes")), &wav(seconds), "application/json");
    assert_eq!(status, 200, "{body}");
    serde_json::from_str::<Value>(&body).unwrap()["data"].clone()
}

/// Waits until a note is in one of these states.
fn wait(server: &Server, note: &Value, states: &[&str]) -> Value {
    let path = format!("/notes/{}", note["id"].as_str().unwrap());
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        let note = server.get(&path)["data"].clone();
        if states.contains(&note["state"].as_str().unwrap()) {
            return note;
        }
        assert!(Instant::now() < deadline, "{note}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The names of what a query finds, each with its first reason.
fn find(server: &Server, query: &str) -> Vec<(String, String)> {
    server.settle();
    let encoded: String = query.replace(' ', "%20").replace('\'', "%27");
    let found = server.get(&format!("/search?q={encoded}"));
    let hits = found["data"]["hits"].as_array().unwrap_or_else(|| panic!("{found}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    hits.iter().map(|hit| (text(&hit["media"]["name"]), text(&hit["why"][0]))).collect()
}

fn patch(server: &Server, path: &str, body: &Value) -> Value {
    block(async { client().patch(server.address(path)).json(body).send().await.unwrap().json().await.unwrap() })
}

#[test]
fn a_note_is_kept_written_down_found_and_played() {
    let ears = ears();
    let home = home(&format!("url = {:?}", ears.url));
    let server = serve(&home);
    let sofa = medium(&server, "C1.jpg");
    let note = say(&server, &format!("/media/{sofa}"), 2);
    assert_eq!((note["duration_s"].as_f64(), note["mime"].as_str()), (Some(2.0), Some("audio/wav")));
    let note = wait(&server, &note, &["done"]);
    assert_eq!(note["text"], format!("Oh, that one. {BOAT}"));
    assert_eq!(note["segments"][1], json!({ "start": 1.0, "end": 2.0, "text": BOAT }));
    assert_eq!((note["about"]["id"].as_str(), note["language"].as_str()), (Some(sofa.as_str()), Some("english")));

    let found = find(&server, "grandpa's boat");
    assert_eq!(found[0].0, "C1.jpg", "{found:?}");
    assert!(found[0].1.starts_with("note: ") && found[0].1.contains("grandpa's old wooden boat"), "{found:?}");
    let answer = home.ask("the photo where I talked about grandpa's boat");
    assert!(answer["media"][0]["path"].as_str().unwrap().ends_with("C1.jpg"), "{answer}");
    assert!(answer["answer"].as_str().unwrap().contains("grandpa's old wooden boat"), "it is cited: {answer}");

    let path = format!("/notes/{}/audio", note["id"].as_str().unwrap());
    let (status, headers, whole) = server.fetch(&path, &[]);
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "audio/wav"));
    assert!(whole == wav(2));
    let (status, _, part) = server.fetch(&path, &[("range", "bytes=100-199")]);
    assert_eq!((status, part.as_slice()), (206, &whole[100..200]));
    let shown = home.json(&["show", &sofa, "--json"]);
    assert_eq!(shown["notes"][0]["segments"][1]["text"], BOAT);
    assert!(Path::new(shown["notes"][0]["recording"].as_str().unwrap()).is_file());
}

#[test]
fn words_put_right_stay_and_a_deleted_note_can_be_taken_back() {
    let ears = ears();
    let home = home(&format!("url = {:?}", ears.url));
    let server = serve(&home);
    let about = format!("/media/{}", medium(&server, "C1.jpg"));
    let note = wait(&server, &say(&server, &about, 2), &["done"]);
    let path = format!("/notes/{}", note["id"].as_str().unwrap());
    let right = json!({ "segments": [{ "start": 0.2, "end": 1.9, "text": " grandpa's purple canoe " }] });
    let edited = patch(&server, &path, &right)["data"].clone();
    assert_eq!((edited["state"].as_str(), edited["text"].as_str()), (Some("edited"), Some("grandpa's purple canoe")));
    assert_eq!(find(&server, "purple canoe")[0].0, "C1.jpg");
    assert!(find(&server, "painted").is_empty(), "what was misheard is not found any more");
    for wrong in [
        json!({ "segments": [{ "start": 2, "end": 1, "text": "a" }] }),
        json!({ "segments": [{ "start": 2, "end": 3, "text": "a" }, { "start": 1, "end": 3, "text": "b" }] }),
        json!({ "segments": [{ "start": -1, "end": 3, "text": "a" }] }),
    ] {
        assert_eq!(patch(&server, &path, &wrong)["error"]["code"], "bad_request", "{wrong}");
    }
    assert!(server.delete(&path)["data"]["deleted"].is_string());
    assert_eq!(server.get(&format!("{about}/notes"))["data"], json!([]));
    assert!(find(&server, "purple canoe").is_empty());
    assert_eq!(patch(&server, &path, &right)["error"]["code"], "note_not_found", "what is deleted is not changed");
    server.post(&format!("{path}/restore"), &json!({}));
    assert_eq!(find(&server, "purple canoe")[0].0, "C1.jpg");
    // The same words are the user's after another start too, and only their wish has a model write over them.
    drop(server);
    let server = serve(&home);
    assert_eq!(server.get(&path)["data"]["state"], "edited");
    server.post(&format!("{path}/transcribe"), &json!({}));
    assert!(wait(&server, &note, &["done"])["text"].as_str().unwrap().contains(BOAT));
}

#[test]
fn a_note_on_an_event_or_album_finds_its_media_less_strongly() {
    let ears = ears();
    let home = home(&format!("url = {:?}", ears.url));
    let server = serve(&home);
    let events = server.get("/events")["data"].clone();
    let lofoten = events.as_array().unwrap().iter().find(|event| event["name"] == "Lofoten").unwrap().clone();
    let about = format!("/events/{}", lofoten["id"].as_str().unwrap());
    let note = wait(&server, &say(&server, &about, 3), &["done"]);
    assert_eq!((note["about"]["kind"].as_str(), note["about"]["name"].as_str()), (Some("event"), Some("Lofoten")));
    let found = find(&server, "a whale far away");
    let mut names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["L1.jpg", "L2.jpg", "L3.jpg"]);
    assert!(found.iter().all(|(_, why)| why.starts_with("note on Lofoten: ")), "{found:?}");
    let answer = home.ask("photos of a whale far away");
    assert!(answer["answer"].as_str().unwrap().contains("Lofoten"), "the event itself is named: {answer}");
    // The same words about one picture find it first.
    let kitchen = medium(&server, "C2.jpg");
    wait(&server, &say(&server, &format!("/media/{kitchen}"), 3), &["done"]);
    assert_eq!(find(&server, "a whale far away")[0].0, "C2.jpg");

    let album = server.post("/ask", &json!({ "question": "make an album of the dog on the sofa called \"Naps\"" }));
    let call = album["data"]["tool_calls"]
        .as_array()
        .unwrap()
        .iter()
        .find(|call| call["name"] == "create_album")
        .unwrap()
        .clone();
    server.post(&format!("/tool-calls/{}/confirm", call["id"].as_str().unwrap()), &json!({}));
    let albums = server.get("/albums")["data"].clone();
    let about = format!("/albums/{}", albums[0]["id"].as_str().unwrap());
    wait(&server, &say(&server, &about, 2), &["done"]);
    let found = find(&server, "painted wooden boat");
    assert_eq!(found[0].0, "C1.jpg", "{found:?}");
    assert!(found[0].1.starts_with("note on Naps: "), "{found:?}");
    assert_eq!(server.get("/notes")["data"].as_array().unwrap().len(), 3);
}

#[test]
fn what_cannot_be_written_down_says_why_and_is_kept() {
    let ears = ears();
    let home = home(&format!("url = {:?}", ears.url));
    let server = serve(&home);
    let about = format!("/media/{}", medium(&server, "C1.jpg"));
    let note = wait(&server, &say(&server, &about, 4), &["failed"]);
    assert_eq!(note["problem"]["code"], "engine_refused", "{note}");
    let failed = server.get("/jobs")["data"]["failed"].clone();
    assert!(failed.as_array().unwrap().iter().any(|job| job["kind"] == "transcribe_note"), "{failed}");
    let (status, _, audio) = server.fetch(&format!("/notes/{}/audio", note["id"].as_str().unwrap()), &[]);
    assert!(status == 200 && audio == wav(4));
    let url = server.address(&format!("{about}/notes"));
    for (content, code) in [(&b""[..], "empty_file"), (b"no sound at all, only words and more words", "damaged")] {
        let (status, body) = upload(&url, content, "application/json");
        assert!(status == 400 && body.contains(code), "{status} {body}");
    }
    let nobody = server.address("/events/019a0000-0000-7000-8000-000000000000/notes");
    let (status, body) = upload(&nobody, &wav(1), "application/json");
    assert!(status == 404 && body.contains("event_not_found"), "{body}");
    assert_eq!(server.get("/notes")["data"].as_array().unwrap().len(), 1, "what was refused left nothing");
    let kept = walk(&home.data().join("notes"));
    assert_eq!(kept.len(), 1, "{kept:?}");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn a_note_waits_for_the_model_that_arrives_later() {
    let Some(random) = model() else { return };
    let home = Home::new();
    family(&home);
    let file = home.data().join("later.bin");
    configure(&home, &format!("model = {:?}\nlanguage = \"en\"\nthreads = 1", file.display().to_string()));
    let server = serve(&home);
    let note = say(&server, &format!("/media/{}", medium(&server, "C1.jpg")), 2);
    let (state, problem) = (note["state"].as_str(), note["problem"]["message"].as_str().unwrap());
    assert!(state == Some("no_model") && problem.contains("later.bin"), "{note}");
    let part = home.data().join("later.part");
    std::fs::copy(random, &part).unwrap();
    std::fs::rename(part, file).unwrap();
    let note = wait(&server, &note, &["done"]);
    assert!(!note["text"].as_str().unwrap().is_empty(), "{note}");
}

/// A video of so many seconds, with a tone or without sound; `false` without ffmpeg.
fn film(path: &Path, seconds: u32, sound: bool) -> bool {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i"]);
    command.arg(format!("testsrc=duration={seconds}:size=160x120:rate=5"));
    if sound {
        command.args(["-f", "lavfi", "-i", &format!("sine=frequency=300:duration={seconds}"), "-c:a", "aac"]);
    }
    let made = command.args(["-c:v", "mpeg4"]).arg(path).status();
    let made = made.is_ok_and(|made| made.success());
    assert!(made || std::env::var("CI").as_deref() != Ok("true"), "CI needs ffmpeg");
    if !made {
        eprintln!("SKIPPED: ffmpeg is not installed");
    }
    made
}

#[test]
fn speech_in_videos_is_found_at_its_moment() {
    let ears = ears();
    let home = home(&format!("url = {:?}", ears.url));
    if !film(&home.photos().join("talk.mp4"), 8, true) || !film(&home.photos().join("mute.mp4"), 5, false) {
        return;
    }
    let path = |name: &str| home.photos().join(name).to_str().unwrap().to_owned();
    home.add();
    let shown = home.json(&["show", &path("talk.mp4"), "--json"]);
    let said = json!({ "start": 5.5, "end": 8.0, "text": "look at the pelican on the roof" });
    assert_eq!((&shown["transcript"]["language"], &shown["transcript"]["segments"][1]), (&json!("english"), &said));
    let mute = home.json(&["show", &path("mute.mp4"), "--json"]);
    assert_eq!(mute["transcript"], json!({ "language": "", "segments": [] }), "it was looked at and has no sound");
    assert!(home.json(&["show", &path("Camera Roll/C1.jpg"), "--json"])["transcript"].is_null());
    assert_eq!(ears.asked().len(), 1, "pictures and silence are not listened to");

    let answer = home.ask("pelican on the roof");
    assert!(answer["media"][0]["path"].as_str().unwrap().ends_with("talk.mp4"), "{answer}");
    assert_eq!(answer["media"][0]["moment_s"], 5);
    let why = answer["media"][0]["why"][0].as_str().unwrap();
    assert_eq!(why, "spoken at 0:05: look at the pelican on the roof");
    let server = home.serve(&[]);
    let hits = server.get("/search?q=pelican%20on%20the%20roof")["data"]["hits"].clone();
    assert_eq!((hits[0]["media"]["name"].as_str(), hits[0]["moment_s"].as_u64()), (Some("talk.mp4"), Some(5)));
    let detail = server.get(&format!("/media/{}", hits[0]["media"]["id"].as_str().unwrap()));
    assert_eq!(detail["data"]["transcript"]["segments"][1], said);
    // What was written down once is not written down again.
    drop(server);
    home.add();
    assert_eq!(ears.asked().len(), 1);
}

#[test]
fn the_real_engine_listens_to_videos() {
    let Some(random) = model() else { return };
    let home = Home::new();
    let model = random.display().to_string();
    configure(&home, &format!("model = {model:?}\nlanguage = \"en\"\nthreads = 1"));
    if !film(&home.photos().join("talk.mp4"), 4, true) {
        return;
    }
    home.add();
    let shown = home.json(&["show", home.photos().join("talk.mp4").to_str().unwrap(), "--json"]);
    assert_eq!(shown["transcript"]["language"], "english", "{}", shown["transcript"]);
    let segments = shown["transcript"]["segments"].as_array().unwrap();
    assert!(!segments.is_empty());
    assert!(
        segments.iter().all(|part| part["start"].as_f64() <= part["end"].as_f64() && part["end"].as_f64() <= Some(4.1))
    );
}
