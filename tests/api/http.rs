//! The HTTP API on a running server.

use serde_json::json;

use crate::program::{Home, Server, block, client, family};

fn serve() -> (Home, Server) {
    let home = Home::new();
    family(&home);
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    (home, server)
}

#[test]
fn media_are_listed_shown_and_served_in_ranges() {
    let (_home, server) = serve();
    let days = server.get("/timeline");
    assert_eq!(days["data"]["total"], 6);
    assert_eq!(days["data"]["days"][0], json!({ "day": "2025-06-02", "count": 1 }));
    let page = server.get("/media?limit=4");
    assert_eq!(page["data"].as_array().unwrap().len(), 4);
    assert_eq!(page["meta"], json!({ "total": 6, "next_cursor": "4" }));
    let id = page["data"][0]["id"].as_str().unwrap().to_owned();
    let detail = server.get(&format!("/media/{id}"))["data"].clone();
    assert_eq!(detail["description"], "breakfast on the balcony");
    assert_eq!(detail["place_parts"]["country_code"], "DE");
    assert!(detail["values"].as_array().unwrap().iter().any(|value| value["source"] == "sidecar_xmp"), "{detail}");

    let (status, headers, whole) = server.fetch(&format!("/media/{id}/original"), &[]);
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    let (status, headers, part) = server.fetch(&format!("/media/{id}/original"), &[("range", "bytes=10-19")]);
    assert_eq!((status, part.as_slice()), (206, &whole[10..20]));
    assert!(headers["content-range"].to_str().unwrap().starts_with("bytes 10-19/"));
    let (status, headers, thumbnail) = server.fetch(&format!("/media/{id}/thumbnail?size=256"), &[]);
    assert_eq!((status, &thumbnail[..3]), (200, &b"\xff\xd8\xff"[..]));
    assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
}

#[test]
fn every_error_is_an_envelope() {
    let (_home, server) = serve();
    let unknown = "/media/019a0000-0000-7000-8000-000000000000";
    for (path, status, code) in [
        (unknown, 404, "media_not_found"),
        ("/media/nonsense", 400, "bad_request"),
        ("/media?day_from=yesterday", 400, "bad_request"),
        ("/nowhere", 404, "no_route"),
        ("/search", 400, "bad_request"),
    ] {
        let (got, _, body) = server.fetch(path, &[]);
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((got, body["error"]["code"].as_str().unwrap()), (status, code), "{path}: {body}");
        assert!(!body["error"]["request_id"].as_str().unwrap().is_empty());
        assert_eq!(body["data"], serde_json::Value::Null);
    }
}

#[test]
fn a_turn_is_streamed_and_stored() {
    let (_home, server) = serve();
    let conversation = server.post("/conversations", &json!({}))["data"]["id"].as_str().unwrap().to_owned();
    let text = block(async {
        let url = server.address(&format!("/conversations/{conversation}/turns"));
        client().post(url).json(&json!({ "question": "photos of Ida" })).send().await.unwrap().text().await.unwrap()
    });
    let events: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!(events, ["understanding", "tool_call", "media", "text", "done"], "{text}");
    let stored = server.get(&format!("/conversations/{conversation}"));
    assert_eq!(stored["data"]["turns"][0]["total"], 3);
    assert!(stored["data"]["turns"][0]["answer"].as_str().unwrap().contains("[[media:"));
    let turn = stored["data"]["turns"][0]["id"].as_str().unwrap();
    let media = server.get(&format!("/conversations/{conversation}/turns/{turn}/media?limit=2"));
    assert_eq!((media["data"].as_array().unwrap().len(), &media["meta"]["next_cursor"]), (2, &json!("2")));
}

#[test]
fn a_proposal_is_carried_out_once_confirmed_and_can_be_undone() {
    let (_home, server) = serve();
    let ask = |question: &str| server.post("/ask", &json!({ "question": question }))["data"].clone();
    let call = |answer: &serde_json::Value| {
        answer["tool_calls"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned()
    };
    let album = call(&ask("make an album called North of the Lofoten pictures"));
    assert_eq!(server.get("/albums")["data"], json!([]));
    assert_eq!(server.post(&format!("/tool-calls/{album}/confirm"), &json!({}))["data"]["status"], "done");
    assert_eq!(server.get("/albums")["data"][0]["count"], 3);
    let again = server.post(&format!("/tool-calls/{album}/confirm"), &json!({}));
    assert_eq!(again["error"]["code"], "conflict");
    assert_eq!(server.post(&format!("/tool-calls/{album}/undo"), &json!({}))["data"]["status"], "undone");
    assert_eq!(server.get("/albums")["data"], json!([]));

    let tags = call(&ask("tag the photos of Jonas with 'friends'"));
    server.post(&format!("/tool-calls/{tags}/confirm"), &json!({}));
    let tagged = |name: &str| server.get("/tags")["data"].as_array().unwrap().iter().any(|tag| tag["name"] == name);
    assert!(tagged("friends"));
    server.post(&format!("/tool-calls/{tags}/undo"), &json!({}));
    assert!(!tagged("friends") && tagged("birthday"));
}

#[test]
fn recognised_parts_can_be_removed_from_a_search() {
    let (_home, server) = serve();
    let found = server.get("/search?q=Ida%20in%20Norway");
    assert_eq!(found["data"]["total"], 2, "{found}");
    let chips = found["data"]["reading"]["chips"].as_array().unwrap();
    let place = chips.iter().find(|chip| chip["role"] == "place").unwrap()["id"].as_str().unwrap();
    let wider = server.get(&format!("/search?q=Ida%20in%20Norway&without={place}"));
    assert_eq!(wider["data"]["total"], 3, "{wider}");
}

#[test]
fn pages_load_nothing_from_elsewhere_and_strangers_are_kept_out() {
    let (home, server) = serve();
    let (status, headers, _) = server.fetch("/", &[]);
    assert_eq!(status, 200);
    assert!(headers["content-security-policy"].to_str().unwrap().contains("default-src 'self'"));
    let (status, _, _) = server.fetch("/status", &[("host", "evil.example")]);
    assert_eq!(status, 421, "a page whose name points here is not this machine");
    drop(server);

    let refused = home.command(&["run", "--host", "0.0.0.0", "--port", "0"]).output().unwrap();
    assert!(String::from_utf8_lossy(&refused.stderr).contains("token"));
    let guarded = home.serve(&["--token", "secret"]);
    assert_eq!(guarded.fetch("/status", &[]).0, 401);
    assert_eq!(guarded.fetch("/status", &[("authorization", "Bearer secret")]).0, 200);
    assert_eq!(guarded.fetch("/status", &[("authorization", "Bearer wrong")]).0, 401);
}

#[test]
fn suggestions_can_be_answered() {
    let (_home, server) = serve();
    let suggestions = server.get("/suggestions")["data"].as_array().unwrap().clone();
    assert!(suggestions.len() >= 4, "{suggestions:?}");
    for suggestion in suggestions {
        let answer = server.post("/ask", &json!({ "question": suggestion["question"] }))["data"].clone();
        let media = answer["media"].as_array().unwrap();
        assert!(!media.is_empty(), "{suggestion}: {}", answer["answer"]);
    }
}
