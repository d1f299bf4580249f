//! What follows from the library: whose faces are, what is seen in the whole of it (`organise`), words and vectors in the
//! indexes.
//!
//! All of it is idempotent and driven by versions: a medium whose version is above what an index holds is put in again.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::{Indexer, JobError, JobKind};
use crate::engine::TextEncoder;
use crate::ingest::picture::remove_pictures;
use crate::library::documents::{Document, Index};
use crate::library::filter::MediaKind;
use crate::library::seen::Model;
use crate::library::{MediaId, fold};
use crate::search::document::{Facts, MediaDocument, SourceField, TextVector};
use crate::search::moments::FrameText;
use crate::search::sights::Sight;
use crate::search::{Passage, SearchError, paperwork, sights};

/// Media put into an index at once.
const BATCH: u32 = 200;

/// A picture with so many lines of text is a page rather than a scene.
const PAGE_OF_TEXT: usize = 12;

/// An encoder that failed is asked again after this time.
const ENCODER_RESTS: Duration = Duration::from_secs(60);

impl Indexer {
    /// Brings everything derived up to date.
    pub(super) async fn derive(&self) -> Result<(), JobError> {
        self.library().drop_orphans().await?;
        self.inner.parts.faces.place_arrivals().await?;
        self.look_at_colours().await?;
        self.organise().await?;
        self.take_out().await?;
        self.index_words().await?;
        self.index_looks().await?;
        self.index_meaning().await
    }

    /// The model whose vectors of pictures are searched.
    pub(super) fn looks_model(&self) -> Option<Model> {
        let model = self.inner.parts.search.pictures()?.model();
        Some(Model { model: model.name.clone(), version: model.version.clone() })
    }

    /// Puts new vectors of pictures into their index.
    async fn index_looks(&self) -> Result<(), JobError> {
        let (Some(table), Some(model)) = (self.inner.parts.search.pictures(), self.looks_model()) else {
            return Ok(());
        };
        let mut did = false;
        loop {
            let vectors = self.library().picture_vectors_to_index(&model, BATCH).await?;
            if vectors.is_empty() {
                break;
            }
            let ids: Vec<MediaId> = vectors.iter().map(|of| of.id).collect();
            table.upsert(&vectors).await.map_err(SearchError::from)?;
            self.library().mark_picture_vectors(&ids).await?;
            did = true;
        }
        if did {
            table.optimize().await.map_err(SearchError::from)?;
        }
        Ok(())
    }

    /// Takes media that are gone out of the indexes, and their pictures and faces off the disk.
    async fn take_out(&self) -> Result<(), JobError> {
        let gone = self.library().removed_media().await?;
        if !gone.is_empty() {
            let ids: Vec<MediaId> = gone.iter().map(|medium| medium.id).collect();
            self.inner.parts.search.delete(ids.clone()).await?;
            // A file that is being read may have the same content, and its pictures lie there already.
            if self.library().has_open_jobs(&[JobKind::IngestFile]).await? {
                return Ok(());
            }
            for medium in gone {
                self.remove_pictures(medium.hash).await?;
            }
            self.library().forget_removed(&ids).await?;
        }
        let faces = self.library().removed_faces().await?;
        if !faces.is_empty() {
            self.inner.parts.faces.forget(&faces).await;
            self.library().forget_removed_faces(&faces).await?;
        }
        Ok(())
    }

    /// Removes the pictures of a content, unless it has come back meanwhile.
    async fn remove_pictures(&self, hash: String) -> Result<(), JobError> {
        if hash.is_empty() || self.library().medium_of_content(&hash).await?.is_some() {
            return Ok(());
        }
        let folder = self.inner.parts.thumbnails.clone();
        let removed = tokio::task::spawn_blocking(move || remove_pictures(&folder, &hash)).await;
        if let Ok(Err(error)) = removed {
            // It costs a little room and is never shown.
            tracing::warn!(%error, "pictures of a medium that is gone stay on the disk");
        }
        Ok(())
    }

