//! How far the reader agrees with exiftool on 990 real files of a dozen makers, malformed ones among them.
//!
//! Every value that exiftool reports for a photo or film is one comparison; each disagreement is printed with both values.
//! Values of audio, documents and files that exiftool refuses do not count. General rules, none of them about a certain file:
//! - a date that is no date (`0000:00:00`), a position of 0/0, and a film's length of zero or of more than a year are "none",
//!   and no orientation is the same as 1 or one outside 1–8;
//! - UTF-8 that exiftool took for Latin letters, because IPTC does not declare it, is set right before it is compared;
//! - a film's `CreateDate` is in UTC: it is met by the reader's instant, or by its reading of that very field where a better
//!   one (Apple's `creationdate`) was chosen;
//! - HEIF turns pictures by its own properties, not by EXIF: there EXIF's orientation is compared as read, not as chosen;
//! - a caption that a camera writes into every picture is read but not chosen;
//! - boxes are compared in the stored picture's frame, turned upright here by a table of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value};

use super::{Limits, Metadata, Region, read};
use crate::fixtures::shared;

type Truth = Map<String, Value>;

/// Comparisons of one field.
#[derive(Default)]
struct Tally {
    compared: usize,
    disagreements: Vec<String>,
}

#[derive(Default)]
struct Report(BTreeMap<&'static str, Tally>);

impl Report {
    fn compare(
        &mut self,
        field: &'static str,
        file: &str,
        agrees: bool,
        theirs: &dyn std::fmt::Debug,
        ours: &dyn std::fmt::Debug,
    ) {
        let tally = self.0.entry(field).or_default();
        tally.compared += 1;
        if !agrees {
            tally.disagreements.push(format!("{file}: exiftool {theirs:?}, here {ours:?}"));
        }
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(items) => return text(items.first()),
        Value::Object(_) | Value::Null => return None,
    };
    Some(plain(&mended(&text))).filter(|text| !text.is_empty())
}

/// Text whose UTF-8 was read as Latin letters, as it was meant.
fn mended(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    bytes
        .filter(|bytes| !bytes.is_ascii())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_else(|| text.to_owned())
}

/// Text without regard to white space and to characters that cannot be shown.
fn plain(text: &str) -> String {
    let shown = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(value: Option<&Value>) -> BTreeSet<String> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(|item| text(Some(item))).collect(),
        other => text(other).into_iter().collect(),
    }
}

