//! Reads Content Credentials (C2PA 2.1): who says how a picture was made, in boxes of JUMBF (ISO/IEC 19566-5).
//!
//! A store holds one manifest for each time the picture was made or changed; the last is the picture's own, the others are of
//! what it was made from (section 11.1). What is wanted stands in CBOR or JSON as an address of the IPTC's vocabulary, and is
//! looked for as text: assertions of any version and any order are read alike. Signatures are not checked: whoever
//! writes into a picture that a machine made it gains nothing by it. Nesting and sizes are bounded.

use super::facts::Facts;
use super::generated::{CLAIM, CREDENTIALS, INGREDIENT, SOURCE};

/// Boxes within boxes: store, manifest, assertions, assertion, content.
const DEEPEST: usize = 8;
/// Boxes of one store.
const MOST: usize = 4096;
/// Before each term of the vocabulary.
const VOCABULARY: &[u8] = b"cv.iptc.org/newscodes/digitalsourcetype/";
/// Longest name of a program, and longest term.
const LONGEST: usize = 200;

/// A box: its type and its content.
struct Part<'a> {
    kind: [u8; 4],
    body: &'a [u8],
}

/// Reads a store; what is no store is left alone.
pub(super) fn read(block: &[u8], facts: &mut Facts) {
    let mut left = MOST;
    let stores = parts(block, &mut left);
    for store in stores.iter().filter(|part| part.kind == *b"jumb") {
        let manifests: Vec<Part<'_>> =
            parts(store.body, &mut left).into_iter().filter(|part| part.kind == *b"jumb").collect();
        for (at, manifest) in manifests.iter().enumerate() {
            let own = at + 1 == manifests.len();
            note(manifest.body, own, 0, &mut left, facts);
        }
    }
}

/// Notes what the content boxes of a manifest say.
fn note(block: &[u8], own: bool, depth: usize, left: &mut usize, facts: &mut Facts) {
    for part in parts(block, left) {
        match &part.kind {
            b"jumb" if depth < DEEPEST => note(part.body, own, depth + 1, left, facts),
            b"cbor" | b"json" => {
                for term in terms(part.body) {
                    facts.value(if own { CREDENTIALS } else { INGREDIENT }, term, SOURCE);
                }
                if let Some(program) = own.then(|| claim_generator(part.body)).flatten() {
                    facts.value(CLAIM, program, SOURCE);
                }
            }
            _ => {}
        }
    }
}

/// The boxes of a block, as far as they are sound.
fn parts<'a>(block: &'a [u8], left: &mut usize) -> Vec<Part<'a>> {
    let mut found = Vec::new();
    let mut rest = block;
    while let Some((head, tail)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, kind @ ..] = *head;
        let (size, header, tail) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (rest.len() as u64, 8, tail),
            1 => match tail.split_first_chunk::<8>() {
                Some((long, tail)) => (u64::from_be_bytes(*long), 16, tail),
                None => break,
            },
            size => (u64::from(size), 8, tail),
        };
        let Some(length) = size.checked_sub(header).and_then(|length| usize::try_from(length).ok()) else { break };
        if *left == 0 || kind == [0; 4] {
            break;
        }
        *left -= 1;
        let body = tail.get(..length).unwrap_or(tail);
        found.push(Part { kind, body });
        rest = tail.get(length..).unwrap_or_default();
    }
    found
}

/// The terms of the vocabulary that stand in a content.
fn terms(content: &[u8]) -> Vec<String> {
    let starts = content.windows(VOCABULARY.len()).enumerate().filter(|(_, window)| *window == VOCABULARY);
    let term = |at: usize| {
        let rest = content.get(at + VOCABULARY.len()..).unwrap_or_default();
        let letters = rest.iter().take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric());
        letters.map(|byte| char::from(*byte)).collect::<String>()
    };
    let mut found: Vec<String> = starts.map(|(at, _)| term(at)).filter(|term| !term.is_empty()).take(16).collect();
    found.dedup();
    found
}

/// The text after the key `claim_generator` of a CBOR map (RFC 8949).
fn claim_generator(content: &[u8]) -> Option<String> {
    const KEY: &[u8] = b"\x6fclaim_generator";
    let at = content.windows(KEY.len()).position(|window| window == KEY)? + KEY.len();
    let rest = content.get(at..)?;
    // Major type 3 is text; its length is in the first byte, or in the one or two after it.
    let (length, start) = match (*rest.first()?, rest.get(1), rest.get(2)) {
        (short @ 0x60..=0x77, ..) => (usize::from(short - 0x60), 1),
        (0x78, Some(length), _) => (usize::from(*length), 2),
        (0x79, Some(high), Some(low)) => (usize::from(u16::from_be_bytes([*high, *low])), 3),
        _ => return None,
    };
    let text = rest.get(start..start + length.min(LONGEST))?;
    Some(String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let size = u32::try_from(body.len() + 8).unwrap();
        [&size.to_be_bytes()[..], kind, body].concat()
    }

    fn manifest(source_type: &str) -> Vec<u8> {
        let address = format!("http://cv.iptc.org/newscodes/digitalsourcetype/{source_type}");
        let cbor = [b"\xa2\x71digitalSourceType\x78", &[address.len() as u8][..], address.as_bytes()].concat();
        let claim = b"\xa1\x6fclaim_generator\x67Painter";
        let assertion = part(b"jumb", &[part(b"jumd", b"cbor"), part(b"cbor", &cbor)].concat());
        let claim = part(b"jumb", &[part(b"jumd", b"c2cl"), part(b"cbor", claim)].concat());
        part(b"jumb", &[part(b"jumd", b"c2ma"), part(b"jumb", &assertion), claim].concat())
    }

    /// A store with one manifest for each source type, the picture's own last.
    pub fn store(source_types: &[&str]) -> Vec<u8> {
        let manifests: Vec<u8> = source_types.iter().flat_map(|source_type| manifest(source_type)).collect();
        part(b"jumb", &[part(b"jumd", b"c2pa"), manifests].concat())
    }

    fn told(block: &[u8]) -> Vec<(String, String)> {
        let mut facts = Facts::default();
        read(block, &mut facts);
        facts.values.into_iter().map(|value| (value.name, value.value)).collect()
    }

    #[test]
    fn the_last_manifest_is_the_pictures_own() {
        let values = told(&store(&["trainedAlgorithmicMedia", "digitalCapture"]));
        let value = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            values,
            [
                value(INGREDIENT, "trainedAlgorithmicMedia"),
                value(CREDENTIALS, "digitalCapture"),
                value(CLAIM, "Painter")
            ]
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0usize..400, byte in any::<u8>()) {
            told(&bytes);
            let mut damaged = store(&["trainedAlgorithmicMedia", "digitalCapture"]);
            let at = at % damaged.len();
            damaged[at] = byte;
            told(&damaged);
            told(&damaged[..at]);
        }
    }
}
