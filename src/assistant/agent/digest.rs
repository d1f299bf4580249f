//! What a tool found, as short as a language model needs it: numbers, a few media with short descriptions, no dumps.
//!
//! What stays true: a digest is within its budget; media have the names of [`References`]; every number that an answer may
//! state stands in a digest. That its text is data and no instruction is the prompt's work.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::assistant::tools::dispatch::Found;
use crate::assistant::tools::references::References;
use crate::assistant::tools::{Scored, ToolContext, ToolError};
use crate::library::MediaId;
use crate::library::documents::Document;
use crate::library::media::{GroupCount, Medium};
use crate::library::moments::clock;
use crate::search::quoted;

/// Media of one result that are described at most.
const DESCRIBED: usize = 24;
/// Groups or names of one result that are listed at most.
const LISTED: usize = 60;
/// Characters of a description.
const LONGEST: usize = 160;
/// Moments of a video that are told.
const MOMENTS: usize = 8;
/// Media whose places and years are told together.
const LOOKED_AT: usize = 2000;

/// A result within `budget` bytes of JSON; media get their names.
pub(super) async fn digest(
    context: &ToolContext,
    found: &Found,
    references: &mut References,
    budget: usize,
) -> Result<Value, ToolError> {
    match found {
        Found::Media(media) => media_digest(context, media, references, budget).await,
        Found::Count(media, None) => {
            let facts = facts(&looked_at(context, media).await?, media.len());
            Ok(Value::Object(facts))
        }
        Found::Count(media, Some(groups)) => {
            let mut told = Map::from_iter([("total".to_owned(), json!(media.len()))]);
            list(&mut told, "groups", groups, budget);
            Ok(Value::Object(told))
        }
        Found::Names(names) => {
            let mut told = Map::from_iter([("total".to_owned(), json!(names.len()))]);
            list(&mut told, "names", names, budget);
            Ok(Value::Object(told))
        }
        Found::Seen(id, text) => Ok(json!({ "id": references.name(*id), "seen": short(text, LONGEST * 6) })),
        Found::Document(document) => {
            let mut told = described(document, references, LONGEST * 4);
            let notes: Vec<&str> = document.remarks.iter().map(|remark| remark.text.as_str()).collect();
            let spoken: Vec<&str> = document.spoken.iter().map(|segment| segment.text.as_str()).collect();
            let lines: Vec<&str> = document.lines.iter().map(|(line, _)| line.text.as_str()).collect();
            for (key, texts) in [("notes", notes), ("spoken", spoken), ("text_in_picture", lines)] {
                if !texts.is_empty() {
                    told[key] = json!(short(&texts.join(" "), LONGEST * 4));
                }
            }
            Ok(told)
        }
    }
}

async fn media_digest(
    context: &ToolContext,
    media: &[Scored],
    references: &mut References,
    budget: usize,
) -> Result<Value, ToolError> {
    let mut told = facts(&looked_at(context, media).await?, media.len());
    let first: Vec<MediaId> = media.iter().take(DESCRIBED).map(|scored| scored.id).collect();
    let documents = context.library.documents(&first).await?;
    let mut shown = Vec::new();
    let mut used = Value::Object(told.clone()).to_string().len();
    for id in first {
        let Some(document) = documents.iter().find(|document| document.medium.id == id) else { continue };
        let mut entry = described(document, references, LONGEST);
        if let Some(scored) = media.iter().find(|scored| scored.id == id) {
            if let Some(why) = said(&scored.why) {
                entry["said"] = json!(short(why, LONGEST));
            }
            if !scored.moments.is_empty() {
                let times = scored.moments.iter().take(MOMENTS).map(|moment| clock(moment.start_ms));
                entry["at"] = json!(times.collect::<Vec<_>>());
            }
        }
        used += entry.to_string().len() + 1;
        // One medium is shown in any case: an answer without evidence is none.
        if used > budget && !shown.is_empty() {
            break;
        }
        shown.push(entry);
    }
    if shown.len() < media.len() {
        told.insert("not_shown".to_owned(), json!(media.len() - shown.len()));
    }
    told.insert("media".to_owned(), json!(shown));
    Ok(Value::Object(told))
}

