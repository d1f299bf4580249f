//! Cuts a recording at its pauses: from the spans in which somebody speaks to chunks that fit one window of the model, and
//! from a time in a chunk back to the time in the recording.
//!
//! What stays true: chunks are in order and do not overlap; every span is in exactly one chunk, whole; a chunk is longer
//! than a window only if a single span is.

use std::ops::Range;

/// Samples a second.
const RATE: usize = 16_000;
/// A chunk has at most so many samples: a little less than the 30 s that Whisper hears at once.
const LONGEST_CHUNK: usize = 29 * RATE;
/// What is kept of a pause on each side of speech: half a second.
const PADDING: usize = RATE / 2;

/// Part of a recording that is written down at once, without the longer pauses in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Samples of the recording, in order.
    pieces: Vec<Range<usize>>,
}

/// Cuts a recording of `length` samples, in which somebody speaks during `spans`, which are in order and do not overlap.
pub fn cut(spans: &[Range<usize>], length: usize) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    for (at, span) in spans.iter().enumerate() {
        let before = span.start - if at == 0 { 0 } else { spans[at - 1].end };
        let after = spans.get(at + 1).map_or(length, |next| next.start) - span.end;
        // The first and the last pause belong to one span alone, the others to two.
        let start = span.start - PADDING.min(if at == 0 { before } else { before / 2 });
        let end = span.end + PADDING.min(if at + 1 == spans.len() { after } else { after / 2 });
        match chunks.last_mut() {
            Some(chunk) if chunk.len() + (end - start) <= LONGEST_CHUNK => chunk.push(start..end),
            _ => chunks.push(Chunk { pieces: std::iter::once(start..end).collect() }),
        }
    }
    chunks
}

impl Chunk {
    /// The whole of a recording.
    pub fn whole(length: usize) -> Self {
        Self { pieces: std::iter::once(0..length).collect() }
    }

    /// Its samples.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(Range::len).sum()
    }

    fn push(&mut self, piece: Range<usize>) {
        match self.pieces.last_mut() {
            // An odd pause leaves one sample between its halves.
            Some(last) if piece.start - last.end <= 1 => last.end = piece.end,
            _ => self.pieces.push(piece),
        }
    }

    /// Takes its samples out of those of the recording.
    pub fn take(&self, samples: &[i16]) -> Vec<f32> {
        let pieces = self.pieces.iter().flat_map(|piece| &samples[piece.clone()]);
        pieces.map(|sample| f32::from(*sample) / 32768.0).collect()
    }

    /// The time in the recording at which something starts that starts at `seconds` in the chunk.
    pub fn start(&self, seconds: f64) -> f64 {
        self.map(seconds, |offset, length| offset < length)
    }

    /// The time in the recording at which something ends that ends at `seconds` in the chunk.
    pub fn end(&self, seconds: f64) -> f64 {
        self.map(seconds, |offset, length| offset <= length)
    }

    fn map(&self, seconds: f64, within: impl Fn(f64, f64) -> bool) -> f64 {
        let mut offset = (seconds * RATE as f64).max(0.0);
        for piece in &self.pieces {
            if within(offset, piece.len() as f64) {
                return (piece.start as f64 + offset) / RATE as f64;
            }
            offset -= piece.len() as f64;
        }
        self.pieces.last().map_or(0.0, |piece| piece.end as f64 / RATE as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const S: usize = RATE;

    #[test]
    fn a_short_pause_stays_and_a_long_one_is_shortened() {
        let chunks = cut(&[2 * S..4 * S, 4 * S + S / 2..6 * S, 15 * S..16 * S], 20 * S);
        let pieces = vec![3 * S / 2..6 * S + S / 2, 14 * S + S / 2..16 * S + S / 2];
        assert_eq!(chunks, [Chunk { pieces }]);
        // 4.5 s of the chunk lie before the second piece, which starts at 14.5 s.
        assert_eq!((chunks[0].start(0.0), chunks[0].start(4.4), chunks[0].start(5.0)), (1.5, 5.9, 14.5));
        assert_eq!((chunks[0].end(5.0), chunks[0].end(6.0), chunks[0].end(99.0)), (6.5, 15.5, 16.5));
    }

    #[test]
    fn a_long_recording_is_cut_within_its_pauses() {
        let spans: Vec<_> = (0..12).map(|n| n * 10 * S..(n * 10 + 8) * S).collect();
        let chunks = cut(&spans, 120 * S);
        assert_eq!(chunks.len(), 4);
        assert_eq!(chunks[0].pieces.first().unwrap().start, 0);
        assert_eq!(chunks[1].start(0.0), 29.5);
    }

    #[test]
    fn nobody_speaks() {
        assert!(cut(&[], 5 * S).is_empty());
        assert_eq!(Chunk::whole(3).take(&[0, 16384, -32768]), [0.0, 0.5, -1.0]);
    }

    proptest! {
        #[test]
        fn every_span_is_in_one_chunk_and_times_lead_back(steps in proptest::collection::vec((1..90_000usize, 1..400_000usize), 0..40), rest in 0..90_000usize) {
            let mut at = 0;
            let spans: Vec<_> = steps.iter().map(|(pause, speech)| {
                let start = at + pause;
                at = start + speech;
                start..at
            }).collect();
            let length = at + rest;
            let chunks = cut(&spans, length);
            let pieces: Vec<_> = chunks.iter().flat_map(|chunk| chunk.pieces.clone()).collect();
            prop_assert!(pieces.windows(2).all(|pair| pair[0].end <= pair[1].start));
            prop_assert!(pieces.last().is_none_or(|last| last.end <= length));
            for span in &spans {
                prop_assert_eq!(pieces.iter().filter(|piece| piece.start <= span.start && span.end <= piece.end).count(), 1);
            }
            for chunk in &chunks {
                prop_assert!(chunk.len() <= LONGEST_CHUNK + 40 || chunk.pieces.len() == 1);
                let mut before = 0;
                for piece in &chunk.pieces {
                    let middle = before as f64 / S as f64 + piece.len() as f64 / S as f64 / 2.0;
                    let expected = (piece.start as f64 + piece.end as f64) / 2.0 / S as f64;
                    prop_assert!((chunk.start(middle) - expected).abs() < 1e-3);
                    before += piece.len();
                }
            }
        }
    }
}
