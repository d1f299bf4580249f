//! `search_media`: media that meet conditions and show or say something, best first.
//!
//! Conditions decide which media are possible; words and meaning rank them and cut off what does not fit. Without
//! content every medium that meets the conditions is a result.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Scored, ToolContext, ToolError, ToolSpecification, schema};
use crate::assistant::albums;
use crate::assistant::understand::{Content, LikelyEvent, Order, Wording};
use crate::library::filter::MediaFilter;
use crate::library::media::Ordering;
use crate::library::moments::both;
use crate::library::{EventId, MediaId, View};
use crate::search::Encoded;
use crate::search::document::{AllowedSet, Expansion, ExpansionOf, QueryText};
use crate::search::vectors::pushed_down;

/// Name of the tool.
pub const NAME: &str = "search_media";

/// No ranking is longer.
const MOST_HITS: usize = 2000;

/// How near a medium must come to excluded content to be taken out, 0–1.
pub(in crate::assistant) const EXCLUDED_FROM: f32 = 0.3;

/// Arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SearchMedia {
    /// What is to be seen or written in the media.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// What is not to be seen or written in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Wording>,
    /// Conditions that they meet.
    #[serde(skip_serializing_if = "MediaFilter::is_empty")]
    pub filter: MediaFilter,
    /// Events that are probably meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub likely_events: Vec<LikelyEvent>,
    /// Their order.
    pub order: Order,
    /// How many are wanted at the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Code of the language of the content: `en`, `de` …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Find photos and videos by what they show and by conditions: people, places, dates, kinds, \
                       cameras, ratings, events, albums, keywords.";
    ToolSpecification { name: NAME, description, parameters: schema::<SearchMedia>() }
}

/// The media, best first.
pub async fn run(context: &ToolContext, call: &SearchMedia) -> Result<Vec<Scored>, ToolError> {
    // An album that keeps itself is looked up before it is a condition.
    let looked_up = match albums::expanded(context, &call.filter).await? {
        Cow::Borrowed(_) => None,
        Cow::Owned(filter) => Some(SearchMedia { filter, ..call.clone() }),
    };
    let call = looked_up.as_ref().unwrap_or(call);
    let mut found = match &call.content {
        Some(content) => by_content(context, call, content).await?,
        None => by_conditions(context, call).await?,
    };
    for without in &call.without {
        found = take_out(context, call, found, without).await?;
    }
    by_concepts(context, call, &mut found).await?;
    order(context, &mut found, call.order).await?;
    if let Some(limit) = call.limit {
        found.truncate(limit as usize);
    }
    add_moments_of_people(context, &call.filter, &mut found).await?;
    Ok(found)
}

/// Says where in the videos those are seen who were asked for: everybody together, and with what else was asked for,
/// where that can be said.
async fn add_moments_of_people(
    context: &ToolContext,
    filter: &MediaFilter,
    found: &mut [Scored],
) -> Result<(), ToolError> {
    let ids: Vec<MediaId> = found.iter().map(|scored| scored.id).collect();
    for people in &filter.people {
        let mut seen = context.library.moments_of_people(&ids, people).await?;
        for scored in found.iter_mut() {
            if let Some(moments) = seen.remove(&scored.id) {
                scored.moments = both(std::mem::take(&mut scored.moments), moments);
            }
        }
    }
    Ok(())
}

async fn by_conditions(context: &ToolContext, call: &SearchMedia) -> Result<Vec<Scored>, ToolError> {
    let mut filter = call.filter.clone();
    if filter.is_empty() && !call.likely_events.is_empty() {
        filter.events = call.likely_events.iter().map(|likely| likely.event).collect();
    }
    let ordering = if call.order == Order::Oldest { Ordering::Oldest } else { Ordering::Newest };
    let ids = context.library.select(&filter, ordering, None).await?;
    Ok(ids.into_iter().map(Scored::listed).collect())
}

