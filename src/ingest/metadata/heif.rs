//! Reads HEIC, HEIF and AVIF pictures and Canon's CR3: items, their properties, EXIF and XMP (ISO/IEC 23008-12, 14496-12).
//!
//! Size and orientation are those that decoders show: the primary item's extent, turned by its own rotation and mirror
//! properties. The EXIF orientation repeats them, when its writer was careful, and never counts (23008-12 section 6.5.10).

use super::boxes::{Box, boxes, find};
use super::exif;
use super::facts::Facts;
use super::input::{Input, Limits, Order, Trouble, malformed};
use super::model::{Size, Source};
use super::orientation;
use super::tiff::Tiff;

const XMP_UUID: &[u8] = b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";
const C2PA_UUID: &[u8] = b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81";
const CANON_UUID: &[u8] = b"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";

/// Reads a still picture in boxes.
pub(super) fn read(input: &mut Input<'_>, limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    let end = input.len();
    let top = boxes(input, 0, end)?;
    facts.mime = match find(&top, b"ftyp").map(|ftyp| ftyp.body(input)).transpose()? {
        Some(brands) if brands.chunks_exact(4).any(|brand| matches!(brand, b"avif" | b"avis")) => "image/avif",
        Some(brands) if brands.starts_with(b"mif1") && !brands.chunks_exact(4).any(|brand| brand == b"heic") => {
            "image/heif"
        }
        _ => "image/heic",
    }
    .to_owned();
    if let Some(moov) = find(&top, b"moov") {
        // A sequence of pictures: its track tells the length, and the size where there is no primary picture.
        let mut track = Facts::default();
        let outcome = super::movie::read_moov(input, moov, limits, &mut track).map(drop);
        facts.survive("sequence", outcome)?;
        facts.duration_s = track.duration_s;
        facts.times.extend(track.times);
        if find(&top, b"meta").is_none() {
            facts.size = track.size;
        }
    }
    match find(&top, b"meta") {
        Some(meta) => read_meta(input, meta, limits, facts)?,
        None if facts.size.is_none() => return malformed("it has no item list"),
        None => {}
    }
    credentials(input, &top, facts)?;
    // The film of a motion photo has a box of its own here.
    if let Some(film) = find(&top, b"mpvd").filter(|film| film.len() > 8) {
        facts.motion(film.start, film.len(), Source::Container);
        return Ok(());
    }
    super::motion::find(input, facts)
}

/// Reads the Content Credentials of a file of boxes (C2PA 2.1, annex A.5): version and flags, what the box is for, where
/// a tree of hashes lies, then the store.
pub(super) fn credentials(input: &mut Input<'_>, top: &[Box], facts: &mut Facts) -> Result<(), Trouble> {
    for part in top.iter().filter(|part| part.kind == *b"uuid" && part.len() > 28) {
        if input.some(part.start, 16)? != C2PA_UUID {
            continue;
        }
        let outcome = part.body(input).map(|body| {
            let rest = body.get(20..).unwrap_or_default();
            let purpose = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
            if rest.starts_with(b"manifest\0") {
                super::jumbf::read(rest.get(purpose + 9..).unwrap_or_default(), facts);
            }
        });
        facts.survive("Content Credentials", outcome)?;
    }
    Ok(())
}

/// An item: its number, type, and content type if it is a MIME item.
struct Item {
    id: u32,
    kind: [u8; 4],
    content: Vec<u8>,
}

fn read_meta(input: &mut Input<'_>, meta: Box, limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    let parts = boxes(input, meta.start + 4, meta.end)?;
    let primary = match find(&parts, b"pitm").map(|pitm| pitm.body(input)).transpose()? {
        Some(body) if body.first() == Some(&0) => Order::Big.u16(&body, 4).map(u32::from),
        Some(body) => Order::Big.u32(&body, 4),
        None => None,
    };
    if let (Some(primary), Some(iprp)) = (primary, find(&parts, b"iprp")) {
        let outcome = properties(input, iprp, primary, facts);
        facts.survive("item properties", outcome)?;
    }
    let items = match find(&parts, b"iinf") {
        Some(iinf) => item_list(input, iinf)?,
        None => Vec::new(),
    };
    let locations = find(&parts, b"iloc").map(|iloc| iloc.body(input)).transpose()?.unwrap_or_default();
    let idat = find(&parts, b"idat");
    for item in items.iter().take(1000) {
        let xmp = item.kind == *b"mime" && item.content.starts_with(b"application/rdf+xml");
        if item.kind != *b"Exif" && !xmp {
            continue;
        }
        let Some(extents) = extents(&locations, item.id) else { continue };
        let block = match gather(input, &extents, idat) {
            Ok(block) => block,
            outcome => {
                facts.survive("item", outcome.map(drop))?;
                continue;
            }
        };
        let outcome = if xmp { super::xmp::read(&block, Source::Xmp, facts) } else { exif_item(block, limits, facts) };
        facts.survive(if xmp { "XMP" } else { "EXIF" }, outcome)?;
    }
    Ok(())
}

