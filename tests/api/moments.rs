//! Moments: films of real photos, seen frame by frame by real models, found at the second where something is shown.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::program::{Home, shared};

/// Seconds that each picture of a film is shown.
const SCENE: i64 = 6;

/// A film that shows each of these pictures for [`SCENE`] seconds. `false`: there is no ffmpeg.
pub fn film(pictures: &[&Path], to: &Path) -> bool {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y"]);
    for picture in pictures {
        command.args(["-loop", "1", "-framerate", "5", "-t", &SCENE.to_string(), "-i"]).arg(picture);
    }
    let scaled = (0..pictures.len()).map(|at| format!("[{at}]scale=480:480,setsar=1,format=yuv420p[v{at}];"));
    let all: String = (0..pictures.len()).map(|at| format!("[v{at}]")).collect();
    let graph = format!("{}{all}concat=n={}:v=1", scaled.collect::<String>(), pictures.len());
    let made = command.args(["-filter_complex", &graph, "-c:v", "mpeg4", "-g", "5", "-q:v", "3"]).arg(to).status();
    let is_made = made.is_ok_and(|made| made.success());
    if !is_made {
        eprintln!("SKIPPED: needs ffmpeg");
    }
    is_made
}

/// Start and end of each moment, seconds, rounded.
pub fn spans(moments: &Value) -> Vec<(i64, i64)> {
    let second = |moment: &Value, key: &str| (moment[key].as_f64().unwrap() / 1000.0).round() as i64;
    moments.as_array().unwrap().iter().map(|m| (second(m, "start_ms"), second(m, "end_ms"))).collect()
}

fn name_of(medium: &Value) -> String {
    Path::new(medium["path"].as_str().unwrap()).file_name().unwrap().to_string_lossy().into_owned()
}

/// A home with a film of dogs and a cat between them, and a photo of a dog.
fn home_with_film() -> Option<Home> {
    let media = shared("media/dreambooth/dataset")?;
    let mut home = Home::new();
    if !home.see() {
        return None;
    }
    let pictures = ["dog6/00.jpg", "cat/03.jpg", "dog6/02.jpg"].map(|name| media.join(name));
    let pictures: Vec<&Path> = pictures.iter().map(|picture| picture.as_path()).collect();
    std::fs::copy(media.join("dog6/02.jpg"), home.photos().join("photo.jpg")).unwrap();
    let made = film(&pictures, &home.photos().join("film.mp4"));
    made.then(|| {
        home.add();
        home
    })
}

#[test]
fn a_film_is_found_at_the_seconds_that_show_what_was_asked_for() {
    let Some(home) = home_with_film() else { return };
    let dogs = home.json(&["search", "dog", "--json"]);
    let found = |name: &str| dogs["media"].as_array().unwrap().iter().find(|medium| name_of(medium) == name).cloned();
    let video = found("film.mp4").unwrap();
    assert_eq!(spans(&video["moments"]), [(0, 6), (12, 18)], "{video}");
    assert!(video["moments"][0]["why"].to_string().contains("seen: dog"), "{video}");
    assert!(found("photo.jpg").unwrap().get("moments").is_none());
    let cats = home.json(&["search", "cat", "--json"]);
    assert_eq!((name_of(&cats["media"][0]), spans(&cats["media"][0]["moments"])), ("film.mp4".into(), vec![(6, 12)]));
    // What is seen at different times is not seen together.
    let together = home.json(&["search", "dog and cat", "--json"]);
    let score = |found: &Value| found["score"].as_f64().unwrap();
    let film = together["media"].as_array().unwrap().iter().find(|medium| name_of(medium) == "film.mp4").map(score);
    assert!(film.is_none_or(|film| film < score(&video)), "{together}");
    let answer = home.ask("videos of dogs");
    assert!(answer["answer"].as_str().unwrap().contains("(0:00, 0:12)"), "{answer}");
    assert_eq!(spans(&answer["media"][0]["moments"]), [(0, 6), (12, 18)]);
    let shown = home.show("film.mp4");
    let dog = shown["moments"].as_array().unwrap().iter().find(|moment| moment["why"][0] == "seen: dog").unwrap();
    assert_eq!(spans(&Value::Array(vec![dog.clone()])), [(0, 6)]);
}

#[test]
fn moments_are_served_with_the_pictures_that_show_them_and_outlive_the_indexes() {
    let Some(home) = home_with_film() else { return };
    home.run(&["index", "rebuild"]);
    let server = home.serve(&[]);
    server.settle();
    let found = server.get("/api/v1/search?q=cat");
    let hit = &found["data"]["hits"][0];
    assert_eq!((hit["media"]["name"].as_str(), hit["moment_s"].as_u64()), (Some("film.mp4"), Some(6)), "{found}");
    let (id, frame) = (hit["media"]["id"].as_str().unwrap(), hit["moments"][0]["frame_ms"].as_i64().unwrap());
    let (status, _, picture) = server.fetch(&format!("/api/v1/media/{id}/keyframes/{frame}"), &[]);
    assert!(status == 200 && picture.starts_with(&[0xff, 0xd8]), "{status}");
    let moments = server.get(&format!("/api/v1/media/{id}/moments"));
    let of = |word: &str| {
        let all = moments["data"].as_array().unwrap().iter();
        spans(&all.filter(|moment| moment["why"][0] == format!("seen: {word}")).cloned().collect())
    };
    assert_eq!((of("dog"), of("cat")), (vec![(0, 6), (12, 18)], vec![(6, 12)]), "{moments}");
    // Chat keeps them with the turn.
    let answer = server.post("/api/v1/ask", &serde_json::json!({ "question": "videos of cats" }));
    let conversation = answer["data"]["conversation"].as_str().unwrap();
    let stored = server.get(&format!("/api/v1/conversations/{conversation}"));
    assert_eq!(spans(&stored["data"]["turns"][0]["hits"][0]["moments"]), [(6, 12)], "{stored}");
    // The film itself resembles another picture of the dog where it shows the dog.
    let photo = server.get("/api/v1/search?q=photo")["data"]["hits"][0]["media"]["id"].as_str().unwrap().to_owned();
    let similar = server.get(&format!("/api/v1/media/{photo}/similar"));
    let film = similar["data"].as_array().unwrap().iter().find(|hit| hit["media"]["name"] == "film.mp4").unwrap();
    assert!(spans(&film["moments"]).iter().all(|(start, _)| [0, 12].contains(start)), "{similar}");
}
