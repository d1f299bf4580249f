//! Writes an XMP packet (ISO 16684-1): what is said of a medium, for a file beside it or within it.
//!
//! What must stay true: `ingest::metadata` reads back what is written here, and so do other programs, as everything stands
//! under the names that Adobe, the IPTC and the Metadata Working Group gave it. Regions are those of the Working Group
//! (Guidelines 2.0, section 5.9): centre and size as shares of the stored picture.

use std::fmt::Write;

use crate::xml::escaped;

/// Somebody in the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Region<'a> {
    /// Their name.
    pub name: &'a str,
    /// An animal.
    pub pet: bool,
    /// Centre x, centre y, width, height, as shares of the stored picture.
    pub area: [f64; 4],
}

/// Where the picture was taken, in words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// City.
    pub city: Option<&'a str>,
    /// State or province.
    pub region: Option<&'a str>,
    /// Country.
    pub country: Option<&'a str>,
    /// ISO 3166-1 alpha-2.
    pub country_code: Option<&'a str>,
}

/// What a packet says; what is empty is not said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Packet<'a> {
    /// The program that wrote it.
    pub creator: &'a str,
    /// The title.
    pub title: &'a str,
    /// The description.
    pub description: &'a str,
    /// Keywords.
    pub keywords: Vec<&'a str>,
    /// Stars.
    pub rating: Option<u8>,
    /// The names of the people, those without a region too.
    pub people: Vec<&'a str>,
    /// Who is where.
    pub regions: Vec<Region<'a>>,
    /// Width and height that the regions are shares of; 0 where nobody knows.
    pub size: (u32, u32),
    /// When it was taken, ISO 8601 as exactly as it is known: `2019`, `2019-07`, `2019-07-09T14:30:00+02:00`.
    pub taken: Option<String>,
    /// Degrees north, degrees east, metres above sea level.
    pub position: Option<(f64, f64, Option<f64>)>,
    /// The same in words.
    pub place: Place<'a>,
    /// EXIF's orientation, where a sidecar is to say it.
    pub orientation: Option<u8>,
}

const OPEN: &str = concat!(
    "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>",
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">",
    "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" ",
    "xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" ",
    "xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" ",
    "xmlns:Iptc4xmpCore=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\" ",
    "xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" ",
    "xmlns:mwg-rs=\"http://www.metadataworkinggroup.com/schemas/regions/\" ",
    "xmlns:stDim=\"http://ns.adobe.com/xap/1.0/sType/Dimensions#\" xmlns:stArea=\"http://ns.adobe.com/xmp/sType/Area#\">"
);
const CLOSE: &str = "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>";