/// An EXIF item: how many bytes come before the TIFF header, then those, then the structure (23008-12 annex A.2.1).
pub(super) fn exif_item(block: Vec<u8>, limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    let skip = Order::Big.u32(&block, 0).map_or(usize::MAX, |skip| skip as usize);
    let announced = skip.checked_add(4).and_then(|start| block.get(start..)).unwrap_or_default();
    let is_tiff = |part: &[u8]| part.starts_with(b"II*\0") || part.starts_with(b"MM\0*");
    let start = if is_tiff(announced) {
        skip + 4
    } else {
        // Some writers forget the count or leave the JPEG header in.
        match block.windows(4).take(64).position(is_tiff) {
            Some(start) => start,
            None => return malformed("it has no TIFF header"),
        }
    };
    exif::read(&mut Input::memory(block.get(start..).unwrap_or_default().to_vec(), limits), 0, facts)
}

fn item_list(input: &mut Input<'_>, iinf: Box) -> Result<Vec<Item>, Trouble> {
    let version = input.array::<1>(iinf.start)?[0];
    let first = iinf.start + if version == 0 { 6 } else { 8 };
    let mut items = Vec::new();
    for entry in boxes(input, first, iinf.end)?.iter().filter(|entry| entry.kind == *b"infe") {
        let body = input.some(entry.start, usize::try_from(entry.len()).unwrap_or(0).min(256))?;
        let (id, rest) = match body.first() {
            Some(2) => (Order::Big.u16(&body, 4).map(u32::from), body.get(8..)),
            Some(3) => (Order::Big.u32(&body, 4), body.get(10..)),
            _ => continue,
        };
        let (Some(id), Some(rest)) = (id, rest) else { continue };
        let Some(kind) = rest.get(..4).and_then(|kind| <[u8; 4]>::try_from(kind).ok()) else { continue };
        let content = rest.get(4..).unwrap_or_default().split(|&byte| byte == 0).nth(1).unwrap_or_default().to_vec();
        items.push(Item { id, kind, content });
    }
    Ok(items)
}

/// Where the parts of an item lie: in the file, or in the item data box.
struct Extents {
    in_idat: bool,
    parts: Vec<(u64, u64)>,
}

/// The extents of an item by the location box (ISO/IEC 14496-12 section 8.11.3).
fn extents(iloc: &[u8], wanted: u32) -> Option<Extents> {
    let version = *iloc.first()?;
    let sizes = Order::Big.u16(iloc, 4)?;
    let width = |shift: u16| usize::from(sizes >> shift & 15);
    let (offset_width, length_width, base_width) = (width(12), width(8), width(4));
    let index_width = if version == 0 { 0 } else { width(0) };
    let mut at = 6_usize;
    let mut take = |width: usize| -> Option<u64> {
        let bytes = iloc.get(at..at.checked_add(width)?)?;
        at += width;
        (width <= 8).then(|| bytes.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte)))
    };
    let id_width = if version < 2 { 2 } else { 4 };
    for _ in 0..take(id_width)? {
        let id = take(id_width)?;
        let method = if version == 0 { 0 } else { take(2)? & 15 };
        take(2)?;
        let base = take(base_width)?;
        let mut parts = Vec::new();
        for _ in 0..take(2)? {
            take(index_width)?;
            let (offset, length) = (take(offset_width)?, take(length_width)?);
            if parts.len() < 64 {
                parts.push((base.saturating_add(offset), length));
            }
        }
        if id == u64::from(wanted) && method < 2 {
            return Some(Extents { in_idat: method == 1, parts });
        }
    }
    None
}

fn gather(input: &mut Input<'_>, extents: &Extents, idat: Option<Box>) -> Result<Vec<u8>, Trouble> {
    let base = match (extents.in_idat, idat) {
        (true, Some(idat)) => idat.start,
        (true, None) => return malformed("it has no item data"),
        (false, _) => 0,
    };
    let mut block = Vec::new();
    for &(offset, length) in &extents.parts {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if block.len().saturating_add(length) > input.block() {
            return malformed("an item is past the limit");
        }
        block.extend(input.bytes(base.saturating_add(offset), length)?);
    }
    Ok(block)
}

