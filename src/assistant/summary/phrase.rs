//! Has a language model say the facts, and keeps what of it is true.
//!
//! The model sees an outline: the whole, and each chapter with its counts, names and a few captions. An outline that is too
//! long for the model has neighbouring chapters joined until it fits, so 5,000 pictures fit as well as fifty. What comes
//! back is checked sentence by sentence against the facts; when less than half of it stands, the model is not used.

use futures::StreamExt as _;
use serde_json::{Value, json};

use super::check::Grounds;
use super::evidence::{Chapter, Evidence, Named};
use super::{Length, Sentence, Telling, Tone};
use crate::assistant::understand::Language;
use crate::engine::protocol::chat::{ChatRequest, Message, Role};
use crate::engine::{ChatEvent, ChatModel, Priority};
use crate::library::MediaId;
use crate::prompts::{Mark, Prompts};

/// Characters of an outline for each token of the model; a token of JSON in any language is seldom shorter than two.
const CHARACTERS: usize = 2;
/// Tokens that are left for the prompt and the answer.
const RESERVED: usize = 1200;
/// No outline is longer, tokens: small models read no more with care.
const MOST: usize = 2800;
/// Tokens of an answer.
const ANSWER: u32 = 700;
/// Names a chapter lists, and captions.
const LISTED: usize = 5;
/// Names that are proposed for an event, and words of the longest.
const NAMES: usize = 3;
const LONGEST_NAME: usize = 9;

/// The sentences of a model that the facts bear out; `None` when the model failed or little of it was true.
pub async fn phrase(
    model: &dyn ChatModel,
    evidence: &Evidence,
    Telling { length, tone, language, .. }: Telling<'_>,
) -> Option<Vec<Sentence>> {
    let (outline, chapters) = outline(evidence, budget(model));
    let mark = Mark::new();
    let sentences = if length == Length::Page { 12 } else { 5 };
    let values = minijinja::context! {
        language => english_name(language), tone => manner(tone), sentences, mark => mark.word(), facts => mark.block(&outline),
    };
    let text = written(model, "summary", values).await?;
    keep(&text, evidence, &chapters, language)
}

/// What a language model would call it, as far as the facts bear the names out; at most [`NAMES`].
pub async fn names(model: &dyn ChatModel, evidence: &Evidence, language: Language) -> Vec<String> {
    let (outline, _) = outline(evidence, budget(model));
    let mark = Mark::new();
    let values = minijinja::context! {
        language => english_name(language), names => NAMES, mark => mark.word(), facts => mark.block(&outline),
    };
    let text = written(model, "event_names", values).await.unwrap_or_default();
    keep_names(&text, evidence, language)
}

/// The names among the lines of a model that the facts bear out.
fn keep_names(text: &str, evidence: &Evidence, language: Language) -> Vec<String> {
    let grounds = Grounds::of(evidence, language);
    let mut kept: Vec<String> = Vec::new();
    for line in text.lines() {
        let name = line.trim_start_matches(|c: char| c.is_numeric() || "-*•.) ".contains(c));
        let name = name.trim().trim_matches(['"', '“', '”', '„', '«', '»']).trim_end_matches('.').trim();
        let words = name.split_whitespace().count();
        if !(1..=LONGEST_NAME).contains(&words) || kept.len() == NAMES || kept.iter().any(|known| known == name) {
            continue;
        }
        match grounds.fault(name) {
            Some(fault) => tracing::debug!(?fault, name, "a name is dropped"),
            None => kept.push(name.to_owned()),
        }
    }
    kept
}

/// Characters of an outline that a model reads with care.
fn budget(model: &dyn ChatModel) -> usize {
    model.context().saturating_sub(RESERVED).min(MOST) * CHARACTERS
}

