//! Themes from outside: found without and with vectors of pictures, named, hidden, taken back, kept from guests.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::program::{Home, Photo, Server, block, client, shared};

const HOME: (f64, f64) = (53.5511, 9.9937);
const CABIN: (f64, f64) = (60.4720, 8.4689);
const ROME: (f64, f64) = (41.8933, 12.4829);

/// Five years of a family in Hamburg: everyday, a cabin every July, every Christmas, football on some Saturdays, Rome once.
fn years(home: &Home) {
    let folder = home.photos().join("DCIM");
    let mut seed = 100;
    let mut shoot = |taken: &str, position, keywords: &[&str], people: &[&str]| {
        seed += 1;
        let photo = Photo { seed, taken, position: Some(position), keywords, people, ..Photo::default() };
        photo.write(&folder.join(format!("IMG_{seed}.jpg")));
    };
    for year in 2018..2023 {
        for month in 1..=12 {
            shoot(&format!("{year}-{month:02}-08T17:20:00"), HOME, &[], &[]);
        }
        for day in 10..13 {
            shoot(&format!("{year}-07-{day}T11:00:00"), CABIN, &["cabin"], &["Ida"]);
        }
        for hour in [10, 17, 20] {
            shoot(&format!("{year}-12-24T{hour}:00:00"), HOME, &[], &["Ida"]);
        }
        for month in [4, 10] {
            shoot(&format!("{year}-{month:02}-21T15:00:00"), HOME, &["Football"], &["Jonas"]);
        }
    }
    for hour in 8..16 {
        shoot(&format!("2020-09-0{}T{hour:02}:30:00", 1 + hour % 3), ROME, &["fountain"], &[]);
    }
}

fn serve(home: &Home) -> Server {
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    server
}

fn found(server: &Server, query: &str) -> Vec<Value> {
    server.get(&format!("/themes{query}"))["data"]["themes"].as_array().unwrap().clone()
}

/// Name, kind and number of pictures of each, by name.
fn told(themes: &[Value]) -> Vec<(String, String, i64)> {
    let text = |theme: &Value, key: &str| theme[key].as_str().unwrap().to_owned();
    let mut told: Vec<_> = themes
        .iter()
        .map(|theme| (text(theme, "name"), text(theme, "kind"), theme["count"].as_i64().unwrap()))
        .collect();
    told.sort();
    told
}

fn is(name: &str, kind: &str, count: i64) -> (String, String, i64) {
    (name.to_owned(), kind.to_owned(), count)
}

fn patch(server: &Server, id: &str, body: &Value, token: &str) -> (u16, Value) {
    block(async {
        let mut request = client().patch(server.address(&format!("/themes/{id}"))).json(body);
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    })
}

fn as_guest(server: &Server, path: &str) -> Value {
    block(async {
        let request = client().get(server.address(path)).bearer_auth("guest");
        request.send().await.unwrap().json().await.unwrap()
    })
}

