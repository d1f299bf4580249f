//! Events that nobody named, from a heap of pictures: found, named, shaped by the user, told of, asked for.

use serde_json::{Value, json};

use crate::program::{Home, Photo, Server, shared};
use crate::scripted::{Reply, Scripted};

const HOME: (f64, f64) = (53.5511, 9.9937);
const ROME: (f64, f64) = (41.8933, 12.4829);

/// A year of a family in Hamburg in one folder of a camera: everyday pictures, a week in Rome, a birthday.
fn heap(home: &Home) {
    let folder = home.photos().join("DCIM").join("100CANON");
    let mut seed = 100;
    let mut shoot = |taken: &str, position, people: &[&str], keywords: &[&str], description: &str| {
        seed += 1;
        let photo = Photo { seed, taken, position: Some(position), people, keywords, description, rating: 0 };
        photo.write(&folder.join(format!("IMG_{seed}.jpg")));
    };
    for month in 1..=12 {
        shoot(&format!("2022-{month:02}-08T17:20:00"), HOME, &[], &[], "");
    }
    for (day, hour) in [(14, 9), (14, 15), (15, 11), (16, 10), (16, 18)] {
        shoot(&format!("2022-05-{day}T{hour:02}:00:00"), ROME, &["Ida"], &[], "a fountain in the sun");
    }
    for minute in [0, 25, 50] {
        shoot(&format!("2022-09-03T15:{minute:02}:00"), HOME, &["Jonas"], &["birthday"], "");
    }
    shoot("2022-09-03T16:30:00", HOME, &["Jonas", "Ida"], &["birthday"], "the cake has nine candles");
}

fn serve(home: &Home) -> Server {
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    server
}

/// Name, kind and number of media of every event, the earliest first.
fn events(server: &Server) -> Vec<(String, String, i64)> {
    let events = server.get("/events")["data"].clone();
    let text = |event: &Value, key: &str| event[key].as_str().unwrap().to_owned();
    let told = |event: &Value| (text(event, "name"), text(event, "kind"), event["count"].as_i64().unwrap());
    events.as_array().unwrap().iter().rev().map(told).collect()
}

fn id(server: &Server, at: usize) -> String {
    let events = server.get("/events")["data"].clone();
    events.as_array().unwrap().iter().rev().nth(at).unwrap()["id"].as_str().unwrap().to_owned()
}

fn is(name: &str, kind: &str, count: i64) -> (String, String, i64) {
    (name.to_owned(), kind.to_owned(), count)
}

#[test]
fn a_heap_of_pictures_becomes_events_that_the_user_shapes() {
    let home = Home::new();
    heap(&home);
    let server = serve(&home);
    let found = [is("Weekend in Rome", "trip", 5), is("Birthday, September 2022", "event", 4)];
    assert_eq!(events(&server), found);
    let rome = id(&server, 0);
    let whole = server.get(&format!("/events/{rome}"))["data"].clone();
    let days: Vec<_> =
        whole["days"].as_array().unwrap().iter().map(|day| (day["date"].clone(), day["count"].clone())).collect();
    assert_eq!(
        days,
        [(json!("2022-05-14"), json!(2)), (json!("2022-05-15"), json!(1)), (json!("2022-05-16"), json!(2))]
    );

    let renamed = server.post("/events/changes", &json!({ "action": "rename", "event": rome, "name": "Ida's Rome" }));
    assert_eq!(renamed["data"]["summary"], "Weekend in Rome renamed to Ida's Rome");
    let merge = json!({ "action": "merge", "into": rome, "events": [id(&server, 1)] });
    let merged = server.post("/events/changes", &merge)["data"].clone();
    assert_eq!(events(&server), [is("Ida's Rome", "trip", 9)]);
    // Pictures that come later join, and finding anew changes nothing of it.
    let more = Photo { seed: 900, taken: "2022-05-15T16:00:00", position: Some(ROME), ..Photo::default() };
    more.write(&home.photos().join("DCIM").join("100CANON").join("IMG_900.jpg"));
    drop(server);
    let server = serve(&home);
    assert_eq!(events(&server), [is("Ida's Rome", "trip", 10)]);
    server.post(&format!("/events/changes/{}/undo", merged["id"].as_str().unwrap()), &json!({}));
    assert_eq!(events(&server), [is("Ida's Rome", "trip", 6), is("Birthday, September 2022", "event", 4)]);
    let again = server.post(&format!("/events/changes/{}/undo", merged["id"].as_str().unwrap()), &json!({}));
    assert_eq!(again["error"]["message"], "it was taken back already");
    assert_eq!(server.get("/events/clocks")["data"], json!([]));
}

