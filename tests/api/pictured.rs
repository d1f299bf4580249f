//! Asking about one picture: found in the library by its content and its looks, and seen by a model that looks at it.

use std::path::Path;

use serde_json::{Value, json};

use crate::clients::{OnPort, TOKEN};
use crate::llama::fixture;
use crate::program::{Home, Photo, family};
use crate::scripted::{Reply, Scripted};

fn home(vision: &str) -> Home {
    let home = Home::new();
    family(&home);
    std::fs::create_dir_all(home.data()).unwrap();
    std::fs::write(home.data().join("recollect.toml"), vision).unwrap();
    home.add();
    home
}

fn ask(home: &Home, picture: &Path, question: &[&str]) -> Value {
    let mut arguments = vec!["ask", "--json", "--image", picture.to_str().unwrap()];
    arguments.extend(question);
    home.json(&arguments)
}

fn first(answer: &Value) -> &str {
    answer["media"][0]["path"].as_str().unwrap_or_else(|| panic!("{answer}"))
}

#[test]
fn without_a_model_that_sees_the_picture_is_found_and_what_is_missing_is_said() {
    let home = home("");
    let original = home.photos().join("Camera Roll/C1.jpg");
    let elsewhere = home.data().join("copy of it.jpg");
    std::fs::copy(&original, &elsewhere).unwrap();
    let smaller = home.data().join("smaller.png");
    image::open(&original).unwrap().thumbnail(120, 120).save(&smaller).unwrap();
    let stranger = home.data().join("stranger.jpg");
    Photo { seed: 99, taken: "2020-01-01T00:00:00", ..Photo::default() }.write(&stranger);
    let check = |alone: bool| {
        for (picture, why) in [(&elsewhere, "the same file"), (&smaller, "the same picture")] {
            let answer = ask(&home, picture, &["which breed is this dog?"]);
            assert!(first(&answer).ends_with("C1.jpg"), "{alone}: {answer}");
            assert_eq!(answer["media"][0]["why"][0], why, "{answer}");
            let text = answer["answer"].as_str().unwrap();
            assert!(text.contains("a model that sees: recollect models pull ") && text.contains("Hamburg"), "{text}");
            let looked = answer["tool_calls"].as_array().unwrap().last().unwrap().clone();
            assert_eq!((looked["name"].as_str(), looked["status"].as_str()), (Some("describe_media"), Some("failed")));
        }
        let answer = ask(&home, &stranger, &[]);
        assert_eq!(answer["media"], json!([]));
        assert!(answer["answer"].as_str().unwrap().contains("not in your library"), "{answer}");
    };
    check(true);
    let broken = home.data().join("broken.jpg");
    std::fs::write(&broken, "no picture").unwrap();
    let _server = home.serve(&[]);
    check(false);
    for path in [&broken, &home.data().join("nowhere.jpg")] {
        let output = home.command(&["ask", "--image"]).arg(path).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(path.to_str().unwrap()), "{said}");
    }
}

#[test]
fn a_model_that_sees_is_shown_the_picture_alone() {
    let model = Scripted::play(vec![Reply::Text("The sign says [[media:x]] Bakery.")]);
    let home = home(&format!("[vision]\nurl = {:?}\nmodel = \"eyes\"\n", model.url));
    let answer = ask(&home, &home.photos().join("Camera Roll/C1.jpg"), &["what does the sign say?"]);
    let text = answer["answer"].as_str().unwrap();
    assert!(text.starts_with("The sign says  Bakery.") && text.contains("It is in your library: C1.jpg"), "{text}");
    let request = &model.requests()[0];
    let parts = &request["messages"][1]["content"];
    assert!(parts[0]["image_url"]["url"].as_str().unwrap().starts_with("data:image/jpeg;base64,"));
    assert_eq!(parts[1]["text"], "what does the sign say?");
    assert!(!request.to_string().contains("sofa"), "nothing else of the library goes along: {request}");

    // The same about a medium of the library, in a conversation.
    let server = home.serve(&[]);
    let media = server.get("/media?limit=10")["data"].clone();
    let id = media.as_array().unwrap().iter().find(|medium| medium["name"] == "L1.jpg").unwrap()["id"].clone();
    let asked = json!({ "question": "what colour are they?", "picture": { "id": id } });
    let answer = server.post("/ask", &asked)["data"].clone();
    assert!(first(&answer).ends_with("L1.jpg") && answer["tool_calls"][0]["status"] == "done", "{answer}");
    assert_eq!(model.requests().len(), 2);
    for wrong in
        [json!({}), json!({ "url": "http://example.com/a.jpg" }), json!({ "url": "data:image/png;base64,AAAA" })]
    {
        let answer = server.post("/ask", &json!({ "question": "what?", "picture": wrong }));
        assert_eq!(answer["error"]["code"], "bad_request", "{answer}");
    }
    let gone = json!({ "id": "019a0000-0000-7000-8000-000000000000" });
    let answer = server.post("/ask", &json!({ "question": "what?", "picture": gone }));
    assert_eq!(answer["error"]["code"], "media_not_found", "{answer}");
}

#[test]
fn the_agent_looks_at_pictures_where_a_model_sees() {
    let eyes = Scripted::play(vec![Reply::Text("Three red cabins and a boat.")]);
    let model = Scripted::play(vec![
        Reply::Calls(vec![("search_media", "{\"query\":\"cabins\"}")]),
        Reply::Calls(vec![("describe_media", "{\"id\":\"m1\",\"question\":\"how many cabins are there?\"}")]),
        Reply::Text("There are three red cabins [m1]."),
    ]);
    let home = home(&format!(
        "[vision]\nurl = {:?}\nmodel = \"eyes\"\n[chat]\nurl = {:?}\nmodel = \"m\"\n",
        eyes.url, model.url
    ));
    let answer = home.json(&["ask", "how many cabins are in the picture of the harbour?", "--json", "--mode", "agent"]);
    let calls: Vec<&str> =
        answer["tool_calls"].as_array().unwrap().iter().filter_map(|call| call["name"].as_str()).collect();
    assert_eq!(calls, ["search_media", "describe_media"], "{answer}");
    assert!(model.requests()[2].to_string().contains("Three red cabins and a boat."));
    assert!(first(&answer).ends_with("L1.jpg"), "{answer}");
}

#[test]
fn our_own_engine_sees() {
    let projector = fixture("tiny-projector.gguf");
    let arguments = ["--context", "2048", "--threads", "1", "--mmproj", projector.to_str().unwrap()];
    let engine = OnPort::start(env!("CARGO_BIN_EXE_recollect-llama"), &fixture("tiny-qwen3.gguf"), &arguments);
    let home = home(&format!("[vision]\nurl = {:?}\ntoken = {TOKEN:?}\n", engine.url));
    let answer = ask(&home, &home.photos().join("Camera Roll/C1.jpg"), &["what is it?"]);
    let looked = answer["tool_calls"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(looked["status"], "done", "{answer}");
    assert!(!looked["result"]["seen"].as_str().unwrap().is_empty(), "random weights write random words: {answer}");
}