    /// Puts changed media into the word index.
    async fn index_words(&self) -> Result<(), JobError> {
        let roots = self.library().root_paths().await?;
        loop {
            let ids = self.library().stale_media(Index::Text, BATCH).await?;
            if ids.is_empty() {
                break;
            }
            let documents = self.library().documents(&ids).await?;
            let versions = versions(&documents);
            let documents = documents.iter().map(|document| media_document(document, &roots)).collect();
            self.inner.parts.search.upsert(documents).await?;
            self.library().mark_current(Index::Text, &versions).await?;
        }
        if self.inner.parts.search.needs_rebuild() {
            self.inner.parts.search.finish_rebuild().await?;
        }
        Ok(())
    }

    /// Whether the encoder failed a short while ago.
    pub(super) fn encoder_rests(&self) -> bool {
        let resting = self.inner.encoder_resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.as_ref().is_some_and(|at| at.elapsed() < ENCODER_RESTS)
    }

    /// Encodes the texts of changed media, if there is an encoder that works.
    async fn index_meaning(&self) -> Result<(), JobError> {
        let Some(encoder) = self.inner.parts.encoder.clone() else { return Ok(()) };
        if self.encoder_rests() {
            return Ok(());
        }
        let mut did = false;
        loop {
            let ids = self.library().stale_media(Index::Vectors, BATCH).await?;
            if ids.is_empty() {
                break;
            }
            let documents = self.library().documents(&ids).await?;
            let versions = versions(&documents);
            if !self.encode(&*encoder, &documents).await? {
                return Ok(());
            }
            self.library().mark_current(Index::Vectors, &versions).await?;
            did = true;
        }
        if did {
            self.inner.parts.search.optimize().await?;
        }
        Ok(())
    }

    /// Stores the vectors of documents; returns `false` when the encoder failed and is given a rest.
    async fn encode(&self, encoder: &dyn TextEncoder, documents: &[Document]) -> Result<bool, JobError> {
        let documents: Vec<MediaDocument> = documents.iter().map(|document| media_document(document, &[])).collect();
        let facts: HashMap<MediaId, &Facts> = documents.iter().map(|document| (document.id, &document.facts)).collect();
        let missing = self.inner.parts.search.missing_vectors(&documents).await?;
        if missing.is_empty() {
            return Ok(true);
        }
        // A note on an event is a text of every medium in it.
        let mut texts: Vec<String> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (_, text) in &missing {
            places.entry(&text.hash).or_insert_with(|| {
                texts.push(text.text.clone());
                texts.len() - 1
            });
        }
        let vectors = match encoder.embed(&texts).await {
            Ok(vectors) => vectors,
            Err(error) => {
                tracing::warn!(%error, hint = error.hint(), "descriptions are not encoded for now");
                *self.inner.encoder_resting.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
                return Ok(false);
            }
        };
        let vectors: Vec<TextVector> = missing
            .iter()
            .filter_map(|(id, text)| {
                Some(TextVector {
                    id: *id,
                    source: text.source,
                    text_hash: text.hash.clone(),
                    vector: vectors.get(*places.get(text.hash.as_str())?)?.clone(),
                    facts: facts.get(id).map(|facts| (*facts).clone()).unwrap_or_default(),
                })
            })
            .collect();
        self.inner.parts.search.upsert_vectors(&vectors).await?;
        Ok(true)
    }
}

fn versions(documents: &[Document]) -> Vec<(MediaId, i64)> {
    documents.iter().map(|document| (document.medium.id, document.medium.version)).collect()
}

/// What is said in a medium and about it, and what is written in it.
fn said(document: &Document) -> Vec<Passage> {
    let spoken = document.spoken.iter().map(|segment| Passage {
        field: SourceField::Transcript,
        text: segment.text.clone(),
        start_ms: Some(segment.start_ms),
        end_ms: Some(segment.end_ms),
        of: None,
    });
    let remarks = document.remarks.iter().map(|remark| Passage {
        field: if remark.of.is_some() { SourceField::GroupNote } else { SourceField::Note },
        text: remark.text.clone(),
        start_ms: None,
        end_ms: None,
        of: remark.of.clone(),
    });
    // A film may show the same words again and again.
    let mut known = HashSet::new();
    let new = document.lines.iter().filter(|(line, _)| line.frame_ms.is_none() || known.insert(line.text.as_str()));
    let written = new.map(|(line, _)| Passage {
        field: SourceField::Ocr,
        text: line.text.clone(),
        start_ms: line.frame_ms,
        end_ms: None,
        of: None,
    });
    spoken.chain(remarks).chain(written).collect()
}