#[test]
fn events_that_were_found_are_asked_for_and_told_of() {
    let home = Home::new();
    heap(&home);
    home.add();
    let names = |answer: &Value| answer["media"].as_array().unwrap().len();
    assert_eq!(names(&home.ask("our trip to Rome")), 5);
    assert_eq!(names(&home.ask("the birthday")), 4);
    let answer = home.ask("sum up our trip to Rome");
    let call =
        answer["tool_calls"].as_array().unwrap().iter().find(|call| call["name"] == "summarize").unwrap().clone();
    assert_eq!((call["status"].as_str(), call["media"].as_array().unwrap().len()), (Some("done"), 5));
    let text = answer["answer"].as_str().unwrap();
    assert!(text.contains("Rome") && text.contains("5 photos") && text.contains(" [5]"), "{text}");
    let toned = |question: &str| home.ask(question)["answer"].as_str().unwrap().to_owned();
    let warm = toned("sum up our trip to Rome in one warm sentence");
    assert!(warm.starts_with("A look back at Rome: 5 photos"), "{warm}");
    let plain = toned("sum up our trip to Rome in one formal sentence");
    assert!(plain.starts_with("Rome: 5 photos"), "{plain}");
    let playful = toned("Fasse unsere Reise nach Rom fröhlich zusammen");
    assert!(playful != toned("Fasse unsere Reise nach Rom zusammen") && playful.contains("5 Fotos"), "{playful}");

    let told = home.json(&["summarize", "Weekend in Rome", "--length", "page", "--json"]);
    assert_eq!((told["about"].as_str(), told["by"].as_str()), (Some("event"), Some("")));
    let sentences = told["sentences"].as_array().unwrap();
    assert!(sentences.len() >= 5, "{told:#}");
    for sentence in sentences {
        assert!(!sentence["media"].as_array().unwrap().is_empty(), "{sentence}");
    }
    assert!(told["text"].as_str().unwrap().contains("a fountain in the sun"), "{told:#}");
    let warm = home.run(&["summarize", "Weekend in Rome", "--tone", "warm", "--length", "line"]);
    assert!(warm.starts_with("A look back at Weekend in Rome: 5 photos"), "{warm}");
    let german = home.run(&["summarize", "2022", "--language", "de", "--length", "line"]);
    assert!(german.starts_with("2022: 21 Fotos"), "{german}");
    let person = home.run(&["summarize", "Jonas"]);
    assert!(person.contains("Jonas") && person.contains("Ida"), "{person}");
    let nobody = home.command(&["summarize", "Atlantis"]).output().unwrap();
    assert!(!nobody.status.success());
}

#[test]
fn names_are_proposed_for_an_event_and_only_true_ones() {
    let mut home = Home::new();
    heap(&home);
    let proposed = |server: &Server| {
        let names = server.get(&format!("/events/{}/names", id(server, 0)))["data"].clone();
        let text = |name: &Value, key: &str| name[key].as_str().unwrap().to_owned();
        names.as_array().unwrap().iter().map(|name| (text(name, "name"), text(name, "by"))).collect::<Vec<_>>()
    };
    let server = serve(&home);
    let ruled = ["Weekend in Rome", "Rome, May 2022"].map(|name| (name.to_owned(), String::new()));
    assert_eq!(proposed(&server), ruled);
    assert_eq!(server.get("/events/00000000-0000-7000-8000-000000000000/names")["error"]["code"], "event_not_found");
    drop(server);
    let model = Scripted::play(vec![Reply::Text("1. Ida at the fountain\n2. Paris with Tom\n3. Rome, May 2022")]);
    home.set("RECOLLECT_CHAT_URL", &model.url);
    home.set("RECOLLECT_CHAT_MODEL", "scripted");
    let expected = [("Ida at the fountain", "scripted"), ("Rome, May 2022", "scripted"), ("Weekend in Rome", "")];
    assert_eq!(proposed(&serve(&home)), expected.map(|(name, by)| (name.to_owned(), by.to_owned())));
    let told = model.requests().last().unwrap()["messages"][0]["content"].as_str().unwrap().to_owned();
    assert!(told.contains("Ida") && told.contains("a fountain in the sun"), "{told}");
}

