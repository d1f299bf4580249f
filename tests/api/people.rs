//! Faces become people: by the real program, the real engine and real pictures.
//!
//! Needs ../shared and ONNX Runtime, as scripts/setup puts it in the models folder; RECOLLECT_ONNXRUNTIME names another.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::program::{Home, Photo, names, shared};

const FACES: [&str; 2] = ["yunet_n_dynamic", "mobilefacenet"];
const ANIMALS: [&str; 4] = ["yunet_n_dynamic", "mobilefacenet", "yolox_nano", "mobilenet_v1_embedding"];

/// A home with these models; `None`, said aloud, when they or the runtime are not here.
fn home(models: &[&str]) -> Option<Home> {
    let mut home = Home::new();
    home.install(models).then_some(home)
}

fn people(home: &Home) -> Vec<Value> {
    serde_json::from_value(home.json(&["people", "list", "--json"])).unwrap()
}

fn paths(person: &Value) -> Vec<String> {
    serde_json::from_value(person["media"].clone()).unwrap()
}

/// Of all pairs of portraits of one person those found, and of all pairs found those of one person, as F1.
fn pairwise_f1(people: &[Value], of: &dyn Fn(&str) -> String, persons: usize, each: usize) -> f64 {
    let pairs = |count: usize| count * (count.saturating_sub(1)) / 2;
    let (mut right, mut found) = (0, 0);
    for person in people {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for path in paths(person) {
            *counts.entry(of(&path)).or_default() += 1;
        }
        right += counts.values().map(|count| pairs(*count)).sum::<usize>();
        found += pairs(counts.values().sum());
    }
    2.0 * right as f64 / (found + persons * pairs(each)) as f64
}

