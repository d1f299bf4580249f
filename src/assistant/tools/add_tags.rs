//! `add_tags`: gives media keywords, once the user confirms. Files stay as they are; the keywords live in the library.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Applied, ToolContext, ToolError, ToolSpecification, arguments, schema};
use crate::library::MediaId;

/// Name of the tool.
pub const NAME: &str = "add_tags";

/// Arguments.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AddTags {
    /// The keywords.
    pub tags: Vec<String>,
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Give the media found before keywords. Needs the user's confirmation.";
    ToolSpecification { name: NAME, description, parameters: schema::<AddTags>() }
}

#[derive(Serialize, Deserialize)]
struct Undo {
    /// Each keyword with the media that did not have it before.
    added: Vec<(String, Vec<MediaId>)>,
}

/// Adds the keywords.
pub async fn apply(context: &ToolContext, call: &str, media: &[MediaId]) -> Result<Applied, ToolError> {
    let AddTags { tags } = arguments(call)?;
    let added = context.library.add_tags(media, &tags).await?;
    Ok(Applied { result: json!({ "tags": tags, "media": media.len() }), undo: json!({ "added": added }) })
}

/// Takes the keywords away from the media that did not have them before.
pub async fn undo(context: &ToolContext, undo: &str) -> Result<(), ToolError> {
    let Undo { added } = arguments(undo)?;
    for (tag, media) in added {
        context.library.remove_tag(&media, &tag).await?;
    }
    Ok(())
}
