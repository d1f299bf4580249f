//! Small pictures with metadata, each unlike the others, and those of an invented family.

use std::path::Path;

use image::{Rgb, RgbImage};

use super::Home;

/// A picture as an engine is given it, without loss.
pub fn png(picture: &RgbImage) -> axum::body::Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner().into()
}

/// A picture that no other seed gives, with metadata in a sidecar.
#[derive(Default)]
pub struct Photo<'a> {
    pub seed: u32,
    pub taken: &'a str,
    pub description: &'a str,
    pub people: &'a [&'a str],
    pub keywords: &'a [&'a str],
    pub position: Option<(f64, f64)>,
    pub rating: u8,
}

impl Photo<'_> {
    pub fn write(&self, path: &Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        draw(self.seed).save(path).unwrap();
        self.describe(path);
    }

    /// Writes the metadata beside another picture.
    pub fn describe(&self, path: &Path) {
        std::fs::write(path.with_extension("xmp"), self.sidecar()).unwrap();
    }

    fn sidecar(&self) -> String {
        let bag = |words: &[&str]| words.iter().map(|word| format!("<rdf:li>{word}</rdf:li>")).collect::<String>();
        let mut attributes = format!("exif:DateTimeOriginal=\"{}\" xmp:Rating=\"{}\"", self.taken, self.rating);
        if let Some((lat, lon)) = self.position {
            let axis = |degrees: f64, positive, negative| {
                let whole = degrees.abs().trunc();
                format!(
                    "{whole},{:.6}{}",
                    (degrees.abs() - whole) * 60.0,
                    if degrees < 0.0 { negative } else { positive }
                )
            };
            let (lat, lon) = (axis(lat, 'N', 'S'), axis(lon, 'E', 'W'));
            attributes.push_str(&format!(" exif:GPSLatitude=\"{lat}\" exif:GPSLongitude=\"{lon}\""));
        }
        format!(
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
             <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" \
             xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" {attributes}>\
             <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:description>\
             <dc:subject><rdf:Bag>{}</rdf:Bag></dc:subject><Iptc4xmpExt:PersonInImage><rdf:Bag>{}</rdf:Bag></Iptc4xmpExt:PersonInImage>\
             </rdf:Description></rdf:RDF></x:xmpmeta>",
            self.description,
            bag(self.keywords),
            bag(self.people)
        )
    }
}

fn draw(seed: u32) -> RgbImage {
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let cells: Vec<[u8; 3]> = (0..64)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            [state as u8, (state >> 8) as u8, (state >> 16) as u8]
        })
        .collect();
    RgbImage::from_fn(320, 240, |x, y| Rgb(cells[(y / 30 * 8 + x / 40) as usize % 64]))
}

/// Pictures of an invented family: two people and their dog, a trip, a party, everyday life.
pub fn family(home: &Home) {
    let lofoten = (68.2342, 14.5636);
    let hamburg = (53.5511, 9.9937);
    let photos = home.photos();
    let write = |path: &str, photo: Photo<'_>| photo.write(&photos.join(path));
    write(
        "2023-07 Lofoten/L1.jpg",
        Photo {
            seed: 1,
            taken: "2023-07-10T10:00:00",
            description: "red cabins by the harbour",
            people: &["Ida"],
            position: Some(lofoten),
            rating: 5,
            ..Photo::default()
        },
    );
    write(
        "2023-07 Lofoten/L2.jpg",
        Photo {
            seed: 2,
            taken: "2023-07-11T21:30:00",
            description: "midnight sun over the sea",
            people: &["Ida", "Jonas"],
            position: Some(lofoten),
            ..Photo::default()
        },
    );
    write(
        "2023-07 Lofoten/L3.jpg",
        Photo {
            seed: 3,
            taken: "2023-07-12T09:00:00",
            description: "a fishing boat in the fjord",
            position: Some(lofoten),
            ..Photo::default()
        },
    );
    write(
        "2024-05-04 Jonas birthday/B1.jpg",
        Photo {
            seed: 4,
            taken: "2024-05-04T15:00:00",
            description: "chocolate cake with candles",
            people: &["Jonas"],
            keywords: &["birthday"],
            position: Some(hamburg),
            ..Photo::default()
        },
    );
    write(
        "Camera Roll/C1.jpg",
        Photo {
            seed: 5,
            taken: "2024-06-01T08:00:00",
            description: "the dog sleeps on the sofa",
            position: Some(hamburg),
            ..Photo::default()
        },
    );
    write(
        "Camera Roll/C2.jpg",
        Photo {
            seed: 6,
            taken: "2025-06-02T08:00:00",
            description: "breakfast on the balcony",
            people: &["Ida"],
            position: Some(hamburg),
            ..Photo::default()
        },
    );
}
