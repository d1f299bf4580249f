//! The values that go into the search and come out of it.
//!
//! Plain values without any index in them: the library fills [`MediaDocument`]s, the assistant fills a [`QueryText`],
//! and both read [`Hit`]s. What a hit scores and where a ranking ends is decided in [`super::fusion`].

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::moments::FrameText;
use super::passages::{Passage, chunks};
use super::sights::Sight;
use crate::library::filter::MediaKind;
use crate::library::ids::MediaId;
use crate::library::moments::Moment;

/// Where a text about a medium comes from. The order is that of the index's fields and never changes without a new
/// index version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceField {
    /// Description or caption, as a person or the file's maker wrote it.
    Description,
    /// Title.
    Title,
    /// Keywords.
    Keywords,
    /// Names of the people and pets shown.
    People,
    /// Names of the place: locality, city, region, country.
    Places,
    /// Names of the events and albums it is part of.
    Events,
    /// File names without their extension.
    FileName,
    /// Names of the folders it lies in, below the watched folder.
    Folders,
    /// Camera and lens.
    Camera,
    /// Text seen in the picture.
    Ocr,
    /// Speech heard in the video.
    Transcript,
    /// What the user said about it in voice notes.
    Note,
    /// What the user said in voice notes about an event or album that it is part of.
    GroupNote,
    /// What models saw in the picture, in words; each has a certainty.
    Seen,
    /// Title and sentence that a model wrote about it.
    Caption,
    /// Words that a model gave it to be found by.
    CaptionTags,
}

impl SourceField {
    /// Every field, in index order.
    pub const ALL: [Self; 16] = [
        Self::Description,
        Self::Title,
        Self::Keywords,
        Self::People,
        Self::Places,
        Self::Events,
        Self::FileName,
        Self::Folders,
        Self::Camera,
        Self::Ocr,
        Self::Transcript,
        Self::Note,
        Self::GroupNote,
        Self::Seen,
        Self::Caption,
        Self::CaptionTags,
    ];

    /// The name used in the index, in the vector table and in stored JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Title => "title",
            Self::Keywords => "keywords",
            Self::People => "people",
            Self::Places => "places",
            Self::Events => "events",
            Self::FileName => "file_name",
            Self::Folders => "folders",
            Self::Camera => "camera",
            Self::Ocr => "ocr",
            Self::Transcript => "transcript",
            Self::Note => "note",
            Self::GroupNote => "group_note",
            Self::Seen => "seen",
            Self::Caption => "caption",
            Self::CaptionTags => "caption_tags",
        }
    }

    /// The field of that [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// What a person reads before the colon of a reason: "caption: beach".
    pub fn label(self) -> &'static str {
        match self {
            Self::Description => "caption",
            Self::Title => "title",
            Self::Keywords => "keyword",
            Self::People => "person",
            Self::Places => "place",
            Self::Events => "event",
            Self::FileName => "file",
            Self::Folders => "folder",
            Self::Camera => "camera",
            Self::Ocr => "text in picture",
            Self::Transcript => "spoken",
            Self::Note | Self::GroupNote => "note",
            Self::Seen => "seen",
            Self::Caption | Self::CaptionTags => "described",
        }
    }

    /// Whether the field's text is about what is to be seen or heard, so that its meaning is worth a vector.
    ///
    /// Keywords are not: measured, the vector of a word or two is near to everything of its topic ("zoo" to any animal),
    /// and whether the words occur is the better evidence.
    pub fn carries_meaning(self) -> bool {
        matches!(self, Self::Description | Self::Title | Self::Caption) || self.is_said()
    }

    /// Whether it holds what was said, in [`Passage`]s whose meaning counts. Lines of text in a picture are passages too,
    /// but seldom sentences: whether their words occur is the better evidence.
    pub fn is_said(self) -> bool {
        matches!(self, Self::Transcript | Self::Note | Self::GroupNote)
    }
}

/// Everything that can be said in words about one medium.
#[derive(Debug, Clone, PartialEq)]
pub struct MediaDocument {
    /// The medium.
    pub id: MediaId,
    /// Its texts; a field may come several times (two keywords, two paths). Empty texts are ignored.
    pub texts: Vec<(SourceField, String)>,
    /// What was said in it and about it, and the lines of text in it, in order.
    pub said: Vec<Passage>,
    /// What models saw in it; indexed as [`SourceField::Seen`].
    pub sights: Vec<Sight>,
    /// What each picture of a video shows, the poster first; empty for photos. It says when something is seen; what is
    /// seen is in the other fields too.
    pub frames: Vec<FrameText>,
    /// Facts that the vector table can filter by.
    pub facts: Facts,
}

impl MediaDocument {
    /// A document without any text.
    pub fn new(id: MediaId) -> Self {
        let (texts, said, sights, frames) = Default::default();
        Self { id, texts, said, sights, frames, facts: Facts::default() }
    }

    /// Adds a text; blank ones are left out.
    #[must_use]
    pub fn with(mut self, field: SourceField, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.trim().is_empty() {
            self.texts.push((field, text));
        }
        self
    }

    /// The texts whose meaning should be encoded, one a field (several titles joined by commas) and what was said in
    /// chunks, with a hash that tells whether a stored vector is still that text's.
    pub fn embeddable(&self) -> Vec<EmbeddableText> {
        SourceField::ALL
            .into_iter()
            .filter(|field| field.carries_meaning() && !field.is_said())
            .filter_map(|source| {
                let parts: Vec<&str> = self.texts.iter().filter(|(f, _)| *f == source).map(|(_, t)| t.trim()).collect();
                let text = parts.join(", ");
                (!text.is_empty()).then(|| EmbeddableText { source, hash: text_hash(&text), text })
            })
            .chain(chunks(&self.said).into_iter().map(|chunk| chunk.text))
            .collect()
    }
}

