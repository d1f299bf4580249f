//! `recollect jobs`: what is being done, and what failed.

use clap::Args;
use serde_json::json;

use super::{Global, print_json, print_line};

#[derive(Debug, Args)]
pub(super) struct JobsArguments {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, arguments: JobsArguments) -> anyhow::Result<()> {
    let app = global.open_to_read().await?;
    let counts = app.library.job_counts().await?;
    let failed = app.library.failed_files(u32::MAX).await?;
    let derived = app.indexer.derived().await?;
    app.close().await;
    if arguments.json {
        let kinds: Vec<_> = counts
            .iter()
            .map(|c| json!({ "kind": c.kind, "queued": c.queued, "running": c.running, "done": c.done, "failed": c.failed }))
            .collect();
        let indexes: Vec<_> = derived
            .iter()
            .map(|(kind, queued, done)| json!({ "kind": kind, "queued": queued, "done": done }))
            .collect();
        let failed: Vec<_> =
            failed.iter().map(|f| json!({ "path": f.path, "code": f.error_code, "message": f.error })).collect();
        return print_json(&json!({ "jobs": kinds, "indexes": indexes, "failed": failed }));
    }
    for c in counts {
        print_line(&format!(
            "{}: {} queued, {} running, {} done, {} failed",
            c.kind, c.queued, c.running, c.done, c.failed
        ))?;
    }
    for (kind, queued, done) in derived {
        print_line(&format!("{kind}: {queued} queued, {done} done"))?;
    }
    for file in failed {
        print_line(&format!("  {} [{}] {}", file.path, file.error_code, file.error))?;
    }
    Ok(())
}
