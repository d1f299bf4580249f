//! The family library's truth: what its files, sidecars and names say is read without exception.
//!
//! Wall times of UTC-only sources are taken to the zone that the truth's offset or home gives, as ingest does by position.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::{Limits, Metadata, Precision, Siblings, Source, offset_label, read_all};
use crate::fixtures::shared;

fn text<'v>(item: &'v Value, field: &str) -> Option<&'v str> {
    item[field].as_str()
}

fn set(item: &Value, field: &str) -> BTreeSet<String> {
    item[field].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Differences of one item from the truth.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn check(&mut self, field: &str, theirs: impl std::fmt::Debug, ours: impl std::fmt::Debug) {
        let (theirs, ours) = (format!("{theirs:?}"), format!("{ours:?}"));
        if theirs != ours {
            self.0.push(format!("{field}: truth {theirs}, here {ours}"));
        }
    }
}

fn differences(root: &Path, item: &Value, home: &TimeZone) -> Vec<String> {
    let path = root.join(text(item, "path").unwrap());
    let siblings = Siblings::list(path.parent().unwrap()).unwrap();
    let ours = read_all(&path, root, Some(&siblings), &Limits::default()).unwrap();
    let mut found = Differences::default();
    time_and_place(&mut found, item, &ours, home);
    words(&mut found, item, &ours);
    picture(&mut found, item, &ours);
    found.0
}

fn time_and_place(found: &mut Differences, item: &Value, ours: &Metadata, home: &TimeZone) {
    // The truth does not know what titles hint at.
    let dated = ours.taken.as_ref().filter(|taken| taken.source != Source::Title);
    let taken = dated.map(|taken| if taken.value.needs_zone() { taken.value.at_zone(home) } else { taken.value });
    let local = taken.map(|taken| match taken.precision {
        Precision::Day => taken.local.date().to_string(),
        // The truth knows whole seconds.
        _ => taken.local.to_string().chars().take(19).collect(),
    });
    found.check("date", text(item, "date"), local.as_deref());
    let source = dated.map(|taken| match (taken.source, taken.value.precision) {
        (Source::FileName, Precision::Day) => "filename_day",
        (Source::FileName, _) => "filename",
        (source, _) => source.as_str(),
    });
    found.check("date_source", text(item, "date_source"), source);
    // A day has no offset.
    if let Some(offset) =
        text(item, "utc_offset").filter(|_| taken.is_none_or(|taken| taken.precision > Precision::Day))
    {
        found.check("utc_offset", Some(offset.to_owned()), taken.and_then(|taken| taken.offset).map(offset_label));
    }
    let position = ours.position.as_ref().map(|position| (position.value.lat, position.value.lon));
    let near = match (item["lat"].as_f64().zip(item["lon"].as_f64()), position) {
        (Some((lat, lon)), Some(ours)) => (lat - ours.0).abs() < 1e-4 && (lon - ours.1).abs() < 1e-4,
        (theirs, ours) => theirs.is_none() && ours.is_none(),
    };
    found.check("position near the truth", true, near);
}

fn words(found: &mut Differences, item: &Value, ours: &Metadata) {
    let names: BTreeSet<String> = ours.people.iter().filter_map(|person| person.name.clone()).collect();
    found.check("people_written", set(item, "people_written"), names);
    let keywords: BTreeSet<String> = ours.keywords.iter().map(|keyword| keyword.name.clone()).collect();
    found.check("pets_written", true, set(item, "pets_written").is_subset(&keywords));
    found.check("keywords", set(item, "keywords"), keywords);
    for (field, value) in [("title", &ours.title), ("description", &ours.description)] {
        found.check(field, text(item, field), value.as_ref().map(|value| value.value.as_str()));
    }
    found.check("rating", item["rating"].as_i64(), ours.rating.as_ref().map(|rating| i64::from(rating.value)));
}

fn picture(found: &mut Differences, item: &Value, ours: &Metadata) {
    let camera = ours.camera.as_ref().map(|camera| &camera.value);
    found.check("camera", text(item, "camera"), camera.and_then(|camera| camera.model.as_deref()));
    found.check("camera_make", text(item, "camera_make"), camera.and_then(|camera| camera.make.as_deref()));
    let size = ours.displayed_size.map(|size| (i64::from(size.width), i64::from(size.height)));
    found.check("size", item["width"].as_i64().zip(item["height"].as_i64()), size);
    let shape = size.map(|(width, height)| match width.cmp(&height) {
        std::cmp::Ordering::Less => "portrait",
        std::cmp::Ordering::Equal => "square",
        std::cmp::Ordering::Greater => "landscape",
    });
    found.check("orientation", text(item, "orientation"), shape);
    if let Some(seconds) = item["duration_s"].as_f64() {
        found.check("duration", format!("{seconds:.1}"), format!("{:.1}", ours.duration_s.unwrap_or(0.0)));
    }
}

#[test]
fn the_family_library_is_read_without_exception() {
    let (Some(root), Some(truth)) = (shared("library/photos"), shared("library/truth.json")) else { return };
    let truth: Value = serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap();
    let home = TimeZone::get(text(&truth["home"], "tz").unwrap()).unwrap();
    let items = truth["items"].as_array().unwrap();
    let mut wrong = 0;
    for item in items {
        for difference in differences(&root, item, &home) {
            wrong += 1;
            println!("{}: {difference}", text(item, "path").unwrap());
        }
    }
    assert_eq!(wrong, 0, "{wrong} values of {} items differ from the truth; they are above", items.len());
}