fn number(value: Option<&Value>) -> Option<f64> {
    match value? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// `YYYY:MM:DD HH:MM:SS` at the start of exiftool's date, as ours prints it; `None` for what is no date.
fn date(value: Option<&Value>) -> Option<String> {
    let text = text(value)?;
    let (day, clock) = (text.get(..10)?.replace([':', '/'], "-"), text.get(11..19)?);
    let day: jiff::civil::Date = day.parse().ok()?;
    let clock: jiff::civil::Time = clock.parse().ok()?;
    Some(day.to_datetime(clock).to_string())
}

fn to_second(time: &str) -> String {
    time.chars().take(19).collect()
}

fn compare_date(report: &mut Report, file: &str, truth: &Truth, ours: &Metadata) {
    let theirs = ["DateTimeOriginal", "CreateDate", "MediaCreateDate"].iter().find_map(|field| date(truth.get(*field)));
    let Some(theirs) = theirs else { return };
    let taken = ours.taken.as_ref().map(|taken| taken.value);
    let local = taken.map(|taken| to_second(&taken.local.to_string()));
    let utc = taken.and_then(|taken| taken.instant).map(|instant| to_second(&instant.to_string()));
    let film = ours.video
        && ours.values.iter().any(|value| value.name.ends_with("creation_time") && to_second(&value.value) == theirs);
    let agrees = local.as_deref() == Some(&theirs) || (ours.video && utc.as_deref() == Some(&theirs)) || film;
    report.compare("date", file, agrees, &theirs, &(local, ours.taken.as_ref().map(|taken| taken.source)));
}

fn compare_position(report: &mut Report, file: &str, truth: &Truth, ours: &Metadata) {
    let (Some(lat), Some(lon)) = (number(truth.get("GPSLatitude")), number(truth.get("GPSLongitude"))) else { return };
    let position = ours.position.as_ref().map(|position| position.value);
    let agrees = match position {
        Some(position) => (position.lat - lat).abs() < 1e-4 && (position.lon - lon).abs() < 1e-4,
        None => (lat == 0.0 && lon == 0.0) || lat.abs() > 90.0 || lon.abs() > 180.0,
    };
    report.compare("position", file, agrees, &(lat, lon), &position);
}

fn compare_shape(report: &mut Report, file: &str, truth: &Truth, ours: &Metadata) {
    if let Some(theirs) = number(truth.get("Orientation")) {
        let heif = ours.mime.starts_with("image/hei") || ours.mime == "image/avif";
        let chosen = ours.orientation.as_ref().map(|turn| f64::from(turn.value));
        let read = || {
            ours.values_of("orientation").filter_map(|value| value.value.parse::<f64>().ok()).any(|turn| turn == theirs)
        };
        let agrees = chosen == Some(theirs)
            || (chosen.is_none_or(|turn| turn == 1.0) && !(1.5..=8.0).contains(&theirs))
            || ((heif || ours.video) && read());
        report.compare("orientation", file, agrees, &theirs, &chosen);
    }
    if let (Some(width), Some(height)) = (number(truth.get("ImageWidth")), number(truth.get("ImageHeight"))) {
        let size = ours.stored_size.map(|size| (f64::from(size.width), f64::from(size.height)));
        let agrees = size == Some((width, height)) || (size.is_none() && (width == 0.0 || height == 0.0));
        report.compare("size", file, agrees, &(width, height), &size);
    }
}

fn compare_words(report: &mut Report, file: &str, truth: &Truth, ours: &Metadata) {
    let camera = ours.camera.as_ref().map(|camera| &camera.value);
    for (field, part) in [
        ("Make", camera.and_then(|camera| camera.make.as_ref())),
        ("Model", camera.and_then(|camera| camera.model.as_ref())),
    ] {
        if let Some(theirs) = text(truth.get(field)) {
            let part = part.map(|part| plain(part));
            let name = if field == "Make" { "make" } else { "model" };
            report.compare(name, file, part.as_deref() == Some(&theirs), &theirs, &part);
        }
    }
    if let Some(theirs) = text(truth.get("Title")) {
        let title = ours.title.as_ref().map(|title| plain(&title.value));
        report.compare("title", file, title.as_deref() == Some(&theirs), &theirs, &title);
    }
    let theirs =
        ["Description", "Caption-Abstract", "ImageDescription"].iter().find_map(|field| text(truth.get(*field)));
    if let Some(theirs) = theirs {
        let description = ours.description.as_ref().map(|description| plain(&description.value));
        let boilerplate =
            super::choose::is_boilerplate(&theirs) && ours.values.iter().any(|value| plain(&value.value) == theirs);
        report.compare(
            "description",
            file,
            description.as_deref() == Some(&theirs) || boilerplate,
            &theirs,
            &description,
        );
    }
    if let Some(theirs) = number(truth.get("Rating")) {
        let rating = ours.rating.as_ref().map(|rating| f64::from(rating.value));
        report.compare("rating", file, rating == Some(theirs), &theirs, &rating);
    }
}

fn compare_keywords(report: &mut Report, file: &str, truth: &Truth, ours: &Metadata) {
    let theirs: BTreeSet<String> = texts(truth.get("Keywords")).union(&texts(truth.get("Subject"))).cloned().collect();
    if theirs.is_empty() {
        return;
    }
    let chosen: BTreeSet<String> = ours.keywords.iter().map(|keyword| plain(&keyword.name).to_lowercase()).collect();
    let flat = ["Keywords", "dc:subject"];
    let read: BTreeSet<String> = ours
        .values
        .iter()
        .filter(|value| flat.contains(&value.name.as_str()))
        .map(|value| plain(&value.value))
        .collect();
    let kept = theirs.iter().all(|keyword| chosen.contains(&keyword.to_lowercase()));
    report.compare("keywords", file, read == theirs && kept, &theirs, &(read, chosen));
}

/// Centre, width and height after turning upright, by cases, as the standard lists them.
fn turned([x, y, w, h]: [f64; 4], orientation: u8) -> [f64; 4] {
    match orientation {
        2 => [1.0 - x, y, w, h],
        3 => [1.0 - x, 1.0 - y, w, h],
        4 => [x, 1.0 - y, w, h],
        5 => [y, x, h, w],
        6 => [1.0 - y, x, h, w],
        7 => [1.0 - y, 1.0 - x, h, w],
        8 => [y, 1.0 - x, h, w],
        _ => [x, y, w, h],
    }
}

fn compare_regions(report: &mut Report, file: &str, truth: &Truth, ours: &Metadata) {
    let Some(list) = truth.get("RegionInfo").and_then(|info| info.get("RegionList")).and_then(Value::as_array) else {
        return;
    };
    let turn = ours.orientation.as_ref().map_or(1, |turn| turn.value);
    for region in list {
        let kind = text(region.get("Type")).unwrap_or_else(|| "Face".into());
        if !matches!(kind.as_str(), "Face" | "Pet") {
            continue;
        }
        let name = text(region.get("Name"));
        let named = |person: &&super::Person| person.name.as_deref().map(plain) == name;
        let people: Vec<_> = ours.people.iter().filter(named).collect();
        report.compare(
            "region names",
            file,
            !people.is_empty(),
            &name,
            &ours.people.iter().map(|person| &person.name).collect::<Vec<_>>(),
        );
        let side = |field: &str| region.get("Area").and_then(|area| number(area.get(field)));
        if let (Some(x), Some(y), Some(w), Some(h)) = (side("X"), side("Y"), side("W"), side("H")) {
            let [x, y, w, h] = turned([x, y, w, h], turn);
            let edges = |region: &Region| [region.x, region.y, region.x + region.w, region.y + region.h];
            let theirs = [x - w / 2.0, y - h / 2.0, x + w / 2.0, y + h / 2.0].map(|edge| edge.clamp(0.0, 1.0));
            let near = |region: &Region| edges(region).iter().zip(theirs).all(|(a, b)| (a - b).abs() < 2e-3);
            let empty = w <= 0.0 || h <= 0.0;
            let agrees = people.iter().any(|person| person.region.as_ref().map_or(empty, near));
            let boxes: Vec<_> = people.iter().map(|person| person.region.as_ref().map(edges)).collect();
            report.compare("region boxes", file, agrees, &theirs, &boxes);
        }
    }
}

/// Seconds; exiftool gives a number, a clock, or a fraction.
fn seconds(value: &Value) -> Option<f64> {
    match value {
        Value::Object(fraction) => Some(number(fraction.get("Value"))? * number(fraction.get("Scale"))?),
        Value::String(clock) => {
            let parts =
                clock.split(':').map(|part| part.replace(',', ".").parse::<f64>().ok()).collect::<Option<Vec<_>>>()?;
            Some(parts.iter().fold(0.0, |sum, part| sum * 60.0 + part))
        }
        other => number(Some(other)),
    }
}

fn compare_duration(report: &mut Report, file: &str, truth: &Truth, ours: &Metadata) {
    let film = text(truth.get("MIMEType")).is_some_and(|mime| mime.starts_with("video/"));
    let year = 366.0 * 86_400.0;
    let theirs = truth.get("Duration").and_then(seconds).filter(|&seconds| film && seconds > 0.0 && seconds < year);
    if let Some(theirs) = theirs {
        let agrees = (ours.duration_s.unwrap_or(0.0) - theirs).abs() <= 0.1;
        report.compare("duration", file, agrees, &theirs, &ours.duration_s);
    }
}

fn compare(report: &mut Report, file: &str, truth: &Truth, ours: &Metadata) {
    compare_date(report, file, truth, ours);
    compare_position(report, file, truth, ours);
    compare_shape(report, file, truth, ours);
    compare_words(report, file, truth, ours);
    compare_keywords(report, file, truth, ours);
    compare_regions(report, file, truth, ours);
    compare_duration(report, file, truth, ours);
}

#[test]
fn agrees_with_exiftool_on_real_files() {
    let Some(root) = shared("media") else { return };
    let Some(truth) = shared("media/_ground_truth/exiftool.json") else { return };
    let truth: Vec<Truth> = serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap();
    let mut report = Report::default();
    let mut files = 0;
    for entry in &truth {
        let Some(file) = entry.get("SourceFile").and_then(Value::as_str) else { continue };
        let mime = text(entry.get("MIMEType")).unwrap_or_default();
        let medium = (mime.starts_with("image/") && !matches!(mime.as_str(), "image/svg+xml" | "image/x-icon"))
            || mime.starts_with("video/");
        if !medium || entry.contains_key("Error") {
            continue;
        }
        files += 1;
        let read = read(&root.join(Path::new(file)), &Limits::default());
        match &read {
            Ok(ours) => compare(&mut report, file, entry, ours),
            Err(error) => compare_refused(&mut report, file, entry, error),
        }
    }
    assert!(files > 800, "{files} files");
    let (mut compared, mut agreed) = (0, 0);
    for (field, tally) in &report.0 {
        for line in &tally.disagreements {
            println!("{field}: {line}");
        }
        compared += tally.compared;
        agreed += tally.compared - tally.disagreements.len();
    }
    let share = |agreed: usize, compared: usize| 100.0 * agreed as f64 / compared.max(1) as f64;
    for (field, tally) in &report.0 {
        let agreed = tally.compared - tally.disagreements.len();
        println!("{field:14} {agreed:5} of {:5} {:6.2} %", tally.compared, share(agreed, tally.compared));
    }
    println!("overall        {agreed:5} of {compared:5} {:6.2} %", share(agreed, compared));
    assert!(share(agreed, compared) >= 98.0, "{agreed} of {compared} values agree; the disagreements are above");
    for (field, tally) in &report.0 {
        assert!(share(tally.compared - tally.disagreements.len(), tally.compared) >= 95.0, "{field} agrees too seldom");
    }
}

/// A medium that the reader refuses disagrees in every value that exiftool found.
fn compare_refused(report: &mut Report, file: &str, truth: &Truth, error: &super::MetadataError) {
    let nothing = Metadata::default();
    compare(report, file, truth, &nothing);
    println!("refused: {file}: {error}");
}
