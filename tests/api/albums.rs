//! Albums that keep themselves: by the API, in a conversation and by command line.

use serde_json::{Value, json};

use crate::program::{Home, Photo, Server, block, client, family};

fn served() -> (Home, Server) {
    let home = Home::new();
    family(&home);
    home.add();
    let server = home.serve(&[]);
    (home, server)
}

fn change(server: &Server, method: reqwest::Method, path: &str, body: &Value) -> Value {
    block(async {
        client().request(method, server.address(path)).json(body).send().await.unwrap().json().await.unwrap()
    })
}

fn patch(server: &Server, path: &str, body: &Value) -> Value {
    change(server, reqwest::Method::PATCH, path, body)
}

/// File names of an album's media.
fn names(server: &Server, album: &str) -> Vec<String> {
    let media = server.get(&format!("/albums/{album}/media"))["data"].clone();
    let names = media.as_array().unwrap().iter().map(|card| card["name"].as_str().unwrap().to_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn create(server: &Server, rule: &str) -> Value {
    server.post("/albums", &json!({ "name": "Mine", "rule": rule }))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

#[test]
fn an_album_keeps_itself_and_says_why() {
    let (home, server) = served();
    let made = create(&server, "WHO: ida; where: Norway | Hamburg ; not rating<2")["data"].clone();
    assert_eq!(made["album"]["rule"], "people: ida; place: Norway | Hamburg; not rating < 2", "{made}");
    let id = text(&made["album"]["id"]);
    let before = names(&server, &id);
    assert!(before.contains(&"L1.jpg".to_owned()) && before.contains(&"L2.jpg".to_owned()), "{before:?}");

    // What comes later belongs, too.
    let later = Photo {
        seed: 77,
        taken: "2024-08-01T10:00:00",
        people: &["Ida"],
        position: Some((68.2342, 14.5636)),
        ..Photo::default()
    };
    later.write(&home.photos().join("later/N1.jpg"));
    server.settle();
    let mut now = names(&server, &id);
    for _ in 0..100 {
        if now.contains(&"N1.jpg".to_owned()) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
        now = names(&server, &id);
    }
    assert_eq!(now.len(), before.len() + 1, "{now:?}");

    let first = server.get(&format!("/albums/{id}/media"))["data"][0].clone();
    let why = server.get(&format!("/albums/{id}/media/{}/reasons", text(&first["id"])))["data"].clone();
    assert_eq!(why["kept"], true, "{why}");
    assert_eq!(why["clauses"][0], json!({ "clause": "people: ida", "met": true, "by": ["Ida"] }));

    // Wherever the album is named, it is looked up.
    let listed = server.get(&format!("/media?album={id}"));
    assert_eq!(listed["meta"]["total"], now.len(), "{listed}");
    let asked = server.post("/ask", &json!({ "question": "how many photos are in the album Mine?" }));
    assert_eq!(asked["data"]["count"], now.len(), "{asked}");
    assert_eq!(server.get("/albums")["data"][0]["count"], now.len());
}

#[test]
fn changes_are_taken_back() {
    let (_home, server) = served();
    let id = text(&create(&server, "people: Ida")["data"]["album"]["id"]);
    let with_ida = names(&server, &id);
    let path = format!("/albums/{id}");
    let undo = |changed: &Value| {
        server.post(&format!("/albums/changes/{}/undo", text(&changed["data"]["change"])), &json!({}))
    };
    let renamed = patch(&server, &path, &json!({ "name": "Hers" }));
    assert_eq!(renamed["data"]["album"]["name"], "Hers");
    let ruled = patch(&server, &path, &json!({ "rule": "people: Ida & Jonas" }));
    assert_eq!(names(&server, &id), ["L2.jpg"], "{ruled}");
    // By hand from now on, with what it had.
    let by_hand = patch(&server, &path, &json!({ "rule": "" }));
    assert_eq!(by_hand["data"]["album"]["rule"], Value::Null);
    assert_eq!(names(&server, &id), ["L2.jpg"]);
    let all = server.get("/media")["data"].clone();
    let media: Vec<&Value> = all.as_array().unwrap().iter().map(|card| &card["id"]).collect();
    let added = server.post(&format!("{path}/media"), &json!({ "media": media }));
    assert_eq!(names(&server, &id).len(), 6);
    let removed = change(&server, reqwest::Method::DELETE, &format!("{path}/media"), &json!({ "media": [media[0]] }));
    assert_eq!(names(&server, &id).len(), 5);
    let deleted = server.delete(&path);
    assert_eq!(deleted["data"]["album"], Value::Null);
    assert_eq!(undo(&renamed)["error"]["code"], "conflict");
    for changed in [&deleted, &removed, &added, &by_hand, &ruled, &renamed] {
        assert_eq!(undo(changed)["error"], Value::Null, "{changed}");
    }
    assert_eq!(names(&server, &id), with_ida);
    assert_eq!(server.get(&path)["data"]["name"], "Mine");
}

#[test]
fn a_wrong_rule_is_told_at_the_word_and_never_kept() {
    let (_home, server) = served();
    let read = |text: &str, cursor: Option<usize>| {
        server.post("/albums/rules", &json!({ "text": text, "cursor": cursor }))["data"].clone()
    };
    // The place counts as a browser counts.
    let wrong = read("text: \"🎂\"; people: Idda", None);
    let problem = &wrong["problems"][0];
    assert_eq!((problem["start"].as_u64(), problem["end"].as_u64()), (Some(20), Some(24)), "{wrong}");
    assert!(text(&problem["message"]).contains("did you mean Ida"), "{wrong}");
    assert_eq!(wrong["count"], Value::Null);
    let offered = read("people: I", Some(9));
    assert_eq!(offered["candidates"][0]["text"], "Ida", "{offered}");
    assert_eq!(read("people: Ida", None)["count"], 3);
    assert_eq!(read("place: Norway; best 2", None)["count"], 2);
    for wrong in ["people: Nobody Known", "sunset", "album: Mine; peple: Ida"] {
        assert_eq!(create(&server, wrong)["error"]["code"], "rule_wrong", "{wrong}");
    }
    assert_eq!(server.get("/albums")["data"], json!([]));
    // An album is never made of itself.
    let one = text(&create(&server, "people: Ida")["data"]["album"]["id"]);
    let other = server.post("/albums", &json!({ "name": "Other", "rule": "album: Mine; rating >= 4" }));
    assert_eq!(other["data"]["album"]["count"], 1, "{other}");
    let circle = patch(&server, &format!("/albums/{one}"), &json!({ "rule": "album: Other" }));
    assert!(text(&circle["error"]["message"]).contains("made of itself"), "{circle}");
}

#[test]
fn an_album_is_kept_from_a_conversation() {
    let (_home, server) = served();
    let asked =
        server.post("/ask", &json!({ "question": "keep an album called North of all pictures of Ida in Norway" }));
    let calls = asked["data"]["tool_calls"].as_array().unwrap().clone();
    let call = calls.iter().find(|call| call["name"] == "create_album").unwrap();
    let rule = text(&call["arguments"]["rule"]);
    assert!(rule.contains("people: Ida; place: Norway"), "{call}");
    let answer = text(&asked["data"]["answer"]);
    assert!(answer.contains(&rule) && answer.contains("2 photos"), "{answer}");
    assert_eq!(server.get("/albums")["data"], json!([]));
    let id = text(&call["id"]);
    assert_eq!(server.post(&format!("/tool-calls/{id}/confirm"), &json!({}))["data"]["status"], "done");
    let album = server.get("/albums")["data"][0].clone();
    assert_eq!((&album["name"], &album["rule"], &album["count"]), (&json!("North"), &json!(rule), &json!(2)));
    assert_eq!(server.post(&format!("/tool-calls/{id}/undo"), &json!({}))["data"]["status"], "undone");
    assert_eq!(server.get("/albums")["data"], json!([]));
}

#[test]
fn albums_are_kept_by_command() {
    let home = Home::new();
    family(&home);
    home.add();
    let said = home.run(&["album", "create", "Mine", "--rule", "people: Ida"]);
    assert!(said.contains("recollect album undo "), "{said}");
    let shown = home.json(&["album", "show", "mine", "--json"]);
    assert_eq!(shown["media"].as_array().unwrap().len(), 3, "{shown}");
    let listed = home.json(&["albums", "list", "--json"]);
    assert_eq!(listed[0]["media"].as_array().unwrap().len(), 3, "{listed}");
    home.run(&["album", "rule", "Mine", "people: Ida; rating >= 4"]);
    let path = text(&home.json(&["album", "show", "Mine", "--json"])["media"][0]);
    let why = home.json(&["album", "explain", "Mine", &path, "--json"]);
    assert_eq!(why["clauses"][1], json!({ "clause": "rating >= 4", "met": true, "by": ["5 stars"] }), "{why}");
    let refused = home.command(&["album", "rule", "Mine", "people: Idda"]).output().unwrap();
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && told.contains("^^^^") && told.contains("did you mean Ida"), "{told}");
    home.run(&["album", "delete", "Mine"]);
    assert_eq!(home.json(&["albums", "list", "--json"]), json!([]));
}
