//! Memories from outside: what is seen again on a day, what is wanted less of, films of them.

use serde_json::{Value, json};

use crate::program::{Home, Photo, Server};

const LISBON: (f64, f64) = (38.7169, -9.1399);
const ROME: (f64, f64) = (41.8933, 12.4829);

/// Two Novembers, a receipt among them, a square that somebody came back to, and a summer.
fn novembers(home: &Home) {
    let mut seed = 500;
    let mut shoot = |taken: &str, position, people: &[&str], keywords: &[&str]| {
        seed += 1;
        let photo = Photo { seed, taken, position, people, keywords, rating: 4, ..Photo::default() };
        photo.write(&home.photos().join(format!("IMG_{seed}.jpg")));
    };
    for hour in [10, 12, 15] {
        shoot(&format!("2020-11-22T{hour}:00:00"), Some(ROME), &["Ida"], &[]);
    }
    shoot("2020-11-22T19:00:00", Some(ROME), &[], &["receipt"]);
    for day in [23, 24, 25] {
        shoot(&format!("2016-11-{day}T11:00:00"), None, &["Jonas"], &[]);
    }
    shoot("2015-06-01T11:00:00", Some(LISBON), &[], &[]);
    shoot("2023-06-03T11:00:00", Some((LISBON.0 + 0.0005, LISBON.1)), &[], &[]);
    for day in 1..=14 {
        shoot(&format!("2022-07-{day:02}T11:00:00"), None, &[], &[]);
    }
}

fn serve(home: &Home) -> Server {
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    server
}

fn on(server: &Server, date: &str) -> Vec<Value> {
    let today = server.get(&format!("/memories?date={date}"));
    assert_eq!(today["data"]["date"], date, "{today}");
    today["data"]["memories"].as_array().unwrap().clone()
}

/// Identifier and number of pictures of each, in no order.
fn told(memories: &[Value]) -> Vec<(String, usize)> {
    let count = |memory: &Value| memory["media"].as_array().unwrap().len();
    let kind = |memory: &Value| format!("{} {}", memory["kind"].as_str().unwrap(), memory["years"]);
    let mut told: Vec<_> = memories.iter().map(|memory| (kind(memory), count(memory))).collect();
    told.sort();
    told
}

fn is(told: &str, count: usize) -> (String, usize) {
    (told.to_owned(), count)
}

#[test]
fn a_day_has_its_memories_and_the_user_says_what_is_wanted_less() {
    let home = Home::new();
    novembers(&home);
    let server = serve(&home);
    let today = on(&server, "2026-11-22");
    let all = [is("on_this_day 6", 3), is("place 8", 2), is("this_week 10", 3), is("year 4", 14)];
    assert_eq!(told(&today), all, "the receipt is no memory: {today:#?}");
    assert_eq!(today, on(&server, "2026-11-22"));
    let first = &today[0];
    assert_eq!((&first["title"], &first["first"]), (&json!("6 years ago today"), &json!("2020-11-22")), "{first:#}");
    assert_eq!(first["people"][0]["name"], "Ida");
    let year = today.iter().find(|memory| memory["kind"] == "year").unwrap();
    assert!(year["summary"]["text"].as_str().unwrap().starts_with("2022: 14 photos"), "{year:#}");
    assert!(on(&server, "2026-04-10").iter().all(|memory| memory["sides"].is_array() || memory["kind"] == "year"));

    let ida = first["people"][0]["id"].clone();
    let less = json!({ "about": "person", "subject": ida });
    assert_eq!(server.post("/memories/feedback", &less)["data"][0]["name"], "Ida");
    assert_ne!(on(&server, "2026-11-22")[0]["kind"], "on_this_day");
    let never = json!({ "about": "person", "subject": ida, "amount": "never" });
    let said = server.post("/memories/feedback", &never)["data"].clone();
    assert_eq!((said.as_array().unwrap().len(), &said[0]["amount"]), (1, &json!("never")), "{said}");
    assert_eq!(told(&on(&server, "2026-11-22")), all[1..]);
    let path = format!("/memories/feedback/person/{}", ida.as_str().unwrap());
    assert_eq!(server.delete(&path)["data"], json!([]));
    assert_eq!(on(&server, "2026-11-22"), today);
    assert_eq!(server.delete(&path)["error"]["code"], "feedback_not_found");

    let days = json!({ "about": "days", "subject": "2016-11-24..2016-11-24", "amount": "never" });
    assert_eq!(server.post("/memories/feedback", &days)["data"][0]["name"], "November 24, 2016");
    assert!(!told(&on(&server, "2026-11-22")).contains(&all[2]));
    let hide = json!({ "action": "describe", "person": ida, "hidden": true });
    assert!(server.post("/people/changes", &hide)["error"].is_null());
    assert!(!told(&on(&server, "2026-11-22")).contains(&all[0]), "who is hidden is not remembered");
    assert_eq!(server.get("/memories?date=tomorrow")["error"]["code"], "bad_request");
    let nobody = json!({ "about": "person", "subject": "01900000-0000-7000-8000-000000000000" });
    assert_eq!(server.post("/memories/feedback", &nobody)["error"]["code"], "person_not_found");
}

#[test]
fn a_memory_is_played_and_made_a_film_and_told_on_the_command_line() {
    let home = Home::new();
    novembers(&home);
    let server = serve(&home);
    let today = on(&server, "2026-11-22");
    let media: Vec<Value> =
        today[0]["media"].as_array().unwrap().iter().map(|shown| shown["media"]["id"].clone()).collect();
    let wish = json!({ "prompt": "a gentle film", "name": "Rome again", "media": media });
    let plan = server.post("/films/plan", &wish)["data"].clone();
    assert_eq!(plan["storyboard"]["title"], "Rome again", "{plan:#}");
    assert_eq!(plan["media"].as_object().unwrap().len(), 3);
    assert_eq!(server.get("/films")["data"], json!([]), "a plan is not kept");
    let film = server.post("/films", &wish)["data"].clone();
    assert_eq!((&film["title"], &film["shots"]), (&json!("Rome again"), &json!(3)), "{film:#}");
    let both = json!({ "prompt": "a film", "media": media, "storyboard": film["storyboard"] });
    assert_eq!(server.post("/films", &both)["error"]["code"], "bad_request");
    drop(server);

    let told = home.run(&["memories", "--on", "2026-11-22"]);
    assert!(told.starts_with("6 years ago today · "), "{told}");
    let listed = home.json(&["memories", "--now", "2026-11-22", "--json"]);
    assert_eq!(listed.as_array().unwrap().len(), today.len());
    assert!(listed[0]["media"][0].as_str().unwrap().ends_with(".jpg"), "{listed:#}");
}
