//! A watched folder: what is added is found, what moves keeps its identity, what goes is forgotten.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::{Home, Photo, Server};

fn media(server: &Server) -> Vec<Value> {
    server.get("/media?limit=500")["data"].as_array().unwrap().clone()
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "{what} did not come to pass");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn changes_are_followed() {
    let home = Home::new();
    let photos = home.photos();
    Photo { seed: 1, taken: "2024-05-04T15:00:00", ..Photo::default() }.write(&photos.join("a.jpg"));
    let server = home.serve(&[photos.to_str().unwrap()]);
    server.settle();
    let first = media(&server)[0]["id"].clone();

    Photo { seed: 2, taken: "2024-05-05T15:00:00", ..Photo::default() }.write(&photos.join("new/b.jpg"));
    wait_for("the new picture", || media(&server).len() == 2);

    fs::create_dir(photos.join("moved")).unwrap();
    fs::rename(photos.join("a.jpg"), photos.join("moved/renamed.jpg")).unwrap();
    fs::rename(photos.join("a.xmp"), photos.join("moved/renamed.xmp")).unwrap();
    wait_for("the move", || media(&server).iter().any(|m| m["id"] == first && m["name"] == "renamed.jpg"));

    fs::remove_dir_all(photos.join("new")).unwrap();
    wait_for("the removal", || media(&server).len() == 1);
    assert_eq!(media(&server)[0]["id"], first, "a moved file keeps its identity");
}

#[test]
fn commands_use_the_running_server() {
    let home = Home::new();
    Photo { seed: 1, taken: "2024-05-04T15:00:00", people: &["Ida"], ..Photo::default() }
        .write(&home.photos().join("a.jpg"));
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    let answer = home.ask("photos of Ida");
    assert_eq!(answer["media"].as_array().unwrap().len(), 1, "{answer}");
    let other = tempfile::tempdir().unwrap();
    Photo { seed: 9, taken: "2020-05-04T15:00:00", people: &["Ida"], ..Photo::default() }
        .write(&other.path().join("z.jpg"));
    home.run(&["add", other.path().to_str().unwrap(), "--wait"]);
    assert_eq!(home.ask("photos of Ida")["media"].as_array().unwrap().len(), 2);
    let second = home.command(&["run", "--port", "0"]).output().unwrap();
    assert!(String::from_utf8_lossy(&second.stderr).contains("in use by another Recollect"));
}

#[test]
fn commands_wait_for_a_server_that_is_ending() {
    let home = Home::new();
    Photo { seed: 1, taken: "2024-05-04T15:00:00", people: &["Ida"], ..Photo::default() }
        .write(&home.photos().join("a.jpg"));
    home.add();
    // One that ends listens no longer, and holds the folder until it has put everything away.
    let held = std::fs::File::open(home.data().join("recollect.lock")).unwrap();
    held.lock().unwrap();
    let listening = serde_json::json!({ "url": "http://127.0.0.1:9", "token": null, "pid": 1 });
    std::fs::write(home.data().join("server.json"), listening.to_string()).unwrap();
    let ends = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(700));
        drop(held);
    });
    assert!(home.add().contains("1 unchanged"));
    ends.join().unwrap();
}
