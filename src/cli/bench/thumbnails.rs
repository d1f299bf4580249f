//! Decoding pictures and writing their thumbnails, and nothing else: as many a second as `vipsthumbnail` is to be compared
//! with.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use clap::Args;

use super::super::print_line;
use crate::ingest::picture::{DecodeLimits, decode, write_thumbnails};

#[derive(Debug, Args)]
pub(in crate::cli) struct ThumbnailsArguments {
    /// Pictures
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Pictures at once
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Where the thumbnails go
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) async fn run(arguments: ThumbnailsArguments) -> anyhow::Result<()> {
    let began = Instant::now();
    let number = arguments.files.len();
    tokio::task::spawn_blocking(move || make(&arguments)).await??;
    print_line(&format!("{:.3}", number as f64 / began.elapsed().as_secs_f64()))
}

fn make(arguments: &ThumbnailsArguments) -> anyhow::Result<()> {
    let next = AtomicUsize::new(0);
    let work = || -> anyhow::Result<()> {
        while let Some(path) = arguments.files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let picture = decode(path, 1, &DecodeLimits::default())?;
            let name = blake3::hash(path.to_string_lossy().as_bytes()).to_hex().to_string();
            write_thumbnails(&picture, &arguments.out, &name)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..arguments.threads.max(1)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| anyhow::anyhow!("a thread failed"))?)
    })
}
