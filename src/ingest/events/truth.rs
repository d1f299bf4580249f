//! Events of the family library against its truth: with its folders' names, and as one heap without any.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tests::{Score, innermost};
use super::*;

/// Pictures, the event of each, and the events' names.
type Family = (Vec<Shot>, Vec<Option<usize>>, Vec<String>);

/// The pictures as their files tell of them, and the event that each truly belongs to.
fn family() -> Option<Family> {
    let path = crate::fixtures::shared("library/truth.json")?;
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let truth: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (mut shots, mut events, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let mut people: BTreeMap<String, PersonId> = BTreeMap::new();
    for item in truth["items"].as_array().into_iter().flatten() {
        let path = format!("/p/{}", item["path"].as_str().unwrap_or_default());
        let local = item["date"].as_str().and_then(|date| {
            date.parse::<DateTime>().or_else(|_| date.parse::<jiff::civil::Date>().map(DateTime::from)).ok()
        });
        let offset = item["utc_offset"].as_str().and_then(|offset| {
            let (hours, minutes) = offset.split_once(':')?;
            let hours: i64 = hours.parse().ok()?;
            Some(hours * 3600 + hours.signum() * minutes.parse::<i64>().ok()? * 60)
        });
        let timed = item["date_source"] != "filename_day";
        let seconds =
            |local: DateTime| local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|at| at.timestamp().as_second());
        let written = item["people_written"].as_array().into_iter().flatten().filter_map(Value::as_str);
        shots.push(Shot {
            id: MediaId::new(),
            folders: vec![path.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned())],
            local,
            timed,
            instant: local.filter(|_| timed).and_then(seconds).zip(offset).map(|(local, offset)| local - offset),
            position: item["lat"].as_f64().zip(item["lon"].as_f64()).map(|(lat, lon)| Position { lat, lon }),
            camera: item["camera"].as_str().map(str::to_owned),
            people: written.map(|name| *people.entry(name.to_owned()).or_insert_with(PersonId::new)).collect(),
        });
        let event = item["event"].as_str().unwrap_or_default().to_owned();
        let number = names.iter().position(|name| *name == event).unwrap_or_else(|| {
            names.push(event.clone());
            names.len() - 1
        });
        events.push((event != "home").then_some(number));
    }
    Some((shots, events, names))
}

fn score(name: &str, shots: &[Shot], truth: &[Option<usize>], names: &[String]) -> Score {
    let segments = find(shots, &["/p".to_owned()]);
    let found = innermost(shots.len(), &segments);
    let order: Vec<usize> = Timeline::new(shots).ticks.iter().map(|tick| tick.index).collect();
    for pair in order.windows(2) {
        let differs = |labels: &[Option<usize>]| labels[pair[0]] != labels[pair[1]];
        if differs(&found) != differs(truth) {
            let label = |at: usize| truth[at].map_or("home", |event| names[event].as_str());
            let local = |at: usize| shots[at].local.map_or_else(String::new, |local| local.to_string());
            println!("  {} {} | {} {}", local(pair[0]), label(pair[0]), local(pair[1]), label(pair[1]));
        }
    }
    let score = Score::of(&order, &found, truth);
    println!("{name}: {} events, boundary F1 {:.3}, ARI {:.3}", segments.len(), score.f1, score.ari);
    score
}

#[test]
fn events_of_the_family_are_found() {
    let Some((mut shots, truth, names)) = family() else { return };
    let named = score("with the folders' names", &shots, &truth, &names);
    assert!(named.f1 >= 0.95, "{named:?}");
    for shot in &mut shots {
        shot.folders = vec!["/p".into()];
    }
    let heap = score("one heap", &shots, &truth, &names);
    assert!(heap.f1 >= 0.85, "{heap:?}");
}
