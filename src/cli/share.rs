//! What `recollect album export` and `recollect events export` have in common: an album or event as a folder, a ZIP, a web
//! page, a contact sheet or a photo book.
//!
//! Only read from the library, so a server may run beside it. Stopped, nothing is left of what was begun.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{print_json, print_line, run};
use crate::app::{App, Shareable};
use crate::share::{Course, Form, Kept, Paper, Wish};

#[derive(Debug, Args)]
pub(super) struct ShareArguments {
    /// folder, zip, page (a web page that needs no server), sheet (a contact sheet, PDF) or book (a photo book, PDF)
    #[arg(long, value_parser = one::<Form>)]
    form: Form,
    /// What is made: nothing may be there yet. A page whose name ends in .zip is packed
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// Of files: JPEG and MP4 copies that say nothing but what they show, in place of the originals
    #[arg(long)]
    copies: bool,
    /// Longest edge of copies and of a page's pictures, pixels
    #[arg(long, value_name = "PIXELS")]
    size: Option<u32>,
    /// An XMP sidecar beside every file, or none; usually beside originals
    #[arg(long, value_name = "BOOL")]
    sidecars: Option<bool>,
    /// Tell where pictures were taken; originals always do
    #[arg(long)]
    location: bool,
    /// Pages of a PDF: a4 or letter
    #[arg(long, value_parser = one::<Paper>)]
    paper: Option<Paper>,
    /// Also what is kept from others
    #[arg(long)]
    private: bool,
    /// Of pictures that are all but the same only the best, or all of them; usually only the best in a photo book
    #[arg(long, value_name = "BOOL")]
    once: Option<bool>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// One of the names that the API has for something.
fn one<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::from(text)).map_err(|error| error.to_string())
}

impl ShareArguments {
    fn wish(&self) -> Wish {
        Wish {
            pictures: self.copies.then_some(Kept::Copies),
            size: self.size,
            sidecars: self.sidecars,
            location: self.location.then_some(true),
            paper: self.paper,
            private: self.private,
            once: self.once,
            ..Wish::of(self.form)
        }
    }
}

/// Makes it.
pub(super) async fn export(app: &App, what: Shareable, arguments: ShareArguments) -> anyhow::Result<()> {
    let sharing = app.sharing(what, &arguments.wish()).await?;
    let out = std::path::absolute(&arguments.out)?;
    let stop = Arc::<AtomicBool>::default();
    let asked = Arc::clone(&stop);
    let watch = tokio::spawn(async move {
        run::asked_to_stop().await;
        asked.store(true, Ordering::Relaxed);
    });
    let bar = progress_bar(arguments.json);
    let (told, to) = (bar.clone(), out.clone());
    let made = tokio::task::spawn_blocking(move || {
        let tell = |done: usize, of: usize| {
            told.set_length(of as u64);
            told.set_position(done as u64);
        };
        sharing.to_path(&to, &Course { told: &tell, stop: &stop })
    });
    let shared = made.await.context("the export broke off")?;
    watch.abort();
    bar.finish_and_clear();
    let shared = shared?;
    if arguments.json {
        return print_json(&json!({ "out": out, "media": shared.media, "left_out": shared.left_out }));
    }
    print_line(&format!(
        "written to {}: {} of {} media",
        out.display(),
        shared.media,
        shared.media + shared.left_out.len()
    ))?;
    shared.left_out.iter().try_for_each(|left| print_line(&format!("left out: {}: {}", left.name, left.reason)))
}

fn progress_bar(hidden: bool) -> ProgressBar {
    if hidden {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta} left");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
