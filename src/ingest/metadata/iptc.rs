//! What IPTC-IIM says: captions, keywords, places, dates (IIM 4.2), and the Photoshop resources it comes wrapped in.
//!
//! Its character set is the one it declares (dataset 1:90); undeclared text is UTF-8 if it can be, else Windows-1252.
//! Never fails: it stops at the first byte that starts no dataset.

use super::encoding;
use super::facts::{Facts, Role, Text};
use super::input::Order;
use super::model::{PlaceNames, Source};
use super::when;

/// Reads Photoshop's image resources and the IPTC among them (Adobe Photoshop File Formats, "Image Resource Blocks").
pub(super) fn read_photoshop(block: &[u8], facts: &mut Facts) {
    let mut at = 0;
    while let Some(signature) = block.get(at..at + 4) {
        if !matches!(signature, b"8BIM" | b"PHUT" | b"DCSR" | b"AgHg" | b"MeSa") {
            break;
        }
        let Some(id) = Order::Big.u16(block, at + 4) else { break };
        let name = usize::from(block.get(at + 6).copied().unwrap_or(0));
        // The name and its length byte are padded to an even count.
        let size_at = at + 6 + (name + 2) / 2 * 2;
        let Some(size) = Order::Big.u32(block, size_at).and_then(|size| usize::try_from(size).ok()) else { break };
        let start = size_at + 4;
        let end = start.saturating_add(size).min(block.len());
        if id == 0x0404 {
            read(block.get(start..end).unwrap_or_default(), facts);
        }
        at = start.saturating_add(size).saturating_add(size % 2);
    }
}

/// Reads a run of IIM datasets.
pub(super) fn read(block: &[u8], facts: &mut Facts) {
    let mut utf8 = None;
    let mut record = Record::default();
    let mut at = 0;
    while block.get(at) == Some(&0x1c) {
        let (Some(&section), Some(&dataset)) = (block.get(at + 1), block.get(at + 2)) else { break };
        let Some((start, len)) = length(block, at + 3) else { break };
        let Some(raw) = block.get(start..start.saturating_add(len).min(block.len())) else { break };
        match (section, dataset) {
            (1, 90) => utf8 = Some(raw == b"\x1b%G"),
            (2, _) => record.take(dataset, &decode(raw, utf8), facts),
            _ => {}
        }
        at = start.saturating_add(len);
    }
    record.note(facts);
}

/// Start and length of a dataset's value; a length of more than 32767 is written as a length of a length.
fn length(block: &[u8], at: usize) -> Option<(usize, usize)> {
    let short = Order::Big.u16(block, at)?;
    if short & 0x8000 == 0 {
        return Some((at + 2, usize::from(short)));
    }
    let bytes = block.get(at + 2..at + 2 + usize::from(short & 0x7fff))?;
    if bytes.len() > 4 {
        return None;
    }
    let len = bytes.iter().fold(0_usize, |sum, &byte| sum << 8 | usize::from(byte));
    Some((at + 2 + bytes.len(), len))
}

fn decode(raw: &[u8], utf8: Option<bool>) -> String {
    match utf8 {
        Some(true) => String::from_utf8_lossy(raw).into_owned(),
        _ => encoding::text(raw),
    }
}

/// What is put together from several datasets.
#[derive(Default)]
struct Record {
    place: PlaceNames,
    created: [Option<String>; 2],
    digitized: [Option<String>; 2],
}

impl Record {
    fn take(&mut self, dataset: u8, text: &str, facts: &mut Facts) {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        if text.is_empty() {
            return;
        }
        let owned = Some(text.to_owned());
        match dataset {
            5 => facts.text(Text::Title, "ObjectName", text, Source::Iptc),
            25 => facts.keyword("Keywords", &[text], Source::Iptc),
            55 => self.created[0] = owned,
            60 => self.created[1] = owned,
            62 => self.digitized[0] = owned,
            63 => self.digitized[1] = owned,
            80 => facts.value("By-line", text, Source::Iptc),
            90 => self.place.city = owned,
            92 => self.place.location = owned,
            95 => self.place.state = owned,
            100 => self.place.country_code = owned,
            101 => self.place.country = owned,
            105 => facts.value("Headline", text, Source::Iptc),
            116 => facts.value("CopyrightNotice", text, Source::Iptc),
            120 => facts.text(Text::Description, "Caption-Abstract", text, Source::Iptc),
            _ => {}
        }
    }

    fn note(self, facts: &mut Facts) {
        facts.place(self.place, Source::Iptc);
        let times =
            [("DateCreated", Role::Original, self.created), ("DigitalCreationDate", Role::Created, self.digitized)];
        for (name, role, [date, time]) in times {
            if let Some(taken) = date.and_then(|date| when::iptc(&date, time.as_deref())) {
                facts.time(name, role, taken, Source::Iptc);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset(section: u8, dataset: u8, value: &[u8]) -> Vec<u8> {
        let len = u16::try_from(value.len()).unwrap().to_be_bytes();
        [&[0x1c, section, dataset], &len[..], value].concat()
    }

    #[test]
    fn datasets_are_read_in_their_character_set() {
        let block = [
            dataset(1, 90, b"\x1b%G"),
            dataset(2, 25, "Käfer".as_bytes()),
            dataset(2, 55, b"20190609"),
            dataset(2, 60, b"145929+1000"),
            dataset(2, 90, "Köln".as_bytes()),
        ]
        .concat();
        let mut facts = Facts::default();
        read(&block, &mut facts);
        assert_eq!(facts.keywords[0].value, ["Käfer"]);
        assert_eq!(facts.places[0].value.city.as_deref(), Some("Köln"));
        assert_eq!(facts.times[0].taken.local.to_string(), "2019-06-09T14:59:29");
        let mut old = Facts::default();
        read(&dataset(2, 25, b"K\xe4fer"), &mut old);
        assert_eq!(old.keywords[0].value, ["Käfer"], "undeclared and not UTF-8");
    }

    #[test]
    fn resources_with_names_of_odd_length_are_skipped_right() {
        let iptc = dataset(2, 25, b"a");
        let mut block = b"8BIM\x04\x25\x03abc\x00\x00\x00\x01x\0".to_vec();
        block.extend_from_slice(b"8BIM\x04\x04\0\0\0\0\0");
        block.push(u8::try_from(iptc.len()).unwrap());
        block.extend_from_slice(&iptc);
        let mut facts = Facts::default();
        read_photoshop(&block, &mut facts);
        assert_eq!(facts.keywords.len(), 1);
    }
}
