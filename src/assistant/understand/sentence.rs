//! A question while it is being read: its words, and which of them somebody has already accounted for.
//!
//! A word is accounted for at most once. Readers run one after another, look only at free words, and leave what they
//! cannot read to the next. What is free at the end is the content of the question.

use std::ops::Range;

use super::compounds;
use super::general::General;
use super::language::{self, Language};
use super::phrases::Phrases;
use super::reading::{Part, Role};
use super::tokens::{Text, Token, tokenize};

/// What became of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Nobody has read it.
    Free,
    /// It carries no condition: politeness, "photos of".
    Filler,
    /// It is to be heard, or is written, and not seen: content, whatever it names.
    Said,
    /// It belongs to a recognised part.
    Part(Role),
}

/// A question while it is being read.
#[derive(Debug, Clone)]
pub struct Sentence<'q> {
    /// Its words.
    pub text: Text<'q>,
    /// Its language.
    pub language: Language,
    /// One for each word.
    pub claims: Vec<Claim>,
    /// Which words belong to a name of the library, whatever they will be read as.
    pub known: Vec<bool>,
    /// Which words belong to the name of a place.
    pub placed: Vec<bool>,
    /// Which words are written in the picture: nothing but what they say counts.
    pub written: Option<Range<usize>>,
    /// Which words are left out by what follows them.
    pub left_out: Option<Range<usize>>,
    /// What was recognised so far.
    pub parts: Vec<Part>,
}

impl<'q> Sentence<'q> {
    /// Cuts a question into free words.
    pub fn new(question: &'q str) -> Self {
        let mut text = tokenize(question);
        compounds::split(&mut text.tokens, question, General::get());
        let language = language::detect(&text.tokens, General::get());
        let claims = vec![Claim::Free; text.tokens.len()];
        let known = vec![false; text.tokens.len()];
        let placed = known.clone();
        Self { text, language, claims, known, placed, written: None, left_out: None, parts: Vec::new() }
    }

    /// The words.
    pub fn tokens(&self) -> &[Token] {
        &self.text.tokens
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.text.tokens.len()
    }

    /// The folded word at `at`, empty past either end.
    pub fn word(&self, at: usize) -> &str {
        self.text.tokens.get(at).map_or("", |token| token.fold.as_str())
    }

    /// The folded word before `at`, if nothing parts them.
    pub fn word_before(&self, at: usize) -> &str {
        let parted = self.text.tokens.get(at).is_some_and(|token| token.mark.is_some());
        if at == 0 || parted { "" } else { self.word(at - 1) }
    }

    /// The folded word after `at`, if nothing parts them.
    pub fn word_after(&self, at: usize) -> &str {
        let parted = self.text.tokens.get(at + 1).is_none_or(|token| token.mark.is_some());
        if parted { "" } else { self.word(at + 1) }
    }

    /// Whether all of these words exist and are free.
    pub fn is_free(&self, range: Range<usize>) -> bool {
        range.end <= self.len() && self.claims[range].iter().all(|claim| *claim == Claim::Free)
    }

    /// Whether word `at` exists and is free.
    pub fn free_at(&self, at: usize) -> bool {
        self.claims.get(at) == Some(&Claim::Free)
    }

    /// Bytes of the question from the first to the last of these words.
    pub fn bytes(&self, range: Range<usize>) -> Range<usize> {
        match (self.text.tokens.get(range.start), range.end.checked_sub(1).and_then(|last| self.text.tokens.get(last)))
        {
            (Some(first), Some(last)) if first.range.start <= last.range.end => first.range.start..last.range.end,
            _ => 0..0,
        }
    }

    /// What the user wrote from the first to the last of these words.
    pub fn written(&self, range: Range<usize>) -> &'q str {
        &self.text.source[self.bytes(range)]
    }

    /// Whether something was read as this.
    pub fn has(&self, role: Role) -> bool {
        self.parts.iter().any(|part| part.role == role)
    }

    /// Accounts for words as filler.
    pub fn skip(&mut self, range: Range<usize>) {
        for claim in &mut self.claims[range] {
            if *claim == Claim::Free {
                *claim = Claim::Filler;
            }
        }
    }

    /// Whether word `at` is written in the picture.
    pub fn is_written(&self, at: usize) -> bool {
        self.written.as_ref().is_some_and(|written| written.contains(&at))
    }

    /// Has what is to be heard, or is written, count as not read by anybody.
    pub fn release_said(&mut self) {
        for claim in self.claims.iter_mut().filter(|claim| **claim == Claim::Said) {
            *claim = Claim::Free;
        }
    }

    /// Accounts for words as a recognised part.
    pub fn claim(&mut self, range: Range<usize>, role: Role, label: impl Into<String>) {
        let bytes = self.bytes(range.clone());
        self.claims[range].fill(Claim::Part(role));
        let text = self.text.source[bytes.clone()].to_owned();
        self.parts.push(Part { role, range: Some(bytes), text, label: label.into() });
    }

    /// Accounts for words as something that is to be left out, which says its name in English and the user's words elsewhere.
    pub fn claim_left_out(&mut self, range: Range<usize>, role: Role, name: &str) {
        let label = match self.language {
            Language::English => format!("not {name}"),
            _ => self.written(range.clone()).to_owned(),
        };
        self.claim(range, role, label);
    }

    /// Accounts for every free occurrence of the phrases as filler; returns whether there was one.
    pub fn skip_all<T: Clone>(&mut self, phrases: &Phrases<T>) -> bool {
        let mut found = false;
        let mut at = 0;
        while at < self.len() {
            let length = phrases.at(self.tokens(), at).map_or(0, |(length, _)| length);
            if length > 0 && self.is_free(at..at + length) {
                self.skip(at..at + length);
                found = true;
            }
            at += length.max(1);
        }
        found
    }

    /// Words that are free and that nothing parts, as ranges.
    pub fn free_runs(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for at in 0..self.len() {
            if self.claims[at] != Claim::Free {
                continue;
            }
            match runs.last_mut() {
                Some(run) if run.end == at && self.text.tokens[at].mark.is_none() => run.end = at + 1,
                _ => runs.push(at..at + 1),
            }
        }
        runs
    }
}