/// What a model writes on a prompt; `None`, said in the log, when it fails.
async fn written(model: &dyn ChatModel, prompt: &str, values: minijinja::Value) -> Option<String> {
    let prompt = Prompts::embedded().render(prompt, values).ok()?;
    let request = ChatRequest {
        messages: vec![Message::text(Role::User, prompt)],
        max_completion_tokens: Some(ANSWER),
        temperature: Some(0.0),
        ..ChatRequest::default()
    };
    let mut answer = model.chat(request, Priority::Background);
    let mut text = String::new();
    while let Some(piece) = answer.next().await {
        match piece {
            Ok(ChatEvent::Text(more)) => text.push_str(&more),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "the facts are told without the language model");
                return None;
            }
        }
    }
    Some(text)
}

/// The sentences that stand, with the media of the chapters that they name; `None` when few do, or when none of them
/// speaks of the facts: a model that tells a tale of its own says nothing false of anybody.
pub fn keep(text: &str, evidence: &Evidence, chapters: &[Vec<MediaId>], language: Language) -> Option<Vec<Sentence>> {
    let grounds = Grounds::of(evidence, language);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut kept = Vec::new();
    for line in &lines {
        let (said, cited) = citations(line);
        let media: Vec<MediaId> = cited
            .iter()
            .filter_map(|at| chapters.get(at.checked_sub(1)?))
            .flat_map(|media| media.iter().take(2).copied())
            .collect();
        match grounds.fault(&said) {
            Some(fault) => tracing::debug!(?fault, said, "a sentence is dropped"),
            // A sentence about the whole cites none of its parts.
            None if media.is_empty() => {
                kept.push(Sentence::new(said, chapters.iter().flatten().take(3).copied().collect()))
            }
            None => kept.push(Sentence::new(said, media)),
        }
    }
    let told = kept.iter().any(|sentence| grounds.touches(&sentence.text));
    (told && kept.len() * 2 >= lines.len()).then_some(kept)
}

/// A line without its citations, and their numbers.
fn citations(line: &str) -> (String, Vec<usize>) {
    let (mut said, mut cited) = (String::new(), Vec::new());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((inside, behind)) = after.split_once(']') else { break };
        let numbers: Option<Vec<usize>> = inside
            .split(',')
            .map(|part| part.trim().strip_prefix('c').and_then(|number| number.parse().ok()))
            .collect();
        said.push_str(before);
        match numbers {
            Some(numbers) => cited.extend(numbers),
            None => said.push_str(&format!("[{inside}]")),
        }
        rest = behind;
    }
    said.push_str(rest);
    let said = said.replace(" .", ".").split_whitespace().collect::<Vec<_>>().join(" ");
    (said.trim_start_matches(['-', '*', '•', ' ']).to_owned(), cited)
}

/// The facts within so many characters, and the media of each chapter as it is numbered there.
fn outline(evidence: &Evidence, budget: usize) -> (Value, Vec<Vec<MediaId>>) {
    let mut groups: Vec<Vec<&Chapter>> = evidence.chapters.iter().map(|chapter| vec![chapter]).collect();
    loop {
        let parts: Vec<Value> = groups.iter().enumerate().map(|(at, group)| part(at + 1, group)).collect();
        let whole = json!({
            "title": evidence.name,
            "photos": evidence.photos, "videos": evidence.videos, "days_with_pictures": evidence.days.len(),
            "first_day": evidence.span.map(|(from, _)| from.date().to_string()),
            "last_day": evidence.span.map(|(_, to)| to.date().to_string()),
            "places": listed(&evidence.places), "countries": listed(&evidence.countries), "people": listed(&evidence.people),
            "parts": parts,
        });
        if whole.to_string().len() <= budget || groups.len() <= 2 {
            let media = groups.iter().map(|group| group.iter().flat_map(|chapter| chapter.media.clone()).collect());
            return (whole, media.collect());
        }
        groups = groups.chunks(2).map(|pair| pair.concat()).collect();
    }
}

