//! Direct mode: a reading decides which tools run; no language model takes part.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Instant;

use jiff::civil::DateTime;
use serde_json::json;

use super::compose::dates::Exact;
use super::compose::{DatedClaim, Finding, Tally};
use super::propose::proposed;
use super::tools::{
    Scored, ToolCall, ToolContext, ToolError, count_media, find_similar, list_events, list_people, search_media,
};
use super::understand::{Action, Intent, Listed, Pick, Reading, Role};
use super::{FIRST_PAGE, History};
use crate::library::filter::{Grouping, MediaFilter};
use crate::library::media::{GroupCount, Medium};
use crate::library::{MediaId, fold};
use crate::search::quoted;

/// How many media an answer about "when" or "where" looks at when content ranked them: the best ones tell.
const TELLING: usize = 3;

/// What came of a reading.
pub(super) struct Outcome {
    pub finding: Finding,
    pub media: Vec<Scored>,
    pub count: Option<u64>,
    pub calls: Vec<ToolCall>,
}

impl Outcome {
    fn of(finding: Finding) -> Self {
        Self { finding, media: Vec::new(), count: None, calls: Vec::new() }
    }
}

/// Calls the tools that a reading asks for.
pub(super) async fn act(context: &ToolContext, reading: &Reading, history: &History) -> Result<Outcome, ToolError> {
    if !reading.unknown_names.is_empty() {
        return Ok(Outcome::of(Finding::UnknownPeople(reading.unknown_names.clone())));
    }
    match &reading.intent {
        Intent::Chat => Ok(Outcome::of(Finding::Chat)),
        Intent::List { what } => list(context, *what).await,
        Intent::Similar => similar(context, reading, history).await,
        Intent::Act { action: Action::Unsupported { verb } } => Ok(Outcome::of(Finding::Unsupported(verb.clone()))),
        Intent::Group { by, pick } => group(context, reading, *by, *pick).await,
        Intent::Count { distinct: Some(by) } => distinct(context, reading, *by).await,
        Intent::Count { distinct: None } => count(context, reading).await,
        _ => search(context, reading, history).await,
    }
}

/// The media that a reading means, whatever it asks about them.
pub(super) async fn find(context: &ToolContext, reading: &Reading) -> Result<Vec<Scored>, ToolError> {
    if !reading.unknown_names.is_empty() {
        return Ok(Vec::new());
    }
    Ok(look(context, reading).await?.0)
}

fn search_call(reading: &Reading) -> search_media::SearchMedia {
    search_media::SearchMedia {
        content: reading.content.clone(),
        without: reading.without_content.clone(),
        filter: reading.filter.clone(),
        likely_events: reading.likely_events.clone(),
        order: reading.order,
        limit: reading.limit,
        language: serde_json::to_value(reading.language)
            .ok()
            .and_then(|code| code.as_str().map(str::to_owned))
            .unwrap_or_default(),
    }
}

/// Runs the search and, for each medium, adds why the conditions let it pass.
async fn look(context: &ToolContext, reading: &Reading) -> Result<(Vec<Scored>, ToolCall), ToolError> {
    let started = Instant::now();
    let call = search_call(reading);
    let mut found = search_media::run(context, &call).await?;
    let reasons = reasons(reading);
    let asked: Vec<_> = reading.filter.people.iter().flatten().copied().collect();
    let by_face = context.library.known_by_face(&asked).await?;
    for scored in &mut found {
        let faces = by_face.get(&scored.id).map(Vec::as_slice).unwrap_or_default();
        scored.why.extend(reasons.iter().map(|reason| match reason.strip_prefix("person: ") {
            Some(name) if faces.iter().any(|face| face == name) => format!("{reason} (face)"),
            _ => reason.clone(),
        }));
    }
    let ids = found.iter().map(|scored| scored.id).collect();
    let result = json!({ "total": found.len() });
    Ok((found, ToolCall::done(search_media::NAME, &call, result, ids, started)))
}

