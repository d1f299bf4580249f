//! Reads TIFF files and the raw formats built on them: which format it is, and how large its picture.
//!
//! DNG, NEF, CR2, ARW, ORF, RW2, PEF and SRW are told apart by their magic numbers, tags and makers. The size is that
//! of the picture proper, not of its previews. EXIF in them is [`super::exif`]'s. Fuji's RAF and Canon's CRW, which are
//! no TIFF, follow.

use super::facts::{Facts, Role, Text};
use super::input::{Input, Limits, Order, Trouble, malformed};
use super::model::{Size, Source};
use super::tiff::{Directory, Tiff};
use super::{encoding, exif, jpeg, when};

/// Reads a TIFF file.
pub(super) fn read_tiff(input: &mut Input<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    let canon = input.some(8, 3)? == b"CR\x02";
    let mut tiff = Tiff::open(input, 0)?;
    let first = tiff.first;
    let main = tiff.directory(first)?;
    exif::read_main(&mut tiff, &main, facts)?;
    let mut all = Vec::new();
    sub_directories(&mut tiff, &main, &mut all);
    let mut next = main.next;
    all.insert(0, main);
    while next != 0 && all.len() < 16 {
        let Ok(directory) = tiff.directory(next) else { break };
        next = directory.next;
        sub_directories(&mut tiff, &directory, &mut all);
        all.push(directory);
    }
    let pictures: Vec<Picture> = all.iter().map(|directory| Picture::read(&mut tiff, directory)).collect();
    let dng = all[0].find(0xc612).is_some();
    facts.raw =
        dng || canon || matches!(tiff.magic, 0x4f52 | 0x5352 | 0x55) || pictures.iter().any(|picture| picture.sensor);
    facts.mime = mime(dng, canon, tiff.magic, facts).to_owned();
    let best = if facts.raw && !canon {
        let largest = pictures.iter().filter(|picture| picture.sensor).max_by_key(|picture| picture.area());
        largest.or_else(|| pictures.iter().max_by_key(|picture| picture.area()))
    } else {
        pictures.first()
    };
    if let Some(picture) = best {
        facts.size(picture.size.width, picture.size.height);
        facts.cropped = picture.crop;
    }
    if tiff.magic == 0x55 {
        panasonic_size(&mut tiff, &all[0], facts);
    }
    Ok(())
}

fn sub_directories(tiff: &mut Tiff<'_, '_>, directory: &Directory, all: &mut Vec<Directory>) {
    let Some(entry) = directory.find(0x014a) else { return };
    for offset in tiff.offsets(entry) {
        if all.len() < 16
            && let Ok(sub) = tiff.directory(offset)
        {
            all.push(sub);
        }
    }
}

/// One picture of a TIFF file.
struct Picture {
    size: Size,
    crop: Option<Size>,
    /// Its samples come from a sensor undeveloped.
    sensor: bool,
}

impl Picture {
    fn read(tiff: &mut Tiff<'_, '_>, directory: &Directory) -> Self {
        let mut whole = |tag: u16| directory.find(tag).and_then(|entry| tiff.unsigned(entry)).unwrap_or(0);
        let size = Size { width: whole(0x0100), height: whole(0x0101) };
        let (photometric, compression) = (whole(0x0106), whole(0x0103));
        // Colour filter array and linear raw; the makers' own compressions.
        let sensor =
            matches!(photometric, 32_803 | 34_892) || matches!(compression, 34_713 | 32_767 | 32_769 | 32_770 | 65_535);
        let crop = directory.find(0xc620).map(|entry| tiff.numbers(entry)).unwrap_or_default();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates; empty crops are refused"
        )]
        let crop = match crop[..] {
            [width, height] if width >= 1.0 && height >= 1.0 => {
                Some(Size { width: width as u32, height: height as u32 })
            }
            _ => None,
        };
        Self { size, crop, sensor }
    }

    fn area(&self) -> u64 {
        u64::from(self.size.width) * u64::from(self.size.height)
    }
}

fn mime(dng: bool, canon: bool, magic: u16, facts: &Facts) -> &'static str {
    let make = facts.makes.first().map(|make| make.value.to_ascii_lowercase()).unwrap_or_default();
    match magic {
        _ if dng => "image/x-adobe-dng",
        _ if canon => "image/x-canon-cr2",
        0x4f52 | 0x5352 => "image/x-olympus-orf",
        0x55 if make.starts_with("leica") => "image/x-leica-rwl",
        0x55 => "image/x-panasonic-rw2",
        _ if !facts.raw => "image/tiff",
        _ if make.starts_with("nikon") => "image/x-nikon-nef",
        _ if make.starts_with("sony") => "image/x-sony-arw",
        _ if make.starts_with("pentax") || make.starts_with("ricoh") => "image/x-pentax-pef",
        _ if make.starts_with("samsung") => "image/x-samsung-srw",
        _ => "image/x-raw",
    }
}

