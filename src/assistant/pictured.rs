//! A question about one picture: of the library, or one that somebody brings along.
//!
//! A picture that is brought along is looked up first, by its content and by its looks, so that the answer points at what
//! the library has of it; what it shows is for a model that sees, and without one that is said.

use std::time::Instant;

use serde_json::json;
use tokio::sync::mpsc;

use super::agent::Answered;
use super::answer::Asked;
use super::compose::phrases::{say, say_number};
use super::sight::{GivenPicture, SightError};
use super::tools::{Scored, ToolCall, ToolError, ToolStatus, describe_media, find_similar};
use super::{Assistant, AssistantError, FIRST_PAGE, TurnEvent, compose, direct};
use crate::ingest::duplicates::NEAR_BITS;
use crate::library::MediaId;
use crate::library::media::Medium;

/// Bits by which hashes of alike pictures differ at most: more than those of copies, because alike is enough here.
const ALIKE_BITS: u32 = NEAR_BITS + 4;
/// Alike media that are listed at most.
const MOST_ALIKE: usize = 60;

/// The picture that a question is about.
#[derive(Debug, Clone)]
pub enum Pictured {
    /// One of the library.
    Medium(MediaId),
    /// One that the question brings along.
    Given(Box<GivenPicture>),
}

/// What the library has of a picture.
struct Known {
    /// The picture itself.
    same: Option<Medium>,
    /// What is written in it.
    written: Option<String>,
    media: Vec<Scored>,
}

