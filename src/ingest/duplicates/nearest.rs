//! Finds 64-bit hashes within a few bits of each other, by multi-index hashing.
//!
//! After M. Norouzi, A. Punjani, D. Fleet, "Fast Search in Hamming Space with Multi-Index Hashing" (2012): of two
//! hashes that differ in at most `4r + 3` bits, at least one of four 16-bit quarters differs in at most `r`. Each
//! quarter has a table of the hashes by its value. Equal hashes are kept once, so a thousand copies of one picture cost
//! no more than two.

/// Number of quarters and bits of each.
const QUARTERS: usize = 4;
const BITS: u32 = 16;

/// An index of hashes that answers which of them lie near another.
#[derive(Debug)]
pub struct HashIndex {
    /// Distinct hashes, ascending.
    hashes: Vec<u64>,
    /// Where the owners of each hash start in `owners`; one more than there are hashes.
    starts: Vec<u32>,
    /// Positions in the input, grouped by hash.
    owners: Vec<u32>,
    tables: [Table; QUARTERS],
}

/// The hashes by the value of one quarter.
#[derive(Debug)]
struct Table {
    /// Where each value's hashes start in `entries`; 65,537 of them.
    starts: Vec<u32>,
    /// Positions in `HashIndex::hashes`.
    entries: Vec<u32>,
}

impl HashIndex {
    /// An index of the hashes that there are; [`HashIndex::within`] names them by their position. Up to 2³² − 1 positions.
    pub fn new(hashes: impl IntoIterator<Item = Option<u64>>) -> Self {
        let mut sorted: Vec<(u64, u32)> =
            (0u32..).zip(hashes).filter_map(|(at, hash)| hash.map(|hash| (hash, at))).collect();
        sorted.sort_unstable();
        let owners = sorted.iter().map(|(_, at)| *at).collect();
        let mut hashes: Vec<u64> = Vec::new();
        let mut starts: Vec<u32> = Vec::new();
        for (start, (hash, _)) in (0u32..).zip(&sorted) {
            if hashes.last() != Some(hash) {
                hashes.push(*hash);
                starts.push(start);
            }
        }
        starts.push(sorted.len() as u32);
        let tables = std::array::from_fn(|quarter| Table::new(&hashes, quarter));
        Self { hashes, starts, owners, tables }
    }

    /// Positions of all hashes that differ from `hash` in at most `bits` bits (at most 11), in no particular order.
    pub fn within(&self, hash: u64, bits: u32) -> impl Iterator<Item = usize> + '_ {
        let mut found: Vec<u32> =
            self.candidates(hash, bits).filter(|&at| (self.hashes[at as usize] ^ hash).count_ones() <= bits).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().flat_map(|at| {
            let (from, to) = (self.starts[at as usize] as usize, self.starts[at as usize + 1] as usize);
            self.owners[from..to].iter().map(|&owner| owner as usize)
        })
    }

    /// Positions in `hashes` that share enough of a quarter with `hash` to be worth comparing; some come more than once.
    fn candidates(&self, hash: u64, bits: u32) -> impl Iterator<Item = u32> + '_ {
        let radius = (bits / QUARTERS as u32).min(2);
        self.tables.iter().enumerate().flat_map(move |(quarter, table)| {
            neighbours(quarter_of(hash, quarter), radius).flat_map(|value| table.entries_of(value).iter().copied())
        })
    }
}

impl Table {
    /// Sorts hashes by the value of a quarter, by counting.
    fn new(hashes: &[u64], quarter: usize) -> Self {
        let mut starts = vec![0u32; (1 << BITS) + 1];
        for hash in hashes {
            starts[usize::from(quarter_of(*hash, quarter)) + 1] += 1;
        }
        for value in 0..1 << BITS {
            starts[value + 1] += starts[value];
        }
        let mut next = starts.clone();
        let mut entries = vec![0; hashes.len()];
        for (at, hash) in (0u32..).zip(hashes) {
            let slot = &mut next[usize::from(quarter_of(*hash, quarter))];
            entries[*slot as usize] = at;
            *slot += 1;
        }
        Self { starts, entries }
    }

    fn entries_of(&self, value: u16) -> &[u32] {
        &self.entries[self.starts[usize::from(value)] as usize..self.starts[usize::from(value) + 1] as usize]
    }
}

/// The value of a quarter of a hash.
fn quarter_of(hash: u64, quarter: usize) -> u16 {
    (hash >> (BITS as usize * quarter) & 0xFFFF) as u16
}

/// All values that differ from `value` in at most `radius` bits (0 to 2).
fn neighbours(value: u16, radius: u32) -> impl Iterator<Item = u16> {
    let one = (0..BITS).filter(move |_| radius >= 1).map(move |bit| value ^ 1 << bit);
    let two = (0..BITS)
        .filter(move |_| radius >= 2)
        .flat_map(move |high| (0..high).map(move |low| value ^ 1 << high ^ 1 << low));
    std::iter::once(value).chain(one).chain(two)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn few_of_many_hashes_are_compared() {
        // A fixed sequence of well-mixed numbers (SplitMix64).
        let mixed = |n: u64| {
            let z = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ z >> 31
        };
        let index = HashIndex::new((0..200_000).map(|n| Some(mixed(n))));
        let compared: usize = (0..1000).map(|n| index.candidates(mixed(n * 200), 6).count()).sum();
        // 4 quarters of 17 values, each with a 65,536th of the hashes: about 208 on average.
        assert!(compared < 300 * 1000, "{} hashes were compared for each", compared / 1000);
    }

    proptest! {
        #[test]
        fn it_finds_what_comparing_with_every_hash_finds(
            mut hashes in proptest::collection::vec(proptest::option::of(any::<u64>()), 1..60),
            flips in proptest::collection::vec((0usize..60, 0u32..64, 0u32..64, 0u32..64), 0..40),
            bits in 0u32..12,
        ) {
            for (at, a, b, c) in flips {
                if let Some(Some(hash)) = hashes.get(at).copied() {
                    hashes.push(Some(hash ^ 1 << a ^ 1 << b ^ 1 << c));
                }
            }
            let index = HashIndex::new(hashes.iter().copied());
            for hash in hashes.iter().flatten() {
                let mut found: Vec<usize> = index.within(*hash, bits).collect();
                found.sort_unstable();
                let expected: Vec<usize> = (0..hashes.len())
                    .filter(|&at| hashes[at].is_some_and(|other| (other ^ hash).count_ones() <= bits))
                    .collect();
                prop_assert_eq!(&found, &expected);
            }
        }
    }
}
