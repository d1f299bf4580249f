//! Looks up which media an album has now: by its rule, or what was put into it.
//!
//! What stays true: nothing that was looked up is stored, so an album is never behind the library ([`super::Remembered`]
//! holds the best of a rule only while nothing changes). Only what may be seen is found ([`crate::library::view`]). A
//! search for words finds two thousand media at the most. A rule may name other albums, which may keep themselves, but
//! never in a circle.

use std::borrow::Cow;

use jiff::civil::DateTime;

use super::parse::{Parsed, Problem, parse};
use super::remembered::AsOf;
use super::resolve::{Test, resolve};
use super::rule::{Pick, Which};
use crate::assistant::direct;
use crate::assistant::gazetteer;
use crate::assistant::looks::Looks;
use crate::assistant::tools::search_media::{self, EXCLUDED_FROM, SearchMedia};
use crate::assistant::tools::{Scored, ToolContext, ToolError};
use crate::assistant::understand::{Content, Wording};
use crate::film::gather;
use crate::film::storyboard;
use crate::library::albums::AlbumSummary;
use crate::library::demands::Demand;
use crate::library::media::Ordering;
use crate::library::vocabulary::Vocabulary;
use crate::library::{AlbumId, LibraryError, MediaFilter, MediaId};

/// Of more media the best are chosen from those that are rated highly, if there are enough.
const MANY: usize = 3000;
/// Stars of what is rated highly.
const HIGHLY: u8 = 4;

/// Why an album's media cannot be looked up.
#[derive(Debug, thiserror::Error)]
pub enum AlbumError {
    /// The rule is wrong, or names what the library does not have.
    #[error("{}", .0.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))]
    Rule(Vec<Problem>),
    /// A search failed.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// The library failed.
    #[error(transparent)]
    Library(#[from] LibraryError),
}

/// An album as it is now.
#[derive(Debug, Clone)]
pub struct Album {
    /// The album; its number of media and its cover are those of now.
    pub summary: AlbumSummary,
    /// Why its rule finds nothing, when it cannot be followed.
    pub problem: Option<String>,
}

/// Every album as it is now, latest first.
pub async fn albums(context: &ToolContext, now: DateTime) -> Result<Vec<Album>, AlbumError> {
    let mut albums = Vec::new();
    for summary in context.library.albums().await? {
        albums.push(as_of(context, summary, now).await?);
    }
    Ok(albums)
}

/// One album as it is now.
pub async fn album(context: &ToolContext, id: AlbumId, now: DateTime) -> Result<Album, AlbumError> {
    as_of(context, context.library.album(id).await?, now).await
}

async fn as_of(context: &ToolContext, mut summary: AlbumSummary, now: DateTime) -> Result<Album, AlbumError> {
    if summary.rule.is_none() {
        return Ok(Album { summary, problem: None });
    }
    match members(context, summary.id, now).await {
        Ok(ids) => {
            summary.count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            summary.cover = ids.first().copied();
            Ok(Album { summary, problem: None })
        }
        Err(AlbumError::Rule(problems)) => Ok(Album { summary, problem: Some(AlbumError::Rule(problems).to_string()) }),
        Err(error) => Err(error),
    }
}

/// The media of an album, latest first.
///
/// # Errors
/// [`AlbumError::Rule`] when its rule cannot be followed any more.
pub async fn members(context: &ToolContext, id: AlbumId, now: DateTime) -> Result<Vec<MediaId>, AlbumError> {
    let mut looking = Looking::new(context, now).await?;
    looking.trail.push(id);
    match context.library.album(id).await?.rule {
        Some(rule) => looking.media(&parse(&rule).map_err(AlbumError::Rule)?).await,
        None => {
            let filter = MediaFilter { albums: vec![id], ..MediaFilter::default() };
            Ok(context.library.select(&filter, Ordering::Newest, None).await?)
        }
    }
}

/// The media that a rule means now, latest first; `of` is the album that it is for.
///
/// # Errors
/// [`AlbumError::Rule`] for names that the library does not have.
pub async fn media(
    context: &ToolContext,
    rule: &Parsed,
    of: Option<AlbumId>,
    now: DateTime,
) -> Result<Vec<MediaId>, AlbumError> {
    let mut looking = Looking::new(context, now).await?;
    looking.trail.extend(of);
    looking.media(rule).await
}

/// A filter whose albums are looked up, where some of them keep themselves.
pub async fn expanded<'f>(context: &ToolContext, filter: &'f MediaFilter) -> Result<Cow<'f, MediaFilter>, AlbumError> {
    if filter.albums.is_empty() {
        return Ok(Cow::Borrowed(filter));
    }
    let ruled = context.library.album_rules().await?;
    if !ruled.iter().any(|(id, ..)| filter.albums.contains(id)) {
        return Ok(Cow::Borrowed(filter));
    }
    let (now, mut among) = (jiff::Zoned::now().datetime(), Vec::new());
    for id in &filter.albums {
        among.extend(members(context, *id, now).await?);
    }
    if let Some(before) = &filter.among {
        among.retain(|id| before.contains(id));
    }
    Ok(Cow::Owned(MediaFilter { albums: Vec::new(), among: Some(among), ..filter.clone() }))
}

