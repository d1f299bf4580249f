//! What the library has of a kind: people, pets, events, albums, keywords, places, cameras.

use std::time::Instant;

use jiff::civil::DateTime;
use serde_json::json;

use super::albums;
use super::compose::Finding;
use super::direct::Outcome;
use super::tools::{ToolCall, ToolContext, ToolError, count_media, list_events, list_people};
use super::understand::Listed;
use crate::library::filter::{Grouping, MediaFilter};
use crate::library::media::GroupCount;

/// Lists what there is, and how many media each holds.
pub(super) async fn list(context: &ToolContext, what: Listed, now: DateTime) -> Result<Outcome, ToolError> {
    let started = Instant::now();
    let everything = MediaFilter::default();
    let (name, arguments, entries) = match what {
        Listed::People | Listed::Pets => {
            let call = list_people::ListPeople { pets: what == Listed::Pets };
            (list_people::NAME, json!(call), list_people::run(context, &call).await?)
        }
        Listed::Events => {
            let call = list_events::ListEvents::default();
            (list_events::NAME, json!(call), list_events::run(context, &call).await?)
        }
        Listed::Albums => {
            let albums = albums::albums(context, now).await?.into_iter().map(|album| album.summary);
            let entries = albums.map(|album| GroupCount { key: album.name, count: album.count }).collect();
            ("list_albums", json!({}), entries)
        }
        Listed::Tags | Listed::Places | Listed::Countries | Listed::Cameras => {
            let by = match what {
                Listed::Tags => Grouping::Tag,
                Listed::Countries => Grouping::Country,
                Listed::Places => Grouping::City,
                _ => Grouping::Camera,
            };
            (count_media::NAME, json!({ "by": by }), context.library.count_by(&everything, by).await?)
        }
    };
    let result = json!({ "total": entries.len() });
    let call = ToolCall::done(name, &arguments, result, Vec::new(), started);
    let count = Some(entries.len() as u64);
    Ok(Outcome { finding: Finding::List(what, entries), media: Vec::new(), count, calls: vec![call] })
}
