//! Asks the library what is known of media that a film may be made of.

use std::collections::HashMap;

use super::storyboard::Area;
use super::storyboard::facts::Fact;
use crate::library::documents::Document;
use crate::library::films::FilmFacts;
use crate::library::{Library, MediaId, Result, fold};

/// The most media that a film is chosen from; of more, every so manieth is looked at.
const MOST: usize = 3000;
/// Media read at once.
const BATCH: usize = 300;
/// Things seen less surely than so are not steered by.
const SURE: f64 = 0.5;
/// What an animal is called whose kind nobody said.
const ANIMAL: &str = "animal";
/// A face smaller than this share of the picture's height is somebody in the background.
const BACKGROUND: f64 = 0.025;
/// Variance of the Laplacian of a face that is as sharp as one can wish.
const SHARP: f64 = 400.0;

/// What is known of these media, each with how well it fits, 0–1. Media that cannot be shown are left out.
pub async fn facts(library: &Library, media: &[(MediaId, f64)]) -> Result<Vec<Fact>> {
    let step = media.len().div_ceil(MOST).max(1);
    let ids: Vec<MediaId> = media.iter().step_by(step).map(|(id, _)| *id).collect();
    let relevance: HashMap<MediaId, f64> = media.iter().copied().collect();
    let more = library.film_facts(&ids).await?;
    let mut facts = Vec::with_capacity(ids.len());
    for some in ids.chunks(BATCH) {
        for document in library.documents(some).await? {
            if document.medium.problem_code.is_none() {
                let relevance = relevance.get(&document.medium.id).copied().unwrap_or(0.5);
                facts.push(fact(document, &more, relevance));
            }
        }
    }
    Ok(facts)
}

fn fact(document: Document, more: &FilmFacts, relevance: f64) -> Fact {
    let medium = &document.medium;
    let id = medium.id;
    let video = medium.kind == "video";
    let found = more.faces.get(&id).map(Vec::as_slice).unwrap_or_default();
    let (animals, faces): (Vec<_>, Vec<_>) = found.iter().partition(|face| face.animal);
    let sharp = faces.iter().map(|face| face.sharpness).fold(0.0, f64::max);
    let edge = |pixels: Option<i64>| pixels.and_then(|pixels| u32::try_from(pixels).ok()).unwrap_or(0);
    let positive = |ms: i64| u64::try_from(ms).unwrap_or(0);
    let objects = document.seen.objects.iter().filter(|(object, _)| object.score >= SURE);
    Fact {
        id,
        video,
        size: (edge(medium.width), edge(medium.height)),
        taken: medium.taken(),
        day_known: !matches!(medium.taken_precision.as_deref(), None | Some("month" | "year")),
        place: medium.city.clone().or_else(|| medium.locality.clone()),
        country: medium.country.clone(),
        event: document.events.first().cloned(),
        people: document.people.clone(),
        faces: faces
            .iter()
            .filter(|face| face.h >= BACKGROUND)
            .filter_map(|face| inside([face.x, face.y, face.w, face.h]))
            .collect(),
        portraits: faces
            .iter()
            .filter(|face| face.h >= BACKGROUND)
            .filter_map(|face| Some((face.person.clone()?, inside([face.x, face.y, face.w, face.h])?)))
            .collect(),
        objects: objects
            .filter(|(object, _)| object.frame_ms.is_none())
            .filter_map(|(object, _)| Some((object.label.clone(), inside([object.x, object.y, object.w, object.h])?)))
            // Where an animal is, one looks; all of it need not be seen.
            .chain(animals.iter().filter_map(|one| Some((ANIMAL.to_owned(), inside([one.x, one.y, one.w, one.h])?))))
            .collect(),
        rating: medium.rating.and_then(|stars| u8::try_from(stars).ok()).filter(|stars| (1..=5).contains(stars)),
        sharpness: (sharp > 0.0).then(|| (sharp / SHARP).min(1.0)),
        groups: more.groups.get(&id).cloned().unwrap_or_default(),
        phash: medium.phash.map(|hash| hash as u64),
        vector: more.vectors.get(&id).cloned(),
        relevance,
        screenshot: more.screens.contains(&id),
        duration_ms: medium.duration_ms.map_or(0, positive),
        keyframes: more
            .keyframes
            .get(&id)
            .map(|times| times.iter().map(|at| positive(*at)).collect())
            .unwrap_or_default(),
        face_times: faces.iter().filter_map(|face| face.frame_ms.map(positive)).collect(),
        speech: document.spoken.iter().map(|part| (positive(part.start_ms), positive(part.end_ms))).collect(),
        title: medium.title.clone(),
        words: words(&document),
    }
}

/// A box as far as it lies in the picture.
fn inside([x, y, w, h]: [f64; 4]) -> Option<Area> {
    let (left, top) = (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0));
    let area = Area { x: left, y: top, w: (x + w).min(1.0) - left, h: (y + h).min(1.0) - top };
    (area.w > 0.0 && area.h > 0.0).then_some(area)
}

/// Everything that is said of a medium, folded.
fn words(document: &Document) -> String {
    let medium = &document.medium;
    let said = [&medium.title, &medium.description, &medium.city, &medium.locality, &medium.region, &medium.country];
    let mut words: Vec<&str> = said.into_iter().flatten().map(String::as_str).collect();
    words.extend(document.people.iter().chain(&document.tags).chain(&document.events).map(String::as_str));
    words.extend(
        document
            .seen
            .objects
            .iter()
            .filter(|(object, _)| object.score >= SURE)
            .map(|(object, _)| object.label.as_str()),
    );
    words.extend(
        document.seen.labels.iter().filter(|(label, _)| label.score >= SURE).map(|(label, _)| label.label.as_str()),
    );
    fold(&words.join(" "))
}