impl Assistant {
    /// The answer to a question about one picture.
    pub(super) async fn answer_about(
        &self,
        asked: &Asked<'_>,
        pictured: &Pictured,
        events: &mpsc::UnboundedSender<TurnEvent>,
    ) -> Result<Answered, AssistantError> {
        let tell = |event| drop(events.send(event));
        let (known, mut calls) = self.look_up(pictured).await?;
        for call in &calls {
            tell(TurnEvent::ToolCall(Box::new(call.clone())));
        }
        tell(TurnEvent::Media(known.media.clone(), known.media.len()));
        let started = Instant::now();
        let seen = self.see(asked, pictured, &known, events).await;
        let ids: Vec<MediaId> = known.same.iter().map(|medium| medium.id).collect();
        let arguments = json!({ "id": ids.first(), "question": asked.text });
        let result = match &seen {
            Ok(text) => json!({ "seen": text }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        let mut call = ToolCall::done(describe_media::NAME, &arguments, result, ids, started);
        call.status = if seen.is_ok() { ToolStatus::Done } else { ToolStatus::Failed };
        tell(TurnEvent::ToolCall(Box::new(call.clone())));
        calls.push(call);
        let language = asked.reading.language;
        let mut parts = Vec::new();
        match seen {
            Ok(text) => parts.push(compose::without_citations(&text)),
            Err(SightError::NoModel(hint)) => parts.push(say(language, "picture_blind", &[("hint", &hint)])),
            Err(error) => parts.push(say(language, "picture_failed", &[("reason", &error.to_string())])),
        }
        let told = known_of(&known, matches!(pictured, Pictured::Given(_)), language);
        // What is looked at comes first; without that, what is known does.
        let at = if calls.last().is_some_and(|call| call.status == ToolStatus::Done) { 1 } else { 0 };
        parts.insert(at, told);
        let text = parts.join("\n\n").trim().to_owned();
        // What the model wrote was told as it came; its end is what is told now.
        let rest = if at == 1 { parts[1..].join("\n\n") } else { text.clone() };
        tell(TurnEvent::Text(if at == 1 { format!("\n\n{rest}") } else { rest }));
        Ok(Answered { text, media: known.media, count: None, calls })
    }

    /// The answer to "like this", with a picture brought along or chosen.
    pub(super) async fn answer_by_example(
        &self,
        asked: &Asked<'_>,
        pictured: &Pictured,
        events: &mpsc::UnboundedSender<TurnEvent>,
    ) -> Result<Answered, AssistantError> {
        let tell = |event| drop(events.send(event));
        let outcome = match direct::like(self.context(), asked.reading, pictured).await {
            Ok(outcome) => outcome,
            // Without a model for it, what the library has of the picture is the answer.
            Err(ToolError::Example(reason)) => {
                let (known, calls) = self.look_up(pictured).await?;
                let told = known_of(&known, true, asked.reading.language);
                let text = format!("{told}\n\n*{reason}*");
                tell(TurnEvent::Media(known.media.clone(), known.media.len()));
                tell(TurnEvent::Text(text.clone()));
                return Ok(Answered { text, media: known.media, count: None, calls });
            }
            Err(error) => return Err(error.into()),
        };
        for call in &outcome.calls {
            tell(TurnEvent::ToolCall(Box::new(call.clone())));
        }
        tell(TurnEvent::Media(outcome.media.iter().take(FIRST_PAGE).cloned().collect(), outcome.media.len()));
        let text = compose::compose(&outcome.finding, asked.reading.language);
        tell(TurnEvent::Text(text.clone()));
        Ok(Answered { text, media: outcome.media, count: outcome.count, calls: outcome.calls })
    }

    async fn see(
        &self,
        asked: &Asked<'_>,
        pictured: &Pictured,
        known: &Known,
        events: &mpsc::UnboundedSender<TurnEvent>,
    ) -> Result<String, SightError> {
        let sight = &self.context().sight;
        if let Some(hint) = sight.missing() {
            return Err(SightError::NoModel(hint));
        }
        let jpeg = match (pictured, &known.same) {
            (Pictured::Given(given), _) => given.jpeg.clone(),
            (Pictured::Medium(_), Some(medium)) => sight.of_content(&medium.hash).await?,
            (Pictured::Medium(_), None) => return Err(SightError::NoThumbnail),
        };
        let told = |text: &str| drop(events.send(TurnEvent::Text(text.to_owned())));
        tokio::select! {
            seen = sight.look(&jpeg, asked.text, told) => seen,
            () = events.closed() => Ok(say(asked.reading.language, "stopped", &[])),
        }
    }

    /// What the library has of the picture.
    async fn look_up(&self, pictured: &Pictured) -> Result<(Known, Vec<ToolCall>), AssistantError> {
        let library = self.library();
        let scored = |id, score, why: &str| Scored { score, why: vec![why.to_owned()], ..Scored::listed(id) };
        let given = match pictured {
            Pictured::Medium(id) => {
                let medium = library.medium(*id).await.map_err(ToolError::from)?;
                let media = vec![scored(medium.id, 1.0, "this picture")];
                let written = describe_media::written_in(library, *id).await?;
                return Ok((Known { same: Some(medium), written, media }, Vec::new()));
            }
            Pictured::Given(given) => given,
        };
        let started = Instant::now();
        let mut media = Vec::new();
        let same = match &given.hash {
            Some(hash) => library.medium_of_content(hash).await?,
            None => None,
        };
        media.extend(same.iter().map(|id| scored(*id, 1.0, "the same file")));
        if let Some(looks) = given.looks {
            let mut alike: Vec<(u32, MediaId)> =
                library.looks().await?.into_iter().map(|(id, hash)| ((hash ^ looks).count_ones(), id)).collect();
            alike.retain(|(bits, id)| *bits <= ALIKE_BITS && Some(*id) != same);
            alike.sort_unstable();
            let why = |bits| if bits <= NEAR_BITS { "the same picture" } else { "looks alike" };
            media.extend(
                alike.into_iter().take(MOST_ALIKE).map(|(bits, id)| scored(id, 1.0 - bits as f32 / 64.0, why(bits))),
            );
        }
        let first = media.first().filter(|found| found.why[0] != "looks alike").map(|found| found.id);
        let (same, written) = match first {
            Some(id) => (Some(library.medium(id).await?), describe_media::written_in(library, id).await?),
            None => (None, None),
        };
        let ids = media.iter().map(|found| found.id).collect();
        let result = json!({ "total": media.len() });
        let call = ToolCall::done(find_similar::NAME, &json!({ "picture": "given" }), result, ids, started);
        Ok((Known { same, written, media }, vec![call]))
    }
}

/// What the library knows of the picture, in words.
fn known_of(known: &Known, given: bool, language: super::understand::Language) -> String {
    let Some(medium) = &known.same else {
        if known.media.is_empty() {
            return say(language, "picture_unknown", &[]);
        }
        let what = say_number(language, "photo", known.media.len() as u64);
        let first = known.media.iter().take(3);
        let evidence: Vec<String> = first.map(|found| format!(" [[media:{}]]", found.id)).collect();
        return format!("{}{}", say(language, "picture_alike", &[("what", &what)]), evidence.concat());
    };
    let date = medium.taken().map(|taken| compose::dates::date(taken.date(), compose::dates::Exact::Day, language));
    let plain = |text: &str| text.replace("[[", "[ [").replace(['*', '`', '<', '>'], "");
    let facts: Vec<String> =
        [date, medium.place(), medium.description.as_deref().map(plain)].into_iter().flatten().collect();
    let key = if given { "picture_known" } else { "picture_this" };
    let known_as = say(language, key, &[("name", &plain(&medium.name)), ("facts", &facts.join(" · "))]);
    let written = known.written.as_deref().map(|text| say(language, "picture_says", &[("text", &plain(text))]));
    format!("{known_as}{} [[media:{}]]", written.map(|told| format!(" {told}")).unwrap_or_default(), medium.id)
}
