//! The `recollect` command: parse, start logging, run, print the error chain, set the exit code.

use std::process::ExitCode;

use clap::Parser;

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
