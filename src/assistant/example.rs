//! Search by example: media like a picture, like a part of it, or like it but for what words say.
//!
//! The picture is one of the library or one that somebody brings along; a part is cut out of the largest picture at hand.
//! "Like this but at night" takes what metadata and texts say and, where there is an encoder of pictures and texts, what is
//! to be seen: either is enough, so a picture without a time is found by its darkness, and one at dusk by its time. Only
//! conditions on when in the day or year it was can be seen at all; all others must hold.

use std::collections::HashMap;
use std::path::PathBuf;

use super::looks::LooksError;
use super::pictured::Pictured;
use super::sight::{GivenPicture, SightError};
use super::tools::find_similar::{self, FindSimilar};
use super::tools::search_media::{self, SearchMedia};
use super::tools::{Scored, ToolContext, ToolError};
use super::understand::{Reading, Role};
use crate::library::MediaId;
use crate::library::filter::MediaFilter;
use crate::library::media::{Medium, Ordering};
use crate::search::document::AllowedSet;
use crate::search::{Near, SearchError};

/// Media that are looked through for what words say.
const LOOKED_THROUGH: usize = 300;

/// Why nothing was searched for.
#[derive(Debug, thiserror::Error)]
pub enum ExampleError {
    /// The area makes no sense.
    #[error("{0}")]
    Area(&'static str),
    /// The picture has no vector.
    #[error(transparent)]
    Looks(#[from] LooksError),
    /// The picture cannot be read.
    #[error(transparent)]
    Sight(#[from] SightError),
    /// A tool failed.
    #[error(transparent)]
    Tool(#[from] ToolError),
}

impl From<ExampleError> for ToolError {
    fn from(error: ExampleError) -> Self {
        match error {
            ExampleError::Tool(error) => error,
            ExampleError::Area(reason) => Self::Argument(reason.to_owned()),
            error => Self::Example(error.to_string()),
        }
    }
}

/// What is different from the picture.
#[derive(Debug, Clone, Default)]
pub struct But {
    /// In words, for an encoder that takes them.
    pub words: String,
    /// The same as conditions and content.
    pub search: SearchMedia,
}

impl But {
    /// What a reading asks for beside likeness; `None` when that is all it asks for.
    pub fn of(reading: &Reading, search: SearchMedia) -> Option<Self> {
        if search.filter.is_empty() && search.content.is_none() {
            return None;
        }
        let seen = |role: Role| matches!(role, Role::Content | Role::Time);
        let parts = reading.parts.iter().filter(|part| seen(part.role));
        let words: Vec<&str> = parts.map(|part| part.text.as_str()).collect();
        Some(Self { words: words.join(" "), search })
    }

    /// The conditions that cannot be seen in a picture.
    fn unseen(&self) -> MediaFilter {
        MediaFilter { times_of_day: Vec::new(), months: Vec::new(), ..self.search.filter.clone() }
    }

    /// Whether it asks for something that can be seen.
    fn is_seen(&self) -> bool {
        let filter = &self.search.filter;
        self.search.content.is_some() || !filter.times_of_day.is_empty() || !filter.months.is_empty()
    }
}

/// The media like a picture, best first; `area` is a part of it as `[x, y, width, height]` in 0–1.
///
/// # Errors
/// [`ExampleError`].
pub async fn find(
    context: &ToolContext,
    picture: &Pictured,
    area: Option<[f64; 4]>,
    but: Option<&But>,
    limit: usize,
) -> Result<Vec<Scored>, ExampleError> {
    let picture = &known(context, picture).await?;
    let own = match picture {
        Pictured::Medium(id) => Some(*id),
        Pictured::Given(_) => None,
    };
    if let (Some(id), None, None) = (own, area, but) {
        return Ok(find_similar::run(context, &FindSimilar { id, limit: limit as u32 }).await?);
    }
    let vector = vector(context, picture, area).await;
    // Likeness of a medium is more than looks: it goes on without them where only words are added.
    let vector = match vector {
        Err(ExampleError::Looks(_) | ExampleError::Sight(_)) if own.is_some() && area.is_none() => None,
        vector => Some(vector?),
    };
    // The picture itself is among what is found.
    let most = if but.is_some() { LOOKED_THROUGH } else { limit + 1 };
    let mut alike = match own.filter(|_| area.is_none()) {
        Some(id) => find_similar::run(context, &FindSimilar { id, limit: most as u32 }).await?,
        None => Vec::new(),
    };
    if let Some(vector) = vector.as_ref().filter(|_| alike.is_empty()) {
        let near = context.search.nearest_pictures(vector, None, most).await.map_err(ToolError::from)?;
        let scored =
            |near: Near| Scored { score: near.cosine.clamp(0.0, 1.0), why: looks_alike(), ..Scored::listed(near.id) };
        alike.extend(near.into_iter().map(scored));
    }
    let mut found = match but {
        Some(but) => narrowed(context, alike, vector.as_deref(), but).await?,
        None => alike,
    };
    found.retain(|scored| Some(scored.id) != own);
    found.truncate(limit);
    Ok(found)
}

/// A picture that is brought along and that the library has is the library's.
async fn known(context: &ToolContext, picture: &Pictured) -> Result<Pictured, ToolError> {
    if let Pictured::Given(given) = picture
        && let Some(hash) = &given.hash
        && let Some(id) = context.library.medium_of_content(hash).await?
    {
        return Ok(Pictured::Medium(id));
    }
    Ok(picture.clone())
}

fn looks_alike() -> Vec<String> {
    vec!["looks: alike".to_owned()]
}

/// The alike media that also are what the words say, by metadata and texts or by what is to be seen.
async fn narrowed(
    context: &ToolContext,
    alike: Vec<Scored>,
    vector: Option<&[f32]>,
    but: &But,
) -> Result<Vec<Scored>, ToolError> {
    let said = search_media::run(context, &but.search).await?;
    let said: HashMap<MediaId, Scored> = said.into_iter().map(|scored| (scored.id, scored)).collect();
    let mut best: HashMap<MediaId, Scored> = HashMap::new();
    for mut scored in alike {
        let Some(said) = said.get(&scored.id) else { continue };
        scored.score = (scored.score * said.score).sqrt();
        scored.why.extend(said.why.iter().cloned());
        best.insert(scored.id, scored);
    }
    let seen = match vector.filter(|_| but.is_seen() && !but.words.is_empty()) {
        Some(vector) => seen(context, vector, but).await?,
        None => Vec::new(),
    };
    for scored in seen {
        let known = best.entry(scored.id).or_insert_with(|| scored.clone());
        if scored.score > known.score {
            known.score = scored.score;
        }
    }
    let mut found: Vec<Scored> = best.into_values().collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    Ok(found)
}

/// The media that look like the vector and like the words.
async fn seen(context: &ToolContext, vector: &[f32], but: &But) -> Result<Vec<Scored>, ToolError> {
    let Some(words) = context.looks.of_words(&but.words).await else { return Ok(Vec::new()) };
    let filter = but.unseen();
    let allowed: Option<AllowedSet> = match filter.is_empty() {
        true => None,
        false => Some(context.library.select(&filter, Ordering::Newest, None).await?.into_iter().collect()),
    };
    let near = context.search.like_but(vector, &words, allowed.as_ref(), LOOKED_THROUGH).await?;
    let why = [looks_alike(), vec![format!("looks like: {}", but.words)]].concat();
    Ok(near.into_iter().map(|(id, score)| Scored { score, why: why.clone(), ..Scored::listed(id) }).collect())
}

/// The vector of a picture, or of a part of it.
async fn vector(context: &ToolContext, picture: &Pictured, area: Option<[f64; 4]>) -> Result<Vec<f32>, ExampleError> {
    let area = area.map(checked).transpose()?;
    let jpeg = match (picture, area) {
        (Pictured::Medium(id), None) => {
            let stored = match context.search.pictures() {
                Some(table) => table.of(*id).await.map_err(SearchError::from).map_err(ToolError::from)?,
                None => Vec::new(),
            };
            // The poster of a video stands for it.
            if let Some(own) = stored.into_iter().next() {
                return Ok(own.vector);
            }
            let medium = context.library.medium(*id).await.map_err(ToolError::from)?;
            context.sight.of_content(&medium.hash).await?
        }
        (Pictured::Medium(id), Some(area)) => {
            let medium = context.library.medium(*id).await.map_err(ToolError::from)?;
            cut_from_largest(context, &medium, area).await?
        }
        (Pictured::Given(given), None) => given.jpeg.clone(),
        (Pictured::Given(given), Some(area)) => cut(given.jpeg.clone(), area).await?,
    };
    Ok(context.looks.of_picture(jpeg).await?)
}

/// An area that lies within the picture.
fn checked([x, y, w, h]: [f64; 4]) -> Result<[f64; 4], ExampleError> {
    if ![x, y, w, h].iter().all(|value| value.is_finite()) {
        return Err(ExampleError::Area("the box has numbers that are none"));
    }
    let (left, top) = (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0));
    let (right, bottom) = ((x + w).clamp(0.0, 1.0), (y + h).clamp(0.0, 1.0));
    if right <= left || bottom <= top {
        return Err(ExampleError::Area("the box must be [x, y, width, height] in 0–1 and lie within the picture"));
    }
    Ok([left, top, right - left, bottom - top])
}

/// The area cut out of the original where it is there and can be read, else of the small picture.
async fn cut_from_largest(context: &ToolContext, medium: &Medium, area: [f64; 4]) -> Result<Vec<u8>, ExampleError> {
    if medium.kind == "photo" {
        let paths = context.library.paths(medium.id).await.map_err(ToolError::from)?;
        let originals = std::iter::once(medium.path.clone()).chain(paths).map(PathBuf::from);
        let part = tokio::task::spawn_blocking(move || {
            let original = originals.into_iter().find(|path| path.is_file())?;
            let part = GivenPicture::part_of(&original, area);
            part.inspect_err(|error| tracing::debug!(%error, "an area is cut out of the small picture")).ok()
        });
        if let Ok(Some(part)) = part.await {
            return Ok(part);
        }
    }
    cut(context.sight.of_content(&medium.hash).await?, area).await
}

/// The area cut out of a JPEG.
async fn cut(jpeg: Vec<u8>, area: [f64; 4]) -> Result<Vec<u8>, ExampleError> {
    let part = tokio::task::spawn_blocking(move || GivenPicture::part_of_jpeg(&jpeg, area)).await;
    Ok(part.map_err(|error| SightError::Picture(error.to_string()))??)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_kept_within_the_picture_and_one_without_area_is_refused() {
        let close = |a: [f64; 4], b: [f64; 4]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(close(checked([0.5, -0.5, 1.0, 1.0]).unwrap(), [0.5, 0.0, 0.5, 0.5]));
        for wrong in [[0.0, 0.0, 0.0, 1.0], [2.0, 0.0, 1.0, 1.0], [0.1, 0.1, -0.05, 0.2], [f64::NAN, 0.0, 1.0, 1.0]] {
            assert!(matches!(checked(wrong), Err(ExampleError::Area(_))), "{wrong:?}");
        }
    }
}
