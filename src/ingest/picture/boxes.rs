//! Walks the boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2), which HEIF, AVIF, CR3 and videos share.
//!
//! A box never reaches beyond the bytes it lies in, and a walk ends at the first that would: no length read from a file
//! is trusted.

/// One box: its type and its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaBox<'a> {
    /// Four-character type.
    pub kind: [u8; 4],
    /// The 16-byte extended type of a `uuid` box.
    pub extended: Option<[u8; 16]>,
    /// Position of the contents in the bytes that were walked.
    pub start: usize,
    /// Contents, without the box's header.
    pub contents: &'a [u8],
}

/// The boxes that lie one after the other in `bytes`. The last may be cut off by the end.
pub fn walk(bytes: &[u8]) -> impl Iterator<Item = MediaBox<'_>> {
    let mut at = 0usize;
    std::iter::from_fn(move || {
        let (found, next) = read_box(bytes, at)?;
        at = next;
        Some(found)
    })
}

/// The first box of type `kind` in `bytes`.
pub fn find<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<MediaBox<'a>> {
    walk(bytes).find(|found| found.kind == *kind)
}

/// The contents of the box that a path of types leads to.
pub fn descend<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |inner, kind| find(inner, kind).map(|found| found.contents))
}

/// The box at `at` and where the next one starts.
fn read_box(bytes: &[u8], at: usize) -> Option<(MediaBox<'_>, usize)> {
    let size = u64::from(read_u32(bytes, at)?);
    let kind: [u8; 4] = bytes.get(at + 4..at + 8)?.try_into().ok()?;
    let (mut header, size) = match size {
        0 => (8, (bytes.len() - at) as u64),
        1 => (16, read_u64(bytes, at + 8)?),
        _ => (8, size),
    };
    let mut extended = None;
    if &kind == b"uuid" {
        extended = bytes.get(at + header..at + header + 16)?.try_into().ok();
        header += 16;
    }
    let end = usize::try_from(size).ok()?.checked_add(at)?;
    let start = at + header;
    if end < start {
        return None;
    }
    let contents = bytes.get(start..end.min(bytes.len()))?;
    Some((MediaBox { kind, extended, start, contents }, end))
}

/// A big-endian 16-bit number at `at`.
pub fn read_u16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_be_bytes)
}

/// A big-endian 32-bit number at `at`.
pub fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

/// A big-endian 64-bit number at `at`.
pub fn read_u64(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn boxes_are_found_by_their_path_and_large_sizes_are_read() {
        let inner = b"\0\0\0\x0Aleafhi";
        let mut bytes = (8 + inner.len() as u32).to_be_bytes().to_vec();
        bytes.extend(b"tree");
        bytes.extend(inner);
        bytes.extend(b"\0\0\0\x01wide\0\0\0\0\0\0\0\x13abc");
        bytes.extend(b"\0\0\0\0restxyz");
        assert_eq!(descend(&bytes, &[b"tree", b"leaf"]), Some(&b"hi"[..]));
        assert_eq!(find(&bytes, b"wide").unwrap().contents, b"abc");
        assert_eq!(find(&bytes, b"rest").unwrap().contents, b"xyz");
        assert_eq!(descend(&bytes, &[b"tree", b"nope"]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_walked_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(walk(&bytes).count() <= bytes.len());
        }
    }
}
