//! `recollect ask`: a question, answered.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use jiff::civil::DateTime;

use super::running::Server;
use super::{Global, print_json, print_line};
use crate::assistant::ask::{Answer, ask};
use crate::assistant::{Mode, Question};
use crate::http::AskRequest;
use crate::library::ConversationId;

/// Paths that a printed answer lists.
const LISTED: usize = 20;

#[derive(Debug, Args)]
pub(super) struct AskArguments {
    /// The question
    question: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Go on with a conversation
    #[arg(long, value_name = "ID")]
    conversation: Option<ConversationId>,
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    mode: Mode,
    /// What "today" is, local time such as 2026-11-21T12:00:00
    #[arg(long, value_name = "LOCAL_TIME")]
    now: Option<DateTime>,
    /// Ask about a picture (needs a vision model)
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// Ask by voice (needs a speech model)
    #[arg(long, value_name = "FILE")]
    audio: Option<PathBuf>,
}

pub(super) async fn run(global: &Global, arguments: AskArguments) -> anyhow::Result<()> {
    if arguments.image.is_some() {
        bail!("asking about a picture needs a vision model, and this version has no engine for one yet");
    }
    if arguments.audio.is_some() {
        bail!("asking by voice needs a speech model, and this version has no engine for one yet");
    }
    let answer = match Server::find(&global.data()).await {
        Some(server) => {
            let request = AskRequest {
                question: arguments.question,
                conversation: arguments.conversation,
                now: arguments.now.map(|now| now.to_string()),
                mode: arguments.mode,
            };
            server.post("/ask", &request).await?
        }
        None => {
            let app = global.open_to_read().await?;
            let question =
                Question { text: arguments.question, now: arguments.now, mode: arguments.mode, replaces: None };
            let answer = ask(&app.assistant, arguments.conversation, question).await;
            app.close().await;
            answer?
        }
    };
    if arguments.json { print_json(&answer) } else { print(&answer) }
}

fn print(answer: &Answer) -> anyhow::Result<()> {
    print_line(&answer.answer.replace("**", ""))?;
    for (number, medium) in answer.media.iter().take(LISTED).enumerate() {
        print_line(&format!("  [{}] {}  {}", number + 1, medium.path, medium.why.join(", ")))?;
    }
    if answer.media.len() > LISTED {
        print_line(&format!("  … and {} more; --json lists all", answer.media.len() - LISTED))?;
    }
    print_line(&format!("(conversation {})", answer.conversation))
}
