//! The `recollect` command: parse, start logging, run, print the error chain, set the exit code.

use std::process::ExitCode;

use clap::Parser;

/// Gives memory back to the system some seconds after it was freed. The system's own allocator keeps most of what indexing
/// took, for as long as the server runs.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = recollect::cli::Arguments::parse();
    recollect::cli::start_logging(&arguments);
    match recollect::cli::run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("recollect: {error:#}");
            ExitCode::FAILURE
        }
    }
}