/// What each picture of a video shows. What only another word says is worth less and finds it as well.
fn frames(document: &Document) -> Vec<FrameText> {
    if document.frames.is_empty() {
        return Vec::new();
    }
    let mut sights = sights::by_frame(&document.seen, &document.frames);
    let spans = document.frames.iter().map(|span| (Some(span.0), Some(*span)));
    let frame = |(at, span): (Option<i64>, Option<(i64, i64)>)| {
        let seen = sights.remove(&at).unwrap_or_default().into_iter();
        let seen = seen.map(|sight| (SourceField::Seen, sight.word, sight.certainty));
        let lines = document.lines.iter().filter(|(line, _)| line.stands_in(at));
        let written = lines.map(|(line, _)| (SourceField::Ocr, line.text.clone(), line.certainty as f32));
        FrameText { span, texts: seen.chain(written).collect() }
    };
    std::iter::once((None, None)).chain(spans).map(frame).collect()
}

/// A medium as the indexes see it. Folders count below the folder that the user added.
fn media_document(document: &Document, roots: &[String]) -> MediaDocument {
    let medium = &document.medium;
    let mut texts = MediaDocument::new(medium.id);
    let one = [
        (SourceField::Description, medium.description.as_deref()),
        (SourceField::Title, medium.title.as_deref()),
        (SourceField::Camera, medium.camera.as_deref()),
        (SourceField::Camera, medium.lens.as_deref()),
    ];
    let mut places: Vec<&str> = Vec::new();
    for place in [&medium.locality, &medium.city, &medium.region, &medium.country].into_iter().flatten() {
        if !places.contains(&place.as_str()) {
            places.push(place);
        }
    }
    let many = [
        (SourceField::Keywords, &document.tags),
        (SourceField::People, &document.people),
        (SourceField::Events, &document.events),
        (SourceField::Events, &document.albums),
    ];
    for (field, text) in one {
        texts = texts.with(field, text.unwrap_or_default());
    }
    for (field, words) in many {
        for word in words {
            texts = texts.with(field, word.as_str());
        }
    }
    for place in places {
        texts = texts.with(SourceField::Places, place);
    }
    if let Some(caption) = &document.caption {
        let tags = caption.tags.join(", ");
        texts = texts.with(SourceField::Caption, &caption.title).with(SourceField::Caption, &caption.sentence);
        texts = texts.with(SourceField::CaptionTags, tags);
    }
    for path in &document.paths {
        let path = Path::new(path);
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        texts = texts.with(SourceField::FileName, stem.unwrap_or_default());
        let root = roots.iter().filter(|root| path.starts_with(root)).max_by_key(|root| root.len());
        let below = root.and_then(|root| path.strip_prefix(root).ok()).and_then(Path::parent);
        texts = texts
            .with(SourceField::Folders, below.map(|below| below.to_string_lossy().into_owned()).unwrap_or_default());
    }
    texts.said = said(document);
    texts.sights = sights::of(&document.seen, &document.frames);
    texts.sights.extend(document.concepts.iter().map(|(name, certainty)| Sight {
        word: name.to_lowercase(),
        certainty: *certainty as f32,
        own: true,
    }));
    texts.sights.extend(paperwork::of(&document.lines));
    // A page of text is black and white, too, and nobody means it.
    if medium.colourless && document.lines.len() < PAGE_OF_TEXT {
        texts.sights.push(Sight { word: "black and white".into(), certainty: 1.0, own: true });
    }
    texts.frames = frames(document);
    texts.facts = Facts {
        taken: medium
            .taken()
            .and_then(|taken| taken.to_zoned(jiff::tz::TimeZone::UTC).ok())
            .map(|t| t.timestamp().as_second()),
        kind: Some(if medium.kind == "video" { MediaKind::Video } else { MediaKind::Photo }),
        country_code: medium.country_code.as_deref().map(|code| fold(code).to_uppercase()),
        rating: medium.rating.and_then(|rating| u8::try_from(rating).ok()),
    };
    texts
}