impl Packet<'_> {
    /// The packet as a document.
    pub fn written(&self) -> String {
        let mut rdf = String::with_capacity(2048);
        rdf.push_str(OPEN);
        element(&mut rdf, "xmp:CreatorTool", self.creator);
        translated(&mut rdf, "dc:title", self.title);
        translated(&mut rdf, "dc:description", self.description);
        list(&mut rdf, "dc:subject", &self.keywords);
        if let Some(stars) = self.rating {
            element(&mut rdf, "xmp:Rating", &stars.to_string());
        }
        if let Some(taken) = &self.taken {
            element(&mut rdf, "exif:DateTimeOriginal", taken);
            element(&mut rdf, "photoshop:DateCreated", taken);
        }
        if let Some(orientation) = self.orientation {
            element(&mut rdf, "tiff:Orientation", &orientation.to_string());
        }
        self.whereabouts(&mut rdf);
        list(&mut rdf, "Iptc4xmpExt:PersonInImage", &self.people);
        self.who_is_where(&mut rdf);
        rdf.push_str(CLOSE);
        rdf
    }

    fn whereabouts(&self, rdf: &mut String) {
        if let Some((lat, lon, altitude)) = self.position {
            element(rdf, "exif:GPSLatitude", &coordinate(lat, 'N', 'S'));
            element(rdf, "exif:GPSLongitude", &coordinate(lon, 'E', 'W'));
            if let Some(metres) = altitude {
                element(rdf, "exif:GPSAltitude", &format!("{}/1000", (metres.abs() * 1000.0).round()));
                element(rdf, "exif:GPSAltitudeRef", if metres < 0.0 { "1" } else { "0" });
            }
        }
        element(rdf, "photoshop:City", self.place.city.unwrap_or_default());
        element(rdf, "photoshop:State", self.place.region.unwrap_or_default());
        element(rdf, "photoshop:Country", self.place.country.unwrap_or_default());
        element(rdf, "Iptc4xmpCore:CountryCode", self.place.country_code.unwrap_or_default());
    }

    fn who_is_where(&self, rdf: &mut String) {
        if self.regions.is_empty() {
            return;
        }
        rdf.push_str("<mwg-rs:Regions rdf:parseType=\"Resource\">");
        // Writing to a String cannot fail.
        if let (w @ 1.., h @ 1..) = self.size {
            let _ = write!(rdf, "<mwg-rs:AppliedToDimensions stDim:w=\"{w}\" stDim:h=\"{h}\" stDim:unit=\"pixel\"/>");
        }
        rdf.push_str("<mwg-rs:RegionList><rdf:Bag>");
        for Region { name, pet, area: [x, y, w, h] } in &self.regions {
            let kind = if *pet { "Pet" } else { "Face" };
            let _ = write!(
                rdf,
                "<rdf:li rdf:parseType=\"Resource\"><mwg-rs:Name>{}</mwg-rs:Name><mwg-rs:Type>{kind}</mwg-rs:Type>\
                 <mwg-rs:Area stArea:x=\"{x:.5}\" stArea:y=\"{y:.5}\" stArea:w=\"{w:.5}\" stArea:h=\"{h:.5}\" \
                 stArea:unit=\"normalized\"/></rdf:li>",
                escaped(name)
            );
        }
        rdf.push_str("</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>");
    }
}

fn element(rdf: &mut String, name: &str, text: &str) {
    if !text.is_empty() {
        let _ = write!(rdf, "<{name}>{}</{name}>", escaped(text));
    }
}

/// A text that could be there in several languages.
fn translated(rdf: &mut String, name: &str, text: &str) {
    if !text.is_empty() {
        let text = escaped(text);
        let _ = write!(rdf, "<{name}><rdf:Alt><rdf:li xml:lang=\"x-default\">{text}</rdf:li></rdf:Alt></{name}>");
    }
}

fn list(rdf: &mut String, name: &str, values: &[&str]) {
    if !values.is_empty() {
        let items: String = values.iter().map(|value| format!("<rdf:li>{}</rdf:li>", escaped(value))).collect();
        let _ = write!(rdf, "<{name}><rdf:Bag>{items}</rdf:Bag></{name}>");
    }
}

/// `43,5.15184000N` (XMP part 2, "GPSCoordinate").
fn coordinate(degrees: f64, positive: char, negative: char) -> String {
    let side = if degrees < 0.0 { negative } else { positive };
    let (whole, rest) = (degrees.abs().trunc(), degrees.abs().fract());
    format!("{whole},{:.8}{side}", rest * 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_well_formed_whatever_it_says() {
        let hostile = "</rdf:li>\u{0}&<!-- ]]> \"'";
        let packet = Packet {
            creator: hostile,
            title: hostile,
            description: hostile,
            keywords: vec![hostile],
            people: vec![hostile],
            regions: vec![Region { name: hostile, pet: false, area: [0.5, 0.25, 0.1, 0.2] }],
            place: Place { city: Some(hostile), ..Place::default() },
            ..Packet::default()
        };
        let written = packet.written();
        let document = roxmltree::Document::parse(&written).unwrap();
        for name in ["title", "description", "subject", "PersonInImage", "Name", "City"] {
            let node = document.descendants().find(|node| node.tag_name().name() == name).unwrap();
            let text: String =
                node.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect();
            assert_eq!(text, hostile.replace('\u{0}', ""), "{name}");
        }
    }

    #[test]
    fn what_is_empty_is_not_said() {
        let written = Packet { creator: "x", ..Packet::default() }.written();
        for name in ["dc:title>", "Rating", "GPS", "Regions>", "photoshop:City", "subject"] {
            assert!(!written.contains(name), "{name}");
        }
    }
}
