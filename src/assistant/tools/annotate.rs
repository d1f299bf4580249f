//! `annotate`: writes a description of media, once the user confirms. Files stay as they are.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Applied, ToolContext, ToolError, ToolSpecification, arguments, schema};
use crate::library::MediaId;

/// Name of the tool.
pub const NAME: &str = "annotate";

/// Arguments.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Annotate {
    /// The description.
    pub description: String,
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Write a description of the media found before. Needs the user's confirmation.";
    ToolSpecification { name: NAME, description, parameters: schema::<Annotate>() }
}

#[derive(Serialize, Deserialize)]
struct Undo {
    media: Vec<MediaId>,
    /// What the user had written before, where there was something.
    before: HashMap<MediaId, String>,
}

/// Writes the description.
pub async fn apply(context: &ToolContext, call: &str, media: &[MediaId]) -> Result<Applied, ToolError> {
    let Annotate { description } = arguments(call)?;
    let before = context.library.annotations(media).await?;
    context.library.annotate(media, Some(&description)).await?;
    let undo = json!({ "media": media, "before": before });
    Ok(Applied { result: json!({ "description": description, "media": media.len() }), undo })
}

/// Restores what was there before.
pub async fn undo(context: &ToolContext, undo: &str) -> Result<(), ToolError> {
    let Undo { media, before } = arguments(undo)?;
    for id in media {
        context.library.annotate(&[id], before.get(&id).map(String::as_str)).await?;
    }
    Ok(())
}
