//! Why a medium is in an album that keeps itself, or is not: each clause with what in the medium meets it.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::keep::{AlbumError, Looking};
use super::parse::Parsed;
use super::resolve::{Test, resolve};
use super::rule::{Clause, Condition, Key, Measure, Pick, Which};
use crate::assistant::tools::ToolContext;
use crate::library::demands::Demand;
use crate::library::documents::Document;
use crate::library::media::Ordering;
use crate::library::{LibraryError, MediaFilter, MediaId, fold};

/// Why a medium is in, or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// It is in.
    pub kept: bool,
    /// Every clause of the rule, in its order; how many are kept comes last.
    pub clauses: Vec<Reason>,
}

/// Whether a medium meets a clause, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// The clause as it is written.
    pub clause: String,
    /// The medium meets it.
    pub met: bool,
    /// What the medium has in that respect: "Anna", "4 stars"; empty where it has nothing.
    pub by: Vec<String>,
}

/// Explains a medium by a rule.
///
/// # Errors
/// [`AlbumError::Rule`] for names that the library does not have; [`LibraryError::NotFound`] for a medium.
pub async fn explain(
    context: &ToolContext,
    rule: &Parsed,
    medium: MediaId,
    now: DateTime,
) -> Result<Explanation, AlbumError> {
    let mut looking = Looking::new(context, now).await?;
    let demands = looking.demands(rule).await?;
    let tests = resolve(rule, &*context.library.vocabulary().await?, now).map_err(AlbumError::Rule)?;
    let document = context.library.documents(&[medium]).await?.pop();
    let document = document.ok_or_else(|| LibraryError::NotFound { what: "medium", key: medium.to_string() })?;
    let mut clauses = Vec::new();
    for ((clause, demand), tests) in rule.rule.clauses.iter().zip(&demands).zip(&tests) {
        let met = meets(context, demand, medium).await?;
        let mut by = has(clause, &document);
        by.extend(found(&looking, tests, medium).await?);
        clauses.push(Reason { clause: clause.to_string(), met, by });
    }
    let mut kept = clauses.iter().all(|reason| reason.met);
    if let Some(pick) = rule.rule.pick.filter(|_| kept) {
        let by = picked(&looking, pick, &demands, medium).await?;
        kept = by.is_some();
        clauses.push(Reason { clause: pick.to_string(), met: kept, by: by.into_iter().collect() });
    }
    Ok(Explanation { kept, clauses })
}

async fn meets(context: &ToolContext, demand: &Demand, medium: MediaId) -> Result<bool, AlbumError> {
    let only = MediaFilter { among: Some(vec![medium]), ..MediaFilter::default() };
    let demands = [demand.clone(), Demand { not: false, any: vec![vec![only]] }];
    Ok(!context.library.select_meeting(&demands, Ordering::Newest, Some(1)).await?.is_empty())
}

/// What a search says of the medium, for the clauses that search.
async fn found(looking: &Looking<'_>, tests: &Demand<Test>, medium: MediaId) -> Result<Vec<String>, AlbumError> {
    let mut why = Vec::new();
    for test in tests.any.iter().flatten() {
        let found = looking.found(test).await?.into_iter().find(|scored| scored.id == medium);
        why.extend(found.into_iter().flat_map(|scored| scored.why));
    }
    Ok(why)
}

/// Why it is among those that are kept; `None` when it is not.
async fn picked(
    looking: &Looking<'_>,
    pick: Pick,
    demands: &[Demand],
    medium: MediaId,
) -> Result<Option<String>, AlbumError> {
    let library = &looking.context.library;
    let order = match pick.which {
        Which::Best => {
            let best = looking.best(demands, pick.number as usize).await?;
            return Ok(best.into_iter().find(|(id, _)| *id == medium).map(|(_, why)| why));
        }
        Which::Newest => Ordering::Newest,
        Which::Oldest => Ordering::Oldest,
    };
    let ids = library.select_meeting(demands, order, Some(pick.number)).await?;
    Ok(ids.iter().position(|id| *id == medium).map(|at| format!("number {} of {}", at + 1, ids.len())))
}

/// What a medium has in the respect of a clause.
fn has(clause: &Clause, document: &Document) -> Vec<String> {
    let medium = &document.medium;
    let one = |text: Option<String>| text.into_iter().collect::<Vec<_>>();
    match &clause.condition {
        Condition::Named { key, names, .. } => {
            let all = match key {
                Key::People | Key::Only => document.people.clone(),
                Key::Place => return one(medium.place()),
                Key::Event => document.events.clone(),
                Key::Album => document.albums.clone(),
                Key::Tag => document.tags.clone(),
                Key::Concept => {
                    document.concepts.iter().map(|(name, sure)| format!("{name} ({:.0} %)", sure * 100.0)).collect()
                }
                Key::Camera => return one(medium.camera.clone()),
                Key::Shows | Key::Text => return Vec::new(),
            };
            let asked = |one: &&String| *key == Key::Only || names.iter().any(|name| fold(one).contains(&fold(name)));
            let fitting: Vec<String> = all.iter().filter(asked).cloned().collect();
            if fitting.is_empty() { all } else { fitting }
        }
        Condition::Somebody(_) => document.people.clone(),
        Condition::NoPlace => one(medium.place()),
        Condition::Dates(_) | Condition::Months(_) | Condition::Days(_) => {
            one(medium.taken.as_deref().and_then(|taken| taken.get(..10)).map(str::to_owned))
        }
        Condition::Weekdays(_) => one(medium.taken().map(|taken| taken.strftime("%A").to_string())),
        Condition::Times(_) => one(medium.taken().map(|taken| taken.strftime("%H:%M").to_string())),
        Condition::Kinds(_) => vec![medium.kind.clone()],
        Condition::Shapes(_) => {
            one(medium.width.zip(medium.height).map(|(width, height)| format!("{width} × {height}")))
        }
        Condition::Copies(_) => Vec::new(),
        Condition::Generated => one(medium.generated.clone()),
        Condition::Measured { measure: Measure::Rating, .. } => one(medium.rating.map(stars)),
        Condition::Measured { measure: Measure::Length, .. } => {
            one(medium.duration_ms.map(|ms| format!("{:.0} s", ms as f64 / 1000.0)))
        }
        Condition::Measured { measure: Measure::People, .. } => document.people.clone(),
    }
}

fn stars(rating: i64) -> String {
    if rating == 1 { "1 star".to_owned() } else { format!("{rating} stars") }
}
