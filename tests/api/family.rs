//! The family library of the shared test data, indexed and asked as a whole; `make eval` scores it with the encoder.

use crate::program::{Home, shared};

/// Without any model: words, places, people, dates and events alone.
#[test]
fn most_of_it_is_answered_without_any_model() {
    let (Some(photos), Some(truth)) = (shared("library/photos"), shared("library/truth.json")) else { return };
    let home = Home::new();
    let summary = home.run(&["add", photos.to_str().unwrap(), "--wait"]);
    assert!(summary.contains("0 failed"), "{summary}");
    let truth: serde_json::Value = serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap();
    let root = photos.canonicalize().unwrap();
    let mut wrong = Vec::new();
    let items = truth["items"].as_array().unwrap();
    for item in items.iter().step_by(7) {
        let path = root.join(item["path"].as_str().unwrap());
        let shown = home.json(&["show", path.to_str().unwrap(), "--json"]);
        let date = item["date"].as_str().map(|date| &date[..10]);
        if shown["taken"].as_str().map(|taken| &taken[..10]) != date {
            wrong.push(format!("{}: {} instead of {date:?}", path.display(), shown["taken"]));
        }
        if item["place_evidence"] == "gps" && shown["country_code"] != item["place"]["country_code"] {
            wrong.push(format!("{}: {} instead of {}", path.display(), shown["country_code"], item["place"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
