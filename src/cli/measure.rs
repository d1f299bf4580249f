//! The part of `recollect doctor` that asks engines: which devices they compute with, what is offloaded, how fast it is.

use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures::StreamExt as _;
use tokio::process::Command;

use super::print_line;
use crate::app::Measurable;
use crate::engine::protocol::chat::{ChatRequest, Message, Role};
use crate::engine::protocol::devices::{DeviceKind, Devices};
use crate::engine::{ChatEvent, ChatModel, Priority, program};

/// An engine says what it finds within this time: drivers of GPUs take a while.
const ASKED_WITHIN: Duration = Duration::from_secs(60);
/// A large model on a slow machine is measured within this time.
const MEASURED_WITHIN: Duration = Duration::from_secs(1800);
/// Words of the prompt that a remote model reads.
const WORDS: usize = 150;
/// Tokens that it writes.
const WRITTEN: u32 = 128;

/// Prints what there is to compute with.
pub(super) async fn devices() -> anyhow::Result<()> {
    let found = match program("recollect-llama") {
        Ok(program) => run(Command::new(program).arg("--devices"), ASKED_WITHIN).await.and_then(|output| {
            serde_json::from_slice::<Devices>(&output.stdout).context("the engine's answer cannot be read")
        }),
        Err(error) => Err(error.into()),
    };
    let found = match found {
        Ok(found) => found,
        Err(error) => return print_line(&format!("{:<20} {:<8} {error:#}", "devices", "UNKNOWN")),
    };
    print_line(&format!("{:<20} {} threads; {}", "processor", found.cores, found.features.join(" ")))?;
    for device in found.devices.iter().filter(|device| device.kind != DeviceKind::Cpu) {
        let (free, total) = (device.memory_free >> 20, device.memory_total >> 20);
        let what = format!("{} ({}), {free} of {total} MiB free", device.description, device.name);
        print_line(&format!("{:<20} {what}", "graphics processor"))?;
    }
    if !found.devices.iter().any(|device| device.kind == DeviceKind::Gpu) {
        let why = match found.offload {
            true => "none is found; models run on the processor",
            false => "not used: this build has none of the features cuda, vulkan, metal, rocm",
        };
        print_line(&format!("{:<20} {why}", "graphics processor"))?;
    }
    Ok(())
}

/// Measures the language model and prints what came of it.
pub(super) async fn measure(model: Measurable) -> anyhow::Result<()> {
    match model {
        Measurable::Local { name, program, arguments } => {
            eprintln!("measuring {name}; this takes some minutes on a slow machine …");
            let output = run(Command::new(program).args(arguments), MEASURED_WITHIN).await?;
            for line in String::from_utf8_lossy(&output.stdout).lines() {
                print_line(&format!("{name:<20} {}", explained(line)))?;
            }
            Ok(())
        }
        Measurable::Remote { name, model } => {
            let (prompt, written) = remote(&*model).await.with_context(|| format!("{name} cannot be measured"))?;
            print_line(&format!("{name:<20} {}", explained(&format!("prompt {prompt:.2} t/s"))))?;
            print_line(&format!("{name:<20} {}", explained(&format!("writing {written:.2} t/s"))))
        }
    }
}

/// A line of the engine's benchmark in words.
fn explained(line: &str) -> String {
    let line = line.replace("t/s", "tokens/s");
    line.replacen("pp512", "reads a prompt of 512 tokens at", 1).replacen("tg128", "writes 128 tokens at", 1)
}

/// Tokens a second that a remote model reads and writes, as they come here.
async fn remote(model: &dyn ChatModel) -> anyhow::Result<(f64, f64)> {
    let words: Vec<String> = (0..WORDS).map(|word| (word * 7919 % 9973).to_string()).collect();
    let question = format!("Go on with these numbers: {}", words.join(" "));
    let request = ChatRequest {
        messages: vec![Message::text(Role::User, question)],
        max_completion_tokens: Some(WRITTEN),
        temperature: Some(0.0),
        ..ChatRequest::default()
    };
    let began = Instant::now();
    let mut events = model.chat(request, Priority::Chat);
    let (mut first, mut usage) = (None, None);
    while let Some(event) = events.next().await {
        match event? {
            ChatEvent::Done { usage: told, .. } => usage = told,
            _ => drop(first.get_or_insert_with(Instant::now)),
        }
    }
    let (first, end) = (first.context("it wrote nothing")?, Instant::now());
    let usage = usage.context("it does not say how many tokens it read and wrote")?;
    let speed = |tokens: u64, time: Duration| tokens as f64 / time.as_secs_f64().max(1e-6);
    Ok((speed(usage.prompt_tokens, first - began), speed(usage.completion_tokens.saturating_sub(1), end - first)))
}

/// Runs an engine to its end.
async fn run(command: &mut Command, within: Duration) -> anyhow::Result<Output> {
    let running = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(within, running).await.context("the engine did not end in time")??;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing").to_owned();
    anyhow::ensure!(output.status.success(), "the engine failed: {last}");
    Ok(output)
}
