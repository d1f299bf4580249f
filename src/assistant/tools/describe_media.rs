//! `describe_media`: what one photo or video shows, seen by a model that looks at it now.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ToolContext, ToolError, ToolSpecification, schema};
use crate::library::MediaId;

/// Name of the tool.
pub const NAME: &str = "describe_media";

/// Arguments.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DescribeMedia {
    /// The medium.
    pub id: MediaId,
    /// What is asked about it.
    pub question: String,
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Look at one photo, or the first picture of one video, and answer a question about what it shows: \
                       what a sign says, what breed a dog is, how many people there are.";
    ToolSpecification { name: NAME, description, parameters: schema::<DescribeMedia>() }
}

/// What is seen.
///
/// # Errors
/// [`ToolError::Argument`] with what is missing when nothing can be looked at.
pub async fn run(context: &ToolContext, call: &DescribeMedia) -> Result<String, ToolError> {
    let medium = context.library.medium(call.id).await?;
    let failed = |error: crate::assistant::sight::SightError| ToolError::Argument(error.to_string());
    let jpeg = context.sight.of_content(&medium.hash).await.map_err(failed)?;
    context.sight.look(&jpeg, &call.question, |_| {}).await.map_err(failed)
}
