//! What is said of media that are to be shared: keywords, the people whose names somebody stands for, the files.
//!
//! A name that a model gave to a face is nobody's word and is not among them, nor is anybody who was hidden.

use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::{Library, MediaId, Result, select};

/// Media asked for at once.
const BATCH: usize = 500;

/// What is said of a medium.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Keywords, those of its files and the user's own.
    pub keywords: Vec<String>,
    /// Who is in it, as its file or the user says.
    pub people: Vec<SaidPerson>,
    /// Its files, in order of their paths.
    pub paths: Vec<String>,
    /// The video that a live photo moves in.
    pub motion: Option<MediaId>,
}

/// Somebody who is in a medium.
#[derive(Debug, Clone, PartialEq)]
pub struct SaidPerson {
    /// Their name.
    pub name: String,
    /// An animal.
    pub pet: bool,
    /// `[x, y, w, h]` in 0–1 of the upright picture.
    pub area: Option<[f64; 4]>,
}

#[derive(FromRow)]
struct PersonRow {
    media_id: MediaId,
    name: String,
    pet: bool,
    x: Option<f64>,
    y: Option<f64>,
    w: Option<f64>,
    h: Option<f64>,
}

// `face`: whose it is is a model's guess.
const PEOPLE: &str = "SELECT mp.media_id, p.name, p.pet <> 0 AS pet, mp.x, mp.y, mp.w, mp.h FROM media_people mp \
     JOIN people p ON p.id = mp.person_id WHERE p.name <> '' AND p.hidden = 0 AND mp.source <> 'face' AND mp.media_id IN (";
const KEYWORDS: &str = "SELECT media_id, tag FROM media_tags WHERE media_id IN (";
const PATHS: &str = "SELECT media_id, path FROM files WHERE state = 'indexed' AND media_id IN (";
const MOTIONS: &str = "SELECT live_of, id FROM media WHERE live_of IN (";

impl Library {
    /// What is said of these media; each of them is in the answer.
    pub async fn said_of(&self, ids: &[MediaId]) -> Result<HashMap<MediaId, Said>> {
        let mut said: HashMap<MediaId, Said> = ids.iter().map(|id| (*id, Said::default())).collect();
        for some in ids.chunks(BATCH) {
            let ask = |sql: &str, order: &str| {
                let mut query = QueryBuilder::<Sqlite>::new(sql);
                select::push_ids(&mut query, some);
                query.push(") ORDER BY ").push(order);
                query
            };
            let mut people = ask(PEOPLE, "mp.media_id, mp.x, p.name");
            for row in people.build_query_as::<PersonRow>().fetch_all(&self.read).await? {
                let area = (|| Some([row.x?, row.y?, row.w?, row.h?]))();
                let person = SaidPerson { name: row.name, pet: row.pet, area };
                said.entry(row.media_id).or_default().people.push(person);
            }
            let mut keywords = ask(KEYWORDS, "media_id, folded");
            for (id, word) in keywords.build_query_as::<(MediaId, String)>().fetch_all(&self.read).await? {
                said.entry(id).or_default().keywords.push(word);
            }
            let mut paths = ask(PATHS, "media_id, path");
            for (id, path) in paths.build_query_as::<(MediaId, String)>().fetch_all(&self.read).await? {
                said.entry(id).or_default().paths.push(path);
            }
            let mut motions = ask(MOTIONS, "live_of, path DESC");
            for (id, video) in motions.build_query_as::<(MediaId, MediaId)>().fetch_all(&self.read).await? {
                said.entry(id).or_default().motion = Some(video);
            }
        }
        Ok(said)
    }
}
