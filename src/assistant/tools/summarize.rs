//! `summarize`: a short text about media, every sentence of which names those that bear it out.

use serde::{Deserialize, Serialize};

use super::{ToolContext, ToolError};
use crate::assistant::compose::phrases::say;
use crate::assistant::summary::{Length, Subject, Summary, Telling, Tone, of_media, of_subject};
use crate::assistant::understand::Language;
use crate::library::filter::MediaFilter;
use crate::library::media::Ordering;
use crate::library::{EventId, MediaId};

/// Name of the tool.
pub const NAME: &str = "summarize";

/// Arguments.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Summarize {
    /// The event that is told of, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
    /// What the media are called, in the words of the question.
    pub name: String,
    /// In which language.
    pub language: Language,
    /// How much is told.
    pub length: Length,
    /// How it sounds.
    #[serde(default)]
    pub tone: Tone,
}

/// The event that a filter means and nothing else: the first, with the events that are part of it.
pub fn only_event(filter: &MediaFilter) -> Option<EventId> {
    let alone = MediaFilter { events: filter.events.clone(), ..MediaFilter::default() };
    filter.events.first().copied().filter(|_| *filter == alone)
}

/// The summary of these media.
pub async fn run(context: &ToolContext, call: &Summarize, ids: &[MediaId]) -> Result<Summary, ToolError> {
    let telling = Telling { length: call.length, tone: call.tone, language: call.language, model: None };
    if let Some(event) = call.event {
        let filter = Subject::Event(event).filter();
        // Several events that are alternatives are told of together.
        if context.library.count(&filter).await? as usize == ids.len() {
            return Ok(of_subject(&context.library, &Subject::Event(event), telling).await?);
        }
    }
    let filter = MediaFilter { among: Some(ids.to_vec()), ..MediaFilter::default() };
    let ordered = context.library.select(&filter, Ordering::Oldest, None).await?;
    let name = if call.name.is_empty() { say(call.language, "everything", &[]) } else { call.name.clone() };
    Ok(of_media(&context.library, &name, &ordered, telling).await?)
}
