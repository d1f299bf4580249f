//! Reads the two notations of calls that are no JSON: Python's call syntax (LFM2) and FunctionGemma's.
//!
//! Both are a name and pairs of keys and values; they differ in brackets and in how a text is quoted. Nothing is
//! evaluated: what is no literal makes the call unreadable.

use serde_json::{Map, Number, Value};

use super::Call;

/// How deep lists and objects may be nested.
const DEEPEST: u32 = 32;

/// A reader of one text.
pub struct Literals<'a> {
    rest: &'a str,
    gemma: bool,
}

impl<'a> Literals<'a> {
    /// Python: `[name(key='value', n=1), …]`.
    pub fn python(text: &'a str) -> Self {
        Self { rest: text.trim(), gemma: false }
    }

    /// FunctionGemma: `call:name{key:<escape>value<escape>,n:1}`.
    pub fn gemma(text: &'a str) -> Self {
        Self { rest: text.trim(), gemma: true }
    }

    /// A list of Python calls, or one call.
    pub fn calls(mut self) -> Option<Vec<Call>> {
        let listed = self.take("[");
        let mut calls = vec![self.python_call()?];
        while self.take(",") {
            calls.push(self.python_call()?);
        }
        if listed && !self.take("]") {
            return None;
        }
        self.at_end().then_some(calls)
    }

    /// One call of FunctionGemma.
    pub fn call(mut self) -> Option<Call> {
        if !self.take("call:") {
            return None;
        }
        let name = self.word()?;
        let Value::Object(arguments) = self.value(0)? else { return None };
        self.at_end().then(|| Call { name, arguments: Value::Object(arguments).to_string() })
    }

    fn python_call(&mut self) -> Option<Call> {
        let name = self.word()?;
        if !self.take("(") {
            return None;
        }
        let arguments = self.pairs("=", ")", 0)?;
        Some(Call { name, arguments: Value::Object(arguments).to_string() })
    }

    fn pairs(&mut self, between: &str, end: &str, depth: u32) -> Option<Map<String, Value>> {
        let mut pairs = Map::new();
        if self.take(end) {
            return Some(pairs);
        }
        loop {
            let key = if self.peek_quote() { self.text()? } else { self.word()? };
            if !self.take(between) {
                return None;
            }
            pairs.insert(key, self.value(depth + 1)?);
            if self.take(",") {
                if self.take(end) {
                    return Some(pairs);
                }
                continue;
            }
            return self.take(end).then_some(pairs);
        }
    }

    fn value(&mut self, depth: u32) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.skip_space();
        if self.peek_quote() {
            return self.text().map(Value::String);
        }
        if self.take("{") {
            return self.pairs(":", "}", depth).map(Value::Object);
        }
        if self.take("[") {
            let mut items = Vec::new();
            while !self.take("]") {
                items.push(self.value(depth + 1)?);
                if !self.take(",") && !self.rest.starts_with(']') {
                    return None;
                }
            }
            return Some(Value::Array(items));
        }
        let end = self.rest.find([',', ')', ']', '}', ' ', '\n']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word {
            "True" | "true" => Some(Value::Bool(true)),
            "False" | "false" => Some(Value::Bool(false)),
            "None" | "null" => Some(Value::Null),
            number => number.parse::<Number>().ok().map(Value::Number),
        }
    }

    fn peek_quote(&mut self) -> bool {
        self.skip_space();
        if self.gemma { self.rest.starts_with("<escape>") } else { self.rest.starts_with(['"', '\'']) }
    }

    fn text(&mut self) -> Option<String> {
        if self.gemma {
            let (text, rest) = self.rest.strip_prefix("<escape>")?.split_once("<escape>")?;
            self.rest = rest;
            return Some(text.to_owned());
        }
        let mut letters = self.rest.char_indices();
        let (_, quote) = letters.next()?;
        let mut text = String::new();
        while let Some((place, letter)) = letters.next() {
            if letter == quote {
                self.rest = &self.rest[place + letter.len_utf8()..];
                return Some(text);
            }
            if letter != '\\' {
                text.push(letter);
                continue;
            }
            match letters.next()?.1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'u' => {
                    let code: String = (0..4).map_while(|_| letters.next().map(|(_, digit)| digit)).collect();
                    text.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)?);
                }
                escaped => text.push(escaped),
            }
        }
        None
    }

    fn word(&mut self) -> Option<String> {
        self.skip_space();
        let end = self
            .rest
            .find(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '-' | '.'))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then(|| word.to_owned())
    }

    fn take(&mut self, expected: &str) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(expected) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn at_end(&self) -> bool {
        self.rest.trim().is_empty()
    }
}
