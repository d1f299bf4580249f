//! Tells text, thinking and calls apart while the answer is being written.
//!
//! What stays true: the pieces, put together, are what was written, markers left out; no piece is handed on before it is
//! certain that it is no beginning of a marker; a call is handed on whole.

use recollect::engine::host::reply::Piece;

use super::{Family, read};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Text,
    Thinking,
    Call,
    /// In gpt-oss, between messages and in their headers.
    Header,
}

/// Reads one answer.
#[derive(Debug)]
pub struct Splitter {
    family: Family,
    /// Whether calls are looked for: only if there are tools.
    tools: bool,
    state: State,
    /// What is written and not handed on yet.
    held: String,
    /// Whether any text was handed on.
    spoken: bool,
}

impl Splitter {
    /// A reader of an answer that begins within the model's thinking if `thinking` (its template opens it).
    pub fn new(family: Family, tools: bool, thinking: bool) -> Self {
        let state = match family {
            Family::Harmony => State::Header,
            _ if thinking => State::Thinking,
            _ => State::Text,
        };
        Self { family, tools, state, held: String::new(), spoken: false }
    }

    /// Takes what was written next; gives what is certain.
    pub fn push(&mut self, text: &str) -> Vec<Piece> {
        self.held.push_str(text);
        let mut pieces = Vec::new();
        while self.step(&mut pieces) {}
        pieces
    }

    /// The answer is complete: gives what was held back.
    pub fn finish(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let held = std::mem::take(&mut self.held);
        match self.state {
            State::Call => self.end_call(&held, &mut pieces),
            State::Header => {}
            State::Thinking => self.emit(held, true, &mut pieces),
            State::Text => self.emit(held, false, &mut pieces),
        }
        pieces
    }

    /// Goes on by one marker. Says whether there may be another.
    fn step(&mut self, pieces: &mut Vec<Piece>) -> bool {
        match (self.family, self.state) {
            (Family::Harmony, _) => self.step_harmony(pieces),
            (_, State::Thinking) => self.step_thinking(pieces),
            (_, State::Call) => self.step_call(pieces),
            (_, State::Text | State::Header) => self.step_text(pieces),
        }
    }

    fn step_thinking(&mut self, pieces: &mut Vec<Piece>) -> bool {
        let Some((_, close)) = self.family.thinking() else { return false };
        if let Some((before, after)) = cut(&self.held, close) {
            self.emit(before, true, pieces);
            self.held = after.trim_start().to_owned();
            self.state = State::Text;
            return true;
        }
        self.release(&[close], true, pieces);
        false
    }

    fn step_call(&mut self, pieces: &mut Vec<Piece>) -> bool {
        let (_, Some(close)) = self.family.call() else { return false };
        let Some((inside, after)) = cut(&self.held, close) else { return false };
        self.held = after;
        self.state = State::Text;
        self.end_call(&inside, pieces);
        true
    }

    fn step_text(&mut self, pieces: &mut Vec<Piece>) -> bool {
        if !self.spoken {
            // Space before the first word means nothing, and hides what the answer begins with.
            self.held = self.held.trim_start().to_owned();
            if self.held.is_empty() {
                return false;
            }
            if self.tools && self.family == Family::Llama3 && self.held.starts_with('{') {
                self.state = State::Call;
                return false;
            }
        }
        let mut markers: Vec<(&str, State)> = Vec::new();
        if let Some((open, _)) = self.family.thinking() {
            markers.push((open, State::Thinking));
        }
        if self.tools {
            markers.push((self.family.call().0, State::Call));
        }
        let first = markers.iter().filter_map(|(marker, state)| Some((self.held.find(marker)?, *marker, *state))).min();
        if let Some((_, marker, state)) = first
            && let Some((before, after)) = cut(&self.held, marker)
        {
            self.emit(before, false, pieces);
            self.held = after;
            self.state = state;
            return true;
        }
        let markers: Vec<&str> = markers.into_iter().map(|(marker, _)| marker).collect();
        self.release(&markers, false, pieces);
        false
    }

    /// gpt-oss writes messages: a header that names the channel and perhaps a tool, then `<|message|>` and the content,
    /// up to `<|end|>`, `<|call|>` or `<|return|>`.
    fn step_harmony(&mut self, pieces: &mut Vec<Piece>) -> bool {
        const ENDS: [&str; 3] = ["<|end|>", "<|call|>", "<|return|>"];
        if self.state == State::Header {
            let Some(end) = self.held.find("<|message|>") else { return false };
            let header = self.held[..end].to_owned();
            if let Some(to) = header.find("to=") {
                self.held = self.held[to + 3..].to_owned();
                self.state = State::Call;
            } else {
                self.held = self.held[end + "<|message|>".len()..].to_owned();
                self.state = if header.contains("analysis") { State::Thinking } else { State::Text };
            }
            return true;
        }
        let end = ENDS.iter().filter_map(|marker| Some((self.held.find(marker)?, marker.len()))).min();
        let Some((end, length)) = end else {
            if self.state != State::Call {
                self.release(&ENDS, self.state == State::Thinking, pieces);
            }
            return false;
        };
        let inside = self.held[..end].to_owned();
        self.held = self.held[end + length..].to_owned();
        match self.state {
            State::Call => self.end_call(&inside, pieces),
            state => self.emit(inside, state == State::Thinking, pieces),
        }
        self.state = State::Header;
        true
    }

    fn end_call(&mut self, inside: &str, pieces: &mut Vec<Piece>) {
        match read::calls(self.family, inside) {
            Some(calls) => pieces.extend(calls.into_iter().map(Piece::Call)),
            None => self.emit(inside.to_owned(), false, pieces),
        }
    }

    /// Hands on what is held but for the beginning of a marker at its end.
    fn release(&mut self, markers: &[&str], thinking: bool, pieces: &mut Vec<Piece>) {
        let keep = markers.iter().map(|marker| begun(&self.held, marker)).max().unwrap_or(0);
        let rest = self.held.split_off(self.held.len() - keep);
        let certain = std::mem::replace(&mut self.held, rest);
        self.emit(certain, thinking, pieces);
    }

    fn emit(&mut self, text: String, thinking: bool, pieces: &mut Vec<Piece>) {
        if text.is_empty() {
            return;
        }
        if thinking {
            pieces.push(Piece::Thinking(text));
        } else if self.spoken || !text.trim().is_empty() {
            self.spoken = true;
            pieces.push(Piece::Text(text));
        }
    }
}

/// `text` before and after the first `marker`.
fn cut(text: &str, marker: &str) -> Option<(String, String)> {
    text.split_once(marker).map(|(before, after)| (before.to_owned(), after.to_owned()))
}

/// Bytes at the end of `text` that may be the beginning of `marker`.
pub fn begun(text: &str, marker: &str) -> usize {
    (1..marker.len())
        .rev()
        .find(|length| marker.is_char_boundary(*length) && text.ends_with(&marker[..*length]))
        .unwrap_or(0)
}