/// Looks up rules as of one moment.
pub(super) struct Looking<'c> {
    pub context: &'c ToolContext,
    pub now: DateTime,
    library: std::sync::Arc<Vocabulary>,
    /// Albums that are being looked up.
    trail: Vec<AlbumId>,
    /// A search took part.
    searched: bool,
}

impl<'c> Looking<'c> {
    pub async fn new(context: &'c ToolContext, now: DateTime) -> Result<Self, AlbumError> {
        Ok(Self { context, now, library: context.library.vocabulary().await?, trail: Vec::new(), searched: false })
    }

    /// The media that a rule means.
    async fn media(&mut self, rule: &Parsed) -> Result<Vec<MediaId>, AlbumError> {
        let revision = self.context.library.revision().await?;
        let demands = self.demands(rule).await?;
        let library = &self.context.library;
        let newest = |limit| library.select_meeting(&demands, Ordering::Newest, limit);
        match rule.rule.pick {
            None => Ok(newest(None).await?),
            Some(Pick { which: Which::Newest, number }) => Ok(newest(Some(number)).await?),
            Some(Pick { which: Which::Oldest, number }) => {
                let mut ids = library.select_meeting(&demands, Ordering::Oldest, Some(number)).await?;
                ids.reverse();
                Ok(ids)
            }
            Some(Pick { which: Which::Best, number }) => {
                let of = AsOf { rule: rule.rule.to_string(), revision, view: library.view(), day: self.now.date() };
                if let Some(known) = self.context.remembered.get(&of).filter(|_| !self.searched) {
                    return Ok(known);
                }
                let best: Vec<MediaId> =
                    self.best(&demands, number as usize).await?.into_iter().map(|(id, _)| id).collect();
                if !self.searched {
                    self.context.remembered.put(of, best.clone());
                }
                Ok(best)
            }
        }
    }

    /// The best of the media that meet the demands, each with why, latest first.
    pub async fn best(&self, demands: &[Demand], number: usize) -> Result<Vec<(MediaId, String)>, AlbumError> {
        let library = &self.context.library;
        let mut ids = library.select_meeting(demands, Ordering::Newest, None).await?;
        if ids.len() > MANY {
            let rated = MediaFilter { min_rating: Some(HIGHLY), ..MediaFilter::default() };
            let rated = Demand { not: false, any: vec![vec![rated]] };
            let demands: Vec<Demand> = demands.iter().cloned().chain([rated]).collect();
            let rated = library.select_meeting(&demands, Ordering::Newest, None).await?;
            if rated.len() >= number {
                ids = rated;
            }
        }
        let media: Vec<(MediaId, f64)> = ids.into_iter().map(|id| (id, 0.5)).collect();
        let facts = gather::facts(library, &media).await?;
        let best = tokio::task::spawn_blocking(move || storyboard::best(&facts, number)).await;
        let mut best = best.map_err(|error| ToolError::Argument(error.to_string()))?;
        best.reverse();
        Ok(best)
    }