/// "person: Anna", "place: Rome": the conditions that every result meets.
fn reasons(reading: &Reading) -> Vec<String> {
    let mut seen = HashSet::new();
    let told = reading.parts.iter().filter_map(|part| {
        let role = match part.role {
            Role::Person => "person",
            Role::Place => "place",
            Role::Time => "time",
            Role::Kind => "kind",
            Role::Camera => "camera",
            Role::Rating => "rating",
            Role::Shape => "shape",
            Role::Event => "event",
            Role::Album => "album",
            Role::Tag => "keyword",
            Role::Copies => "copies",
            Role::UnknownPerson | Role::Content | Role::Without | Role::Order | Role::Action => return None,
        };
        Some(format!("{role}: {}", part.label))
    });
    told.filter(|reason| seen.insert(reason.clone())).collect()
}

/// What the user asked for, in their words: said back when nothing fits.
fn conditions(reading: &Reading) -> Vec<String> {
    let mut seen = HashSet::new();
    reading
        .parts
        .iter()
        .filter(|part| !matches!(part.role, Role::Order | Role::Action))
        .map(|part| part.label.clone())
        .filter(|label| seen.insert(label.clone()))
        .collect()
}

async fn search(context: &ToolContext, reading: &Reading, history: &History) -> Result<Outcome, ToolError> {
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
        Intent::When { unit } => Finding::When(occasions(&telling(reading, &media), *unit)),
        Intent::Where { level } => Finding::Where(places(&telling(reading, &media), *level)),
        Intent::Who => Finding::Who(people(context, reading, &found).await?, tally(&media)),
        Intent::Whose => {
            let (names, evidence) = owners(context, &found).await?;
            match names.is_empty() {
                true => Finding::Who(people(context, reading, &found).await?, tally(&media)),
                false => Finding::Whose(names, evidence),
            }
        }
        Intent::Act { action } => return propose(action, found, &media, call),
        _ => match found.first().and_then(|best| best.why.first().filter(|why| quoted(why).is_some())) {
            Some(why) => Finding::Said(tally(&media), why.clone(), found[0].id),
            None => Finding::Media(tally(&media), found.iter().take(3).map(|scored| scored.id).collect()),
        },
    };
    Ok(Outcome { finding, media: found, count: None, calls: vec![call] })
}

async fn media(context: &ToolContext, found: &[Scored]) -> Result<Vec<Medium>, ToolError> {
    let ids: Vec<MediaId> = found.iter().map(|scored| scored.id).collect();
    Ok(context.library.media_by_ids(&ids).await?)
}

/// The media that an answer about time or place rests on: all of them when conditions chose them, the best when a
/// ranking did.
fn telling(reading: &Reading, media: &[Medium]) -> Vec<Medium> {
    let most = if reading.content.is_some() { TELLING } else { usize::MAX };
    media.iter().take(most).cloned().collect()
}

pub(super) fn tally(media: &[Medium]) -> Tally {
    let videos = media.iter().filter(|medium| medium.kind == "video").count() as u64;
    let times: Vec<DateTime> = media.iter().filter_map(Medium::taken).collect();
    let span = times.iter().min().copied().zip(times.iter().max().copied());
    let places: BTreeSet<Option<String>> =
        media.iter().map(|m| m.city.clone().or_else(|| m.locality.clone())).collect();
    let place = match (places.len(), media.first()) {
        (1, Some(first)) => first.place(),
        _ => None,
    };
    Tally { photos: media.len() as u64 - videos, videos, span, place }
}

