//! What a sequence of the cache holds, and what of it another prompt can use.
//!
//! A prompt is a row of [`Piece`]s; a sequence of evaluated pieces is a row of [`Cell`]s, one a position. Two prompts
//! share what they begin with alike; a picture is shared whole or not at all.

use std::sync::Arc;

use llama_cpp_2::mtmd::MtmdInputChunks;
use llama_cpp_2::token::LlamaToken;

/// One position of an evaluated sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// A token.
    Token(LlamaToken),
    /// Part of a picture with this hash.
    Picture(u64),
}

/// A part of a prompt.
#[derive(Debug, Clone)]
pub enum Piece {
    /// A token.
    Token(LlamaToken),
    /// A picture, with the tokens that the model wants around it.
    Picture(Picture),
}

/// A picture, cut into what the model reads.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Hash of its pixels.
    pub hash: u64,
    /// Positions that it takes.
    pub positions: usize,
    /// Tokens that it takes: room in the cache.
    pub tokens: usize,
    /// The parts.
    pub chunks: Arc<MtmdInputChunks>,
}

impl Piece {
    /// Positions that it takes.
    pub fn positions(&self) -> usize {
        match self {
            Self::Token(_) => 1,
            Self::Picture(picture) => picture.positions,
        }
    }

    /// Room that it takes in the cache.
    pub fn tokens(&self) -> usize {
        match self {
            Self::Token(_) => 1,
            Self::Picture(picture) => picture.tokens,
        }
    }

    /// Whether `cells` begins with it.
    fn begins(&self, cells: &[Cell]) -> bool {
        match self {
            Self::Token(token) => cells.first() == Some(&Cell::Token(*token)),
            Self::Picture(picture) => {
                cells.len() >= picture.positions
                    && cells[..picture.positions].iter().all(|cell| *cell == Cell::Picture(picture.hash))
            }
        }
    }
}

/// What an evaluated sequence and a prompt begin with alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shared {
    /// Pieces of the prompt.
    pub pieces: usize,
    /// Positions of the sequence.
    pub positions: usize,
}

/// What `cells` and `prompt` begin with alike; at least the prompt's last piece is left to be evaluated, because what
/// follows it is wanted.
pub fn shared(cells: &[Cell], prompt: &[Piece]) -> Shared {
    let mut shared = Shared::default();
    for piece in &prompt[..prompt.len().saturating_sub(1)] {
        if !piece.begins(&cells[shared.positions..]) {
            break;
        }
        shared.pieces += 1;
        shared.positions += piece.positions();
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(id: i32) -> Piece {
        Piece::Token(LlamaToken(id))
    }

    fn picture(hash: u64) -> Piece {
        Piece::Picture(Picture { hash, positions: 3, tokens: 9, chunks: Arc::default() })
    }

    fn cells(pieces: &[Piece]) -> Vec<Cell> {
        pieces
            .iter()
            .flat_map(|piece| match piece {
                Piece::Token(token) => vec![Cell::Token(*token)],
                Piece::Picture(picture) => vec![Cell::Picture(picture.hash); picture.positions],
            })
            .collect()
    }

    #[test]
    fn a_longer_prompt_shares_all_that_is_there() {
        let found = shared(&cells(&[token(1), token(2)]), &[token(1), token(2), token(3)]);
        assert_eq!(found, Shared { pieces: 2, positions: 2 });
    }

    #[test]
    fn the_last_piece_is_always_evaluated() {
        let found = shared(&cells(&[token(1), token(2)]), &[token(1), token(2)]);
        assert_eq!(found, Shared { pieces: 1, positions: 1 });
        assert_eq!(shared(&[], &[]), Shared::default());
    }

    #[test]
    fn a_picture_is_shared_whole_or_not_at_all() {
        let known = cells(&[token(1), picture(7), token(2)]);
        assert_eq!(shared(&known, &[token(1), picture(7), token(2), token(3)]), Shared { pieces: 3, positions: 5 });
        assert_eq!(shared(&known, &[token(1), picture(8), token(2)]), Shared { pieces: 1, positions: 1 });
        assert_eq!(shared(&known[..3], &[token(1), picture(7), token(2)]), Shared { pieces: 1, positions: 1 });
    }
}
