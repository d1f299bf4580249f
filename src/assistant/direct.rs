//! Direct mode: a reading decides which tools run; no language model takes part.

use std::collections::BTreeSet;
use std::time::Instant;

use jiff::civil::DateTime;
use serde_json::json;

use super::compose::{Finding, Tally};
use super::evidence::{self, TELLING};
use super::example::{self, But};
use super::lists;
use super::occasions::{self, Journeys};
use super::pictured::Pictured;
use super::propose::{propose, ruled};
use super::reasons::{conditions, say_why};
use super::tools::{
    Scored, ToolCall, ToolContext, ToolError, count_media, create_film, find_similar, search_media, summarize,
};
use super::understand::{Action, Edge, Intent, Manner, Order, Pick, Reading};
use super::{FIRST_PAGE, History};
use crate::library::MediaId;
use crate::library::filter::Grouping;
use crate::library::media::{GroupCount, Medium};
use crate::search::quoted;

/// What came of a reading.
pub(super) struct Outcome {
    pub finding: Finding,
    pub media: Vec<Scored>,
    pub count: Option<u64>,
    pub calls: Vec<ToolCall>,
}

impl Outcome {
    pub(super) fn of(finding: Finding) -> Self {
        Self { finding, media: Vec::new(), count: None, calls: Vec::new() }
    }
}

/// Calls the tools that a reading asks for.
pub(super) async fn act(
    context: &ToolContext,
    reading: &Reading,
    history: &History,
    now: DateTime,
) -> Result<Outcome, ToolError> {
    let outcome = call(context, reading, history, now).await?;
    let finding = match outcome.finding {
        found @ (Finding::Media(..) | Finding::Said(..)) if reading.yes_or_no => Finding::Yes(Box::new(found)),
        Finding::Nothing(conditions) if reading.yes_or_no => Finding::No(conditions),
        Finding::Nothing(conditions) if reading.asks_a_fact && !conditions.is_empty() => Finding::NoFact(conditions),
        other => other,
    };
    Ok(Outcome { finding, ..outcome })
}

async fn call(
    context: &ToolContext,
    reading: &Reading,
    history: &History,
    now: DateTime,
) -> Result<Outcome, ToolError> {
    if !reading.unknown_names.is_empty() {
        let alike = evidence::alike(context, &reading.unknown_names).await?;
        return Ok(Outcome::of(Finding::UnknownPeople(reading.unknown_names.clone(), alike)));
    }
    if !reading.unclear.is_empty() {
        return Ok(Outcome::of(Finding::Unclear(reading.unclear.clone())));
    }
    match &reading.intent {
        Intent::Between { unit } => occasions::between(context, reading, *unit).await,
        Intent::Chat => Ok(Outcome::of(Finding::Chat)),
        Intent::Thanks => Ok(Outcome::of(Finding::Thanks)),
        Intent::List { what } => lists::list(context, *what, now).await,
        Intent::Similar => similar(context, reading, history, now).await,
        Intent::Act { action: Action::Unsupported { verb } } => Ok(Outcome::of(Finding::Unsupported(verb.clone()))),
        Intent::Group { by, pick } => group(context, reading, *by, *pick).await,
        Intent::Count { distinct: Some(by) } => distinct(context, reading, *by).await,
        Intent::Count { distinct: None } => count(context, reading).await,
        Intent::HowOften => occasions::how_often(context, reading).await,
        _ => search(context, reading, history, now).await,
    }
}

/// The media that a reading means, whatever it asks about them.
pub(super) async fn find(context: &ToolContext, reading: &Reading) -> Result<Vec<Scored>, ToolError> {
    if !reading.unknown_names.is_empty() {
        return Ok(Vec::new());
    }
    Ok(look(context, reading).await?.0)
}

pub(super) fn search_call(reading: &Reading) -> search_media::SearchMedia {
    search_media::SearchMedia {
        content: reading.content.clone(),
        without: reading.without_content.clone(),
        filter: reading.filter.clone(),
        likely_events: reading.likely_events.clone(),
        order: order(reading),
        limit: reading.limit,
        language: serde_json::to_value(reading.language)
            .ok()
            .and_then(|code| code.as_str().map(str::to_owned))
            .unwrap_or_default(),
    }
}