async fn count(context: &ToolContext, reading: &Reading) -> Result<Outcome, ToolError> {
    let started = Instant::now();
    let call = count_media::CountMedia { search: search_call(reading), by: None };
    let (mut found, _) = count_media::run(context, &call).await?;
    let reasons = reasons(reading);
    let asked: Vec<_> = reading.filter.people.iter().flatten().copied().collect();
    let by_face = context.library.known_by_face(&asked).await?;
    for scored in &mut found {
        let faces = by_face.get(&scored.id).map(Vec::as_slice).unwrap_or_default();
        scored.why.extend(reasons.iter().map(|reason| match reason.strip_prefix("person: ") {
            Some(name) if faces.iter().any(|face| face == name) => format!("{reason} (face)"),
            _ => reason.clone(),
        }));
    }
    let ids = found.iter().map(|scored| scored.id).collect();
    let result = json!({ "total": found.len() });
    let tally = tally(&media(context, &found).await?);
    Ok(Outcome {
        count: Some(tally.total()),
        finding: Finding::Count(tally),
        media: found,
        calls: vec![ToolCall::done(count_media::NAME, &call, result, ids, started)],
    })
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

async fn list(context: &ToolContext, what: Listed) -> Result<Outcome, ToolError> {
    let started = Instant::now();
    let everything = MediaFilter::default();
    let (name, arguments, entries) = match what {
        Listed::People | Listed::Pets => {
            let call = list_people::ListPeople { pets: what == Listed::Pets };
            (list_people::NAME, json!(call), list_people::run(context, &call).await?)
        }
        Listed::Events => {
            let call = list_events::ListEvents::default();
            (list_events::NAME, json!(call), list_events::run(context, &call).await?)
        }
        Listed::Albums => {
            let albums = context.library.albums().await?;
            let entries = albums.into_iter().map(|album| GroupCount { key: album.name, count: album.count }).collect();
            ("list_albums", json!({}), entries)
        }
        Listed::Tags | Listed::Places | Listed::Cameras => {
            let by = match what {
                Listed::Tags => Grouping::Tag,
                Listed::Places => Grouping::City,
                _ => Grouping::Camera,
            };
            (count_media::NAME, json!({ "by": by }), context.library.count_by(&everything, by).await?)
        }
    };
    let result = json!({ "total": entries.len() });
    let call = ToolCall::done(name, &arguments, result, Vec::new(), started);
    let count = Some(entries.len() as u64);
    Ok(Outcome { finding: Finding::List(what, entries), media: Vec::new(), count, calls: vec![call] })
}

async fn similar(context: &ToolContext, reading: &Reading, history: &History) -> Result<Outcome, ToolError> {
    let Some(&id) = history.media.first() else {
        return search(context, reading, history).await;
    };
    let started = Instant::now();
    let call = find_similar::FindSimilar { id, limit: FIRST_PAGE as u32 };
    let found = find_similar::run(context, &call).await?;
    let ids = found.iter().map(|scored| scored.id).collect();
    let call = ToolCall::done(find_similar::NAME, &call, json!({ "total": found.len() }), ids, started);
    if found.is_empty() {
        return Ok(Outcome { calls: vec![call], ..Outcome::of(Finding::Nothing(Vec::new())) });
    }
    let tally = tally(&media(context, &found).await?);
    Ok(Outcome { finding: Finding::Similar(tally), media: found, count: None, calls: vec![call] })
}

/// Proposes a write; it is carried out once the user confirms.
fn propose(action: &Action, found: Vec<Scored>, media: &[Medium], search: ToolCall) -> Result<Outcome, ToolError> {
    let ids: Vec<MediaId> = found.iter().map(|scored| scored.id).collect();
    let Some((call, action)) = proposed(action, ids, media) else {
        let Action::Unsupported { verb } = action else { return Ok(Outcome::of(Finding::Chat)) };
        return Ok(Outcome::of(Finding::Unsupported(verb.clone())));
    };
    let finding = Finding::Proposal(action, tally(media));
    Ok(Outcome { finding, media: found, count: None, calls: vec![search, call] })
}

/// The first and the last moment of an occasion.
type Occasion = (DatedClaim, DatedClaim);

/// Dated media as occasions: days that follow each other are one.
fn occasions(media: &[Medium], unit: Option<Grouping>) -> Vec<Occasion> {
    let exact = |medium: &Medium| match (unit, medium.taken_precision.as_deref()) {
        (Some(Grouping::Year), _) | (_, Some("year")) => Exact::Year,
        (Some(Grouping::Month), _) | (_, Some("month")) => Exact::Month,
        _ => Exact::Day,
    };
    let mut dated: Vec<_> = media.iter().filter_map(|m| m.taken().map(|taken| (taken, exact(m), m.id))).collect();
    dated.sort_by_key(|(taken, ..)| *taken);
    let mut occasions: Vec<Occasion> = Vec::new();
    for claim in dated {
        let same = |from: &DatedClaim, to: &DatedClaim| match claim.1 {
            Exact::Year => from.0.year() == claim.0.year(),
            Exact::Month => (from.0.year(), from.0.month()) == (claim.0.year(), claim.0.month()),
            Exact::Day => claim.0.date().since(to.0.date()).is_ok_and(|span| span.get_days() <= 1),
        };
        match occasions.last_mut() {
            Some((from, to)) if from.1 == claim.1 && same(from, to) => *to = claim,
            _ => occasions.push((claim, claim)),
        }
    }
    occasions
}

/// The different places of media, most frequent first, each with a medium that shows it.
fn places(media: &[Medium], level: Option<Grouping>) -> Vec<(String, MediaId)> {
    let name = |medium: &Medium| match level {
        Some(Grouping::Country) => medium.country.clone(),
        Some(Grouping::Region) => medium.region.clone(),
        _ => {
            let near = medium.locality.clone().or_else(|| medium.city.clone());
            let city = medium.city.clone().filter(|city| Some(city) != near.as_ref());
            let parts: Vec<String> =
                [near, city, medium.region.clone(), medium.country.clone()].into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
    };
    let mut counted: Vec<(String, MediaId, usize)> = Vec::new();
    for medium in media {
        let Some(place) = name(medium) else { continue };
        match counted.iter_mut().find(|(known, ..)| *known == place) {
            Some((.., count)) => *count += 1,
            None => counted.push((place, medium.id, 1)),
        }
    }
    counted.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
    counted.into_iter().map(|(place, id, _)| (place, id)).collect()
}

/// Who is in the media beside those asked for, most often seen first.
async fn people(
    context: &ToolContext,
    reading: &Reading,
    found: &[Scored],
) -> Result<Vec<(String, MediaId)>, ToolError> {
    let asked: HashSet<_> = reading.filter.people.iter().flatten().copied().collect();
    let mut seen: HashMap<String, (usize, MediaId)> = HashMap::new();
    let most = if reading.content.is_some() { TELLING } else { found.len() };
    for scored in found.iter().take(most) {
        for person in context.library.people_in(scored.id).await? {
            if !asked.contains(&person.person_id) {
                seen.entry(person.name).or_insert((0, scored.id)).0 += 1;
            }
        }
    }
    let mut seen: Vec<_> = seen.into_iter().collect();
    seen.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(&b.0)));
    Ok(seen.into_iter().map(|(name, (_, id))| (name, id)).collect())
}

/// The people whose names stand in the names of the events that the media are part of: "Ben birthday" is Ben's.
async fn owners(context: &ToolContext, found: &[Scored]) -> Result<(Vec<String>, Option<MediaId>), ToolError> {
    let vocabulary = context.library.vocabulary().await?;
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for scored in found.iter().take(50) {
        for (_, event) in context.library.events_of(scored.id).await? {
            let event = format!(" {} ", fold(&event).replace(|c: char| !c.is_alphanumeric(), " "));
            let named: Vec<_> = vocabulary
                .people
                .iter()
                .filter(|person| event.contains(&format!(" {} ", fold(&person.name))))
                .collect();
            for person in &named {
                // "Anna Maria" in the name does not also mean "Anna".
                let longer = named
                    .iter()
                    .any(|other| other.name != person.name && fold(&other.name).contains(&fold(&person.name)));
                if !longer {
                    *names.entry(person.name.clone()).or_default() += 1;
                }
            }
        }
    }
    let most = names.values().max().copied().unwrap_or(0);
    let owners = names.into_iter().filter(|(_, count)| *count == most).map(|(name, _)| name).collect();
    Ok((owners, found.first().map(|scored| scored.id)))
}
