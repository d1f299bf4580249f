//! Each action as the rows that it writes; what it says of itself is for a person to read.

use super::Action;
use crate::library::people::record::{FaceState, KeywordState, PersonState, Recorder};
use crate::library::{FaceId, LibraryError, PersonId, Result, fold};

/// Does it; returns what was done in words, and the person that it made or was about.
pub(super) async fn apply(rows: &mut Recorder<'_, '_>, action: &Action) -> Result<(String, Option<PersonId>)> {
    match action {
        Action::Rename { person, name } => rename(rows, *person, name).await,
        Action::Describe { person, .. } => describe(rows, *person, action).await,
        Action::Merge { into, people } => merge(rows, *into, people).await,
        Action::Split { faces, name } => {
            let person = name_or_group(rows, name.as_deref()).await?;
            claim(rows, faces, person).await?;
            tame(rows, faces, person).await?;
            Ok((format!("{} made {}", count(faces), called(rows, person).await?), Some(person)))
        }
        Action::Move { faces, person } => {
            known(rows, *person).await?;
            claim(rows, faces, *person).await?;
            Ok((format!("{} moved to {}", count(faces), called(rows, *person).await?), Some(*person)))
        }
        Action::Confirm { faces } => {
            for &face in some(faces)? {
                let before = rows.face(face).await?;
                if before.person_id.is_none() {
                    return Err(LibraryError::Refused("a face of nobody cannot be confirmed; say whose it is".into()));
                }
                rows.set_face(face, FaceState { how: Some("confirmed".into()), ..before }).await?;
            }
            Ok((format!("{} confirmed", count(faces)), None))
        }
        Action::Reject { faces, person } => reject(rows, faces, *person).await,
        Action::NotAFace { faces } => {
            for &face in some(faces)? {
                let gone = FaceState { person_id: None, how: None, state: "not_a_face".into() };
                rows.set_face(face, gone).await?;
            }
            Ok((format!("{} found to be none", count(faces)), None))
        }
        Action::Apart { one, other } => {
            if one == other {
                return Err(LibraryError::Refused("somebody cannot be kept apart from themselves".into()));
            }
            anchor(rows, *one).await?;
            anchor(rows, *other).await?;
            rows.set_apart(*one, *other, true).await?;
            let (a, b) = (called(rows, *one).await?, called(rows, *other).await?);
            Ok((format!("{a} and {b} kept apart"), None))
        }
        Action::Pet { name, faces } => pet(rows, name, faces).await,
        Action::NoPet { name } => {
            let name = keyword(name)?;
            rows.set_keyword(&fold(name), name, Some(KeywordState::NoPet)).await?;
            Ok((format!("{name} is no pet"), None))
        }
    }
}

fn keyword(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() { Err(LibraryError::Refused("a name has at least one letter".into())) } else { Ok(name) }
}

/// Has a keyword name a pet, who is made if there is none of that name.
async fn pet(rows: &mut Recorder<'_, '_>, name: &str, faces: &[FaceId]) -> Result<(String, Option<PersonId>)> {
    let name = keyword(name)?;
    if let Some(there) = holder(rows, &fold(name)).await?
        && known(rows, there).await?.pet == 0
    {
        return Err(LibraryError::Refused(format!("there is a person called {name}")));
    }
    let person = name_or_group(rows, Some(name)).await?;
    if !faces.is_empty() {
        claim(rows, faces, person).await?;
    }
    let state = known(rows, person).await?;
    rows.set_person(person, Some(PersonState { pet: 1, ..state })).await?;
    rows.set_keyword(&fold(name), name, Some(KeywordState::Pet { person })).await?;
    Ok((format!("{} is a pet", called(rows, person).await?), Some(person)))
}

fn count(faces: &[FaceId]) -> String {
    if faces.len() == 1 { "1 face".to_owned() } else { format!("{} faces", faces.len()) }
}

fn some(faces: &[FaceId]) -> Result<&[FaceId]> {
    if faces.is_empty() { Err(LibraryError::Refused("no face is named".into())) } else { Ok(faces) }
}

async fn known(rows: &mut Recorder<'_, '_>, id: PersonId) -> Result<PersonState> {
    let person = rows.person(id).await?;
    person.ok_or_else(|| LibraryError::NotFound { what: "person", key: id.to_string() })
}

async fn called(rows: &mut Recorder<'_, '_>, id: PersonId) -> Result<String> {
    let name = known(rows, id).await?.name;
    Ok(if name.is_empty() { "somebody without a name".to_owned() } else { name })
}

/// Somebody of this name, made if there is nobody; without a name, a new group.
async fn name_or_group(rows: &mut Recorder<'_, '_>, name: Option<&str>) -> Result<PersonId> {
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    if let Some(name) = name
        && let Some(person) = holder(rows, &fold(name)).await?
    {
        return Ok(person);
    }
    let id = PersonId::new();
    let state = PersonState {
        name: name.unwrap_or_default().to_owned(),
        folded: name.map_or_else(|| id.to_string(), fold),
        pet: 0,
        nickname: None,
        born: None,
        relation: None,
        hidden: 0,
        favourite: 0,
        aliases: "[]".into(),
    };
    rows.set_person(id, Some(state)).await?;
    if let Some(name) = name {
        rows.set_name(&fold(name), name, Some(id)).await?;
    }
    Ok(id)
}

