//! Who may ask for a change: the person, in their own words, and nobody else.
//!
//! What stays true, whatever a model says and whatever it has read: a tool that changes something is known in a turn only
//! if the reading of the person's question asks for exactly that change; what it would write comes from the person's words
//! and not from the model; it is proposed, at most once a turn, and carried out only when the person confirms.

use crate::assistant::propose::proposed;
use crate::assistant::tools::references::References;
use crate::assistant::tools::{
    ToolCall, ToolContext, ToolError, ToolSpecification, add_tags, annotate, create_album, create_film, describe_media,
    specifications,
};
use crate::assistant::understand::{Action, Intent};
use crate::film::storyboard::plan::About;
use crate::library::MediaId;

/// The change that a question asks for.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub tool: &'static str,
    action: Action,
}

impl Change {
    /// The change that the person's own words ask for, if they do.
    pub(super) fn asked_for(intent: &Intent) -> Option<Self> {
        let Intent::Act { action } = intent else { return None };
        let tool = match action {
            Action::CreateAlbum { .. } | Action::KeepAlbum { .. } => create_album::NAME,
            Action::AddTags { .. } => add_tags::NAME,
            Action::Annotate { .. } => annotate::NAME,
            Action::CreateFilm { .. } => create_film::NAME,
            Action::Unsupported { .. } => return None,
        };
        Some(Self { tool, action: action.clone() })
    }

    /// The proposal, about the media that the model names, else about those it found last.
    pub(super) async fn propose(
        &self,
        context: &ToolContext,
        named: &[MediaId],
        last: &[MediaId],
    ) -> Result<(ToolCall, Action, Vec<MediaId>), ToolError> {
        let ids = if named.is_empty() { last } else { named };
        if ids.is_empty() {
            return Err(ToolError::Argument("no media were found for it; search first".to_owned()));
        }
        let media = context.library.media_by_ids(ids).await?;
        let call = proposed(&self.action, ids.to_vec(), &media, &About::default());
        let (call, action) = call.ok_or_else(|| ToolError::Argument("no tool does that".to_owned()))?;
        Ok((call, action, ids.to_vec()))
    }
}

/// The tools of a turn: all that read, `describe_media` among them only where a model `sees`, and the one that does what
/// the person asked for.
pub(super) fn tools(change: Option<&Change>, sees: bool) -> Vec<ToolSpecification> {
    let writes = [create_album::NAME, add_tags::NAME, annotate::NAME, create_film::NAME];
    let may = |tool: &ToolSpecification| {
        (sees || tool.name != describe_media::NAME) && !writes.contains(&tool.name)
            || change.is_some_and(|change| change.tool == tool.name)
    };
    let mut tools: Vec<_> = specifications().into_iter().filter(may).collect();
    if let Some(change) = change
        && let Some(tool) = tools.iter_mut().find(|tool| tool.name == change.tool)
    {
        // What is written comes from the person: the model only says about which media.
        tool.parameters = serde_json::json!({
            "type": "object",
            "properties": {
                "media": {
                    "type": "array",
                    "items": { "type": "string" },
                    "description": "The media, such as [\"m1\", \"m3\"]; leave out for all that were found last."
                }
            },
            "additionalProperties": false
        });
    }
    tools
}

/// The media that a call names. Other arguments are ignored: what is written comes from the person.
pub(super) fn named(arguments: &serde_json::Value, references: &References) -> Result<Vec<MediaId>, ToolError> {
    let Some(names) = arguments.get("media").and_then(serde_json::Value::as_array) else { return Ok(Vec::new()) };
    let unknown = |name: &serde_json::Value| ToolError::Argument(format!("no tool has named a medium {name}"));
    names.iter().map(|name| name.as_str().and_then(|name| references.get(name)).ok_or_else(|| unknown(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(intent: &Intent) -> Vec<&'static str> {
        tools(Change::asked_for(intent).as_ref(), false).into_iter().map(|tool| tool.name).collect()
    }

    #[test]
    fn only_the_change_that_was_asked_for_is_known() {
        let writes = |intent: &Intent| -> Vec<&str> {
            let reads = names(&Intent::Find);
            names(intent).into_iter().filter(|name| !reads.contains(name)).collect()
        };
        assert_eq!(names(&Intent::Find).len(), 6, "six tools read");
        let act = |action| Intent::Act { action };
        assert_eq!(writes(&act(Action::CreateAlbum { name: None })), [create_album::NAME]);
        assert_eq!(writes(&act(Action::AddTags { tags: vec!["sea".into()] })), [add_tags::NAME]);
        assert_eq!(writes(&act(Action::Annotate { description: "x".into() })), [annotate::NAME]);
        assert!(writes(&act(Action::Unsupported { verb: "delete".into() })).is_empty());
        for intent in [Intent::Chat, Intent::Who, Intent::Summarize { manner: Default::default() }, Intent::ShowMore] {
            assert!(writes(&intent).is_empty(), "{intent:?}");
        }
    }
}
