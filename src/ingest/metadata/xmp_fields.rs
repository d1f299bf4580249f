//! What XMP properties mean: texts, keywords, ratings, times, positions, places, camera (XMP parts 1 and 2, IPTC Photo
//! Metadata 2021, exif 2.32 for XMP, and the names that Lightroom, digiKam, Microsoft, ACDSee and Google add).
//!
//! Only reads a tree of properties. People and regions are left to [`super::xmp_regions`].

use super::facts::{Facts, Role, Text};
use super::model::{Exposure, PlaceNames, Precision, Source, Taken};
use super::when;
use super::xmp::{Value, number};

/// Notes what the properties say.
pub(super) fn note(properties: &Value, source: Source, facts: &mut Facts) {
    texts(properties, source, facts);
    times(properties, source, facts);
    keywords(properties, source, facts);
    ratings(properties, source, facts);
    position(properties, source, facts);
    place(properties, source, facts);
    exposure(properties, source, facts);
    motion(properties, source, facts);
}

fn texts(properties: &Value, source: Source, facts: &mut Facts) {
    let fields = [
        (Text::Title, "dc:title"),
        (Text::Title, "acdsee:caption"),
        (Text::Description, "dc:description"),
        (Text::Description, "acdsee:notes"),
        (Text::Description, "tiff:ImageDescription"),
        (Text::Make, "tiff:Make"),
        (Text::Model, "tiff:Model"),
        (Text::Lens, "exifEX:LensModel"),
        (Text::Lens, "aux:Lens"),
        (Text::Projection, "GPano:ProjectionType"),
    ];
    for (field, name) in fields {
        if let Some(text) = properties.field_text(name) {
            facts.text(field, name, text, source);
        }
    }
    let noted = [
        "photoshop:Headline",
        "photoshop:Credit",
        "dc:creator",
        "dc:rights",
        "xmp:CreatorTool",
        "exif:UserComment",
        "Iptc4xmpExt:DigitalSourceType",
        "Iptc4xmpExt:DigitalSourcefileType",
    ];
    for name in noted {
        if let Some(text) = properties.field_text(name) {
            facts.screenshot |= name == "exif:UserComment" && text == "Screenshot";
            facts.value(name, text, source);
        }
    }
    if let Some(turn) = properties.field_number("tiff:Orientation") {
        #[expect(clippy::cast_possible_truncation, reason = "out of range is no orientation either way")]
        facts.orientation(turn as i64, source);
    }
}

fn times(properties: &Value, source: Source, facts: &mut Facts) {
    let fields = [
        ("exif:DateTimeOriginal", Role::Original),
        ("photoshop:DateCreated", Role::Original),
        ("exif:DateTimeDigitized", Role::Created),
        ("xmp:CreateDate", Role::Created),
        ("acdsee:datetime", Role::Created),
        ("xmp:ModifyDate", Role::Modified),
        ("tiff:DateTime", Role::Modified),
    ];
    for (name, role) in fields {
        let Some(taken) = properties.field_text(name).and_then(when::parse) else { continue };
        facts.time(name, role, taken, source);
    }
    // XMP joins the two GPS tags of EXIF into one time, which is UTC with or without saying so.
    if let Some(fix) = properties.field_text("exif:GPSTimeStamp").and_then(when::parse)
        && fix.precision == Precision::Second
    {
        let instant = fix.instant.or_else(|| jiff::tz::Offset::UTC.to_timestamp(fix.local).ok());
        if let Some(instant) = instant {
            facts.time("exif:GPSTimeStamp", Role::Fix, Taken::utc(instant), source);
        }
    }
}

fn keywords(properties: &Value, source: Source, facts: &mut Facts) {
    let flat = ["dc:subject", "acdsee:keywords"];
    let hierarchies = [
        ("lr:hierarchicalSubject", '|'),
        ("digiKam:TagsList", '/'),
        ("MicrosoftPhoto:LastKeywordXMP", '/'),
        ("MicrosoftPhoto:LastKeywordIPTC", '/'),
    ];
    for name in flat {
        for keyword in properties.field(name).map(Value::texts).unwrap_or_default() {
            facts.keyword(name, &[keyword], source);
        }
    }
    for (name, separator) in hierarchies {
        for path in properties.field(name).map(Value::texts).unwrap_or_default() {
            let steps: Vec<&str> = path.split(separator).collect();
            facts.keyword(name, &steps, source);
        }
    }
    if let Some(tree) = properties.field("mwg-kw:Keywords").and_then(|info| info.field("mwg-kw:Hierarchy")) {
        keyword_tree(tree, &mut Vec::new(), source, facts);
    }
}

/// The keyword tree of the Metadata Working Group (guidelines 2.0, section 5.9): every node is a keyword.
fn keyword_tree<'v>(nodes: &'v Value, path: &mut Vec<&'v str>, source: Source, facts: &mut Facts) {
    for node in nodes.items() {
        let Some(keyword) = node.field_text("mwg-kw:Keyword") else { continue };
        path.push(keyword);
        match node.field("mwg-kw:Children") {
            Some(children) if path.len() < 16 => keyword_tree(children, path, source, facts),
            _ => facts.keyword("mwg-kw:Keywords", path, source),
        }
        path.pop();
    }
}