/// The order that was asked for. What happened is told from the beginning, so that its pictures are numbered in the order in
/// which the answer names them.
fn order(reading: &Reading) -> Order {
    let of_time = matches!(
        reading.intent,
        Intent::When { .. } | Intent::HowLong | Intent::HowOften | Intent::Between { .. } | Intent::Age
    );
    match reading.order {
        Order::Relevance if of_time && reading.content.is_none() => Order::Oldest,
        order => order,
    }
}

/// Runs the search and, for each medium, adds why the conditions let it pass.
async fn look(context: &ToolContext, reading: &Reading) -> Result<(Vec<Scored>, ToolCall), ToolError> {
    let started = Instant::now();
    let call = search_call(reading);
    let mut found = search_media::run(context, &call).await?;
    if matches!(reading.intent, Intent::Act { action: Action::CreateFilm { .. } }) {
        found = create_film::with_each(context, &call, found).await?;
    }
    say_why(context, reading, &mut found).await?;
    let ids = found.iter().map(|scored| scored.id).collect();
    let result = json!({ "total": found.len() });
    Ok((found, ToolCall::done(search_media::NAME, &call, result, ids, started)))
}

async fn search(
    context: &ToolContext,
    reading: &Reading,
    history: &History,
    now: DateTime,
) -> Result<Outcome, ToolError> {
    let (mut found, call) = look(context, reading).await?;
    if matches!(reading.intent, Intent::ShowMore) {
        let shown = FIRST_PAGE * (history.pages + 1);
        found = found.split_off(shown.min(found.len()));
        if found.is_empty() {
            return Ok(Outcome { calls: vec![call], ..Outcome::of(Finding::NoMore) });
        }
    }
    if found.is_empty() {
        return Ok(Outcome { calls: vec![call], ..Outcome::of(Finding::Nothing(conditions(reading))) });
    }
    let media = media(context, &found).await?;
    let finding = match &reading.intent {
        Intent::When { unit, edge } => when(context, reading, &media, *unit, *edge).await?,
        Intent::Where { level } => Finding::Where(evidence::places(&telling(reading, &media), *level)),
        Intent::Who => Finding::Who(evidence::people(context, reading, &found).await?, tally(&media)),
        Intent::Whose => {
            let (names, evidence) = evidence::owners(context, &found).await?;
            match names.is_empty() {
                true => Finding::Who(evidence::people(context, reading, &found).await?, tally(&media)),
                false => Finding::Whose(names, evidence),
            }
        }
        Intent::HowLong => lasting(&media, &Journeys::of(context, &media).await?),
        Intent::Age if !reading.filter.people.is_empty() => {
            let (aged, unknown) = evidence::ages(context, reading, &media, now).await?;
            if aged.is_empty() { Finding::BirthdayUnknown(unknown) } else { Finding::Age(aged) }
        }
        Intent::Age => when(context, reading, &media, None, None).await?,
        Intent::Act { action } => {
            let (action, found) = ruled(context, reading, action, found, now).await?;
            return propose(context, reading, &action, found, call).await;
        }
        Intent::Summarize { manner } => return summarize(context, reading, *manner, found, call).await,
        _ => match found.first().and_then(|best| best.why.first().filter(|why| quoted(why).is_some())) {
            Some(why) => Finding::Said(tally(&media), why.clone(), found[0].id),
            None => {
                let evidence = found.iter().take(3).map(|scored| (scored.id, scored.moments.clone()));
                Finding::Media(tally(&media), evidence.collect())
            }
        },
    };
    Ok(Outcome { finding, media: found, count: None, calls: vec![call] })
}

