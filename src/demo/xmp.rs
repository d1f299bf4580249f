//! The XMP packet of a demo picture or clip: title, caption, keywords, rating, and who is where.
//!
//! Names of people also stand in IPTC's `PersonInImage`. How a packet is written is left to [`crate::xmp`].

use super::draw::canvas::Canvas;
use super::story::Moment;
use crate::xmp::{Packet, Region};

/// What a packet is about.
pub struct Subject<'a> {
    /// The title; empty for none.
    pub title: &'a str,
    /// The caption.
    pub caption: &'a str,
    /// Keywords.
    pub keywords: &'a [&'a str],
    /// Stars, 0 for none.
    pub rating: u8,
    /// The names of the people, those without a region too.
    pub people: Vec<&'a str>,
    /// Regions: name, type, and the box as shares of the picture: centre x, centre y, width, height.
    pub regions: Vec<(&'a str, &'static str, [f32; 4])>,
    /// The picture's width and height as displayed, for the regions.
    pub size: (u32, u32),
}

impl<'a> Subject<'a> {
    /// What there is to say about a moment that has been drawn.
    pub fn of(moment: &'a Moment, canvas: &'a Canvas) -> Self {
        let share = |value: f32, of: f32| (value / of).clamp(0.0, 1.0);
        let regions = canvas.faces.iter().map(|face| {
            let area =
                [share(face.x, canvas.w), share(face.y, canvas.h), share(face.w, canvas.w), share(face.h, canvas.h)];
            (face.name.as_str(), if face.pet { "Pet" } else { "Face" }, area)
        });
        Self {
            title: moment.title,
            caption: moment.caption,
            keywords: moment.keywords,
            rating: moment.rating,
            people: moment.cast.iter().map(|who| who.name).collect(),
            regions: regions.collect(),
            size: moment.size,
        }
    }
}

/// The packet of a demo picture.
pub fn packet(subject: &Subject<'_>) -> String {
    let regions = subject.regions.iter().map(|(name, kind, area)| Region {
        name,
        pet: *kind == "Pet",
        area: area.map(f64::from),
    });
    let packet = Packet {
        creator: "Recollect demo library",
        title: subject.title,
        description: subject.caption,
        keywords: subject.keywords.to_vec(),
        rating: Some(subject.rating).filter(|stars| *stars > 0),
        people: subject.people.clone(),
        regions: regions.collect(),
        size: subject.size,
        ..Packet::default()
    };
    packet.written()
}

/// The name that marks an APP1 segment as XMP (XMP part 3, section 1.1.3).
const HEADER: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// Puts a packet into a JPEG file, behind its EXIF segment.
///
/// # Errors
/// The reason, when `file` is no JPEG or the packet is larger than the 64 KB that a segment holds.
pub fn insert(file: &mut Vec<u8>, packet: &str) -> Result<(), String> {
    let length = u16::try_from(2 + HEADER.len() + packet.len())
        .map_err(|_| "the XMP packet is too large for a segment".to_owned())?;
    if !file.starts_with(&[0xff, 0xd8]) {
        return Err("this is not a JPEG file".to_owned());
    }
    let mut at = 2;
    if let Some(&[0xff, 0xe1, high, low]) = file.get(2..6) {
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    if at > file.len() {
        return Err("the EXIF segment does not end".to_owned());
    }
    let mut segment = vec![0xff, 0xe1];
    segment.extend_from_slice(&length.to_be_bytes());
    segment.extend_from_slice(HEADER);
    segment.extend_from_slice(packet.as_bytes());
    file.splice(at..at, segment);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject() -> Subject<'static> {
        Subject {
            title: "Cats & <dogs>",
            caption: "Mila's cat",
            keywords: &["cat", "dog & cat"],
            rating: 4,
            people: vec!["Mila"],
            regions: vec![("Mila", "Face", [0.5, 0.25, 0.1, 0.2]), ("Miso", "Pet", [0.7, 0.8, 0.2, 0.2])],
            size: (1600, 1200),
        }
    }

    #[test]
    fn a_packet_is_well_formed_and_says_what_it_was_told() {
        let packet = packet(&subject());
        let document = roxmltree::Document::parse(&packet).expect("well-formed XML");
        let texts = |name: &str| -> Vec<String> {
            let named = document.descendants().filter(|node| node.tag_name().name() == name);
            named
                .flat_map(|node| {
                    node.descendants()
                        .filter(|n| n.is_text())
                        .map(|n| n.text().unwrap_or_default().to_owned())
                        .collect::<Vec<_>>()
                })
                .collect()
        };
        assert_eq!(texts("title"), ["Cats & <dogs>"]);
        assert_eq!(texts("description"), ["Mila's cat"]);
        assert_eq!(texts("subject"), ["cat", "dog & cat"]);
        assert_eq!(texts("Rating"), ["4"]);
        assert_eq!(texts("PersonInImage"), ["Mila"]);
        assert_eq!(texts("Name"), ["Mila", "Miso"]);
        assert_eq!(texts("Type"), ["Face", "Pet"]);
        let area = document.descendants().find(|node| node.tag_name().name() == "Area").expect("an area");
        let value = |name: &str| area.attributes().find(|a| a.name() == name).map(|a| a.value().to_owned());
        assert_eq!(value("y").as_deref(), Some("0.25000"));
        assert_eq!(value("unit").as_deref(), Some("normalized"));
    }

    #[test]
    fn a_packet_goes_behind_the_exif_segment_and_into_nothing_but_a_jpeg() {
        let mut file = vec![0xff, 0xd8, 0xff, 0xe1, 0, 4, 7, 7, 0xff, 0xdb];
        insert(&mut file, "<x/>").expect("a JPEG");
        assert_eq!(&file[..8], &[0xff, 0xd8, 0xff, 0xe1, 0, 4, 7, 7], "EXIF stays first");
        assert_eq!(&file[8..10], &[0xff, 0xe1]);
        assert!(file.ends_with(&[b'<', b'x', b'/', b'>', 0xff, 0xdb]));
        assert!(insert(&mut b"GIF89a".to_vec(), "<x/>").is_err());
        assert!(insert(&mut vec![0xff, 0xd8], &"x".repeat(70_000)).is_err());
    }
}