async fn by_content(context: &ToolContext, call: &SearchMedia, content: &Content) -> Result<Vec<Scored>, ToolError> {
    // What is off limits is no hit, however well it fits.
    let allowed = match call.filter.is_empty() && context.library.view() == View::Everything {
        true => None,
        false => {
            let ids = context.library.select(&call.filter, Ordering::Newest, None).await?;
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            let mut allowed: AllowedSet = ids.into_iter().collect();
            allowed.predicate = pushed_down(&call.filter);
            Some(allowed)
        }
    };
    let alternatives = if content.alternatives.is_empty() {
        std::slice::from_ref(&content.wording)
    } else {
        content.alternatives.as_slice()
    };
    let mut best: HashMap<MediaId, Scored> = HashMap::new();
    for wording in alternatives {
        for hit in look_up(context, call, wording, content, allowed.as_ref()).await? {
            let known = best.entry(hit.id).or_insert_with(|| hit.clone());
            if hit.score > known.score {
                *known = hit;
            }
        }
    }
    if best.is_empty() && allowed.is_some() && says_little(&content.wording.english) {
        return by_conditions(context, call).await;
    }
    favour_events(context, call, &mut best, allowed.as_ref()).await?;
    let mut found: Vec<Scored> = best.into_values().collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    Ok(found)
}

/// Says how certain it is that media belong to the concepts asked for; without content that ranks them.
async fn by_concepts(context: &ToolContext, call: &SearchMedia, found: &mut [Scored]) -> Result<(), ToolError> {
    let ids: Vec<MediaId> = found.iter().map(|scored| scored.id).collect();
    for id in &call.filter.concepts {
        let name = context.library.concept(*id).await?.name;
        let certainties = context.library.concept_certainties(*id, &ids).await?;
        for scored in found.iter_mut() {
            let certainty = certainties.get(&scored.id).copied().unwrap_or(0.0) as f32;
            scored.why.insert(0, format!("concept: {name} ({:.0} %)", certainty * 100.0));
            if call.content.is_none() {
                scored.score *= certainty;
            }
        }
    }
    if call.content.is_none() && !call.filter.concepts.is_empty() && call.order == Order::Relevance {
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
    }
    Ok(())
}

/// Words for a sort of picture rather than for what is in it: hardly any description says them, and beside conditions
/// that choose the pictures they ask for nothing more.
const GENRES: &[&str] = &[
    "portrait",
    "portraits",
    "outdoor",
    "outdoors",
    "outside",
    "indoor",
    "indoors",
    "inside",
    "street",
    "streets",
    "scenery",
    "landscape",
    "landscapes",
    "view",
    "views",
    "sight",
    "sights",
    "sightseeing",
    "selfie",
    "selfies",
    "snapshot",
    "snapshots",
    "everyday",
    "life",
    "scene",
    "scenes",
    "place",
    "places",
    "city",
    "town",
    "nature",
    "memories",
    "moment",
    "moments",
];

/// Whether a wording names only sorts of pictures.
fn says_little(wording: &str) -> bool {
    let mut words = wording.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| GENRES.contains(&word.to_lowercase().as_str()))
}

/// One wording, in the user's words and in English, through words, meaning and looks.
async fn look_up(
    context: &ToolContext,
    call: &SearchMedia,
    wording: &Wording,
    content: &Content,
    allowed: Option<&AllowedSet>,
) -> Result<Vec<Scored>, ToolError> {
    let mut expansions: Vec<Expansion> = content
        .expansions
        .iter()
        .filter(|expansion| wording.english.to_lowercase().contains(&expansion.of.to_lowercase()))
        .map(|expansion| Expansion {
            of: ExpansionOf::Word(expansion.of.clone()),
            text: expansion.term.clone(),
            weight: expansion.weight,
        })
        .collect();
    let translated = wording.text != wording.english && call.language != "en";
    if translated {
        // The library may be written in the user's own language as well.
        expansions.push(Expansion { of: ExpansionOf::Whole, text: wording.text.clone(), weight: 1.0 });
    }
    let query = QueryText {
        text: wording.english.clone(),
        original: wording.text.clone(),
        language: Some(if translated || call.language.is_empty() { "en".into() } else { call.language.clone() }),
        expansions,
        without: None,
    };
    let (meaning, looks) = tokio::join!(embed(context, &wording.english), context.looks.of_words(&wording.english));
    let outcome = context.search.query(&query, Encoded { meaning, looks }, allowed, MOST_HITS).await?;
    Ok(outcome.hits.into_iter().map(Scored::from).collect())
}

