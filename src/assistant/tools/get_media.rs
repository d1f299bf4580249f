//! `get_media`: everything known about one medium.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ToolContext, ToolError, ToolSpecification, schema};
use crate::library::MediaId;
use crate::library::documents::Document;

/// Name of the tool.
pub const NAME: &str = "get_media";

/// Arguments.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GetMedia {
    /// The medium.
    pub id: MediaId,
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Everything known about one photo or video: date, place, people, description, keywords, events.";
    ToolSpecification { name: NAME, description, parameters: schema::<GetMedia>() }
}

/// Everything known about it.
pub async fn run(context: &ToolContext, call: &GetMedia) -> Result<Document, ToolError> {
    let mut documents = context.library.documents(&[call.id]).await?;
    documents.pop().ok_or_else(|| ToolError::Argument(format!("there is no medium {}", call.id)))
}
