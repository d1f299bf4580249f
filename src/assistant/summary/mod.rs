//! What there is to tell of an event, an album, a year, a person, or of any media: a short text, every sentence of which
//! names the media that bear it out.
//!
//! [`evidence`] reads the facts from the library; [`tell`] says them without any model, in five languages, three tones
//! and with variety; [`phrase`] has a language model say them, which sees facts and never thousands of pictures;
//! [`check`] drops what it says that the facts do not bear out. A model only phrases: without one, or when little of
//! what it says is true, the telling without one stands. Keeping texts, and the user's own words, is left to
//! `library::summaries`.

pub mod check;
pub mod evidence;
pub mod phrase;
pub mod tell;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::evidence::Evidence;
use super::compose::cite;
use super::understand::Language;
use crate::engine::ChatModel;
use crate::library::filter::{MediaFilter, TimeSpan};
use crate::library::media::Ordering;
use crate::library::summaries::{Kept, Key};
use crate::library::{AlbumId, EventId, Library, LibraryError, MediaId, PersonId};

/// What is told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "about", content = "id", rename_all = "snake_case")]
pub enum Subject {
    /// An event or trip.
    Event(EventId),
    /// An album.
    Album(AlbumId),
    /// A year.
    Year(i16),
    /// A person or pet.
    Person(PersonId),
}

impl Subject {
    /// `event`, `album`, `year` or `person`.
    pub fn about(&self) -> &'static str {
        match self {
            Self::Event(_) => "event",
            Self::Album(_) => "album",
            Self::Year(_) => "year",
            Self::Person(_) => "person",
        }
    }

    /// Its identifier, as it is stored.
    pub fn id(&self) -> String {
        match self {
            Self::Event(id) => id.to_string(),
            Self::Album(id) => id.to_string(),
            Self::Year(year) => year.to_string(),
            Self::Person(id) => id.to_string(),
        }
    }

    /// The media that it is told of.
    pub fn filter(&self) -> MediaFilter {
        match *self {
            Self::Event(id) => MediaFilter { events: vec![id], ..MediaFilter::default() },
            Self::Album(id) => MediaFilter { albums: vec![id], ..MediaFilter::default() },
            Self::Person(id) => MediaFilter { people: vec![vec![id]], ..MediaFilter::default() },
            Self::Year(year) => {
                let from = |year| jiff::civil::Date::new(year, 1, 1).unwrap_or(jiff::civil::Date::MAX);
                let span = TimeSpan { start: from(year).into(), end: from(year.saturating_add(1)).into() };
                MediaFilter { taken: vec![span], ..MediaFilter::default() }
            }
        }
    }

    /// What it is called.
    async fn name(&self, library: &Library) -> Result<String, LibraryError> {
        Ok(match self {
            Self::Event(id) => library.event(*id).await?.name,
            Self::Person(id) => library.person(*id).await?.name,
            Self::Year(year) => year.to_string(),
            Self::Album(id) => {
                let albums = library.albums().await?;
                let album = albums.into_iter().find(|album| album.id == *id);
                album.ok_or_else(|| LibraryError::NotFound { what: "album", key: id.to_string() })?.name
            }
        })
    }
}

/// How much is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// One sentence.
    Line,
    /// A few sentences.
    #[default]
    Paragraph,
    /// A paragraph, and a sentence or two for each part.
    Page,
}

impl Length {
    /// The name stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Paragraph => "paragraph",
            Self::Page => "page",
        }
    }
}

/// How it sounds. No tone states more than the facts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// As one looks back with somebody.
    Warm,
    /// With a wink.
    Playful,
}

impl Tone {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Warm, Self::Playful];

    /// The name stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Warm => "warm",
            Self::Playful => "playful",
        }
    }
}

/// A sentence and the media that bear it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sentence {
    /// The words.
    pub text: String,
    /// The media.
    pub media: Vec<MediaId>,
    /// It begins a line.
    #[serde(default)]
    pub opens: bool,
}

impl Sentence {
    /// A sentence that goes on where the one before it ended.
    pub fn new(text: String, media: Vec<MediaId>) -> Self {
        Self { text, media, opens: false }
    }
}

/// What was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// What it is called.
    pub name: String,
    /// Its sentences, in order.
    pub sentences: Vec<Sentence>,
    /// Who told it: empty without a language model, else its name; `user` when the words are the user's.
    pub by: String,
    /// The library has changed since: the user's own words may not fit any more.
    pub outdated: bool,
}

impl Summary {
    /// Plain text.
    pub fn text(&self) -> String {
        self.joined(|sentence| sentence.text.clone())
    }

    /// With citations, as answers have them.
    pub fn cited(&self) -> String {
        self.joined(|sentence| format!("{}{}", sentence.text, cite(&sentence.media)))
    }

    fn joined(&self, say: impl Fn(&Sentence) -> String) -> String {
        let mut text = String::new();
        for sentence in &self.sentences {
            text.push_str(if text.is_empty() {
                ""
            } else if sentence.opens {
                "\n"
            } else {
                " "
            });
            text.push_str(&say(sentence));
        }
        text
    }
}

/// How it is to be told.
#[derive(Clone, Copy)]
pub struct Telling<'m> {
    /// How much.
    pub length: Length,
    /// How it sounds.
    pub tone: Tone,
    /// In which language.
    pub language: Language,
    /// The model that phrases, if there is one.
    pub model: Option<&'m dyn ChatModel>,
}

impl<'m> Telling<'m> {
    /// Whose words are asked for: one line is said as well without a model.
    fn phrased_by(self) -> Option<&'m dyn ChatModel> {
        self.model.filter(|_| self.length != Length::Line)
    }
}

/// What is asked for: its name, its facts, and under what it is kept.
struct Asked {
    name: String,
    evidence: Evidence,
    digest: String,
    key: Key,
}

