//! Guests from outside: the server says who asks, and the guests' token gives a guest's rights wherever it comes from.

use reqwest::Method;
use serde_json::{Value, json};

use crate::program::{Home, Server, block, client, family};

/// The status and the body of an answer to somebody who presents a token; an empty one is none.
fn ask(server: &Server, method: Method, path: &str, token: &str) -> (u16, Value) {
    block(async {
        let mut request = client().request(method, server.address(path)).json(&json!({ "prompt": "a film" }));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or(Value::Null))
    })
}

fn audience(server: &Server, token: &str) -> Value {
    ask(server, Method::GET, "/status", token).1["data"]["audience"].clone()
}

fn looks_and_nothing_else(server: &Server) {
    for path in ["/timeline", "/search?q=cake", "/people", "/events", "/albums", "/status"] {
        assert_eq!(ask(server, Method::GET, path, "guest").0, 200, "{path}");
    }
    for (method, path) in [
        (Method::POST, "/films"),
        (Method::GET, "/films"),
        (Method::POST, "/conversations"),
        (Method::GET, "/jobs"),
        (Method::POST, "/albums"),
        (Method::POST, "/people/changes"),
        (Method::GET, "/folders"),
    ] {
        let (status, answer) = ask(server, method, path, "guest");
        assert_eq!((status, &answer["error"]["code"]), (403, &json!("guests_only_look")), "{path}");
    }
}

#[test]
fn on_this_machine_the_guests_token_makes_a_guest_and_no_token_the_owner() {
    let mut home = Home::new();
    family(&home);
    home.set("RECOLLECT_SERVER_GUEST_TOKEN", "guest");
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    assert_eq!((audience(&server, ""), audience(&server, "guest")), (json!("owner"), json!("guest")));
    looks_and_nothing_else(&server);
    let cookie = |method: Method, path: &str| {
        block(async {
            let request = client().request(method, server.address(path)).header("cookie", "recollect_token=guest");
            request.send().await.unwrap()
        })
    };
    assert_eq!(cookie(Method::GET, "/jobs").status(), 403, "a browser that signed in as a guest is one");
    let forgotten = cookie(Method::DELETE, "/session");
    let set = forgotten.headers()["set-cookie"].to_str().unwrap();
    assert!(forgotten.status() == 200 && set.starts_with("recollect_token=;") && set.contains("Max-Age=0"), "{set}");
    assert_eq!(ask(&server, Method::GET, "/jobs", "").0, 200);
}

#[test]
fn with_an_owners_token_both_are_told_who_they_are_and_strangers_nothing() {
    let mut home = Home::new();
    family(&home);
    home.set("RECOLLECT_SERVER_TOKEN", "owner");
    home.set("RECOLLECT_SERVER_GUEST_TOKEN", "guest");
    let server = home.serve(&[]);
    assert_eq!((audience(&server, "owner"), audience(&server, "guest")), (json!("owner"), json!("guest")));
    looks_and_nothing_else(&server);
    assert_eq!(ask(&server, Method::GET, "/jobs", "owner").0, 200);
    assert_eq!(ask(&server, Method::GET, "/status", "stranger").0, 401);
    assert_eq!(ask(&server, Method::GET, "/status", "").0, 401);
}
