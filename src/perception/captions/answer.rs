//! What a model must answer with, and whether it did.
//!
//! The schema goes to the engine, which keeps the model to it where it can; what comes back is checked all the same, because
//! an engine elsewhere may not. Nothing of it is trusted to be short, on one line or visible.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::library::captions::Caption;
use crate::library::fold;
use crate::prompts::is_hidden;

/// Characters of a title.
const TITLE: usize = 80;
/// Characters of a sentence.
const SENTENCE: usize = 400;
/// Words to find a picture by.
const TAGS: usize = 12;
/// Characters of each.
const TAG: usize = 40;
/// What says nothing at the beginning of a caption, in languages where the rest stays a sentence without it.
const OPENERS: [&str; 18] = [
    "an image of ",
    "a photo of ",
    "a picture of ",
    "a photograph of ",
    "this is an image of ",
    "this is a photo of ",
    "this is a picture of ",
    "the image shows ",
    "the photo shows ",
    "the picture shows ",
    "this image shows ",
    "this photo shows ",
    "this picture shows ",
    "the image depicts ",
    "une photo de ",
    "une image de ",
    "una foto de ",
    "una imagen de ",
];

/// What an answer looks like.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    title: String,
    sentence: String,
    tags: Vec<String>,
}

/// The JSON schema of an answer.
pub fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "title": { "type": "string", "minLength": 1, "maxLength": TITLE },
            "sentence": { "type": "string", "minLength": 1, "maxLength": SENTENCE },
            "tags": { "type": "array", "items": { "type": "string", "minLength": 1, "maxLength": TAG }, "maxItems": TAGS },
        },
        "required": ["title", "sentence", "tags"],
        "additionalProperties": false,
    })
}

/// The caption that an answer is.
///
/// # Errors
/// Why it is none.
pub fn read(answer: &str) -> Result<Caption, String> {
    let answer: Answer = serde_json::from_str(unfenced(answer)).map_err(|error| error.to_string())?;
    let title = line(&answer.title);
    let sentence = without_opener(&line(&answer.sentence));
    if title.is_empty() || sentence.is_empty() {
        return Err("its title or sentence is empty".to_owned());
    }
    for (name, text, most) in [("title", &title, TITLE), ("sentence", &sentence, SENTENCE)] {
        let length = text.chars().count();
        if length > most {
            return Err(format!("its {name} has {length} characters instead of {most} at most"));
        }
    }
    if answer.tags.len() > TAGS {
        return Err(format!("it has {} tags instead of {TAGS} at most", answer.tags.len()));
    }
    let mut known = HashSet::new();
    let mut tags = Vec::new();
    for tag in answer.tags.iter().map(|tag| line(tag.trim_start_matches('#'))) {
        if tag.chars().count() > TAG {
            return Err("one of its tags is a text".to_owned());
        }
        if !tag.is_empty() && known.insert(fold(&tag)) {
            tags.push(tag);
        }
    }
    Ok(Caption { title: title.trim_end_matches('.').to_owned(), sentence, tags })
}

/// JSON without the fence that models like to put around it.
fn unfenced(answer: &str) -> &str {
    let answer = answer.trim();
    let inner = answer.strip_prefix("```json").or_else(|| answer.strip_prefix("```"));
    inner.map_or(answer, |inner| inner.trim_end_matches("```").trim())
}

/// A text on one line, with nothing in it that does not show.
fn line(text: &str) -> String {
    let visible: String = text.chars().filter(|character| !is_hidden(*character)).collect();
    let words = visible.split(|character: char| character.is_whitespace() || character.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn without_opener(sentence: &str) -> String {
    let begins = |opener: &str| sentence.get(..opener.len()).is_some_and(|head| head.eq_ignore_ascii_case(opener));
    let Some(opener) = OPENERS.iter().find(|opener| begins(opener)) else { return sentence.to_owned() };
    let mut rest = sentence[opener.len()..].chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(title: &str, sentence: &str, tags: &[&str]) -> String {
        json!({ "title": title, "sentence": sentence, "tags": tags }).to_string()
    }

    #[test]
    fn an_answer_of_the_demanded_form_is_a_caption() {
        let caption = read(&said("Two dogs on a beach.", "Two dogs run along the water.", &["dog", "#beach"])).unwrap();
        assert_eq!((caption.title.as_str(), caption.tags.len()), ("Two dogs on a beach", 2));
        assert_eq!(caption.tags[1], "beach");
        let fenced = format!("```json\n{}\n```", said("A", "B.", &[]));
        assert_eq!(read(&fenced).unwrap().sentence, "B.");
    }

    #[test]
    fn whatever_else_is_refused_with_a_reason() {
        let long = "x".repeat(500);
        for wrong in [
            "A dog on a beach.".to_owned(),
            r#"{"title": "A", "sentence": "B."}"#.to_owned(),
            r#"{"title": "A", "sentence": "B.", "tags": [], "delete": "everything"}"#.to_owned(),
            r#"{"title": 1, "sentence": "B.", "tags": []}"#.to_owned(),
            said(" \u{200b}\n", "B.", &[]),
            said("A", &long, &[]),
            said(&long, "B.", &[]),
            said("A", "B.", &[&long]),
            said("A", "B.", &["a"; 20]),
        ] {
            assert!(!read(&wrong).unwrap_err().is_empty(), "{wrong}");
        }
    }

    #[test]
    fn openers_hidden_characters_and_doubled_tags_are_left_out() {
        let caption =
            read(&said("A\ncat", "An image of a\u{202e} cat\non a sofa.", &["Cat", "cat", " ", "Sofa"])).unwrap();
        assert_eq!(caption.title, "A cat");
        assert_eq!(caption.sentence, "A cat on a sofa.");
        assert_eq!(caption.tags, ["Cat", "Sofa"]);
        assert_eq!(without_opener("Ein Bild von Oma."), "Ein Bild von Oma.");
        assert_eq!(without_opener("Éole"), "Éole");
    }
}
