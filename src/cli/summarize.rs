//! `recollect summarize`: what there is to tell of an event, an album, a year or a person.

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};

use super::{Global, print_json, print_line};
use crate::app::App;
use crate::assistant::summary::{Length, Subject, Telling, Tone, of_subject};
use crate::assistant::understand::Language;
use crate::library::{Library, fold};

#[derive(Debug, Args)]
pub(super) struct SummarizeArguments {
    /// Name or identifier of an event, an album or a person, or a year
    subject: String,
    /// How much to tell
    #[arg(long, value_enum, default_value_t)]
    length: Length,
    /// How it sounds
    #[arg(long, value_enum, default_value_t)]
    tone: Tone,
    /// Language: en, de, fr, es or zh
    #[arg(long, default_value = "en")]
    language: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) async fn run(global: &Global, arguments: SummarizeArguments) -> anyhow::Result<()> {
    let Some(language) = Language::of(&arguments.language) else {
        bail!("there are no texts in {}; en, de, fr, es or zh", arguments.language);
    };
    let app = global.open_to_read().await?;
    let subject = find(&app.library, &arguments.subject).await?;
    let model = app.language_model();
    let telling = Telling { length: arguments.length, tone: arguments.tone, language, model: model.as_deref() };
    let summary = of_subject(&app.library, &subject, telling).await?;
    if !arguments.json {
        print_line(&summary.text())?;
        app.close().await;
        return Ok(());
    }
    let mut sentences: Vec<Value> = Vec::new();
    for sentence in &summary.sentences {
        sentences.push(json!({ "text": sentence.text, "media": paths(&app, &sentence.media).await? }));
    }
    let told = json!({
        "name": summary.name, "about": subject.about(), "text": summary.text(), "sentences": sentences, "by": summary.by,
    });
    app.close().await;
    print_json(&told)
}

pub(super) async fn paths(app: &App, ids: &[crate::library::MediaId]) -> anyhow::Result<Vec<String>> {
    Ok(app.library.media_by_ids(ids).await?.into_iter().map(|medium| medium.path).collect())
}

/// What is called so: an event, an album, a person, or a year.
async fn find(library: &Library, text: &str) -> anyhow::Result<Subject> {
    let same = |name: &str, id: String| fold(name) == fold(text) || id == text;
    let mut found: Vec<(String, Subject)> = Vec::new();
    for event in library.events().await?.into_iter().filter(|event| same(&event.name, event.id.to_string())) {
        found.push((
            format!("the event {} of {}", event.id, event.starts.unwrap_or_default()),
            Subject::Event(event.id),
        ));
    }
    for album in library.albums().await?.into_iter().filter(|album| same(&album.name, album.id.to_string())) {
        found.push((format!("the album {}", album.id), Subject::Album(album.id)));
    }
    for person in library.everybody().await?.iter().filter(|person| same(&person.name, person.id.to_string())) {
        found.push((format!("the person {}", person.id), Subject::Person(person.id)));
    }
    match (found.as_slice(), text.parse::<i16>()) {
        ([(_, subject)], _) => Ok(subject.clone()),
        ([], Ok(year)) if (1..=9998).contains(&year) => Ok(Subject::Year(year)),
        ([], _) => {
            bail!("there is no event, album or person {text}; `recollect events list` tells the names of events")
        }
        (several, _) => {
            let several: Vec<&str> = several.iter().map(|(told, _)| told.as_str()).collect();
            bail!("{text} may be {}; give the identifier", several.join(" or "))
        }
    }
}
