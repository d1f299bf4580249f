//! `recollect bench`: how fast things are on invented libraries and real pictures, each next to a reference of the same run.
//!
//! Times on a shared machine vary; a ratio to a reference measured in turns with it says more than either number.

mod library;
mod looks;
mod questions;
mod synthetic;
mod thumbnails;

use std::time::Duration;

use clap::{Args, Subcommand};

use super::{Global, print_line};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct BenchArguments {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    questions: questions::QuestionsArguments,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Searches and questions, next to a plain scan (what is measured when nothing is named)
    Questions(questions::QuestionsArguments),
    /// A server with a large library: pages, searches, questions, memory
    Library(library::LibraryArguments),
    /// Search among the vectors of pictures, next to comparing with each
    Looks(looks::LooksArguments),
    /// Decodes pictures and writes their thumbnails
    Thumbnails(thumbnails::ThumbnailsArguments),
}

pub(super) async fn run(global: &Global, arguments: BenchArguments) -> anyhow::Result<()> {
    match arguments.what.unwrap_or(What::Questions(arguments.questions)) {
        What::Questions(arguments) => questions::run(global, arguments).await,
        What::Library(arguments) => library::run(global, arguments).await,
        What::Looks(arguments) => looks::run(arguments).await,
        What::Thumbnails(arguments) => thumbnails::run(arguments).await,
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Prints the median and the 95th percentile of what something took, milliseconds, and what else is to be said; returns the
/// latter.
fn print_times(name: &str, times: &mut [Duration], more: &str) -> anyhow::Result<f64> {
    times.sort_unstable();
    let at =
        |share: f64| times.get(((times.len().max(1) - 1) as f64 * share).round() as usize).copied().map_or(0.0, ms);
    print_line(&format!("{name:<28} median {:>7.1} ms   p95 {:>7.1} ms{more}", at(0.5), at(0.95)))?;
    Ok(at(0.95))
}
