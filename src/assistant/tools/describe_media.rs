//! `describe_media`: what one photo or video shows, seen by a model that looks at it now, and the text that was read in it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ToolContext, ToolError, ToolSpecification, schema};
use crate::library::{Library, LibraryError, MediaId};

/// Bytes of what is written that are told: a page.
const LONGEST: usize = 3000;

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

/// What is seen, and what is written in it. Without a model that sees, what was read has to do.
///
/// # Errors
/// [`ToolError::Argument`] with what is missing when nothing can be looked at and nothing was read.
pub async fn run(context: &ToolContext, call: &DescribeMedia) -> Result<String, ToolError> {
    let medium = context.library.medium(call.id).await?;
    let written = written_in(&context.library, call.id).await?;
    let told = written.map(|text| format!("Text that was read in it: {text}"));
    if let (Some(told), Some(missing)) = (&told, context.sight.missing()) {
        return Ok(format!("{told}\nWhat else it shows is not known: {missing}"));
    }
    let failed = |error: crate::assistant::sight::SightError| ToolError::Argument(error.to_string());
    let jpeg = context.sight.of_content(&medium.hash).await.map_err(failed)?;
    let seen = context.sight.look(&jpeg, &call.question, |_| {}).await.map_err(failed)?;
    Ok([Some(seen), told].into_iter().flatten().collect::<Vec<_>>().join("\n"))
}

/// The lines of text in a medium, in the order in which a person reads them; `None` when nothing was read.
pub(in crate::assistant) async fn written_in(library: &Library, id: MediaId) -> Result<Option<String>, LibraryError> {
    let lines = library.text_in(&[id]).await?.remove(&id).unwrap_or_default();
    let text = lines.iter().map(|(line, _)| line.text.as_str()).collect::<Vec<_>>().join(" / ");
    let end = text.floor_char_boundary(LONGEST);
    Ok((!text.is_empty()).then(|| if end < text.len() { format!("{}…", &text[..end]) } else { text }))
}
