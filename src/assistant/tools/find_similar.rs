//! `find_similar`: media like one medium, by what is written about both and by how they look.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Scored, ToolContext, ToolError, ToolSpecification, schema};
use crate::library::MediaId;

/// Name of the tool.
pub const NAME: &str = "find_similar";

/// Arguments.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FindSimilar {
    /// The medium to compare with.
    pub id: MediaId,
    /// How many are wanted.
    pub limit: u32,
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Find photos and videos that are like one given photo or video.";
    ToolSpecification { name: NAME, description, parameters: schema::<FindSimilar>() }
}

/// Media like it, most alike first: its copies and burst, then those whose descriptions mean the same.
pub async fn run(context: &ToolContext, call: &FindSimilar) -> Result<Vec<Scored>, ToolError> {
    let mut found: Vec<Scored> = Vec::new();
    for id in context.library.copies_of(call.id).await? {
        found.push(Scored { why: vec!["looks the same".to_owned()], ..Scored::listed(id) });
    }
    for hit in context.search.similar(call.id, call.limit as usize).await?.hits {
        if hit.id != call.id && found.iter().all(|known| known.id != hit.id) {
            found.push(hit.into());
        }
    }
    let ids: Vec<MediaId> = found.iter().map(|scored| scored.id).collect();
    let seen: HashSet<MediaId> =
        context.library.media_by_ids(&ids).await?.into_iter().map(|medium| medium.id).collect();
    found.retain(|scored| seen.contains(&scored.id));
    found.truncate(call.limit as usize);
    Ok(found)
}
