//! What the indexes are made from: every word about a medium, read in batches.

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::captions::Caption;
use super::jobs::ModelKey;
use super::lettering::TextLine;
use super::media::Medium;
use super::notes::Remark;
use super::seen::Seen;
use super::transcripts::Segment;
use super::{Library, MediaId, Result, select};

/// Every word about one medium.
#[derive(Debug, Clone)]
pub struct Document {
    /// The medium itself.
    pub medium: Medium,
    /// Names of the people and pets in it.
    pub people: Vec<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// Names of its events.
    pub events: Vec<String>,
    /// Names of its albums.
    pub albums: Vec<String>,
    /// Paths of all its files.
    pub paths: Vec<String>,
    /// What is said in it, in order of time.
    pub spoken: Vec<Segment>,
    /// What was said about it and its events and albums in voice notes.
    pub remarks: Vec<Remark>,
    /// What models saw in it.
    pub seen: Seen,
    /// The time that each of its frames stands for, milliseconds; empty for photos.
    pub frames: Vec<(i64, i64)>,
    /// Names of the user's concepts that it belongs to, each with how certain that is. What the built-in ones are called
    /// ("sharp and beautiful") is said of too many things to be a word for one.
    pub concepts: Vec<(String, f64)>,
    /// Lines of text in it, each with what read it.
    pub lines: Vec<(TextLine, ModelKey)>,
    /// What the model in use wrote about it, unless the user wrote something.
    pub caption: Option<Caption>,
}

/// A derived index, by the column that says how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Words.
    Text,
    /// Vectors.
    Vectors,
}

impl Index {
    fn column(self) -> &'static str {
        match self {
            Self::Text => "indexed_version",
            Self::Vectors => "embedded_version",
        }
    }
}

#[derive(FromRow)]
struct Word {
    media_id: MediaId,
    word: String,
}

impl Library {
    /// Media whose present version `index` does not hold yet.
    pub async fn stale_media(&self, index: Index, limit: u32) -> Result<Vec<MediaId>> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT id FROM media WHERE ");
        query.push(index.column()).push(" < version ORDER BY id LIMIT ").push_bind(i64::from(limit));
        Ok(query.build_query_scalar().fetch_all(&self.read).await?)
    }

    /// Everything about these media.
    pub async fn documents(&self, ids: &[MediaId]) -> Result<Vec<Document>> {
        let mut documents: Vec<Document> = self
            .media_by_ids(ids)
            .await?
            .into_iter()
            .map(|medium| Document {
                medium,
                people: Vec::new(),
                tags: Vec::new(),
                events: Vec::new(),
                albums: Vec::new(),
                paths: Vec::new(),
                spoken: Vec::new(),
                remarks: Vec::new(),
                seen: Seen::default(),
                frames: Vec::new(),
                concepts: Vec::new(),
                lines: Vec::new(),
                caption: None,
            })
            .collect();
        let people = "SELECT j.media_id, p.name AS word FROM media_people j JOIN people p ON p.id = j.person_id";
        let tags = "SELECT j.media_id, j.tag AS word FROM media_tags j";
        let events = "SELECT j.media_id, e.name AS word FROM event_media j JOIN events e ON e.id = j.event_id";
        let albums = "SELECT j.media_id, a.name AS word FROM album_media j JOIN albums a ON a.id = j.album_id";
        let paths = "SELECT j.media_id, j.path AS word FROM files j";
        self.words(people, &mut documents, |document| &mut document.people).await?;
        self.words(tags, &mut documents, |document| &mut document.tags).await?;
        self.words(events, &mut documents, |document| &mut document.events).await?;
        self.words(albums, &mut documents, |document| &mut document.albums).await?;
        self.words(paths, &mut documents, |document| &mut document.paths).await?;
        let found: Vec<MediaId> = documents.iter().map(|document| document.medium.id).collect();
        let (mut spoken, mut remarks, seen, mut frames, mut concepts, mut lines, mut captions) = tokio::try_join!(
            self.spoken_in(ids),
            self.remarks_on(ids),
            self.seen(&found),
            self.frame_spans(ids),
            self.concepts_of(&found),
            self.text_in(ids),
            self.current_captions(ids)
        )?;
        for (document, seen) in documents.iter_mut().zip(seen) {
            document.spoken = spoken.remove(&document.medium.id).unwrap_or_default();
            document.remarks = remarks.remove(&document.medium.id).unwrap_or_default();
            document.seen = seen;
            document.frames = frames.remove(&document.medium.id).unwrap_or_default();
            let concepts = concepts.remove(&document.medium.id).unwrap_or_default().into_iter();
            document.concepts = concepts.filter(|c| !c.builtin).map(|c| (c.name, c.certainty)).collect();
            document.lines = lines.remove(&document.medium.id).unwrap_or_default();
            document.caption = captions.remove(&document.medium.id);
        }
        Ok(documents)
    }

    async fn words(
        &self,
        sql: &str,
        documents: &mut [Document],
        field: impl Fn(&mut Document) -> &mut Vec<String>,
    ) -> Result<()> {
        let ids: Vec<MediaId> = documents.iter().map(|document| document.medium.id).collect();
        let mut query = QueryBuilder::<Sqlite>::new(format!("{sql} WHERE j.media_id IN ("));
        select::push_ids(&mut query, &ids);
        query.push(") ORDER BY j.media_id, word");
        for Word { media_id, word } in query.build_query_as::<Word>().fetch_all(&self.read).await? {
            if let Some(document) = documents.iter_mut().find(|document| document.medium.id == media_id) {
                field(document).push(word);
            }
        }
        Ok(())
    }

    /// Records that `index` holds these versions of these media.
    pub async fn mark_current(&self, index: Index, versions: &[(MediaId, i64)]) -> Result<()> {
        let mut tx = self.begin().await?;
        for (id, version) in versions {
            let mut query = QueryBuilder::<Sqlite>::new("UPDATE media SET ");
            query.push(index.column()).push(" = ").push_bind(*version).push(" WHERE id = ").push_bind(*id);
            query.build().execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Has `index` built from nothing: every medium counts as missing in it.
    pub async fn forget_index(&self, index: Index) -> Result<()> {
        let mut query = QueryBuilder::<Sqlite>::new("UPDATE media SET ");
        query.push(index.column()).push(" = 0");
        query.build().execute(&self.write).await?;
        Ok(())
    }

    /// How many media `index` does not hold in their present version, and how many it does.
    pub async fn index_progress(&self, index: Index) -> Result<(i64, i64)> {
        let column = index.column();
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(format!("COALESCE(SUM(CASE WHEN {column} < version THEN 1 ELSE 0 END), 0), "));
        query.push(format!("COALESCE(SUM(CASE WHEN {column} < version THEN 0 ELSE 1 END), 0) FROM media"));
        Ok(query.build_query_as().fetch_one(&self.read).await?)
    }
}