fn ratings(properties: &Value, source: Source, facts: &mut Facts) {
    for name in ["xmp:Rating", "acdsee:rating"] {
        if let Some(stars) = properties.field_number(name) {
            facts.rating(name, stars, source);
        }
    }
    // Microsoft counts to 99: 1, 25, 50, 75, 99.
    if let Some(percent) = properties.field_number("MicrosoftPhoto:Rating") {
        let stars = if percent <= 0.0 { 0.0 } else { (percent / 25.0).floor() + 1.0 };
        facts.rating("MicrosoftPhoto:Rating", stars.min(5.0), source);
    }
}

fn position(properties: &Value, source: Source, facts: &mut Facts) {
    let lat =
        properties.field_text("exif:GPSLatitude").and_then(|text| degrees(text, properties, "exif:GPSLatitudeRef"));
    let lon =
        properties.field_text("exif:GPSLongitude").and_then(|text| degrees(text, properties, "exif:GPSLongitudeRef"));
    let below = properties.field_text("exif:GPSAltitudeRef") == Some("1");
    let altitude = properties.field_number("exif:GPSAltitude").map(|metres| if below { -metres.abs() } else { metres });
    if let (Some(lat), Some(lon)) = (lat, lon) {
        facts.position(lat, lon, altitude, source);
    }
}

/// `43,5.15184N`, `43,5,9.1N`, or plain degrees (XMP part 2, "GPSCoordinate").
fn degrees(text: &str, properties: &Value, reference: &str) -> Option<f64> {
    let text = text.trim();
    let (digits, side) = match text.chars().last()? {
        side @ ('N' | 'S' | 'E' | 'W' | 'n' | 's' | 'e' | 'w') => {
            (&text[..text.len() - 1], Some(side.to_ascii_uppercase()))
        }
        _ => (text, properties.field_text(reference).and_then(|side| side.chars().next())),
    };
    let parts: Vec<f64> = digits.split(',').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let part = |index: usize| parts.get(index).copied().unwrap_or(0.0);
    let value = parts.first()?.abs() + part(1) / 60.0 + part(2) / 3600.0;
    let negative = matches!(side, Some('S' | 'W')) || parts[0].is_sign_negative();
    Some(if negative { -value } else { value })
}

fn place(properties: &Value, source: Source, facts: &mut Facts) {
    let text = |name: &str| properties.field_text(name).map(str::to_owned);
    let core = PlaceNames {
        location: text("Iptc4xmpCore:Location"),
        city: text("photoshop:City"),
        state: text("photoshop:State"),
        country: text("photoshop:Country"),
        country_code: text("Iptc4xmpCore:CountryCode"),
    };
    facts.place(core, source);
    // Where the picture was taken comes before what it shows.
    for name in ["Iptc4xmpExt:LocationCreated", "Iptc4xmpExt:LocationShown"] {
        let Some(place) = properties.field(name).and_then(|places| places.items().into_iter().next()) else { continue };
        let text = |name: &str| place.field_text(name).map(str::to_owned);
        let extension = PlaceNames {
            location: text("Iptc4xmpExt:Sublocation"),
            city: text("Iptc4xmpExt:City"),
            state: text("Iptc4xmpExt:ProvinceState"),
            country: text("Iptc4xmpExt:CountryName"),
            country_code: text("Iptc4xmpExt:CountryCode"),
        };
        facts.place(extension, source);
    }
}

fn exposure(properties: &Value, source: Source, facts: &mut Facts) {
    let positive = |name: &str| properties.field_number(name).filter(|number| *number > 0.0);
    let iso = positive("exifEX:PhotographicSensitivity").or_else(|| {
        properties.field("exif:ISOSpeedRatings").and_then(Value::text).and_then(number).filter(|iso| *iso > 0.0)
    });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and is positive")]
    let iso = iso.map(|iso| iso as u32);
    let exposure = Exposure {
        iso,
        f_number: positive("exif:FNumber"),
        exposure_s: positive("exif:ExposureTime"),
        focal_mm: positive("exif:FocalLength"),
        focal_35mm: positive("exif:FocalLengthIn35mmFilm"),
    };
    facts.exposure(exposure, source);
}

/// The film in a motion photo: its length, counted from the end of the file (Google's "Motion Photo format 1.0", and the
/// `MicroVideo` it replaced). The JPEG reader turns the values into an offset.
fn motion(properties: &Value, source: Source, facts: &mut Facts) {
    if let Some(length) = properties.field_text("GCamera:MicroVideoOffset") {
        facts.value("GCamera:MicroVideoOffset", length, source);
    }
    let items = properties.field("Container:Directory").map(Value::items).unwrap_or_default();
    for item in items {
        // The item is itself, or lies one step deeper.
        let item = item.field("Container:Item").unwrap_or(item);
        if item.field_text("Item:Semantic") == Some("MotionPhoto")
            && let Some(length) = item.field_text("Item:Length")
        {
            facts.value("Item:Length", length, source);
        }
    }
    for name in ["GCamera:MotionPhoto", "GCamera:MicroVideo"] {
        if let Some(flag) = properties.field_text(name) {
            facts.value(name, flag, source);
        }
    }
}
