//! Calls a reading tool by its name, as a language model does: arguments are checked against the tool's own types.
//!
//! What stays true: nothing here changes anything; a call that makes no sense is a [`ToolError::Argument`] that says what
//! would; media are named by [`References`] and never by what a model makes up.

use jiff::civil::DateTime;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::conditions::Conditions;
use super::count_media::{self, CountMedia};
use super::describe_media::{self, DescribeMedia};
use super::find_similar::{self, FindSimilar};
use super::get_media::{self, GetMedia};
use super::list_events::{self, ListEvents};
use super::list_people::{self, ListPeople};
use super::references::References;
use super::{Scored, ToolContext, ToolError, ToolSpecification, schema, search_media};
use crate::assistant::understand::{Lexicon, Order};
use crate::library::MediaId;
use crate::library::documents::Document;
use crate::library::filter::Grouping;
use crate::library::media::GroupCount;
use crate::library::vocabulary::Vocabulary;

/// Media like another that are looked for when no number is given.
const ALIKE: u32 = 20;

/// What a call needs beside its arguments.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    /// What tools use.
    pub context: &'a ToolContext,
    /// The library's names, as conditions use them.
    pub library: &'a Vocabulary,
    /// The same, as texts are read against them.
    pub lexicon: &'a Lexicon,
    /// What "today" is.
    pub now: DateTime,
    /// The media that were named in this turn.
    pub references: &'a References,
}

/// What a call found.
#[derive(Debug, Clone)]
pub enum Found {
    /// Media, best first.
    Media(Vec<Scored>),
    /// Media that were counted, and how they spread.
    Count(Vec<Scored>, Option<Vec<GroupCount>>),
    /// Everything about one medium.
    Document(Box<Document>),
    /// Names with their numbers.
    Names(Vec<GroupCount>),
    /// What one medium shows.
    Seen(MediaId, String),
}

impl Found {
    /// The media found.
    pub fn media(&self) -> Vec<Scored> {
        match self {
            Self::Media(media) | Self::Count(media, _) => media.clone(),
            Self::Document(document) => vec![Scored::listed(document.medium.id)],
            Self::Names(_) => Vec::new(),
            Self::Seen(id, _) => vec![Scored::listed(*id)],
        }
    }

    /// The number that the tool reports.
    pub fn total(&self) -> usize {
        match self {
            Self::Media(media) | Self::Count(media, _) => media.len(),
            Self::Document(_) | Self::Seen(..) => 1,
            Self::Names(names) => names.len(),
        }
    }
}

/// `search_media` as a language model calls it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchArguments {
    /// Which media.
    #[serde(flatten)]
    pub conditions: Conditions,
    /// Which of them come first.
    #[serde(flatten)]
    pub ranking: Ranking,
}

/// Which media come first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Ranking {
    /// Their order; the best match first if not given.
    #[schema(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// How many are wanted at the most: 1 with the order `oldest` is the first picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// `count_media` as a language model calls it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CountArguments {
    /// Which media.
    #[serde(flatten)]
    pub conditions: Conditions,
    /// What they are counted by.
    #[serde(flatten)]
    pub spread: Spread,
}

/// What media are counted by.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Spread {
    /// What they are counted by; all together if not given.
    #[schema(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Grouping>,
}

/// `get_media` as a language model calls it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GetArguments {
    /// The medium, such as `m3`.
    pub id: String,
}

/// `describe_media` as a language model calls it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DescribeArguments {
    /// The medium, such as `m3`.
    pub id: String,
    /// What is asked about it.
    pub question: String,
}

/// `find_similar` as a language model calls it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimilarArguments {
    /// The medium, such as `m3`.
    pub id: String,
    /// How many are wanted at the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// `list_people` as a language model calls it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PeopleArguments {
    /// Pets instead of people.
    pub pets: bool,
}

/// `list_events` as a language model calls it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EventsArguments {
    /// Only events that began in this year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
}

/// The reading tools as a language model sees them.
pub fn reading_tools() -> Vec<ToolSpecification> {
    let with = |specification: ToolSpecification, parameters| ToolSpecification {
        parameters: slim(parameters),
        ..specification
    };
    vec![
        with(search_media::specification(), joined(schema::<Conditions>(), schema::<Ranking>())),
        with(count_media::specification(), joined(schema::<Conditions>(), schema::<Spread>())),
        with(get_media::specification(), schema::<GetArguments>()),
        with(describe_media::specification(), schema::<DescribeArguments>()),
        with(find_similar::specification(), schema::<SimilarArguments>()),
        with(list_people::specification(), schema::<PeopleArguments>()),
        with(list_events::specification(), schema::<EventsArguments>()),
    ]
}

/// The schema of an object with the properties of both.
fn joined(mut schema: Value, more: Value) -> Value {
    if let (Some(properties), Value::Object(mut more)) = (schema["properties"].as_object_mut(), more)
        && let Some(Value::Object(more)) = more.remove("properties")
    {
        properties.extend(more);
    }
    schema
}