/// Size, crop, rotation and mirror of the primary item, in the order in which they are attached.
fn properties(input: &mut Input<'_>, iprp: Box, primary: u32, facts: &mut Facts) -> Result<(), Trouble> {
    let parts = boxes(input, iprp.start, iprp.end)?;
    let Some(ipco) = find(&parts, b"ipco") else { return malformed("they are missing") };
    let all = boxes(input, ipco.start, ipco.end)?;
    let mut turn = 1;
    for ipma in parts.iter().filter(|part| part.kind == *b"ipma") {
        let body = ipma.body(input)?;
        for index in associated(&body, primary).unwrap_or_default() {
            let Some(property) = index.checked_sub(1).and_then(|index| all.get(index)) else { continue };
            let value = input.some(property.start, 64)?;
            let field = |at| Order::Big.u32(&value, at).unwrap_or(0);
            match &property.kind {
                b"ispe" => facts.size(field(4), field(8)),
                b"clap" => facts.cropped = cropped(&value),
                // Quarter turns to the left.
                b"irot" => {
                    let turns = value.first().copied().unwrap_or(0) & 3;
                    turn = orientation::then(turn, [1, 8, 3, 6][usize::from(turns)]);
                }
                // 0 exchanges top and bottom, 1 left and right.
                b"imir" => {
                    turn = orientation::then(turn, if value.first().copied().unwrap_or(0) & 1 == 0 { 4 } else { 2 })
                }
                _ => {}
            }
        }
    }
    facts.orientation(turn.into(), Source::Container);
    Ok(())
}

/// The visible part of the picture (14496-12 section 12.1.4): width and height as fractions.
fn cropped(value: &[u8]) -> Option<Size> {
    let side =
        |at: usize| Order::Big.u32(value, at)?.checked_div(Order::Big.u32(value, at + 4)?).filter(|&side| side > 0);
    Some(Size { width: side(0)?, height: side(8)? })
}

/// Numbers (from 1) of the properties of an item (23008-12 section 9.3.2).
fn associated(ipma: &[u8], wanted: u32) -> Option<Vec<usize>> {
    let (version, wide) = (*ipma.first()?, ipma.get(3)? & 1 == 1);
    let count = Order::Big.u32(ipma, 4)?;
    let mut at = 8;
    for _ in 0..count {
        let id = if version == 0 { Order::Big.u16(ipma, at).map(u32::from)? } else { Order::Big.u32(ipma, at)? };
        at += if version == 0 { 2 } else { 4 };
        let entries = usize::from(*ipma.get(at)?);
        at += 1;
        let width = if wide { 2 } else { 1 };
        let list = ipma.get(at..at.checked_add(entries * width)?)?;
        at += entries * width;
        if id == wanted {
            let number = |raw: &[u8]| match *raw {
                [high, low] => usize::from(high & 0x7f) << 8 | usize::from(low),
                [only] => usize::from(only & 0x7f),
                _ => 0,
            };
            return Some(list.chunks_exact(width).map(number).collect());
        }
    }
    None
}

/// Reads Canon's CR3: TIFF structures in a box of Canon's own (as documented by the libraw and canon_cr3 projects).
pub(super) fn read_cr3(input: &mut Input<'_>, limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    facts.mime = "image/x-canon-cr3".to_owned();
    facts.raw = true;
    let end = input.len();
    let top = boxes(input, 0, end)?;
    for uuid in top.iter().filter(|found| found.kind == *b"uuid") {
        if input.some(uuid.start, 16)? == XMP_UUID {
            let packet =
                input.some(uuid.start + 16, usize::try_from(uuid.len().saturating_sub(16)).unwrap_or(usize::MAX))?;
            let outcome = super::xmp::read(&packet, Source::Xmp, facts);
            facts.survive("XMP", outcome)?;
        }
    }
    let Some(moov) = find(&top, b"moov") else { return malformed("it has no index") };
    for uuid in boxes(input, moov.start, moov.end)?.iter().filter(|found| found.kind == *b"uuid") {
        if input.some(uuid.start, 16)? != CANON_UUID {
            continue;
        }
        for part in boxes(input, uuid.start + 16, uuid.end)? {
            if matches!(&part.kind, b"CMT1" | b"CMT2" | b"CMT4") {
                let block = part.body(input)?;
                let outcome = canon_part(part.kind, block, limits, facts);
                facts.survive("Canon metadata", outcome)?;
            }
        }
    }
    Ok(())
}

fn canon_part(kind: [u8; 4], block: Vec<u8>, limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    let mut block = Input::memory(block, limits);
    let mut tiff = Tiff::open(&mut block, 0)?;
    let first = tiff.first;
    let directory = tiff.directory(first)?;
    if kind == *b"CMT4" {
        exif::gps(&mut tiff, &directory, facts);
        return Ok(());
    }
    if let (Some(width), Some(height)) = (directory.find(0x100), directory.find(0x101)) {
        facts.size(tiff.unsigned(width).unwrap_or(0), tiff.unsigned(height).unwrap_or(0));
    }
    exif::read_main(&mut tiff, &directory, facts)
}

/// Whether a `uuid` box holds XMP.
pub(super) fn is_xmp_uuid(head: &[u8]) -> bool {
    head == XMP_UUID
}
