//! `recollect ask`: a question, answered.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use jiff::civil::DateTime;

use super::running::Server;
use super::{Global, print_json, print_line};
use crate::assistant::ask::{Answer, ask};
use crate::assistant::pictured::Pictured;
use crate::assistant::sight::GivenPicture;
use crate::assistant::{Mode, Question};
use crate::http::{AskRequest, AskedPicture, TranscriptionView};
use crate::library::ConversationId;
use crate::voice;

/// Paths that a printed answer lists.
const LISTED: usize = 20;

#[derive(Debug, Args)]
pub(super) struct AskArguments {
    /// The question; before what is said with --audio
    #[arg(required_unless_present_any = ["audio", "image"])]
    question: Option<String>,
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
    /// Ask about a picture: whether the library has it, and what it shows (that needs a model that sees)
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// Ask by voice: a recording in any common format (needs a speech model)
    #[arg(long, value_name = "FILE")]
    audio: Option<PathBuf>,
}

impl AskArguments {
    /// Adds what was said to the question, and shows it: words can be misheard.
    fn hear(&mut self, said: &str) -> anyhow::Result<()> {
        if said.trim().is_empty() {
            bail!("nobody speaks in the recording; record it again, nearer to the microphone");
        }
        eprintln!("heard: {}", said.trim());
        let typed = self.question.take().unwrap_or_default();
        self.question = Some(format!("{typed} {said}").trim().to_owned());
        Ok(())
    }
}

pub(super) async fn run(global: &Global, mut arguments: AskArguments) -> anyhow::Result<()> {
    let picture = match arguments.image.clone() {
        Some(path) => Some(read_picture(path).await?),
        None => None,
    };
    let answer = match Server::find(&global.data()).await {
        Some(server) => {
            if let Some(path) = &arguments.audio {
                let heard = server.upload("/transcriptions", path).await;
                let heard: TranscriptionView = heard.with_context(|| path.display().to_string())?;
                arguments.hear(&heard.text)?;
            }
            let request = AskRequest {
                question: arguments.question.unwrap_or_default(),
                conversation: arguments.conversation,
                now: arguments.now.map(|now| now.to_string()),
                mode: arguments.mode,
                picture: picture.map(|picture| AskedPicture {
                    url: Some(picture.to_data_url()),
                    hash: picture.hash,
                    ..AskedPicture::default()
                }),
            };
            server.post("/ask", &request).await?
        }
        None => {
            let app = global.open_to_read().await?;
            if let Some(path) = arguments.audio.clone() {
                let speech = app.speech().map_err(|hint| anyhow!("asking by voice needs a speech model; {hint}"))?;
                let heard = voice::transcribe_file(&*speech, path.clone(), None).await;
                arguments.hear(&heard.with_context(|| path.display().to_string())?.text)?;
            }
            let text = arguments.question.unwrap_or_default();
            let picture = picture.map(|picture| Pictured::Given(Box::new(picture)));
            let question = Question { text, now: arguments.now, mode: arguments.mode, replaces: None, picture };
            let answer = ask(&app.assistant, arguments.conversation, question).await;
            app.close().await;
            answer?
        }
    };
    if arguments.json { print_json(&answer) } else { print(&answer) }
}

async fn read_picture(path: PathBuf) -> anyhow::Result<GivenPicture> {
    let name = path.display().to_string();
    tokio::task::spawn_blocking(move || GivenPicture::read(&path)).await?.with_context(|| name)
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