/// A schema without what only costs a model's room: defaults, formats, and that an argument may also be null.
fn slim(schema: Value) -> Value {
    match schema {
        Value::Object(mut object) => {
            let is_null = |one: &Value| one["type"] == "null" || one == "null";
            for key in ["oneOf", "type"] {
                if !object.get(key).is_some_and(Value::is_array) {
                    continue;
                }
                let Some(Value::Array(mut options)) = object.shift_remove(key) else { continue };
                options.retain(|one| !is_null(one));
                match (options.pop(), options.is_empty()) {
                    (Some(Value::Object(only)), true) => {
                        for (key, value) in only {
                            object.entry(key).or_insert(value);
                        }
                    }
                    (Some(only), true) => drop(object.insert(key.to_owned(), only)),
                    (last, _) => {
                        options.extend(last);
                        object.insert(key.to_owned(), Value::Array(options));
                    }
                }
            }
            let kept = object.into_iter().filter(|(key, value)| match key.as_str() {
                // An argument may itself be called so: those are objects.
                "default" | "format" | "minimum" => value.is_object(),
                _ => true,
            });
            Value::Object(kept.map(|(key, value)| (key, slim(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(slim).collect()),
        other => other,
    }
}

/// The name of a reading tool, as a name that lives for ever.
pub fn known(name: &str) -> Option<&'static str> {
    let names = [
        search_media::NAME,
        count_media::NAME,
        get_media::NAME,
        describe_media::NAME,
        find_similar::NAME,
        list_people::NAME,
        list_events::NAME,
    ];
    names.into_iter().find(|known| *known == name)
}

/// The arguments of a call, as a model wrote them.
///
/// # Errors
/// [`ToolError::Argument`] when they are no JSON object.
pub fn parse(arguments: &str) -> Result<Value, ToolError> {
    if arguments.trim().is_empty() {
        return Ok(json!({}));
    }
    match serde_json::from_str(arguments) {
        Ok(object @ Value::Object(_)) => Ok(object),
        Ok(_) => Err(ToolError::Argument("the arguments must be one JSON object".to_owned())),
        Err(error) => Err(ToolError::Argument(format!("the arguments are no JSON: {error}"))),
    }
}

impl Caller<'_> {
    /// Calls the reading tool `name`.
    ///
    /// # Errors
    /// [`ToolError::Argument`] when there is no such tool or the arguments are not of its types; else what the tool says.
    pub async fn call(&self, name: &str, arguments: Value) -> Result<Found, ToolError> {
        match name {
            search_media::NAME => {
                let SearchArguments { conditions, ranking } = typed(arguments)?;
                let mut search = conditions.resolve(self.library, self.lexicon, self.now)?;
                (search.order, search.limit) = (ranking.order.unwrap_or_default(), ranking.limit);
                Ok(Found::Media(search_media::run(self.context, &search).await?))
            }
            count_media::NAME => {
                let CountArguments { conditions, spread: Spread { by } } = typed(arguments)?;
                let search = conditions.resolve(self.library, self.lexicon, self.now)?;
                let (media, groups) = count_media::run(self.context, &CountMedia { search, by }).await?;
                Ok(Found::Count(media, by.map(|_| groups)))
            }
            get_media::NAME => {
                let GetArguments { id } = typed(arguments)?;
                let call = GetMedia { id: self.medium(&id)? };
                Ok(Found::Document(Box::new(get_media::run(self.context, &call).await?)))
            }
            describe_media::NAME => {
                let DescribeArguments { id, question } = typed(arguments)?;
                let call = DescribeMedia { id: self.medium(&id)?, question };
                Ok(Found::Seen(call.id, describe_media::run(self.context, &call).await?))
            }
            find_similar::NAME => {
                let SimilarArguments { id, limit } = typed(arguments)?;
                let call = FindSimilar { id: self.medium(&id)?, limit: limit.unwrap_or(ALIKE) };
                Ok(Found::Media(find_similar::run(self.context, &call).await?))
            }
            list_people::NAME => {
                let PeopleArguments { pets } = typed(arguments)?;
                Ok(Found::Names(list_people::run(self.context, &ListPeople { pets }).await?))
            }
            list_events::NAME => {
                let EventsArguments { year } = typed(arguments)?;
                Ok(Found::Names(list_events::run(self.context, &ListEvents { year }).await?))
            }
            other => Err(ToolError::Argument(format!("there is no tool called {other}"))),
        }
    }

    fn medium(&self, name: &str) -> Result<MediaId, ToolError> {
        let unknown = || ToolError::Argument(format!("no tool has named a medium {name}; search first"));
        self.references.get(name).ok_or_else(unknown)
    }
}

fn typed<T: DeserializeOwned>(arguments: Value) -> Result<T, ToolError> {
    serde_json::from_value(arguments).map_err(|error| ToolError::Argument(format!("the arguments do not fit: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_as_a_model_sees_them() {
        insta::assert_json_snapshot!(reading_tools());
    }

    #[test]
    fn arguments_that_do_not_fit_are_told() {
        assert_eq!(parse("").unwrap(), json!({}));
        for wrong in ["[1]", "{\"query\": ", "boats", "null"] {
            assert!(matches!(parse(wrong), Err(ToolError::Argument(_))), "{wrong}");
        }
        let search = |value: Value| typed::<SearchArguments>(value).map_err(|error| error.to_string());
        let fits = json!({ "query": "boat", "order": "oldest", "limit": 1, "kinds": "video", "people": ["Ida"] });
        assert_eq!(search(fits).unwrap().ranking.limit, Some(1));
        assert!(search(json!({ "limit": "many" })).is_err());
        assert!(search(json!({ "order": "random" })).is_err());
        assert!(search(json!({ "colour": "red" })).unwrap_err().contains("colour"));
    }
}
