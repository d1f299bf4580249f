//! `list_people`: the people and pets of the library.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ToolContext, ToolError, ToolSpecification, schema};
use crate::library::media::GroupCount;

/// Name of the tool.
pub const NAME: &str = "list_people";

/// Arguments.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ListPeople {
    /// Pets instead of people.
    pub pets: bool,
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Names of the people (or pets) in the library, with how many media show each.";
    ToolSpecification { name: NAME, description, parameters: schema::<ListPeople>() }
}

/// Names with how many media show each, most pictured first.
pub async fn run(context: &ToolContext, call: &ListPeople) -> Result<Vec<GroupCount>, ToolError> {
    let people = context.library.people().await?;
    let wanted = people.into_iter().filter(|person| person.pet == call.pets);
    Ok(wanted.map(|person| GroupCount { key: person.name, count: person.count }).collect())
}