/// When it was; where one lives, since when.
async fn when(
    context: &ToolContext,
    reading: &Reading,
    media: &[Medium],
    unit: Option<Grouping>,
    edge: Option<Edge>,
) -> Result<Finding, ToolError> {
    if unit.is_none()
        && edge.is_none()
        && let Some((at_home, _)) = occasions::at_home(context, reading, media, &tally(media)).await?
    {
        return Ok(at_home);
    }
    let telling = telling(reading, media);
    let occasions = occasions::occasions(&telling, unit, &Journeys::of(context, &telling).await?);
    let asked = |(first, last): occasions::Occasion| match edge {
        None => (first, last),
        Some(Edge::Start) => (first, first),
        Some(Edge::End) => (last, last),
    };
    Ok(Finding::When(occasions.into_iter().map(asked).collect()))
}

/// How long it lasted: the videos, where nothing else was found, else the days.
fn lasting(media: &[Medium], journeys: &Journeys) -> Finding {
    let tally = tally(media);
    match tally.photos {
        0 => Finding::Plays(
            tally,
            media.iter().filter_map(|medium| medium.duration_ms).sum::<i64>().max(0) as u64 / 1000,
        ),
        _ => Finding::HowLong(occasions::stays(media, journeys)),
    }
}

/// Tells of what was found: of an event what is kept of it, of anything else what its facts are.
async fn summarize(
    context: &ToolContext,
    reading: &Reading,
    manner: Manner,
    found: Vec<Scored>,
    search: ToolCall,
) -> Result<Outcome, ToolError> {
    let started = Instant::now();
    let ids: Vec<MediaId> = found.iter().map(|scored| scored.id).collect();
    let call = summarize::Summarize {
        event: summarize::only_event(&reading.filter),
        name: conditions(reading).join(", "),
        language: manner.language.unwrap_or(reading.language),
        length: manner.length,
        tone: manner.tone,
    };
    let summary = summarize::run(context, &call, &ids).await?;
    let result = json!({ "total": ids.len(), "sentences": summary.sentences.len() });
    let done = ToolCall::done(summarize::NAME, &call, result, ids, started);
    let finding = Finding::Told(summary.cited());
    Ok(Outcome { finding, media: found, count: None, calls: vec![search, done] })
}

/// The media that a reading means, and the call that found them.
pub(super) async fn searched(
    context: &ToolContext,
    reading: &Reading,
) -> Result<(Vec<Scored>, Vec<Medium>, ToolCall), ToolError> {
    let (found, call) = look(context, reading).await?;
    let media = media(context, &found).await?;
    Ok((found, media, call))
}

pub(super) async fn media(context: &ToolContext, found: &[Scored]) -> Result<Vec<Medium>, ToolError> {
    let ids: Vec<MediaId> = found.iter().map(|scored| scored.id).collect();
    Ok(context.library.media_by_ids(&ids).await?)
}

/// The media that an answer about time or place rests on: all of them when conditions chose them, the best when a
/// ranking did.
pub(super) fn telling(reading: &Reading, media: &[Medium]) -> Vec<Medium> {
    let most = if reading.content.is_some() { TELLING } else { usize::MAX };
    media.iter().take(most).cloned().collect()
}

pub(super) fn tally(media: &[Medium]) -> Tally {
    let videos = media.iter().filter(|medium| medium.kind == "video").count() as u64;
    let times: Vec<DateTime> = media.iter().filter_map(Medium::taken).collect();
    let span = times.iter().min().copied().zip(times.iter().max().copied());
    // The town says more than the part of it: "Rome" rather than "Campo Marzio".
    let town = |medium: &Medium| medium.city.clone().or_else(|| medium.locality.clone());
    let places: BTreeSet<Option<String>> = media.iter().map(town).collect();
    let place = match (places.len(), media.first()) {
        (1, Some(first)) => Medium { locality: town(first), ..first.clone() }.place(),
        _ => None,
    };
    let exact = media.iter().filter(|medium| medium.taken().is_some()).map(occasions::exactness).min();
    Tally { photos: media.len() as u64 - videos, videos, span, exact, place }
}

