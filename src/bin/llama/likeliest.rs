//! Finds the likeliest tokens straight in a model's scores, without a row of candidates for the whole vocabulary.
//!
//! What stays true: what is found is what llama.cpp's samplers would have picked from all tokens, ties included.
//! `greedy` takes the first of the highest. `top_k` sorts the k best by a heap of the first k tokens, which a later token
//! enters only if its score is higher than the lowest in it: tokens that never enter change nothing and are left out.

use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token::data::LlamaTokenData;

/// Above this many, llama.cpp sorts in another way, whose ties depend on all tokens.
pub const MOST_CONTENDERS: usize = 128;

/// Scores that are compared at once.
const LANES: usize = 8;
/// Scores whose highest is looked at before each of them is.
const BLOCK: usize = 16 * LANES;

/// The token with the highest score, the first of them if there are several.
pub fn likeliest(scores: &[f32]) -> LlamaToken {
    let (mut best, mut place) = (f32::NEG_INFINITY, 0);
    for (block, scores) in scores.chunks(BLOCK).enumerate() {
        let highest = highest(scores);
        if highest > best {
            (best, place) = (highest, block * BLOCK);
        }
    }
    let within = scores[place..].iter().position(|score| *score == best).unwrap_or(0);
    token(place + within)
}

/// Puts into `found`, in the order of the vocabulary, all tokens that may be among the `k` with the highest scores: those
/// that are higher than the lowest of the `k` best before them. `k` is 1 at least.
pub fn contenders(scores: &[f32], k: usize, found: &mut Vec<LlamaTokenData>) {
    found.clear();
    let (first, later) = scores.split_at(k.min(scores.len()));
    found.extend(first.iter().enumerate().map(|(place, score)| LlamaTokenData::new(token(place), *score, 0.0)));
    // The k best so far, the lowest first.
    let mut best: Vec<f32> =
        first.iter().map(|score| if score.is_nan() { f32::NEG_INFINITY } else { *score }).collect();
    best.sort_by(f32::total_cmp);
    for (block, scores) in later.chunks(BLOCK).enumerate() {
        if highest(scores) <= best[0] {
            continue;
        }
        for (place, score) in scores.iter().enumerate() {
            if *score > best[0] {
                found.push(LlamaTokenData::new(token(k + block * BLOCK + place), *score, 0.0));
                let higher = best.partition_point(|other| other < score);
                best[..higher].rotate_left(1);
                best[higher - 1] = *score;
            }
        }
    }
}

/// The `k` tokens with the highest scores in `found`, the highest first, of equals the first of the vocabulary.
pub fn ranked(scores: &[f32], k: usize, found: &mut Vec<LlamaTokenData>) {
    contenders(scores, k, found);
    // Stable: equals keep their order. Adding nothing makes equals of both zeros.
    found.sort_by(|one, other| (other.logit() + 0.0).total_cmp(&(one.logit() + 0.0)));
    found.truncate(k);
}

/// The highest of some scores. In lanes, because the compiler then compares several with one instruction.
fn highest(scores: &[f32]) -> f32 {
    let mut best = [f32::NEG_INFINITY; LANES];
    let mut rows = scores.chunks_exact(LANES);
    for row in &mut rows {
        for (best, score) in best.iter_mut().zip(row) {
            *best = if *score > *best { *score } else { *best };
        }
    }
    best.iter().chain(rows.remainder()).fold(f32::NEG_INFINITY, |best, score| best.max(*score))
}

fn token(place: usize) -> LlamaToken {
    LlamaToken(i32::try_from(place).unwrap_or(i32::MAX))
}
