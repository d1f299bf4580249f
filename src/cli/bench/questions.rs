//! How fast questions and searches are on a synthetic library, against a plain scan in the same run.

use std::time::Instant;

use clap::Args;

use super::super::{Global, print_line};
use super::synthetic::medium;
use super::{ms, print_times};
use crate::app::{App, lock};
use crate::assistant::ask::ask;
use crate::assistant::{Mode, Question};

#[derive(Debug, Args)]
pub(in crate::cli) struct QuestionsArguments {
    /// Number of synthetic media
    #[arg(long, default_value_t = 20_000)]
    media: u32,
    /// Rounds of all queries
    #[arg(long, default_value_t = 5)]
    rounds: u32,
}

pub(super) const QUERIES: [&str; 12] = [
    "a dog playing with a red ball",
    "Mira in Japan",
    "birthday cake",
    "sailing boat in Norway 2019",
    "photos of Jonas and Ida",
    "umbrella last summer",
    "campfire",
    "Grandpa Emil at the fireplace",
    "yellow bus",
    "cats in Portugal",
    "kite on a sunday",
    "snowman before 2018",
];

pub(super) async fn run(global: &Global, arguments: QuestionsArguments) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let _lock = lock(folder.path())?;
    let app = App::open(folder.path(), global.configured(&[])?).await?;
    let started = Instant::now();
    fill(&app, arguments.media).await?;
    let filled = started.elapsed();
    let started = Instant::now();
    app.indexer.run_until_searchable(|_| {}).await?;
    let indexed = started.elapsed();
    print_line(&format!("media            {}", arguments.media))?;
    print_line(&format!("stored           {:.0}/s", f64::from(arguments.media) / filled.as_secs_f64()))?;
    print_line(&format!("indexed          {:.0}/s", f64::from(arguments.media) / indexed.as_secs_f64()))?;
    measure(&app, arguments.rounds).await?;
    app.close().await;
    Ok(())
}

/// Stores media of all combinations, spread over twelve years.
async fn fill(app: &App, media: u32) -> anyhow::Result<()> {
    for number in 0..media {
        let (file, medium) = medium(number);
        app.library.store_medium(&file, &medium).await?;
    }
    Ok(())
}

/// Searches, asks and scans in turns.
async fn measure(app: &App, rounds: u32) -> anyhow::Result<()> {
    let (mut searches, mut asks, mut scans) = (Vec::new(), Vec::new(), Vec::new());
    // The first of each starts engines and fills caches; it is told apart.
    let started = Instant::now();
    app.assistant.search(QUERIES[0], None, &[]).await?;
    print_line(&format!("first search     {:.1} ms", ms(started.elapsed())))?;
    for _ in 0..rounds {
        for query in QUERIES {
            let started = Instant::now();
            app.assistant.search(query, None, &[]).await?;
            searches.push(started.elapsed());
            let started = Instant::now();
            let question =
                Question { text: query.into(), now: None, mode: Mode::Direct, replaces: None, picture: None };
            ask(&app.assistant, None, question).await?;
            asks.push(started.elapsed());
            let started = Instant::now();
            app.library.scan_descriptions(query).await?;
            scans.push(started.elapsed());
        }
    }
    for (name, times) in [("search", &mut searches), ("ask", &mut asks), ("scan (reference)", &mut scans)] {
        print_times(name, times, "")?;
    }
    let ratio = ms(searches[searches.len() / 2]) / ms(scans[scans.len() / 2]);
    print_line(&format!("search / scan    {ratio:.2}"))
}