async fn count(context: &ToolContext, reading: &Reading) -> Result<Outcome, ToolError> {
    let (found, media, call) = counted(context, reading).await?;
    let tally = tally(&media);
    Ok(Outcome { count: Some(tally.total()), finding: Finding::Count(tally), media: found, calls: vec![call] })
}

/// The media that are counted, and the call that found them.
pub(super) async fn counted(
    context: &ToolContext,
    reading: &Reading,
) -> Result<(Vec<Scored>, Vec<Medium>, ToolCall), ToolError> {
    let started = Instant::now();
    let call = count_media::CountMedia { search: search_call(reading), by: None };
    let (mut found, _) = count_media::run(context, &call).await?;
    say_why(context, reading, &mut found).await?;
    let ids = found.iter().map(|scored| scored.id).collect();
    let result = json!({ "total": found.len() });
    let media = media(context, &found).await?;
    Ok((found, media, ToolCall::done(count_media::NAME, &call, result, ids, started)))
}

async fn grouped(
    context: &ToolContext,
    reading: &Reading,
    by: Grouping,
) -> Result<(Vec<Scored>, Vec<GroupCount>, ToolCall), ToolError> {
    let started = Instant::now();
    let call = count_media::CountMedia { search: search_call(reading), by: Some(by) };
    let (found, groups) = count_media::run(context, &call).await?;
    let ids = found.iter().map(|scored| scored.id).collect();
    let counted: Vec<_> = groups.iter().map(|group| json!({ "key": group.key, "count": group.count })).collect();
    let result = json!({ "total": found.len(), "groups": counted });
    let call = ToolCall::done(count_media::NAME, &call, result, ids, started);
    Ok((found, groups, call))
}

async fn distinct(context: &ToolContext, reading: &Reading, by: Grouping) -> Result<Outcome, ToolError> {
    let (found, groups, call) = grouped(context, reading, by).await?;
    if groups.is_empty() && reading.content.is_some() {
        // Words that nothing shows may be words that were not understood: "0" would claim to know.
        return Ok(Outcome { calls: vec![call], ..Outcome::of(Finding::Nothing(conditions(reading))) });
    }
    let count = Some(groups.len() as u64);
    Ok(Outcome { finding: Finding::Distinct(by, groups), media: found, count, calls: vec![call] })
}

async fn group(context: &ToolContext, reading: &Reading, by: Grouping, pick: Pick) -> Result<Outcome, ToolError> {
    let (found, groups, call) = grouped(context, reading, by).await?;
    if groups.is_empty() {
        return Ok(Outcome { calls: vec![call], ..Outcome::of(Finding::Nothing(conditions(reading))) });
    }
    Ok(Outcome { finding: Finding::Groups(by, pick, groups), media: found, count: None, calls: vec![call] })
}

async fn similar(
    context: &ToolContext,
    reading: &Reading,
    history: &History,
    now: DateTime,
) -> Result<Outcome, ToolError> {
    let Some(&id) = history.media.first() else {
        return search(context, reading, history, now).await;
    };
    like(context, reading, &Pictured::Medium(id)).await
}

/// Media like a picture, but for what the question says beside.
pub(super) async fn like(context: &ToolContext, reading: &Reading, picture: &Pictured) -> Result<Outcome, ToolError> {
    let started = Instant::now();
    let but = But::of(reading, search_call(reading));
    let found = example::find(context, picture, None, but.as_ref(), FIRST_PAGE).await?;
    let id = match picture {
        Pictured::Medium(id) => json!(id),
        Pictured::Given(_) => json!("given"),
    };
    let arguments = json!({ "id": id, "limit": FIRST_PAGE, "but": but.map(|but| but.words) });
    let ids = found.iter().map(|scored| scored.id).collect();
    let call = ToolCall::done(find_similar::NAME, &arguments, json!({ "total": found.len() }), ids, started);
    if found.is_empty() {
        return Ok(Outcome { calls: vec![call], ..Outcome::of(Finding::Nothing(conditions(reading))) });
    }
    let tally = tally(&media(context, &found).await?);
    Ok(Outcome { finding: Finding::Similar(tally), media: found, count: None, calls: vec![call] })
}
