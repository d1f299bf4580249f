//! Finds the film hung on behind a still: Google's motion photos and Samsung's trailer.
//!
//! A film is only noted where a file type box truly stands at its start. Uses what the XMP reader noted of lengths.

use super::facts::Facts;
use super::input::{Input, Order, Trouble};
use super::model::Source;

/// Notes the film behind the still in `input`, if there is one.
pub(super) fn find(input: &mut Input<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    let lengths: Vec<(u64, Source)> = facts
        .values
        .iter()
        .filter(|value| matches!(value.name.as_str(), "GCamera:MicroVideoOffset" | "Item:Length"))
        .filter_map(|value| Some((value.value.trim().parse().ok()?, value.source)))
        .take(4)
        .collect();
    for (length, source) in lengths {
        let Some(offset) = input.len().checked_sub(length) else { continue };
        if length > 8 && is_film(input, offset)? {
            facts.motion(offset, length, source);
            return Ok(());
        }
    }
    samsung(input, facts)
}

fn is_film(input: &mut Input<'_>, offset: u64) -> Result<bool, Trouble> {
    Ok(input.some(offset, 12)?.get(4..8) == Some(b"ftyp"))
}

/// Samsung's trailer: a directory `SEFH` of blocks, counted backwards from itself, and its length before `SEFT` at the end.
fn samsung(input: &mut Input<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    let Some(tail_at) = input.len().checked_sub(8) else { return Ok(()) };
    let tail = input.some(tail_at, 8)?;
    if tail.get(4..8) != Some(b"SEFT") {
        return Ok(());
    }
    let len = Order::Little.u32(&tail, 0).unwrap_or(0).min(64 * 1024);
    let Some(directory_at) = tail_at.checked_sub(u64::from(len)) else { return Ok(()) };
    let directory = input.some(directory_at, len as usize)?;
    if !directory.starts_with(b"SEFH") {
        return Ok(());
    }
    let count = Order::Little.u32(&directory, 8).unwrap_or(0).min(256) as usize;
    for index in 0..count {
        let entry = 12 + index * 12;
        let (Some(back), Some(size)) =
            (Order::Little.u32(&directory, entry + 4), Order::Little.u32(&directory, entry + 8))
        else {
            break;
        };
        let Some(block_at) = directory_at.checked_sub(u64::from(back)) else { continue };
        let head = input.some(block_at, 64)?;
        let name_len = Order::Little.u32(&head, 4).unwrap_or(0) as usize;
        if head.get(8..8usize.saturating_add(name_len)) != Some(b"MotionPhoto_Data") {
            continue;
        }
        let offset = block_at + 8 + name_len as u64;
        let length = u64::from(size).saturating_sub(8 + name_len as u64);
        if is_film(input, offset)? {
            facts.motion(offset, length, Source::Container);
            return Ok(());
        }
    }
    Ok(())
}