/// Who has a name.
async fn holder(rows: &mut Recorder<'_, '_>, folded: &str) -> Result<Option<PersonId>> {
    let sql = "SELECT id FROM people WHERE folded = $1";
    Ok(sqlx::query_scalar(sql).bind(folded).fetch_optional(&mut **rows.tx).await?)
}

/// Gives faces to a person, as the user's word.
async fn claim(rows: &mut Recorder<'_, '_>, faces: &[FaceId], person: PersonId) -> Result<()> {
    for &face in some(faces)? {
        let before = rows.face(face).await?;
        if let Some(other) = before.person_id.filter(|other| *other != person) {
            rows.set_not(face, other, true).await?;
        }
        rows.set_not(face, person, false).await?;
        let after = FaceState { person_id: Some(person), how: Some("confirmed".into()), state: "face".into() };
        rows.set_face(face, after).await?;
    }
    Ok(())
}

/// Somebody who has only faces of animals is a pet.
async fn tame(rows: &mut Recorder<'_, '_>, faces: &[FaceId], person: PersonId) -> Result<()> {
    let Some(first) = faces.first() else { return Ok(()) };
    let sql = "SELECT EXISTS (SELECT 1 FROM faces WHERE id = $1 AND subject = 'animal') \
               AND NOT EXISTS (SELECT 1 FROM faces WHERE person_id = $2 AND subject <> 'animal')";
    if sqlx::query_scalar(sql).bind(first).bind(person).fetch_one(&mut **rows.tx).await? {
        let state = known(rows, person).await?;
        rows.set_person(person, Some(PersonState { pet: 1, ..state })).await?;
    }
    Ok(())
}

async fn reject(
    rows: &mut Recorder<'_, '_>,
    faces: &[FaceId],
    person: Option<PersonId>,
) -> Result<(String, Option<PersonId>)> {
    let mut name = None;
    for &face in some(faces)? {
        let before = rows.face(face).await?;
        let Some(not) = person.or(before.person_id) else {
            return Err(LibraryError::Refused("say whose the face is not".into()));
        };
        name = Some(called(rows, not).await?);
        rows.set_not(face, not, true).await?;
        if before.person_id == Some(not) {
            rows.set_face(face, FaceState { person_id: None, how: None, ..before }).await?;
        }
    }
    Ok((format!("{} not {}", count(faces), name.unwrap_or_default()), person))
}

async fn rename(rows: &mut Recorder<'_, '_>, id: PersonId, name: &str) -> Result<(String, Option<PersonId>)> {
    let name = name.trim();
    let before = known(rows, id).await?;
    if name.is_empty() {
        return Err(LibraryError::Refused("a name has at least one letter".into()));
    }
    if let Some(other) = holder(rows, &fold(name)).await?.filter(|other| *other != id) {
        if before.name.is_empty() {
            return merge(rows, other, &[id]).await;
        }
        let hint = format!("there is somebody called {name} already; if they are one, merge them");
        return Err(LibraryError::Refused(hint));
    }
    anchor(rows, id).await?;
    let summary = match before.name.as_str() {
        "" => format!("Named {name}"),
        old => format!("{old} renamed {name}"),
    };
    // What files call them stays a name of theirs, unless it is somebody else's by now.
    rows.set_name(&fold(name), name, Some(id)).await?;
    rows.set_person(id, Some(PersonState { name: name.to_owned(), folded: fold(name), ..before })).await?;
    aliases(rows, id).await?;
    Ok((summary, Some(id)))
}

async fn describe(rows: &mut Recorder<'_, '_>, id: PersonId, action: &Action) -> Result<(String, Option<PersonId>)> {
    let Action::Describe { nickname, born, relation, hidden, favourite, pet, .. } = action else {
        return Ok((String::new(), None));
    };
    let mut state = known(rows, id).await?;
    let text = |new: &Option<String>, old: Option<String>| match new.as_deref().map(str::trim) {
        None => old,
        Some("") => None,
        Some(text) => Some(text.to_owned()),
    };
    if let Some(day) = born.as_deref().map(str::trim).filter(|day| !day.is_empty())
        && day.parse::<jiff::civil::Date>().is_err()
    {
        return Err(LibraryError::Refused(format!("`{day}` is not a day such as 2019-06-09")));
    }
    state.nickname = text(nickname, state.nickname);
    state.born = text(born, state.born);
    state.relation = text(relation, state.relation);
    state.hidden = hidden.map_or(state.hidden, i64::from);
    state.favourite = favourite.map_or(state.favourite, i64::from);
    state.pet = pet.map_or(state.pet, i64::from);
    rows.set_person(id, Some(state)).await?;
    aliases(rows, id).await?;
    let what = match hidden {
        Some(true) => "hidden",
        Some(false) => "shown again",
        None => "described",
    };
    Ok((format!("{} {what}", called(rows, id).await?), Some(id)))
}

