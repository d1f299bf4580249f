//! `count_media`: how many media there are, and how they spread over months, people, places, cameras, kinds.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::search_media::{self, SearchMedia};
use super::{Scored, ToolContext, ToolError, ToolSpecification, schema};
use crate::library::filter::{Grouping, MediaFilter};
use crate::library::media::GroupCount;

/// Name of the tool.
pub const NAME: &str = "count_media";

/// Arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CountMedia {
    /// Which media.
    #[serde(flatten)]
    pub search: SearchMedia,
    /// What they are grouped by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Grouping>,
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Count photos and videos, optionally grouped by year, month, person, country, city, camera, kind, \
                       event or keyword. Takes the same conditions as search_media.";
    ToolSpecification { name: NAME, description, parameters: schema::<CountMedia>() }
}

/// The media that were counted, and the groups if any were asked for.
pub async fn run(context: &ToolContext, call: &CountMedia) -> Result<(Vec<Scored>, Vec<GroupCount>), ToolError> {
    let media = search_media::run(context, &call.search).await?;
    let groups = match call.by {
        None => Vec::new(),
        Some(by) => {
            let among = media.iter().map(|scored| scored.id).collect();
            let filter = MediaFilter { among: Some(among), ..MediaFilter::default() };
            context.library.count_by(&filter, by).await?
        }
    };
    Ok((media, groups))
}
