//! How fast the engine is with a model: the two figures of llama.cpp's own `llama-bench`, through the engine's own thread.
//!
//! `pp512` is the speed of reading a prompt of 512 tokens, `tg128` that of writing 128 tokens after one. Each is measured
//! some times after a first run that does not count; all figures are printed, because a mean hides a busy machine.

use std::sync::Arc;
use std::time::Instant;

use llama_cpp_2::token::LlamaToken;
use recollect::engine::host::reply::Event;
use tokio::sync::{Semaphore, mpsc};

use crate::calls::Family;
use crate::cells::Piece;
use crate::job::Job;
use crate::metrics::Metrics;
use crate::model::Loaded;
use crate::prepare::{Prepared, Reading};
use crate::sampling::Settings;
use crate::worker::{self, Runtime};

const RUNS: usize = 5;
const PROMPT: usize = 512;
const WRITTEN: usize = 128;

/// Measures and prints.
///
/// # Errors
/// When the model cannot be computed with.
pub fn run(loaded: &Loaded) -> anyhow::Result<()> {
    let runtime = Runtime {
        model: loaded.model,
        context: loaded.new_context()?,
        projector: None,
        slots: 1,
        metrics: Arc::new(Metrics::default()),
    };
    let layers = loaded.model.n_layer();
    // The output counts as one more layer.
    println!("{} of {} layers on a GPU", loaded.gpu_layers.min(layers + 1), layers + 1);
    let (sender, jobs) = mpsc::unbounded_channel();
    let thread = worker::start(runtime, jobs)?;
    for (name, prompt, written) in [("pp512", PROMPT, 1), ("tg128", 1, WRITTEN)] {
        let mut speeds = Vec::new();
        for run in 0..=RUNS {
            let began = Instant::now();
            let wrote = once(loaded, &sender, run, prompt, written)?;
            let tokens = if written == 1 { prompt } else { wrote };
            if run > 0 {
                speeds.push(tokens as f64 / began.elapsed().as_secs_f64());
            }
        }
        speeds.sort_by(f64::total_cmp);
        let all: Vec<String> = speeds.iter().map(|speed| format!("{speed:.2}")).collect();
        println!("{name} {:.2} t/s (of {})", speeds[speeds.len() / 2], all.join(" "));
    }
    drop(sender);
    thread.join().map_err(|_| anyhow::anyhow!("the computing thread failed"))
}

/// One answer of `written` tokens, or less where the model ends it, to a prompt of `prompt` tokens that shares nothing
/// with the one before.
fn once(
    loaded: &Loaded,
    sender: &mpsc::UnboundedSender<Job>,
    run: usize,
    prompt: usize,
    written: usize,
) -> anyhow::Result<usize> {
    let words = usize::try_from(loaded.model.n_vocab()).unwrap_or(1);
    let token = |place: usize| LlamaToken(i32::try_from((place * 7919 + run * 104_729 + 17) % words).unwrap_or(0));
    let place = Arc::new(Semaphore::new(1)).try_acquire_owned()?;
    let (events, mut answer) = mpsc::unbounded_channel();
    let request = Prepared {
        prompt: (0..prompt).map(|place| Piece::Token(token(place))).collect(),
        most_tokens: written,
        settings: Settings { temperature: 0.0, ..Settings::default() },
        grammar: None,
        stop: Vec::new(),
        reading: Reading { family: Family::Hermes, tools: false, thinking: false },
        left_out: 0,
    };
    let job = Job { request, priority: 0, events, place };
    sender.send(job).map_err(|_| anyhow::anyhow!("the computing thread has ended"))?;
    loop {
        match answer.blocking_recv() {
            Some(Event::Piece(_)) => {}
            Some(Event::Finished(finished)) if finished.written_tokens > 0 => return Ok(finished.written_tokens),
            Some(Event::Finished(_)) => anyhow::bail!("the model wrote nothing"),
            Some(Event::Failed(failure)) => anyhow::bail!(failure.message),
            None => anyhow::bail!("the computing thread has ended"),
        }
    }
}
