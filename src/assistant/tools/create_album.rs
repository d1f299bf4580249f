//! `create_album`: makes an album of media, or one that keeps itself by a rule, once the user confirms.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Applied, ToolContext, ToolError, ToolSpecification, arguments, schema};
use crate::library::{AlbumId, MediaId};

/// Name of the tool.
pub const NAME: &str = "create_album";

/// Arguments.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CreateAlbum {
    /// Name of the album.
    pub name: String,
    /// The rule by which it keeps itself; without one it holds the media found before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub rule: Option<String>,
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Make an album of the media found before. Needs the user's confirmation.";
    ToolSpecification { name: NAME, description, parameters: schema::<CreateAlbum>() }
}

#[derive(Serialize, Deserialize)]
struct Undo {
    album: AlbumId,
}

/// Makes the album.
pub async fn apply(context: &ToolContext, call: &str, media: &[MediaId]) -> Result<Applied, ToolError> {
    let CreateAlbum { name, rule } = arguments(call)?;
    let album = context.library.create_album(&name, rule.as_deref(), media).await?.album;
    Ok(Applied {
        result: json!({ "album": album, "name": name, "rule": rule, "media": media.len() }),
        undo: json!({ "album": album }),
    })
}

/// Removes the album again.
pub async fn undo(context: &ToolContext, undo: &str) -> Result<(), ToolError> {
    let Undo { album } = arguments(undo)?;
    context.library.delete_album(album).await?;
    Ok(())
}