/// The meaning of a text; `None` without an encoder or when it fails, because words alone still find much.
async fn embed(context: &ToolContext, text: &str) -> Option<Vec<f32>> {
    let encoder = context.encoder.as_ref()?;
    match encoder.embed(std::slice::from_ref(&text.to_owned())).await {
        Ok(vectors) => vectors.into_iter().next(),
        Err(error) => {
            tracing::warn!(%error, "searching by words alone");
            None
        }
    }
}

/// Media of an event that the question probably means count as found, those that content found too come first.
async fn favour_events(
    context: &ToolContext,
    call: &SearchMedia,
    best: &mut HashMap<MediaId, Scored>,
    allowed: Option<&AllowedSet>,
) -> Result<(), ToolError> {
    for likely in &call.likely_events {
        let LikelyEvent { event, weight } = likely;
        let members = members(context, *event).await?;
        for id in members.into_iter().filter(|id| allowed.is_none_or(|allowed| allowed.contains(*id))) {
            match best.get_mut(&id) {
                Some(scored) => scored.score = (scored.score + weight * 0.5).min(1.0),
                None if *weight >= 0.5 => {
                    let why = vec!["event".to_owned()];
                    best.insert(id, Scored { score: weight * 0.5, why, ..Scored::listed(id) });
                }
                None => {}
            }
        }
    }
    Ok(())
}

async fn members(context: &ToolContext, event: EventId) -> Result<Vec<MediaId>, ToolError> {
    let filter = MediaFilter { events: vec![event], ..MediaFilter::default() };
    Ok(context.library.select(&filter, Ordering::Newest, None).await?)
}

/// Takes out the media that show what is not wanted. "No people" also means nobody who is named.
async fn take_out(
    context: &ToolContext,
    call: &SearchMedia,
    found: Vec<Scored>,
    without: &Wording,
) -> Result<Vec<Scored>, ToolError> {
    let allowed: AllowedSet = found.iter().map(|scored| scored.id).collect();
    let content = Content { wording: without.clone(), ..Content::default() };
    let hits = look_up(context, call, without, &content, Some(&allowed)).await?;
    let unwanted: HashSet<MediaId> =
        hits.into_iter().filter(|hit| hit.score >= EXCLUDED_FROM).map(|hit| hit.id).collect();
    Ok(found.into_iter().filter(|scored| !unwanted.contains(&scored.id)).collect())
}

/// Puts ranked media in the order asked for.
async fn order(context: &ToolContext, found: &mut [Scored], order: Order) -> Result<(), ToolError> {
    if order == Order::Relevance {
        return Ok(());
    }
    let ids: Vec<MediaId> = found.iter().map(|scored| scored.id).collect();
    let media = context.library.media_by_ids(&ids).await?;
    let facts: HashMap<MediaId, (Option<String>, i64)> =
        media.into_iter().map(|medium| (medium.id, (medium.taken, medium.rating.unwrap_or(0)))).collect();
    let taken = |scored: &Scored| facts.get(&scored.id).and_then(|fact| fact.0.clone());
    match order {
        Order::Relevance => {}
        // Undated media come last either way.
        Order::Oldest => found.sort_by_key(|scored| (taken(scored).is_none(), taken(scored))),
        Order::Newest => found.sort_by_key(|scored| std::cmp::Reverse(taken(scored))),
        Order::Rating => found.sort_by_key(|scored| std::cmp::Reverse(facts.get(&scored.id).map_or(0, |fact| fact.1))),
    }
    Ok(())
}
