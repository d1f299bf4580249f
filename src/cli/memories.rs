//! `recollect memories`: what there is to see again on a day.

use clap::Args;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::summarize::paths;
use super::{Global, print_json, print_line};
use crate::library::MediaId;

#[derive(Debug, Args)]
pub(super) struct MemoriesArguments {
    /// The day [default: today]
    #[arg(long, visible_alias = "now", value_name = "DATE")]
    on: Option<Date>,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) async fn run(global: &Global, arguments: MemoriesArguments) -> anyhow::Result<()> {
    let app = global.open_to_read().await?;
    let today = arguments.on.unwrap_or_else(|| jiff::Zoned::now().date());
    let memories = app.memories(today).await?;
    if arguments.json {
        let mut all: Vec<Value> = Vec::with_capacity(memories.len());
        for memory in memories.iter() {
            let ids: Vec<MediaId> = memory.media.iter().map(|shown| shown.media).collect();
            let people: Vec<&str> = memory.people.iter().map(|(_, name)| name.as_str()).collect();
            all.push(json!({
                "id": memory.id, "kind": memory.kind, "title": memory.title, "subtitle": memory.subtitle,
                "reason": memory.reason, "summary": memory.summary.as_ref().map(|summary| &summary.text),
                "start": memory.first, "end": memory.last, "people": people,
                "event": memory.event.as_ref().map(|(_, name)| name), "media": paths(&app, &ids).await?,
            }));
        }
        app.close().await;
        return print_json(&all);
    }
    if memories.is_empty() {
        print_line(&format!("There is nothing to see again on {today}."))?;
    }
    for memory in memories.iter() {
        let pictures =
            if memory.media.len() == 1 { "1 picture".to_owned() } else { format!("{} pictures", memory.media.len()) };
        print_line(&format!("{} · {} · {pictures}", memory.title, memory.subtitle))?;
        print_line(&format!("  {}", memory.summary.as_ref().map_or(&memory.reason, |summary| &summary.text)))?;
    }
    app.close().await;
    Ok(())
}