/// Panasonic gives the sensor's borders in place of a size: top, left, bottom, right.
fn panasonic_size(tiff: &mut Tiff<'_, '_>, main: &Directory, facts: &mut Facts) {
    let mut border = |tag: u16| main.find(tag).and_then(|entry| tiff.unsigned(entry));
    if let (Some(top), Some(left), Some(bottom), Some(right)) = (border(4), border(5), border(6), border(7)) {
        facts.size(right.saturating_sub(left), bottom.saturating_sub(top));
    }
}

/// Reads Fuji's RAF: a JPEG with the EXIF, and a table with the size.
pub(super) fn read_raf(input: &mut Input<'_>, limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    facts.mime = "image/x-fuji-raf".to_owned();
    facts.raw = true;
    let header = input.bytes(84, 16)?;
    let field = |index: usize| Order::Big.u32(&header, index * 4).unwrap_or(0);
    let (jpeg_at, table_at, table_len) = (field(0), field(2), field(3));
    let table = input.some(table_at.into(), (table_len as usize).min(64 * 1024))?;
    let mut at = 4;
    let mut full = None;
    for _ in 0..Order::Big.u32(&table, 0).unwrap_or(0).min(256) {
        let (Some(tag), Some(len)) = (Order::Big.u16(&table, at), Order::Big.u16(&table, at + 2)) else { break };
        let (Some(height), Some(width)) = (Order::Big.u16(&table, at + 4), Order::Big.u16(&table, at + 6)) else {
            break;
        };
        match tag {
            // The cropped picture, then the whole sensor.
            0x0111 => facts.size(width.into(), height.into()),
            0x0100 => full = Some((width, height)),
            _ => {}
        }
        at += 4 + usize::from(len);
    }
    if let Some((width, height)) = full {
        facts.size(width.into(), height.into());
    }
    jpeg::read(input, jpeg_at.into(), limits, facts)
}

/// Reads Canon's CRW: a heap whose directory stands at its end (CIFF specification 1.0).
pub(super) fn read_ciff(input: &mut Input<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    facts.mime = "image/x-canon-crw".to_owned();
    facts.raw = true;
    read_heap(input, facts)
}

/// Reads a CIFF block: a header, then the heap.
pub(super) fn read_heap(input: &mut Input<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    let header = input.bytes(0, 6)?;
    let start = Order::Little.u32(&header, 2).unwrap_or(0).into();
    let end = input.len();
    heap(input, start, end, 0, facts)
}

fn heap(input: &mut Input<'_>, start: u64, end: u64, depth: u8, facts: &mut Facts) -> Result<(), Trouble> {
    if depth > 8 || end < start.saturating_add(6) {
        return malformed("a heap is damaged");
    }
    input.visit()?;
    let table_at = start + u64::from(u32::from_le_bytes(input.array::<4>(end - 4)?));
    let count = u16::from_le_bytes(input.array::<2>(table_at)?);
    let table = input.some(table_at + 2, usize::from(count) * 10)?;
    for entry in table.chunks_exact(10) {
        let kind = Order::Little.u16(entry, 0).unwrap_or(0);
        let (len, offset) = (Order::Little.u32(entry, 2).unwrap_or(0), Order::Little.u32(entry, 6).unwrap_or(0));
        let at = start + u64::from(offset);
        match kind {
            _ if kind & 0x4000 != 0 => {}
            0x2800..=0x37ff => heap(input, at, at + u64::from(len), depth + 1, facts)?,
            0x080a => {
                let block = input.some(at, (len as usize).min(256))?;
                let mut names = block.split(|&byte| byte == 0).map(encoding::text);
                facts.text(Text::Make, "Make", &names.next().unwrap_or_default(), Source::Exif);
                facts.text(Text::Model, "Model", &names.next().unwrap_or_default(), Source::Exif);
            }
            0x0805 => {
                let block = input.some(at, (len as usize).min(4096))?;
                facts.text(Text::Description, "CIFF description", &encoding::c_text(&block), Source::Exif);
            }
            0x180e => {
                // Seconds since 1970 on the camera's own clock.
                let seconds = Order::Little.u32(&input.bytes(at, 4)?, 0).unwrap_or(0);
                if let Some(clock) = when::unix_seconds(seconds.into()) {
                    let taken = super::model::Taken::local(clock.local, clock.precision, None);
                    facts.time("CIFF TimeStamp", Role::Original, taken, Source::Exif);
                }
            }
            0x1810 => {
                let block = input.bytes(at, 16)?;
                let field = |index: usize| Order::Little.u32(&block, index * 4).unwrap_or(0);
                facts.size(field(0), field(1));
                let turn = match field(3).cast_signed().rem_euclid(360) {
                    90 => 6,
                    180 => 3,
                    270 => 8,
                    _ => 1,
                };
                facts.orientation(turn, Source::Exif);
            }
            _ => {}
        }
    }
    Ok(())
}