#[test]
fn a_summary_is_kept_and_the_users_words_stay() {
    let home = Home::new();
    heap(&home);
    let server = serve(&home);
    let path = format!("/summaries/event/{}?length=line", id(&server, 0));
    let told = server.get(&path)["data"].clone();
    assert_eq!(told, server.get(&path)["data"]);
    let words = json!({ "text": "The best week of the year." });
    assert_eq!(server.post(&path, &words)["data"]["by"], "user");
    assert_eq!(server.get(&path)["data"]["text"], "The best week of the year.");
    // Each tone and language is kept for itself.
    for how in ["tone=warm", "tone=playful", "language=de"] {
        let other = server.get(&format!("{path}&{how}"))["data"].clone();
        assert!(other["by"] == "" && other["text"] != told["text"], "{how}: {other}");
    }
    assert!(server.get(&format!("{path}&tone=angry"))["error"]["code"].is_string());
    assert_eq!(server.post(&path, &json!({ "text": "" }))["data"]["text"], told["text"]);
    assert_eq!(server.get("/summaries/star/1")["error"]["code"], "bad_request");
    assert_eq!(server.get("/summaries/event/nothing")["error"]["code"], "not_found");
}

#[test]
fn a_summary_waits_for_no_model_unless_it_is_asked_to() {
    let mut home = Home::new();
    heap(&home);
    let model = Scripted::play(vec![Reply::Text("Ida was in Rome in May 2022. [1]")]);
    home.set("RECOLLECT_CHAT_URL", &model.url);
    home.set("RECOLLECT_CHAT_MODEL", "scripted");
    let server = serve(&home);
    let path = format!("/summaries/event/{}?length=paragraph", id(&server, 0));
    let at_once = || server.get(&format!("{path}&at_once=true"))["data"].clone();
    let asked = || model.requests().len();
    let plain = at_once();
    assert_eq!((plain["by"].as_str(), plain["to_come"].as_bool(), asked()), (Some(""), Some(true), 0));
    assert!(plain["text"].as_str().unwrap().contains("Rome"), "{plain}");
    let told = server.get(&path)["data"].clone();
    assert_eq!((told["by"].as_str(), told["to_come"].as_bool(), asked()), (Some("scripted"), Some(false), 1));
    assert_eq!(at_once(), told, "what it told is kept");
    let line = server.get(&format!("/summaries/event/{}?length=line&at_once=true", id(&server, 0)));
    assert_eq!(line["data"]["to_come"], false, "a line takes no model");
    assert_eq!(asked(), 1);
}

/// The family library in one flat folder: trips and outings are found from times and places alone.
#[test]
fn the_family_library_in_one_heap_has_its_events() {
    let (Some(photos), Some(truth)) = (shared("library/photos"), shared("library/truth.json")) else { return };
    let home = Home::new();
    let truth: Value = serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap();
    let folder = home.photos().join("DCIM").join("100CANON");
    std::fs::create_dir_all(&folder).unwrap();
    // One trip, and some of what was taken at home: reading all would take long.
    let some = |event: &str, at: usize| event == "kenya-2017" || event == "home" && at.is_multiple_of(3);
    let mut expected = 0;
    for (at, item) in truth["items"].as_array().unwrap().iter().enumerate() {
        let event = item["event"].as_str().unwrap();
        if !some(event, at) || item["media_type"] != "photo" {
            continue;
        }
        expected += i64::from(event == "kenya-2017" && !item["lat"].is_null());
        let source = photos.join(item["path"].as_str().unwrap());
        std::fs::copy(&source, folder.join(format!("P{at:04}.jpg"))).unwrap();
    }
    home.add();
    let found = home.json(&["events", "list", "--json"]);
    let kenya = found.as_array().unwrap().iter().find(|event| event["start"].as_str().unwrap().starts_with("2017-08"));
    let kenya = kenya.unwrap_or_else(|| panic!("no trip in {found:#}"));
    assert_eq!(kenya["kind"], "trip");
    assert!(kenya["name"].as_str().unwrap().ends_with("August 2017"), "{kenya:#}");
    assert_eq!(kenya["media"].as_array().unwrap().len() as i64, expected, "{kenya:#}");
}
