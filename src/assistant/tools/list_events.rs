//! `list_events`: the events and trips of the library.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ToolContext, ToolError, ToolSpecification, schema};
use crate::library::media::GroupCount;

/// Name of the tool.
pub const NAME: &str = "list_events";

/// Arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ListEvents {
    /// Only events that began in this year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Names of the events and trips in the library, latest first, with how many media each has.";
    ToolSpecification { name: NAME, description, parameters: schema::<ListEvents>() }
}

/// Names with how many media each has, latest first.
pub async fn run(context: &ToolContext, call: &ListEvents) -> Result<Vec<GroupCount>, ToolError> {
    let events = context.library.events().await?;
    let wanted = events.into_iter().filter(|event| {
        call.year
            .is_none_or(|year| event.starts.as_deref().is_some_and(|starts| starts.starts_with(&format!("{year:04}-"))))
    });
    Ok(wanted.map(|event| GroupCount { key: event.name, count: event.count }).collect())
}