async fn looked_at(context: &ToolContext, media: &[Scored]) -> Result<Vec<Medium>, ToolError> {
    let ids: Vec<MediaId> = media.iter().take(LOOKED_AT).map(|scored| scored.id).collect();
    Ok(context.library.media_by_ids(&ids).await?)
}

/// What the media have in common: how many, when, where.
fn facts(media: &[Medium], total: usize) -> Map<String, Value> {
    let mut told = Map::from_iter([("total".to_owned(), json!(total))]);
    if media.len() < total || media.is_empty() {
        return told;
    }
    let videos = media.iter().filter(|medium| medium.kind == "video").count();
    told.insert("photos".to_owned(), json!(media.len() - videos));
    told.insert("videos".to_owned(), json!(videos));
    let days = || media.iter().filter_map(Medium::taken).map(|taken| taken.date());
    if let Some((first, last)) = days().min().zip(days().max()) {
        told.insert("first_day".to_owned(), json!(first.to_string()));
        told.insert("last_day".to_owned(), json!(last.to_string()));
    }
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for place in media.iter().filter_map(Medium::place) {
        *places.entry(short(&place, 60)).or_default() += 1;
    }
    let mut places: Vec<_> = places.into_iter().collect();
    places.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    if !places.is_empty() {
        told.insert("places".to_owned(), json!(places.into_iter().take(6).collect::<BTreeMap<_, _>>()));
    }
    told
}

/// A medium in a few words.
fn described(document: &Document, references: &mut References, longest: usize) -> Value {
    let medium = &document.medium;
    let mut told = Map::from_iter([("id".to_owned(), json!(references.name(medium.id)))]);
    let mut tell = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            told.insert(key.to_owned(), value);
        }
    };
    tell("kind", (medium.kind != "photo").then(|| json!(medium.kind)));
    let exact = match medium.taken_precision.as_deref() {
        Some("year") => 4,
        Some("month") => 7,
        _ => 16,
    };
    tell(
        "taken",
        medium.taken.as_ref().map(|taken| json!(taken.chars().take(exact).collect::<String>().replace('T', " "))),
    );
    tell("place", medium.place().map(|place| json!(short(&place, 60))));
    let names = |names: &[String], most: usize| {
        let names: Vec<String> = names.iter().take(most).map(|name| short(name, 60)).collect();
        (!names.is_empty()).then(|| json!(names))
    };
    tell("people", names(&document.people, 8));
    tell("events", names(&document.events, 3));
    tell("keywords", names(&document.tags, 6));
    let says = medium.description.as_ref().or(medium.title.as_ref()).filter(|text| !text.trim().is_empty());
    tell("says", says.map(|text| json!(short(text, longest))));
    let described = document.caption.as_ref().map(|caption| short(&caption.sentence, longest));
    tell("described", described.map(|text| json!(text)));
    tell("file", says.is_none().then(|| json!(short(&medium.name, 60))));
    Value::Object(told)
}

/// The reason that quotes what was said.
fn said(why: &[String]) -> Option<&str> {
    why.iter().find(|why| quoted(why).is_some()).map(String::as_str)
}

fn list(told: &mut Map<String, Value>, key: &str, entries: &[GroupCount], budget: usize) {
    let mut listed = Vec::new();
    let mut used = 0;
    for entry in entries.iter().take(LISTED) {
        let entry = json!([short(&entry.key, 60), entry.count]);
        used += entry.to_string().len() + 1;
        if used > budget {
            break;
        }
        listed.push(entry);
    }
    if listed.len() < entries.len() {
        told.insert("not_shown".to_owned(), json!(entries.len() - listed.len()));
    }
    told.insert(key.to_owned(), json!(listed));
}

/// The beginning of a text, on one line.
pub(super) fn short(text: &str, longest: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(short("a\n b   c", 9), "a b c");
        assert_eq!(short("äöü山川", 3), "äöü…");
    }

    #[test]
    fn a_list_keeps_to_its_budget_and_says_what_is_left_out() {
        let entries: Vec<GroupCount> = (0..200).map(|n| GroupCount { key: format!("name {n}"), count: n }).collect();
        let mut told = Map::new();
        list(&mut told, "names", &entries, 300);
        let shown = told["names"].as_array().unwrap().len();
        assert!(shown > 5 && Value::Object(told.clone()).to_string().len() < 360);
        assert_eq!(told["not_shown"], 200 - shown);
    }
}
