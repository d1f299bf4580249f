//! `recollect show`: everything known about one photo or video, each value with its source.

use clap::Args;
use serde_json::{Value, json};

use super::{Global, print_json, print_line};
use crate::app::App;
use crate::http::views::moments;
use crate::library::MediaId;
use crate::library::moments::clock;
use crate::library::notes::About;
use crate::library::seen::{Model, SeenLabel};
use crate::library::transcripts::Segment;
use crate::search::sights;

#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    /// Path of a file, or identifier of a medium
    medium: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, arguments: ShowArguments) -> anyhow::Result<()> {
    let app = global.open_to_read().await?;
    let shown = show(&app, &arguments.medium).await;
    app.close().await;
    let shown = shown?;
    if arguments.json {
        return print_json(&shown);
    }
    for (name, value) in shown.as_object().into_iter().flatten() {
        match value {
            Value::Null => {}
            Value::Array(items) if items.is_empty() => {}
            Value::Array(items) if name == "values" => {
                print_line("values:")?;
                for item in items {
                    let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
                    print_line(&format!("  {} = {}  ({})", text("name"), text("value"), text("source")))?;
                }
            }
            Value::Array(items) if name == "moments" => {
                print_line("moments:")?;
                for item in items {
                    let time = |key: &str| clock(item[key].as_i64().unwrap_or_default());
                    let why: Vec<&str> =
                        item["why"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                    print_line(&format!("  {}–{}  {}", time("start_ms"), time("end_ms"), why.join(", ")))?;
                }
            }
            Value::String(text) => print_line(&format!("{name}: {text}"))?,
            other => print_line(&format!("{name}: {other}"))?,
        }
    }
    Ok(())
}

/// What was said, with times in seconds.
fn parts(segments: &[Segment]) -> Vec<Value> {
    let seconds = |ms: i64| ms as f64 / 1000.0;
    let part =
        |part: &Segment| json!({ "start": seconds(part.start_ms), "end": seconds(part.end_ms), "text": part.text });
    segments.iter().map(part).collect()
}

async fn show(app: &App, medium: &str) -> anyhow::Result<Value> {
    let library = &app.library;
    let id = match medium.parse::<MediaId>() {
        Ok(id) => id,
        Err(_) => {
            let path = std::fs::canonicalize(medium).map_or_else(|_| medium.to_owned(), |p| p.display().to_string());
            let known = library.medium_at(&path).await?;
            known
                .ok_or_else(|| anyhow::anyhow!("{medium} is not in the library; `recollect jobs` lists what failed"))?
        }
    };
    let document = library
        .documents(&[id])
        .await?
        .pop()
        .ok_or_else(|| anyhow::anyhow!("there is no medium {id} in the library"))?;
    let medium = &document.medium;
    let people: Vec<Value> = library
        .people_in(id)
        .await?
        .into_iter()
        .map(|person| json!({ "name": person.name, "box": person.area(), "source": person.source }))
        .collect();
    let events: Vec<String> = document.events.clone();
    let values: Vec<Value> = library
        .values(id)
        .await?
        .into_iter()
        .map(|(name, value, source)| json!({ "name": name, "value": value, "source": source }))
        .collect();
    let transcript = library
        .transcript(id)
        .await?
        .map(|said| json!({ "language": said.language, "segments": parts(&said.segments) }));
    let mut notes = Vec::new();
    for note in library.notes_about(About::Medium(id)).await? {
        let said = library.note_segments(note.id).await?;
        notes.push(json!({
            "id": note.id, "recording": app.notes.recording(&note), "edited": note.edited, "segments": parts(&said),
        }));
    }
    let seen = &document.seen;
    let objects = seen.objects.iter().map(|(object, by)| {
        json!({ "frame_ms": object.frame_ms, "label": object.label, "score": object.score, "box": [object.x, object.y, object.w, object.h],
                "model": by.model, "version": by.version })
    });
    let label = |(label, by): &(SeenLabel, Model)| json!({ "frame_ms": label.frame_ms, "label": label.label, "score": label.score, "model": by.model, "version": by.version });
    let believed = sights::of(seen, &document.frames);
    let moments = moments(library, &document).await?;
    let sights = believed.iter().filter(|sight| sight.own);
    let sights = sights.map(|sight| json!({ "word": sight.word, "certainty": sight.certainty }));
    let lines = document.lines.iter().map(|(line, by)| {
        json!({ "text": line.text, "certainty": line.certainty, "language": line.language, "box": line.area(),
                "at": line.frame_ms.map(|ms| ms as f64 / 1000.0), "model": by.name, "version": by.version })
    });
    let mut shown = json!({
        "id": id, "kind": medium.kind, "mime": medium.mime, "paths": document.paths, "hash": medium.hash,
        "bytes": medium.bytes, "width": medium.width, "height": medium.height, "duration_ms": medium.duration_ms,
        "taken": medium.taken, "taken_precision": medium.taken_precision, "taken_source": medium.taken_source,
        "utc_offset_minutes": medium.taken_offset, "lat": medium.lat, "lon": medium.lon, "altitude": medium.altitude,
        "locality": medium.locality, "city": medium.city, "region": medium.region, "country": medium.country,
        "country_code": medium.country_code, "title": medium.title, "description": medium.description,
        "keywords": document.tags, "rating": medium.rating, "people": people, "events": events,
        "albums": document.albums, "camera": medium.camera, "lens": medium.lens, "iso": medium.iso,
        "f_number": medium.f_number, "exposure_s": medium.exposure_s, "focal_mm": medium.focal_mm, "live": medium.live,
        "problem": medium.problem, "warnings": serde_json::from_str::<Value>(&medium.warnings).unwrap_or(Value::Null),
        "transcript": transcript, "notes": notes, "values": values,
    });
    let captions = library.captions(id).await?.into_iter().map(|written| {
        json!({ "title": written.caption.title, "sentence": written.caption.sentence, "tags": written.caption.tags,
                "language": written.language, "model": written.model, "version": written.version,
                "current": written.current })
    });
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("text".into(), lines.collect());
        shown.insert("captions".into(), captions.collect());
        shown.insert("seen".into(), sights.collect());
        shown.insert("moments".into(), serde_json::to_value(&moments)?);
        shown.insert("objects".into(), objects.collect());
        shown.insert("labels".into(), seen.labels.iter().map(label).collect());
        shown.insert("safety".into(), seen.safety.iter().map(label).collect());
    }
    Ok(shown)
}