/// A chapter, or several that follow each other, as the model sees it.
fn part(number: usize, group: &[&Chapter]) -> Value {
    let of = |named: fn(&Chapter) -> &Vec<Named>| {
        let mut names: Vec<&str> =
            group.iter().flat_map(|chapter| named(chapter)).map(|named| named.name.as_str()).collect();
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(*name));
        names.truncate(LISTED);
        names.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let events: Vec<&String> = group.iter().filter_map(|chapter| chapter.event.as_ref()).take(LISTED).collect();
    let each = (LISTED / group.len()).max(1);
    let captions: Vec<String> = group
        .iter()
        .flat_map(|chapter| chapter.captions.iter().take(each))
        .map(|(text, _)| text.chars().take(120).collect())
        .take(LISTED)
        .collect();
    json!({
        "part": format!("c{number}"),
        "from": group.first().map(|chapter| chapter.days.0.to_string()),
        "to": group.last().map(|chapter| chapter.days.1.to_string()),
        "events": events, "pictures": group.iter().map(|chapter| chapter.count).sum::<usize>(),
        "places": of(|chapter| &chapter.places), "people": of(|chapter| &chapter.people), "captions": captions,
    })
}

fn listed(named: &[Named]) -> Vec<&str> {
    named.iter().take(2 * LISTED).map(|named| named.name.as_str()).collect()
}

/// How a model is told to sound.
pub fn manner(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "Plain and clear",
        Tone::Warm => "Warm and quiet, as one looks back together",
        Tone::Playful => "Light and playful, with a wink and never at anybody's expense",
    }
}

fn english_name(language: Language) -> &'static str {
    match language {
        Language::English => "English",
        Language::German => "German",
        Language::French => "French",
        Language::Spanish => "Spanish",
        Language::Chinese => "Chinese",
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::tests::norway;
    use super::*;

    #[test]
    fn what_is_not_true_is_dropped_and_what_is_cites_its_part() {
        let evidence = norway();
        let (_, chapters) = outline(&evidence, 100_000);
        let text =
            "They began in Svolvær on July 3, 2019. [c1]\nIn Bergen they met Peter. [c2]\nBen climbed in Reine [c3].";
        let kept = keep(text, &evidence, &chapters, Language::English).unwrap();
        assert_eq!(kept.len(), 2);
        assert_eq!((kept[1].text.as_str(), &kept[1].media), ("Ben climbed in Reine.", &evidence.chapters[2].media));
        let lies = "In Bergen they met Peter. [c1]\nIn Paris they met Tom. [c2]\nBen climbed in Reine. [c3]";
        assert_eq!(keep(lies, &evidence, &chapters, Language::English), None);
        let tale = "They went to the park and saw a ball.\nThe ball was very happy.";
        assert_eq!(
            keep(tale, &evidence, &chapters, Language::English),
            None,
            "nothing false, and nothing of the facts"
        );
        assert!(keep(&format!("{tale}\nThen they came to Reine."), &evidence, &chapters, Language::English).is_some());
    }

    #[test]
    fn a_name_that_the_facts_do_not_bear_out_is_not_proposed() {
        let evidence = norway();
        let text = "1. Climbing in Reine\n2. \"With Anna in Svolvær\"\n- With Peter in Bergen\n\nClimbing in Reine\n\
            A long and winding story of everything that happened to us there";
        assert_eq!(keep_names(text, &evidence, Language::English), ["Climbing in Reine", "With Anna in Svolvær"]);
    }

    #[test]
    fn an_outline_fits_whatever_there_is_to_tell() {
        let mut evidence = norway();
        let one = evidence.chapters[0].clone();
        evidence.chapters = std::iter::repeat_n(one, 400).collect();
        let (outline, chapters) = outline(&evidence, 5600);
        assert!(outline.to_string().len() <= 5600 && chapters.len() >= 4, "{} parts", chapters.len());
        assert_eq!(chapters.iter().map(Vec::len).sum::<usize>(), 400);
    }
}
