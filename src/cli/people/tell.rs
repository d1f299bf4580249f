//! `recollect people list|faces|questions|changes`: what is known of people, as lines or as JSON.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::{find, text};
use crate::cli::{Global, lists, print_json, print_line};
use crate::library::people::Appearance;

#[derive(Serialize)]
struct ListedFace {
    path: String,
    #[serde(rename = "box")]
    area: [f64; 4],
}

#[derive(Serialize)]
struct ListedPerson {
    id: String,
    /// Empty for a found group.
    name: String,
    /// Has a name, given by the user or written in files.
    confirmed: bool,
    pet: bool,
    hidden: bool,
    media: Vec<String>,
    faces: Vec<ListedFace>,
}

pub(super) async fn list(global: &Global, json: bool) -> anyhow::Result<()> {
    let app = global.open_to_read().await?;
    let appearances = app.library.appearances().await?;
    let ids: Vec<_> = appearances.iter().map(|appearance| appearance.media_id).collect();
    let media = app.library.media_by_ids(&ids).await?;
    let path_of: BTreeMap<_, _> = media.into_iter().map(|medium| (medium.id, medium.path)).collect();
    let path = |appearance: &Appearance| path_of.get(&appearance.media_id).cloned();
    let mut people = Vec::new();
    for person in app.library.everybody().await?.iter() {
        let theirs = || appearances.iter().filter(|appearance| appearance.person_id == person.id);
        // Two faces of a found group can be in one video.
        let mut media: Vec<String> = theirs().filter_map(path).collect();
        media.dedup();
        people.push(ListedPerson {
            id: person.id.to_string(),
            confirmed: !person.name.is_empty(),
            name: person.name.clone(),
            pet: person.pet,
            hidden: person.hidden,
            media,
            faces: theirs().filter_map(|a| Some(ListedFace { path: path(a)?, area: a.area()? })).collect(),
        });
    }
    app.close().await;
    lists::print(json, &people, |person| {
        let name = if person.confirmed { person.name.clone() } else { format!("(nobody named, {})", person.id) };
        (name, person.media.len())
    })
}

pub(super) async fn faces(global: &Global, person: &str, json: bool) -> anyhow::Result<()> {
    let app = global.open_to_read().await?;
    let id = find(&app, person).await?;
    let (faces, _) = app.library.faces_of(id, 0, u32::MAX).await?;
    let mut listed = Vec::with_capacity(faces.len());
    for face in faces {
        let path = app.library.medium(face.media_id).await?.path;
        listed.push(
            json!({ "id": face.id, "path": path, "box": face.area(), "how": face.how, "likeness": face.likeness }),
        );
    }
    app.close().await;
    if json {
        return print_json(&listed);
    }
    for face in &listed {
        print_line(&format!("{}  {:<9}  {}", text(face, "id"), text(face, "how"), text(face, "path")))?;
    }
    Ok(())
}

pub(super) async fn questions(global: &Global, json: bool) -> anyhow::Result<()> {
    let app = global.open_to_read().await?;
    let mut listed = Vec::new();
    for (keyword, examples) in app.pet_questions().await? {
        listed.push(json!({ "faces": examples.animals, "keyword": keyword.name, "media": keyword.media,
            "with_animal": keyword.with_animal, "kind": examples.kind }));
    }
    for question in app.identifier.suggestions(50).await? {
        let name = match question.person {
            Some(id) => Some(app.library.person(id).await?.name),
            None => None,
        };
        let reasons: Vec<_> = question.reasons.iter().map(|reason| reason.name()).collect();
        listed.push(json!({ "faces": question.faces, "group": question.group, "person": question.person, "name": name,
            "probability": question.probability, "reasons": reasons }));
    }
    app.close().await;
    if json {
        return print_json(&listed);
    }
    for question in &listed {
        let faces = question["faces"].as_array().map_or(0, Vec::len);
        if let Some(name) = question["keyword"].as_str() {
            let kind = question["kind"].as_str().map(|kind| format!(", by its looks a {kind}")).unwrap_or_default();
            print_line(&format!(
                "{faces:>5}  {name}  is {name} a pet? (a keyword of {} pictures, {} with an animal{kind})",
                question["media"], question["with_animal"]
            ))?;
            continue;
        }
        let who = question["name"].as_str().map_or("who is this?".to_owned(), |name| {
            format!("is this {name}? ({:.0} %)", question["probability"].as_f64().unwrap_or(0.0) * 100.0)
        });
        let about = question["group"].as_str().or(question["faces"][0].as_str()).unwrap_or_default();
        print_line(&format!("{faces:>5}  {about}  {who}"))?;
    }
    Ok(())
}

pub(super) async fn changes(global: &Global, json: bool) -> anyhow::Result<()> {
    let app = global.open_to_read().await?;
    let changes = app.library.people_changes(500).await?;
    app.close().await;
    let listed: Vec<Value> = changes
        .iter()
        .rev()
        .map(|c| json!({ "id": c.id, "made": c.made, "action": c.action, "summary": c.summary, "undone": c.undone }))
        .collect();
    if json {
        return print_json(&listed);
    }
    for change in &listed {
        let undone = if change["undone"].is_null() { "" } else { "  (taken back)" };
        print_line(&format!("{}  {}{undone}", text(change, "id"), text(change, "summary")))?;
    }
    Ok(())
}
