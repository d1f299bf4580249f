//! Which of the waiting texts run next: a pure function of the queue.
//!
//! Small requests (a person waits) go before large ones (an index is built), and are never batched with them, so that
//! they do not wait for long texts. After some small batches in a row a large request gets its turn, so that none starves.
//! Texts of like length share a batch: padding is computed like text.

/// Texts of a request that still counts as small.
pub const SMALL_REQUEST: usize = 8;
const MOST_ROWS: usize = 32;
/// Tokens of a batch, padding included: bounds the memory of a run.
const MOST_TOKENS: usize = 2048;
const SMALL_IN_A_ROW: u32 = 8;

/// A waiting request: the lengths of its texts in tokens, those that are left to do, longest first.
#[derive(Debug, Clone)]
pub struct Waiting<'a> {
    /// Number of texts when it came.
    pub size: usize,
    /// Lengths of the texts that are left, in the order in which they will be taken.
    pub left: &'a [usize],
}

/// Remembers whose turn it is.
#[derive(Debug, Default)]
pub struct Turns {
    small_in_a_row: u32,
}

impl Turns {
    /// The next batch: how many texts to take from the front of each of the requests, in the same order.
    /// Something is taken if anything waits.
    pub fn next(&mut self, requests: &[Waiting<'_>]) -> Vec<usize> {
        let waits = |small: bool| {
            requests.iter().any(|request| (request.size <= SMALL_REQUEST) == small && !request.left.is_empty())
        };
        let small = waits(true) && (self.small_in_a_row < SMALL_IN_A_ROW || !waits(false));
        self.small_in_a_row = if small { self.small_in_a_row.saturating_add(1) } else { 0 };
        let (mut rows, mut longest) = (0, 0);
        let mut taken = vec![0; requests.len()];
        'batch: for (request, taken) in requests.iter().zip(&mut taken) {
            if (request.size <= SMALL_REQUEST) != small {
                continue;
            }
            for length in request.left {
                let padded = longest.max(*length) * (rows + 1);
                if rows == MOST_ROWS || (rows > 0 && padded > MOST_TOKENS) {
                    break 'batch;
                }
                rows += 1;
                longest = longest.max(*length);
                *taken += 1;
            }
            // A large request has its batches to itself: another one's long texts would pad its short ones.
            if !small && rows > 0 {
                break;
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn next(turns: &mut Turns, requests: &[(usize, &[usize])]) -> Vec<usize> {
        turns.next(&requests.iter().map(|(size, left)| Waiting { size: *size, left }).collect::<Vec<_>>())
    }

    #[test]
    fn a_small_request_goes_first_and_alone() {
        let long = [200; 100];
        assert_eq!(next(&mut Turns::default(), &[(100, &long), (1, &[5]), (2, &[6, 4])]), [0, 1, 2]);
    }

    #[test]
    fn a_large_request_is_not_starved_by_small_ones() {
        let (mut turns, long) = (Turns::default(), [10; 100]);
        let batches: Vec<_> = (0..18).map(|_| next(&mut turns, &[(100, &long), (1, &[5])])[0]).collect();
        assert_eq!(batches.iter().filter(|taken| **taken > 0).count(), 2);
    }

    #[test]
    fn rows_and_tokens_are_bounded() {
        assert_eq!(next(&mut Turns::default(), &[(100, &[10; 100])]), [MOST_ROWS]);
        assert_eq!(next(&mut Turns::default(), &[(100, &[256; 100])]), [8]);
        assert_eq!(next(&mut Turns::default(), &[(1, &[9000])]), [1], "a text longer than the bound runs alone");
    }

    proptest! {
        #[test]
        fn every_text_is_taken_once_and_work_ends(sizes in proptest::collection::vec(
            proptest::collection::vec(1_usize..300, 0..60), 0..6,
        )) {
            let mut turns = Turns::default();
            let mut left = sizes.clone();
            let total: usize = sizes.iter().map(Vec::len).sum();
            let mut batches = 0;
            while left.iter().any(|texts| !texts.is_empty()) {
                let requests: Vec<_> =
                    sizes.iter().zip(&left).map(|(all, left)| Waiting { size: all.len(), left }).collect();
                let taken = turns.next(&requests);
                prop_assert!(taken.iter().sum::<usize>() > 0);
                for (texts, taken) in left.iter_mut().zip(taken) {
                    texts.drain(..taken);
                }
                batches += 1;
            }
            prop_assert!(batches <= total);
        }
    }
}