/// A text to be turned into a vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddableText {
    /// Where it comes from.
    pub source: SourceField,
    /// The text.
    pub text: String,
    /// BLAKE3 of the text, 32 hexadecimal digits.
    pub hash: String,
}

/// BLAKE3 of `text`, cut to 32 hexadecimal digits (128 bits).
pub fn text_hash(text: &str) -> String {
    let mut hex = blake3::hash(text.as_bytes()).to_hex().to_string();
    hex.truncate(32);
    hex
}

/// Facts of a medium that the vector table stores as columns, so that conditions on them are checked before distances are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Local wall-clock time at the place, in seconds since 1970-01-01T00:00:00 as if it were UTC.
    pub taken: Option<i64>,
    /// Photo or video, if known.
    pub kind: Option<MediaKind>,
    /// ISO 3166-1 alpha-2, upper case.
    pub country_code: Option<String>,
    /// 0–5 stars.
    pub rating: Option<u8>,
}

/// The vector of one text of one medium.
#[derive(Debug, Clone, PartialEq)]
pub struct TextVector {
    /// The medium.
    pub id: MediaId,
    /// The text's field.
    pub source: SourceField,
    /// Hash of the text ([`EmbeddableText::hash`]).
    pub text_hash: String,
    /// The vector, of the model's dimensions; it need not be normalised.
    pub vector: Vec<f32>,
    /// Facts of the medium.
    pub facts: Facts,
}

/// What is looked for, in words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QueryText {
    /// The content that is looked for, without what the metadata filter already says: "riding a wave".
    pub text: String,
    /// The whole question as asked; its function words tell the language.
    pub original: String,
    /// ISO 639-1 code of the question's language, where it is known; otherwise it is guessed from `original`.
    pub language: Option<String>,
    /// Other words for the same thing: synonyms, spellings, translations.
    pub expansions: Vec<Expansion>,
    /// Content that must not be there: "people" in "a desk without people".
    pub without: Option<String>,
}

/// Another word for a word of the query, or for all of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Expansion {
    /// What it may be said for.
    pub of: ExpansionOf,
    /// The other word or words: "airplane", "video game".
    pub text: String,
    /// How much a match of it is worth against a match of the original, 0–1.
    pub weight: f32,
}

/// What an [`Expansion`] may be said for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpansionOf {
    /// This word of [`QueryText::text`], as written there.
    Word(String),
    /// Any one of its words; which one is not known.
    AnyWord,
    /// The whole text: a translation or a paraphrase.
    Whole,
}

impl From<(String, f32)> for Expansion {
    fn from((text, weight): (String, f32)) -> Self {
        Self { of: ExpansionOf::AnyWord, text, weight }
    }
}

/// The media that the metadata conditions leave, found by the library before the search.
#[derive(Debug, Clone, Default)]
pub struct AllowedSet {
    /// The media; shared, so that the set can be passed on without copying.
    pub ids: Arc<HashSet<MediaId>>,
    /// The part of the conditions that the vector table can check by itself: an SQL predicate over the columns of
    /// [`super::vectors`]. It may let more pass than `ids` has, never less.
    pub predicate: Option<String>,
}

impl FromIterator<MediaId> for AllowedSet {
    fn from_iter<I: IntoIterator<Item = MediaId>>(ids: I) -> Self {
        Self { ids: Arc::new(ids.into_iter().collect()), predicate: None }
    }
}

impl AllowedSet {
    /// Whether the medium may be a result.
    pub fn contains(&self, id: MediaId) -> bool {
        self.ids.contains(&id)
    }
}

/// Why a medium is a hit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Why {
    /// What matched: a field's [`SourceField::label`], a [`Passage::label`], or "meaning".
    pub field: String,
    /// The words that matched, as they stand in that field.
    pub text: String,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.text)
    }
}

/// A result.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The medium.
    pub id: MediaId,
    /// How well it fits, 0–1; comparable between queries.
    pub score: f32,
    /// Reasons, the strongest first; never empty.
    pub why: Vec<Why>,
    /// Where in a video it is what was asked for, in order of time; empty for photos, and where that is not known.
    pub moments: Vec<Moment>,
}

/// The ranked results of a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchOutcome {
    /// The best hits, best first, at most as many as asked for.
    pub hits: Vec<Hit>,
    /// Number of hits before the limit: what passed the cut-off.
    pub total: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_embedded_as_one_text_and_names_are_not() {
        let document = MediaDocument::new(MediaId::new())
            .with(SourceField::Title, "A hike")
            .with(SourceField::Title, "Bushwalk")
            .with(SourceField::People, "Anna")
            .with(SourceField::Description, "  ");
        let texts = document.embeddable();
        assert_eq!(texts.len(), 1);
        assert_eq!((texts[0].source, texts[0].text.as_str()), (SourceField::Title, "A hike, Bushwalk"));
        assert_eq!(texts[0].hash, text_hash("A hike, Bushwalk"));
        assert_eq!(texts[0].hash.len(), 32);
    }

    #[test]
    fn names_of_fields_lead_back_to_them() {
        for field in SourceField::ALL {
            assert_eq!(SourceField::from_name(field.name()), Some(field));
        }
    }
}
