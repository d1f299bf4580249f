//! One answer while it is written: tokens become letters, letters become pieces, and some text ends it.
//!
//! What stays true: no letter is handed on before all its bytes are there; nothing of a text that ends the answer is
//! handed on, and neither is what may be the beginning of one.

use recollect::engine::host::reply::Piece;

use crate::calls::split::{Splitter, begun};

/// The text of an answer.
#[derive(Debug)]
pub struct Writing {
    splitter: Splitter,
    /// Bytes that are no whole letter yet.
    bytes: Vec<u8>,
    /// Letters that may be the beginning of a text that ends the answer.
    held: String,
    stop: Vec<String>,
}

impl Writing {
    /// A new answer that ends before any text of `stop`.
    pub fn new(splitter: Splitter, stop: Vec<String>) -> Self {
        Self { splitter, bytes: Vec::new(), held: String::new(), stop }
    }

    /// Takes the bytes of the next token. Gives what is certain, and whether the answer has come to its end.
    pub fn push(&mut self, bytes: &[u8]) -> (Vec<Piece>, bool) {
        self.bytes.extend_from_slice(bytes);
        self.held.push_str(&whole_letters(&mut self.bytes));
        let end = self.stop.iter().filter_map(|stop| self.held.find(stop.as_str())).min();
        if let Some(end) = end {
            self.held.truncate(end);
            self.bytes.clear();
            return (self.release(0), true);
        }
        let keep = self.stop.iter().map(|stop| begun(&self.held, stop)).max().unwrap_or(0);
        (self.release(keep), false)
    }

    /// The answer is complete: gives what was held back.
    pub fn finish(&mut self) -> Vec<Piece> {
        let rest = String::from_utf8_lossy(&std::mem::take(&mut self.bytes)).into_owned();
        self.held.push_str(&rest);
        let mut pieces = self.release(0);
        pieces.extend(self.splitter.finish());
        pieces
    }

    fn release(&mut self, keep: usize) -> Vec<Piece> {
        let rest = self.held.split_off(self.held.len() - keep);
        let certain = std::mem::replace(&mut self.held, rest);
        if certain.is_empty() { Vec::new() } else { self.splitter.push(&certain) }
    }
}

/// Takes whole letters from the front of `bytes`; what can never become a letter is replaced by U+FFFD.
fn whole_letters(bytes: &mut Vec<u8>) -> String {
    let mut letters = String::new();
    let mut rest: &[u8] = bytes;
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                letters.push_str(text);
                rest = &[];
                break;
            }
            Err(error) => {
                let (good, bad) = rest.split_at(error.valid_up_to());
                letters.push_str(&String::from_utf8_lossy(good));
                match error.error_len() {
                    Some(length) => {
                        letters.push(char::REPLACEMENT_CHARACTER);
                        rest = &bad[length..];
                    }
                    None => {
                        rest = bad;
                        break;
                    }
                }
            }
        }
    }
    *bytes = rest.to_vec();
    letters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Family;

    fn write(tokens: &[&[u8]], stop: &[&str]) -> (String, bool) {
        let splitter = Splitter::new(Family::Hermes, false, false);
        let mut writing = Writing::new(splitter, stop.iter().map(|stop| (*stop).to_owned()).collect());
        let mut pieces = Vec::new();
        let mut ended = false;
        for token in tokens {
            let (more, end) = writing.push(token);
            pieces.extend(more);
            ended = end;
            if end {
                break;
            }
        }
        pieces.extend(writing.finish());
        let text = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            _ => "",
        });
        (text.collect(), ended)
    }

    #[test]
    fn letters_of_several_bytes_come_whole() {
        assert_eq!(write(&[b"a\xf0\x9f", b"\x8c", b"\x8ab"], &[]).0, "a🌊b");
        assert_eq!(write(&[b"a\xff", b"b\xe2\x82"], &[]).0, "a\u{fffd}b\u{fffd}");
    }

    #[test]
    fn an_answer_ends_before_its_stop_text_wherever_tokens_end() {
        assert_eq!(write(&[b"one E", b"N", b"D two"], &["END"]), ("one ".to_owned(), true));
        assert_eq!(write(&[b"one EN", b" two"], &["END"]), ("one EN two".to_owned(), false));
        assert_eq!(write(&[b"a.b"], &["b", "."]), ("a".to_owned(), true));
    }
}
