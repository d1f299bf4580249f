//! `create_film`: the media that a film would be made of. Rendering films is not built yet, and the answer says so.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ToolSpecification, schema};

/// Name of the tool.
pub const NAME: &str = "create_film";

/// Arguments.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CreateFilm {
    /// Title of the film.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its length in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Gather the media found before for a film. Rendering is not available yet.";
    ToolSpecification { name: NAME, description, parameters: schema::<CreateFilm>() }
}