async fn merge(rows: &mut Recorder<'_, '_>, into: PersonId, people: &[PersonId]) -> Result<(String, Option<PersonId>)> {
    let mut names = Vec::new();
    anchor(rows, into).await?;
    for &other in people.iter().filter(|other| **other != into) {
        let theirs = known(rows, other).await?;
        let ours = known(rows, into).await?;
        names.push(called(rows, other).await?);
        anchor(rows, other).await?;
        rows.set_apart(into, other, false).await?;
        let faces: Vec<FaceId> = sqlx::query_scalar("SELECT id FROM faces WHERE person_id = $1 ORDER BY id")
            .bind(other)
            .fetch_all(&mut **rows.tx)
            .await?;
        for face in faces {
            let before = rows.face(face).await?;
            rows.set_not(face, into, false).await?;
            rows.set_face(face, FaceState { person_id: Some(into), ..before }).await?;
        }
        remove(rows, other, Some(into)).await?;
        // Of one with a name and one without, the name stays.
        if ours.name.is_empty() && !theirs.name.is_empty() {
            rows.set_person(into, Some(theirs)).await?;
        }
    }
    if names.is_empty() {
        return Err(LibraryError::Refused("there is nobody to merge with".into()));
    }
    aliases(rows, into).await?;
    Ok((format!("{} merged into {}", names.join(", "), called(rows, into).await?), Some(into)))
}

/// Removes a person who has no face any more; `heir` is who they turned out to be.
pub(super) async fn remove(rows: &mut Recorder<'_, '_>, id: PersonId, heir: Option<PersonId>) -> Result<()> {
    let names: Vec<(String, String)> =
        sqlx::query_as("SELECT folded, name FROM person_names WHERE person_id = $1 ORDER BY folded")
            .bind(id)
            .fetch_all(&mut **rows.tx)
            .await?;
    for (folded, name) in names {
        rows.set_name(&folded, &name, heir).await?;
    }
    let keywords: Vec<(String, String)> =
        sqlx::query_as("SELECT folded, name FROM keyword_pets WHERE person_id = $1 ORDER BY folded")
            .bind(id)
            .fetch_all(&mut **rows.tx)
            .await?;
    for (folded, name) in keywords {
        rows.set_keyword(&folded, &name, heir.map(|person| KeywordState::Pet { person })).await?;
    }
    let not: Vec<FaceId> = sqlx::query_scalar("SELECT face_id FROM faces_not WHERE person_id = $1 ORDER BY face_id")
        .bind(id)
        .fetch_all(&mut **rows.tx)
        .await?;
    for face in not {
        rows.set_not(face, id, false).await?;
        if let Some(heir) = heir
            && rows.face(face).await?.person_id != Some(heir)
        {
            rows.set_not(face, heir, true).await?;
        }
    }
    let apart: Vec<(PersonId, PersonId)> = sqlx::query_as("SELECT a, b FROM people_apart WHERE a = $1 OR b = $1")
        .bind(id)
        .fetch_all(&mut **rows.tx)
        .await?;
    for (a, b) in apart {
        rows.set_apart(a, b, false).await?;
        let other = if a == id { b } else { a };
        if let Some(heir) = heir.filter(|heir| *heir != other) {
            rows.set_apart(heir, other, true).await?;
        }
    }
    rows.set_person(id, None).await
}

/// Makes a found group the user's: one face a year, the surest, is confirmed.
async fn anchor(rows: &mut Recorder<'_, '_>, id: PersonId) -> Result<()> {
    known(rows, id).await?;
    let faces: Vec<(FaceId, Option<i64>)> = sqlx::query_as(
        "SELECT f.id, m.taken_year FROM faces f JOIN media m ON m.id = f.media_id \
         WHERE f.person_id = $1 AND f.state = 'face' AND f.how = 'automatic' \
         AND NOT EXISTS (SELECT 1 FROM faces g JOIN media n ON n.id = g.media_id WHERE g.person_id = $1 \
                         AND g.how <> 'automatic' AND COALESCE(n.taken_year, 0) = COALESCE(m.taken_year, 0)) \
         ORDER BY COALESCE(f.likeness, 0) DESC, f.id",
    )
    .bind(id)
    .fetch_all(&mut **rows.tx)
    .await?;
    let mut years = std::collections::HashSet::new();
    for (face, year) in faces {
        if years.insert(year) {
            let before = rows.face(face).await?;
            rows.set_face(face, FaceState { how: Some("confirmed".into()), ..before }).await?;
        }
    }
    Ok(())
}

/// The other names that a question may use: the nickname, and what files say.
async fn aliases(rows: &mut Recorder<'_, '_>, id: PersonId) -> Result<()> {
    let state = known(rows, id).await?;
    let mut names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM person_names WHERE person_id = $1 AND folded <> $2 ORDER BY folded")
            .bind(id)
            .bind(&state.folded)
            .fetch_all(&mut **rows.tx)
            .await?;
    names.extend(state.nickname.clone());
    let aliases = serde_json::to_string(&names)?;
    rows.set_person(id, Some(PersonState { aliases, ..state })).await
}
