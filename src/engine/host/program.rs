//! How an engine program begins and ends: its log on standard error, and its exit code.

use std::fmt::Display;
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

/// Runs an engine program. `usual` says what is logged, unless `RECOLLECT_LOG` does. A failure is the last line of the
/// log, which is what a supervisor passes on.
pub fn run<E: Display>(usual: &str, program: impl FnOnce() -> Result<(), E>) -> ExitCode {
    let filter = EnvFilter::try_from_env("RECOLLECT_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    match program() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