    /// What the clauses of a rule demand, one for one.
    pub async fn demands(&mut self, rule: &Parsed) -> Result<Vec<Demand>, AlbumError> {
        let mut looked_up = Vec::new();
        for (at, demand) in resolve(rule, &self.library, self.now).map_err(AlbumError::Rule)?.into_iter().enumerate() {
            let mut any = Vec::with_capacity(demand.any.len());
            for tests in &demand.any {
                let mut all = Vec::with_capacity(tests.len());
                for test in tests {
                    let filter = self.filter(test, demand.not).await.map_err(|error| told_at(error, rule, at))?;
                    all.push(filter);
                }
                any.push(all);
            }
            looked_up.push(Demand { not: demand.not, any });
        }
        Ok(looked_up)
    }

    async fn filter(&mut self, test: &Test, not: bool) -> Result<MediaFilter, AlbumError> {
        let among = match test {
            Test::Filter(filter) => return Ok((**filter).clone()),
            Test::Album(id) => return self.album(*id).await,
            Test::Shows(_) | Test::Text(_) => {
                self.searched = true;
                self.found(test).await?
            }
        };
        // What hardly fits is no reason to leave a medium out.
        let among = among.into_iter().filter(|found| !not || found.score >= EXCLUDED_FROM).map(|found| found.id);
        Ok(MediaFilter { among: Some(among.collect()), ..MediaFilter::default() })
    }

    /// The media of another album as a condition.
    async fn album(&mut self, id: AlbumId) -> Result<MediaFilter, AlbumError> {
        let album = self.context.library.album(id).await?;
        let Some(rule) = album.rule else {
            return Ok(MediaFilter { albums: vec![id], ..MediaFilter::default() });
        };
        let wrong = |message: String| AlbumError::Rule(vec![Problem { range: 0..0, message }]);
        if self.trail.contains(&id) {
            return Err(wrong(format!("the album {} would be made of itself", album.name)));
        }
        self.trail.push(id);
        let rule = parse(&rule).map_err(AlbumError::Rule);
        let media = match rule {
            Ok(rule) => Box::pin(self.media(&rule)).await,
            Err(error) => Err(error),
        };
        self.trail.pop();
        match media {
            Ok(among) => Ok(MediaFilter { among: Some(among), ..MediaFilter::default() }),
            Err(AlbumError::Rule(problems)) => {
                Err(wrong(format!("the album {} cannot be looked up: {}", album.name, AlbumError::Rule(problems))))
            }
            Err(error) => Err(error),
        }
    }

    /// What a search finds for words; nothing for other tests.
    pub async fn found(&self, test: &Test) -> Result<Vec<Scored>, AlbumError> {
        let found = match test {
            Test::Shows(words) => {
                let lexicon = self.context.lexicons.of(&self.context.library).await?;
                let reading = lexicon.understand(words, &gazetteer::World, self.now, None);
                // Words that would be read as a name are meant as words here.
                let search = match reading.content.is_some() && reading.filter.is_empty() {
                    true => SearchMedia { limit: None, ..direct::search_call(&reading) },
                    false => by_words(words),
                };
                Box::pin(search_media::run(self.context, &search)).await?
            }
            Test::Text(words) => {
                let context = ToolContext { encoder: None, looks: Looks::default(), ..self.context.clone() };
                Box::pin(search_media::run(&context, &by_words(words))).await?
            }
            Test::Filter(_) | Test::Album(_) => Vec::new(),
        };
        Ok(found)
    }
}

/// A search for these words as they are.
fn by_words(words: &str) -> SearchMedia {
    let wording = Wording { text: words.to_owned(), english: words.to_owned() };
    SearchMedia { content: Some(Content { wording, ..Content::default() }), ..SearchMedia::default() }
}

/// What is wrong with another album is told at the clause that names it.
fn told_at(error: AlbumError, rule: &Parsed, clause: usize) -> AlbumError {
    let AlbumError::Rule(problems) = error else { return error };
    let whole = rule.places.get(clause).map(|place| place.whole.clone()).unwrap_or_default();
    let problems = problems.into_iter().map(|problem| Problem { range: whole.clone(), ..problem });
    AlbumError::Rule(problems.collect())
}

impl From<AlbumError> for ToolError {
    fn from(error: AlbumError) -> Self {
        match error {
            AlbumError::Tool(error) => error,
            AlbumError::Library(error) => error.into(),
            AlbumError::Rule(_) => Self::Argument(error.to_string()),
        }
    }
}
