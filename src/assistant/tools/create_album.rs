//! `create_album`: makes an album of media, once the user confirms.

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
    let CreateAlbum { name } = arguments(call)?;
    let album = context.library.create_album(&name, media).await?;
    Ok(Applied {
        result: json!({ "album": album, "name": name, "media": media.len() }),
        undo: json!({ "album": album }),
    })
}

/// Removes the album again.
pub async fn undo(context: &ToolContext, undo: &str) -> Result<(), ToolError> {
    let Undo { album } = arguments(undo)?;
    Ok(context.library.delete_album(album).await?)
}