impl Asked {
    async fn of(library: &Library, subject: &Subject, telling: Telling<'_>) -> Result<Self, LibraryError> {
        let name = subject.name(library).await?;
        let ids = library.select(&subject.filter(), Ordering::Oldest, None).await?;
        let mut evidence = Evidence::read(library, &name, &ids, matches!(subject, Subject::Event(_))).await?;
        if matches!(subject, Subject::Person(_)) {
            // Of a person it goes without saying that they are there.
            evidence.people.retain(|known| known.name != name);
        }
        let digest = evidence.digest(telling.model.map(|model| model.name()));
        let key = Key {
            about: subject.about().to_owned(),
            subject: subject.id(),
            length: telling.length.name().to_owned(),
            tone: telling.tone.name().to_owned(),
            language: telling.language.code().to_owned(),
        };
        Ok(Self { name, evidence, digest, key })
    }

    /// What is kept, if it still says what there is to tell or is in the user's own words.
    async fn kept(&self, library: &Library) -> Result<Option<Summary>, LibraryError> {
        let kept = library.kept_summary(&self.key).await?;
        let Some(kept) = kept.filter(|kept| kept.edited || kept.evidence == self.digest) else { return Ok(None) };
        let sentences: Vec<Sentence> = serde_json::from_str(&kept.body)?;
        let by = if kept.edited { "user".to_owned() } else { kept.by };
        Ok(Some(Summary { name: self.name.clone(), sentences, by, outdated: kept.evidence != self.digest }))
    }
}

/// Tells of a subject: what is kept while nothing changed, else anew. The user's own words are never replaced.
///
/// # Errors
/// [`LibraryError::NotFound`] when there is no such subject.
pub async fn of_subject(library: &Library, subject: &Subject, telling: Telling<'_>) -> Result<Summary, LibraryError> {
    let asked = Asked::of(library, subject, telling).await?;
    if let Some(kept) = asked.kept(library).await? {
        return Ok(kept);
    }
    let Asked { name, evidence, digest, key } = asked;
    let (sentences, by) = told(&evidence, telling).await;
    let body = serde_json::to_string(&sentences)?;
    library.keep_summary(&key, &Kept { evidence: digest, body, edited: false, by: by.clone() }).await?;
    Ok(Summary { name, sentences, by, outdated: false })
}

/// What can be told of a subject without waiting for the model, and whether it has still to be asked: [`of_subject`] does.
///
/// # Errors
/// [`LibraryError::NotFound`] when there is no such subject.
pub async fn at_once(
    library: &Library,
    subject: &Subject,
    telling: Telling<'_>,
) -> Result<(Summary, bool), LibraryError> {
    let asked = Asked::of(library, subject, telling).await?;
    if let Some(kept) = asked.kept(library).await? {
        return Ok((kept, false));
    }
    let sentences = plainly(&asked.evidence, telling);
    Ok((Summary { name: asked.name, sentences, by: String::new(), outdated: false }, telling.phrased_by().is_some()))
}

/// Keeps the user's own words; with none, what can be told at once comes back.
///
/// # Errors
/// [`LibraryError::NotFound`] when there is no such subject.
pub async fn write(
    library: &Library,
    subject: &Subject,
    telling: Telling<'_>,
    text: &str,
) -> Result<Summary, LibraryError> {
    let Asked { name, digest, key, .. } = Asked::of(library, subject, telling).await?;
    let text = text.trim();
    if text.is_empty() {
        library.forget_summary(&key).await?;
        return Ok(at_once(library, subject, telling).await?.0);
    }
    let (before, _) = at_once(library, subject, telling).await?;
    // Sentences that the user left as they were still rest on their media.
    let left = before.sentences.iter().filter(|sentence| text.contains(&sentence.text));
    let sentences = vec![Sentence::new(text.to_owned(), left.flat_map(|s| s.media.clone()).collect())];
    let body = serde_json::to_string(&sentences)?;
    library.keep_summary(&key, &Kept { evidence: digest, body, edited: true, by: String::new() }).await?;
    Ok(Summary { name, sentences, by: "user".into(), outdated: false })
}

/// What a language model would call an event, as far as the facts bear it out.
///
/// # Errors
/// [`LibraryError::NotFound`] when there is no such event.
pub async fn names_of_event(
    library: &Library,
    id: EventId,
    model: &dyn ChatModel,
    language: Language,
) -> Result<Vec<String>, LibraryError> {
    let subject = Subject::Event(id);
    let name = subject.name(library).await?;
    let ids = library.select(&subject.filter(), Ordering::Oldest, None).await?;
    let evidence = Evidence::read(library, &name, &ids, true).await?;
    Ok(phrase::names(model, &evidence, language).await)
}

/// Tells of any media, which is not kept.
pub async fn of_media(
    library: &Library,
    name: &str,
    ids: &[MediaId],
    telling: Telling<'_>,
) -> Result<Summary, LibraryError> {
    let evidence = Evidence::read(library, name, ids, false).await?;
    let (sentences, by) = told(&evidence, telling).await;
    Ok(Summary { name: name.to_owned(), sentences, by, outdated: false })
}

/// The sentences, and who told them.
async fn told(evidence: &Evidence, telling: Telling<'_>) -> (Vec<Sentence>, String) {
    if let Some(model) = telling.phrased_by()
        && let Some(sentences) = phrase::phrase(model, evidence, telling).await
    {
        return (sentences, model.name().to_owned());
    }
    (plainly(evidence, telling), String::new())
}

/// The sentences that need no model.
fn plainly(evidence: &Evidence, telling: Telling<'_>) -> Vec<Sentence> {
    tell::tell(evidence, telling.length, telling.tone, telling.language)
}
