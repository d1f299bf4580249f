//! Walks the boxes of the ISO base media format (ISO/IEC 14496-12 section 4.2) and of QuickTime files.
//!
//! A box never reaches past the one around it, every box counts as a part, and none is read before somebody asks for it.

use super::input::{Input, Trouble, malformed};

/// A box: its type and where its body lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Box {
    pub kind: [u8; 4],
    /// First byte of the body.
    pub start: u64,
    /// First byte past the body.
    pub end: u64,
    /// The box goes on past what is there.
    pub cut: bool,
}

impl Box {
    /// Bytes of the body.
    pub fn len(&self) -> u64 {
        self.end - self.start
    }

    /// The body, refused when it is larger than a block.
    pub fn body(&self, input: &mut Input<'_>) -> Result<Vec<u8>, Trouble> {
        match usize::try_from(self.len()) {
            Ok(len) => input.some(self.start, len),
            Err(_) => malformed("a box is larger than memory"),
        }
    }
}

/// The boxes between `start` and `end`; stops quietly at the first that is none, keeping those before.
pub(super) fn boxes(input: &mut Input<'_>, start: u64, end: u64) -> Result<Vec<Box>, Trouble> {
    let end = end.min(input.len());
    let mut found = Vec::new();
    let mut at = start;
    while at.saturating_add(8) <= end {
        input.visit()?;
        let head = input.some(at, 16)?;
        let Some(short) = super::input::Order::Big.u32(&head, 0) else { break };
        let kind = [head[4], head[5], head[6], head[7]];
        let (size, header) = match short {
            0 => (end - at, 8),
            1 => match super::input::Order::Big.u64(&head, 8) {
                Some(size) => (size, 16),
                None => break,
            },
            size => (u64::from(size), 8),
        };
        if size < header || kind == [0; 4] {
            break;
        }
        let stop = at.saturating_add(size).min(end);
        found.push(Box { kind, start: (at + header).min(stop), end: stop, cut: size > end - at });
        at = stop;
    }
    Ok(found)
}

/// The first box of a type.
pub(super) fn find(boxes: &[Box], kind: &[u8; 4]) -> Option<Box> {
    boxes.iter().copied().find(|found| found.kind == *kind)
}