#[test]
fn what_comes_back_is_found_without_any_model_and_is_the_users_to_name_and_hide() {
    let mut home = Home::new();
    home.set("RECOLLECT_SERVER_GUEST_TOKEN", "guest");
    years(&home);
    let server = serve(&home);
    let all = found(&server, "");
    let kinds: Vec<(String, i64)> = told(&all).into_iter().map(|(_, kind, count)| (kind, count)).collect();
    let place = all.iter().find(|theme| theme["kind"] == "place").unwrap_or_else(|| panic!("{all:#?}"));
    let place_name = place["name"].as_str().unwrap();
    let mut expected = vec![is("Christmas", "feast", 15), is("Football", "word", 10), is(place_name, "place", 15)];
    expected.sort();
    assert_eq!(told(&all), expected, "one journey is no theme: {kinds:?}");
    assert_eq!(server.get("/themes")["data"]["compared"], false);
    assert_eq!(found(&server, "?language=de").iter().filter(|theme| theme["name"] == "Weihnachten").count(), 1);
    assert_eq!(place["years"].as_array().unwrap().len(), 5, "{place:#}");
    let id = place["id"].as_str().unwrap().to_owned();
    let whole = server.get(&format!("/themes/{id}"))["data"].clone();
    let reasons: Vec<&str> =
        whole["reasons"].as_array().unwrap().iter().map(|reason| reason["text"].as_str().unwrap()).collect();
    assert!(reasons.contains(&"cabin") && reasons.contains(&"summer"), "{whole:#}");
    assert_eq!(server.get(&format!("/themes/{id}/media?limit=4"))["meta"]["total"], 15);

    let renamed = patch(&server, &id, &json!({ "name": "The cabin" }), "").1;
    assert_eq!(renamed["data"]["summary"], format!("{place_name} renamed to The cabin"));
    let football = all.iter().find(|theme| theme["kind"] == "word").unwrap()["id"].as_str().unwrap().to_owned();
    let hidden = patch(&server, &football, &json!({ "hidden": true }), "").1["data"]["id"].clone();
    assert_eq!(told(&found(&server, "")), [is("Christmas", "feast", 15), is("The cabin", "place", 15)]);
    assert_eq!(found(&server, "?hidden=true").len(), 3);
    let guests = as_guest(&server, "/themes?hidden=true");
    assert_eq!(guests["data"]["themes"].as_array().unwrap().len(), 2, "what is hidden is not for guests");
    assert_eq!(as_guest(&server, &format!("/themes/{football}"))["error"]["code"], "theme_not_found");
    assert_eq!(patch(&server, &id, &json!({ "name": "Mine" }), "guest").0, 403);

    // Another summer, another Christmas: the same themes.
    for (seed, taken, position) in [(900, "2023-07-11T11:00:00", CABIN), (901, "2023-12-24T18:00:00", HOME)] {
        let photo = Photo { seed, taken, position: Some(position), ..Photo::default() };
        photo.write(&home.photos().join("DCIM").join(format!("IMG_{seed}.jpg")));
    }
    drop(server);
    let server = serve(&home);
    assert_eq!(told(&found(&server, "")), [is("Christmas", "feast", 16), is("The cabin", "place", 16)]);
    let path = format!("/themes/changes/{}/undo", hidden.as_str().unwrap());
    assert_eq!(server.post(&path, &json!({}))["data"]["summary"], "Took back: Football hidden");
    assert_eq!(found(&server, "").len(), 3);
    assert_eq!(server.post(&path, &json!({}))["error"]["message"], "it was taken back already");
    assert_eq!(server.get("/themes/changes")["data"].as_array().unwrap().len(), 3);
    drop(server);

    let listed = home.run(&["themes", "list"]);
    assert!(listed.contains("The cabin · 6 years") && listed.contains("not compared"), "{listed}");
    assert_eq!(home.run(&["themes", "hide", "christmas"]).trim(), "Christmas hidden");
    let asked = home.ask("photos of our cabin");
    assert_eq!(asked["media"].as_array().unwrap().len(), 16, "{asked:#}");
    let shown = home.json(&["themes", "show", "The cabin", "--json"]);
    assert_eq!(shown["media"].as_array().unwrap().len(), 16);
    assert_eq!(home.run(&["themes", "undo"]).trim(), "Took back: Christmas hidden");
    assert!(!home.command(&["themes", "show", "Atlantis"]).output().unwrap().status.success());
}

/// Real pictures of a family by their looks alone: what each theme shows is mostly one thing, as people say who looked.
#[test]
fn alike_pictures_of_a_family_are_themes() {
    let (Some(photos), Some(truth)) = (shared("library/photos"), shared("library/truth.json")) else { return };
    let mut home = Home::new();
    if !home.compare() {
        return;
    }
    let truth: Value = serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap();
    let mut things: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (at, item) in truth["items"].as_array().unwrap().iter().enumerate() {
        // The many pictures of one walk take long and are one occasion.
        if item["media_type"] != "photo" || item["event"] == "hike-2019" {
            continue;
        }
        let source = photos.join(item["path"].as_str().unwrap());
        let name = format!("P{at:04}.{}", source.extension().unwrap().to_string_lossy());
        let labels = item["labels"].as_array().into_iter().flatten().filter_map(|label| label.as_str());
        things.insert(name.clone(), labels.map(str::to_owned).collect());
        std::fs::copy(&source, home.photos().join(name)).unwrap();
    }
    home.add();
    let themes = home.json(&["themes", "list", "--json"]);
    let looks: Vec<&Value> = themes.as_array().unwrap().iter().filter(|theme| theme["kind"] == "looks").collect();
    assert!(looks.len() >= 3, "{themes:#}");
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut of_one_thing = 0;
    for theme in &looks {
        assert!(theme["alike"]["average"].as_f64() >= theme["alike"]["least"].as_f64(), "{theme:#}");
        assert!(theme["years"].as_array().unwrap().len() > 1, "{theme:#}");
        let names: Vec<String> = theme["media"]
            .as_array()
            .unwrap()
            .iter()
            .map(|path| path.as_str().unwrap().rsplit_once('/').unwrap().1.to_owned())
            .collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &names {
            assert!(seen.insert(name.clone()), "{name} is in two themes");
            things[name].iter().for_each(|thing| *counts.entry(thing).or_default() += 1);
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        of_one_thing += usize::from(most.is_some_and(|(_, count)| count * 2 > names.len()));
    }
    assert!(of_one_thing * 3 >= looks.len() * 2, "{of_one_thing} of {} themes show one thing", looks.len());
    assert_eq!(themes, home.json(&["themes", "list", "--json"]));
}