#[test]
fn ten_strangers_are_told_apart_named_asked_for_and_forgotten() {
    let (Some(pictures), Some(home)) = (shared("media/krasserm-lfw/images"), home(&FACES)) else { return };
    home.run(&["add", pictures.to_str().unwrap(), "--wait"]);
    let of = |path: &str| path.rsplit('/').nth(1).unwrap_or_default().to_owned();
    let found = people(&home);
    assert!(found.iter().all(|person| person["confirmed"] == false && person["name"] == ""));
    let as_they_came = pairwise_f1(&found, &of, 10, 10);
    home.run(&["people", "cluster"]);
    let all_at_once = pairwise_f1(&people(&home), &of, 10, 10);
    println!("pairwise F1 as they came {as_they_came:.4}, all at once {all_at_once:.4}");
    assert!(as_they_came >= 0.97 && all_at_once >= 0.97, "{as_they_came} {all_at_once}");

    // A name makes a group somebody to ask for.
    let largest = people(&home).into_iter().max_by_key(|person| paths(person).len()).unwrap();
    assert_eq!(home.ask("photos of Ottilie")["media"], json!([]));
    let id = largest["id"].as_str().unwrap();
    home.run(&["people", "rename", id, "Ottilie"]);
    let answer = home.ask("photos of Ottilie");
    let media: BTreeSet<String> =
        answer["media"].as_array().unwrap().iter().map(|m| m["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(media, paths(&largest).into_iter().collect());
    let whys: Vec<&Value> =
        answer["media"].as_array().unwrap().iter().flat_map(|m| m["why"].as_array().unwrap()).collect();
    assert!(whys.contains(&&json!("person: Ottilie (face)")), "{whys:?}");
    home.run(&["people", "cluster"]);
    let named = people(&home).into_iter().find(|person| person["name"] == "Ottilie").unwrap();
    assert_eq!((paths(&named), named["faces"].as_array().unwrap().len()), (paths(&largest), paths(&largest).len()));
    home.run(&["people", "undo"]);
    assert_eq!(home.ask("photos of Ottilie")["media"], json!([]));

    let server = home.serve(&[]);
    let change = server.post("/people/changes", &json!({ "action": "rename", "person": id, "name": "Ottilie" }));
    assert_eq!(change["data"]["summary"], "Named Ottilie");
    server.settle();
    let detail = server.get(&format!("/people/{id}"));
    let face = detail["data"]["face"].as_str().unwrap().to_owned();
    let (status, headers, crop) = server.fetch(&format!("/faces/{face}/crop"), &[]);
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    assert!(image::load_from_memory(&crop).unwrap().width() > 40);
    let questions = server.get("/people/questions");
    assert!(questions["data"].as_array().unwrap().iter().any(|question| question["person"].is_null()));
    let refused = server.post(&format!("/people/{id}/forget"), &json!({ "confirm": "Otto" }));
    assert_eq!(refused["error"]["code"], "bad_request");
    let report = server.post(&format!("/people/{id}/forget"), &json!({ "confirm": "ottilie" }));
    assert!(report["data"]["before"]["vectors"].as_i64() >= Some(9), "{report}");
    assert!(report["data"]["after"].as_object().unwrap().values().all(|left| left == 0), "{report}");
    assert_eq!(report["data"]["crops_deleted"], 1);
    server.settle();
    assert_eq!(server.get(&format!("/people/{id}"))["error"]["code"], "person_not_found");
    assert_eq!(server.fetch(&format!("/faces/{face}/crop"), &[]).0, 404);
    assert_eq!(server.get("/search?q=Ottilie")["meta"]["total"], 0);
    assert_eq!(server.get("/status")["data"]["media"], 100, "the pictures stay");
}

#[test]
fn the_family_is_found_on_the_portraits_that_name_nobody() {
    let (Some(photos), Some(truth), Some(home)) =
        (shared("library/photos"), shared("library/truth.json"), home(&FACES))
    else {
        return;
    };
    home.run(&["add", photos.to_str().unwrap(), "--wait"]);
    let truth: Value = serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap();
    let root = photos.canonicalize().unwrap();
    let names = |value: &Value| -> BTreeSet<String> { serde_json::from_value(value.clone()).unwrap() };
    let (mut shown, mut written, mut portraits) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for item in truth["items"].as_array().unwrap() {
        let path = root.join(item["path"].as_str().unwrap()).to_string_lossy().into_owned();
        shown.extend(names(&item["people"]).into_iter().map(|name| (path.clone(), name)));
        written.extend(names(&item["people_written"]).into_iter().map(|name| (path.clone(), name)));
        if item["people_written"] == json!([]) && item["origin"] == "krasserm-lfw" {
            portraits.extend(names(&item["people"]).into_iter().map(|name| (path.clone(), name)));
        }
    }
    let pets: BTreeSet<String> = truth["pets"].as_object().unwrap().keys().cloned().collect();
    let found: BTreeSet<(String, String)> = people(&home)
        .iter()
        .filter(|person| person["confirmed"] == true && !pets.contains(person["name"].as_str().unwrap()))
        .flat_map(|person| paths(person).into_iter().map(|path| (path, person["name"].as_str().unwrap().to_owned())))
        .filter(|pair| !written.contains(pair))
        .collect();
    let right = found.intersection(&shown).count();
    let recall = found.intersection(&portraits).count() as f64 / portraits.len() as f64;
    let precision = right as f64 / found.len().max(1) as f64;
    println!("recall {recall:.3} of {} portraits at precision {precision:.3}", portraits.len());
    assert!(recall >= 0.95, "recall {recall}: {:?}", portraits.difference(&found).collect::<Vec<_>>());
    assert!(precision >= 0.98, "precision {precision}: {:?}", found.difference(&shown).collect::<Vec<_>>());
}

#[test]
fn pets_are_known_by_two_pictures_each() {
    let (Some(pictures), Some(home)) = (shared("media/dreambooth/dataset"), home(&ANIMALS)) else { return };
    home.run(&["add", pictures.to_str().unwrap(), "--wait"]);
    let server = home.serve(&[]);
    server.settle();
    let of = |path: &str| path.rsplit('/').nth(1).unwrap_or_default().to_owned();
    let mut labelled: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let media = server.get("/media?limit=200");
    for card in media["data"].as_array().unwrap() {
        let id = card["id"].as_str().unwrap();
        let path = server.get(&format!("/media/{id}"))["data"]["paths"][0].as_str().unwrap().to_owned();
        let pet = of(&path);
        all.entry(pet.clone()).or_default().insert(path.clone());
        let faces = server.get(&format!("/media/{id}/faces"));
        let animal = faces["data"].as_array().unwrap().iter().find(|face| face["animal"] == true).cloned();
        let examples = labelled.entry(pet.clone()).or_default();
        if let Some(animal) = animal.filter(|_| examples.len() < 2) {
            let action = json!({ "action": "split", "faces": [animal["id"]], "name": pet });
            assert!(server.post("/people/changes", &action)["error"].is_null());
            examples.insert(path);
        }
    }
    assert!(labelled.len() == 5 && labelled.values().all(|examples| examples.len() == 2), "{labelled:?}");
    server.settle();
    drop(server);
    let found = people(&home);
    assert!(
        found.iter().filter(|person| labelled.contains_key(person["name"].as_str().unwrap())).all(|p| p["pet"] == true)
    );
    let (mut right, mut rest) = (0, 0);
    for (pet, pictures) in &all {
        let theirs = found.iter().find(|person| person["name"] == pet.as_str()).map(paths).unwrap_or_default();
        for path in pictures.difference(&labelled[pet]) {
            rest += 1;
            right += i32::from(theirs.contains(path));
        }
    }
    let accuracy = f64::from(right) / f64::from(rest);
    println!("{right} of {rest} pictures of pets identified: {accuracy:.3}");
    assert!(accuracy >= 0.9, "{accuracy}");
}

#[test]
fn a_pet_that_only_keywords_name_is_asked_about_once_and_found_on_other_pictures() {
    let (Some(pictures), Some(home)) = (shared("media/dreambooth/dataset"), home(&ANIMALS)) else { return };
    for (from, name, keywords) in [
        ("dog6/00.jpg", "a.jpg", &["Rex", "garden"][..]),
        ("dog6/01.jpg", "b.jpg", &["Rex"]),
        ("dog6/02.jpg", "c.jpg", &["Rex", "summer"]),
        ("dog6/03.jpg", "d.jpg", &[]),
        ("cat/03.jpg", "e.jpg", &["garden"]),
        ("cat/04.jpg", "f.jpg", &["summer"]),
    ] {
        let path = home.photos().join(name);
        std::fs::copy(pictures.join(from), &path).unwrap();
        Photo { taken: "2024-06-01T08:00:00", keywords, ..Photo::default() }.describe(&path);
    }
    Photo { seed: 7, taken: "2024-06-02T08:00:00", keywords: &["garden"], ..Photo::default() }
        .write(&home.photos().join("g.jpg"));
    home.add();
    let named = || people(&home).into_iter().filter(|person| person["confirmed"] == true).collect::<Vec<_>>();
    assert!(named().is_empty(), "nobody is named unasked");
    let server = home.serve(&[]);
    server.settle();
    let asked = server.get("/people/questions")["data"].clone();
    let rex = &asked[0];
    assert_eq!(rex["keyword"], json!({ "name": "Rex", "media": 3, "with_animal": 3, "kind": "dog" }), "{asked}");
    assert!(asked.as_array().unwrap().iter().skip(1).all(|other| other["keyword"].is_null()), "{asked}");
    let yes = json!({ "action": "pet", "name": "Rex", "faces": rex["about"] });
    let change = server.post("/people/changes", &yes)["data"].clone();
    assert_eq!(change["summary"], "Rex is a pet");
    server.settle();
    drop(server);
    let answer = home.ask("Which animals do we have as pets?");
    assert!(answer["answer"].as_str().unwrap().contains("Rex"), "{answer}");
    assert_eq!(names(&home.ask("photos of Rex")), ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
    let listed = named();
    assert!(listed.len() == 1 && listed[0]["pet"] == true, "{listed:?}");
    home.run(&["people", "undo"]);
    assert!(named().is_empty());
    let questions = home.run(&["people", "questions"]);
    assert!(
        questions.contains("is Rex a pet? (a keyword of 3 pictures, 3 with an animal, by its looks a dog)"),
        "{questions}"
    );
    home.run(&["people", "pet", "Rex", "--not"]);
    assert!(!home.run(&["people", "questions"]).contains("Rex"), "it is asked once");
}
