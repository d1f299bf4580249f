//! `recollect jobs`: what is being done, what failed, and what the user does about it.

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::Value;

use super::running::Server;
use super::{Global, print_json, print_line};
use crate::http::{Changed, Jobs, Selection};
use crate::jobs::JobKind;
use crate::jobs::activity::KindActivity;
use crate::library::jobs::Which;
use crate::library::{JobId, Library};

#[derive(Debug, Args)]
pub(super) struct JobsArguments {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    command: Option<JobsCommand>,
}

#[derive(Debug, Subcommand)]
enum JobsCommand {
    /// Hold jobs back until they are resumed, also after a restart
    Pause {
        /// Only jobs of this kind, such as `find_faces`
        kind: Option<JobKind>,
    },
    /// Let jobs go on
    Resume {
        /// Only jobs of this kind
        kind: Option<JobKind>,
    },
    /// Try jobs again that failed or were cancelled
    Retry {
        /// `all`, a kind of job, or the identifier of one
        #[arg(value_name = "WHICH", default_value = "all", value_parser = which)]
        which: Which,
    },
    /// Take jobs out of the queue until they are tried again
    Cancel {
        /// `all`, a kind of job, or the identifier of one
        #[arg(value_name = "WHICH", value_parser = which)]
        which: Which,
    },
}

fn which(text: &str) -> Result<Which, String> {
    if text == "all" {
        return Ok(Which::All);
    }
    if let Ok(id) = text.parse::<JobId>() {
        return Ok(Which::One(id));
    }
    text.parse::<JobKind>().map(Which::Kind).map_err(|error| format!("{error}; or name one job, or `all`"))
}

pub(super) async fn run(global: &Global, arguments: JobsArguments) -> anyhow::Result<()> {
    match (arguments.command, Server::find(&global.data()).await) {
        (None, server) => list(global, server, arguments.json).await,
        (Some(command), Some(server)) => {
            let changed = through_server(&server, &command).await?;
            say(&command, changed)
        }
        (Some(command), None) => {
            let library = global.open_library().await?;
            let changed = directly(&library, &command).await;
            library.close().await;
            say(&command, changed?)
        }
    }
}

/// Numbers of jobs concerned; `None` for pauses.
async fn through_server(server: &Server, command: &JobsCommand) -> anyhow::Result<Option<u64>> {
    let (verb, which) = match command {
        JobsCommand::Pause { kind } => ("pause", kind.map_or(Which::All, Which::Kind)),
        JobsCommand::Resume { kind } => ("resume", kind.map_or(Which::All, Which::Kind)),
        JobsCommand::Retry { which } => ("retry", *which),
        JobsCommand::Cancel { which } => ("cancel", *which),
    };
    let (path, kind) = match which {
        Which::All => (format!("/jobs/{verb}"), None),
        Which::Kind(kind) => (format!("/jobs/{verb}"), Some(kind)),
        Which::One(id) => (format!("/jobs/{id}/{verb}"), None),
    };
    let answer: Value = server.post(&path, &Selection { kind }).await?;
    Ok(serde_json::from_value::<Changed>(answer).ok().map(|changed| changed.jobs))
}

/// Without a server: workers of other processes see it in the library.
async fn directly(library: &Library, command: &JobsCommand) -> anyhow::Result<Option<u64>> {
    Ok(match command {
        JobsCommand::Pause { kind } => library.pause_jobs(*kind).await.map(|()| None)?,
        JobsCommand::Resume { kind } => library.resume_jobs(*kind).await.map(|()| None)?,
        JobsCommand::Retry { which } => Some(library.retry_jobs(*which, None).await?),
        JobsCommand::Cancel { which } => Some(library.cancel_jobs(*which).await?),
    })
}

fn say(command: &JobsCommand, changed: Option<u64>) -> anyhow::Result<()> {
    let number = changed.unwrap_or_default();
    print_line(&match command {
        JobsCommand::Pause { kind: None } => "All jobs are held back; `recollect jobs resume` lets them go on.".into(),
        JobsCommand::Pause { kind: Some(kind) } => {
            format!("Jobs `{kind}` are held back; `recollect jobs resume {kind}` lets them go on.")
        }
        JobsCommand::Resume { .. } => "The jobs go on.".into(),
        JobsCommand::Retry { .. } => format!("{number} jobs are tried again."),
        JobsCommand::Cancel { .. } => format!("{number} jobs are cancelled; `recollect jobs retry` takes that back."),
    })
}

async fn list(global: &Global, server: Option<Server>, json: bool) -> anyhow::Result<()> {
    let jobs: Jobs = match server {
        Some(server) => server.get("/jobs", &[]).await?,
        None => {
            let app = global.open_to_read().await?;
            let jobs = Jobs::of(&app).await;
            app.close().await;
            jobs?
        }
    };
    if json {
        return print_json(&jobs);
    }
    if jobs.activity.by_kind.is_empty() {
        bail!("there are no jobs; `recollect add FOLDER` makes some");
    }
    if jobs.activity.paused {
        print_line("All jobs are held back: `recollect jobs resume`")?;
    }
    for kind in &jobs.activity.by_kind {
        print_line(&line(kind))?;
    }
    for job in &jobs.failed {
        print_line(&format!("  {} {} [{}] {}", job.kind, job.path, job.code, job.message))?;
    }
    Ok(())
}

/// A kind on a line: what is left, how fast it goes, what holds it up.
pub(super) fn line(activity: &KindActivity) -> String {
    let counts = &activity.counts;
    let mut line = format!("{:<14}{:>8} done{:>8} to do", activity.kind, counts.done, counts.queued + counts.running);
    for (number, what) in [(counts.failed, "failed"), (counts.cancelled, "cancelled")] {
        if number > 0 {
            line.push_str(&format!("{number:>8} {what}"));
        }
    }
    let left = counts.queued + counts.running > 0;
    if let (true, Some(rate), Some(eta)) = (left, activity.rate_per_s, activity.eta_s) {
        line.push_str(&format!("   {rate:.1} a second, {} min left", (eta / 60.0).ceil()));
    }
    if activity.paused {
        line.push_str("   held back");
    } else if let (true, Some(obstacle)) = (left, &activity.obstacle) {
        line.push_str(&format!("   waits: {}", obstacle.message));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_is_told_by_its_look() {
        let id = JobId::new();
        assert_eq!(which("all"), Ok(Which::All));
        assert_eq!(which("caption"), Ok(Which::Kind(JobKind::Caption)));
        assert_eq!(which(&id.to_string()), Ok(Which::One(id)));
        let wrong = which("captions").unwrap_err();
        assert!(wrong.contains("captions") && wrong.contains("find_faces"), "{wrong}");
    }
}
