//! Reads `.picasa.ini`: stars, captions, keywords and named faces of the pictures in its folder.
//!
//! Faces are `rect64(…)`: four 16-bit fractions left, top, right, bottom of the upright picture in hexadecimal; names come
//! from the file's own list of contacts.

use std::collections::HashMap;

use super::encoding;
use super::facts::{Facts, RegionFact, Text};
use super::model::{Region, Source, SubjectKind};
use super::xmp_regions::bounded;

/// Notes what the file says of the medium with this name.
pub(super) fn read(block: &[u8], medium: &str, facts: &mut Facts) {
    let text = encoding::marked(block);
    let mut section = "";
    let mut contacts: HashMap<&str, &str> = HashMap::new();
    let mut own: Vec<(&str, &str)> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
        } else if let Some((key, value)) = line.split_once('=') {
            if matches!(section, "Contacts" | "Contacts2") {
                contacts.insert(key, value.split(';').next().unwrap_or_default());
            } else if section.eq_ignore_ascii_case(medium) {
                own.push((key, value));
            }
        }
    }
    let source = Source::PicasaIni;
    for (key, value) in own {
        match key {
            "star" => facts.favorite(value == "yes", source),
            "caption" => facts.text(Text::Description, "caption", value, source),
            "keywords" => value.split(',').for_each(|keyword| facts.keyword("keywords", &[keyword], source)),
            "faces" => {
                for face in value.split(';').take(256) {
                    let Some((rectangle, id)) = face.split_once(',') else { continue };
                    let name = contacts.get(id).map(|name| (*name).to_owned());
                    let fact = RegionFact {
                        name,
                        kind: SubjectKind::Person,
                        region: rectangle64(rectangle),
                        upright: true,
                        source,
                    };
                    facts.person("faces", fact);
                }
            }
            _ => {}
        }
    }
}

fn rectangle64(text: &str) -> Option<Region> {
    let digits = text.strip_prefix("rect64(")?.strip_suffix(')')?;
    let packed = u64::from_str_radix(digits, 16).ok()?;
    let edge = |shift: u32| f64::from(u32::try_from(packed >> shift & 0xffff).unwrap_or(0)) / 65_535.0;
    let (left, top, right, bottom) = (edge(48), edge(32), edge(16), edge(0));
    bounded(Region { x: left, y: top, w: right - left, h: bottom - top })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faces_take_their_names_from_the_contacts() {
        let ini = b"[Contacts2]\r\n1b2c=Anna Maria;;\r\n[IMG_1.JPG]\r\nfaces=rect64(3fff7fff7fffffff),1b2c\r\nstar=yes\r\ncaption=At sea\r\n[IMG_2.JPG]\r\ncaption=No\r\n";
        let mut facts = Facts::default();
        read(ini, "img_1.jpg", &mut facts);
        assert_eq!(facts.people[0].name.as_deref(), Some("Anna Maria"));
        let region = facts.people[0].region.unwrap();
        assert!((region.x - 0.25).abs() < 1e-3 && (region.h - 0.5).abs() < 1e-3, "{region:?}");
        assert_eq!(facts.descriptions.len(), 1);
        assert!(facts.favorites[0].value);
    }
}
