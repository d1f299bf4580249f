//! Who is shown, as XMP says it: regions of the Metadata Working Group, of Microsoft and of ACDSee, and IPTC's
//! `PersonInImage`.
//!
//! Regions are noted as top-left boxes in fractions of the frame they were drawn on; turning that frame upright is
//! [`super::choose`]'s, which knows the orientation.

use super::facts::{Facts, RegionFact};
use super::model::{Region, Source, SubjectKind};
use super::xmp::Value;

/// Notes the people and pets of the properties.
pub(super) fn note(properties: &Value, source: Source, facts: &mut Facts) {
    working_group(properties, source, facts);
    microsoft(properties, source, facts);
    acdsee(properties, source, facts);
    for name in properties.field("Iptc4xmpExt:PersonInImage").map(Value::texts).unwrap_or_default() {
        facts.person("Iptc4xmpExt:PersonInImage", named(name, source));
    }
    for person in properties.field("Iptc4xmpExt:PersonInImageWDetails").map(Value::items).unwrap_or_default() {
        if let Some(name) = person.field_text("Iptc4xmpExt:PersonName") {
            facts.person("Iptc4xmpExt:PersonInImageWDetails", named(name, source));
        }
    }
}

/// Somebody without a region.
pub(super) fn named(name: &str, source: Source) -> RegionFact {
    RegionFact { name: Some(name.to_owned()), kind: SubjectKind::Person, region: None, upright: false, source }
}

/// What a region's type says it holds; `None` for bar codes, points of focus and the like.
fn kind(word: Option<&str>) -> Option<SubjectKind> {
    match word.map(str::to_ascii_lowercase).as_deref() {
        None | Some("face" | "person") => Some(SubjectKind::Person),
        Some("pet") => Some(SubjectKind::Pet),
        Some(_) => None,
    }
}

/// `mwg-rs:Regions` (Metadata Working Group guidelines 2.0, section 5.9): areas by their centre.
fn working_group(properties: &Value, source: Source, facts: &mut Facts) {
    let Some(info) = properties.field("mwg-rs:Regions") else { return };
    let applied_to = info
        .field("mwg-rs:AppliedToDimensions")
        .and_then(|size| Some((size.field_number("stDim:w")?, size.field_number("stDim:h")?)));
    for entry in info.field("mwg-rs:RegionList").map(Value::items).unwrap_or_default() {
        let Some(kind) = kind(entry.field_text("mwg-rs:Type")) else { continue };
        let region = entry.field("mwg-rs:Area").and_then(|area| area_box(area, applied_to));
        let name = entry.field_text("mwg-rs:Name").map(str::to_owned);
        facts.person("mwg-rs:Regions", RegionFact { name, kind, region, upright: false, source });
    }
}

/// An area by its centre, or a circle by its centre and diameter, in fractions or in pixels.
fn area_box(area: &Value, applied_to: Option<(f64, f64)>) -> Option<Region> {
    let (mut x, mut y) = (area.field_number("stArea:x")?, area.field_number("stArea:y")?);
    let round = area.field_number("stArea:d");
    let (mut w, mut h) = match round {
        Some(diameter) => {
            // The diameter is a fraction of the shorter side.
            let (width, height) = applied_to.unwrap_or((1.0, 1.0));
            let short = width.min(height);
            (diameter * short / width, diameter * short / height)
        }
        None => (area.field_number("stArea:w").unwrap_or(0.0), area.field_number("stArea:h").unwrap_or(0.0)),
    };
    if area.field_text("stArea:unit") == Some("pixel") {
        let (width, height) = applied_to?;
        (x, y, w, h) = (x / width, y / height, w / width, h / height);
    }
    bounded(Region { x: x - w / 2.0, y: y - h / 2.0, w, h })
}

/// The part of a box within the picture; `None` if there is none of it.
pub(super) fn bounded(region: Region) -> Option<Region> {
    let Region { x, y, w, h } = region;
    if ![x, y, w, h].iter().all(|edge| edge.is_finite()) || w <= 0.0 || h <= 0.0 {
        return None;
    }
    let (left, top) = (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0));
    let (right, bottom) = ((x + w).clamp(0.0, 1.0), (y + h).clamp(0.0, 1.0));
    (right > left && bottom > top).then_some(Region { x: left, y: top, w: right - left, h: bottom - top })
}

/// `MP:RegionInfo` (Windows Photo Gallery, also written by Picasa): `left, top, width, height` in fractions.
fn microsoft(properties: &Value, source: Source, facts: &mut Facts) {
    let regions = properties.field("MP:RegionInfo").and_then(|info| info.field("MPRI:Regions"));
    for entry in regions.map(Value::items).unwrap_or_default() {
        let numbers = entry
            .field_text("MPReg:Rectangle")
            .and_then(|text| text.split(',').map(|part| part.trim().parse::<f64>().ok()).collect::<Option<Vec<_>>>());
        let region = match numbers.as_deref() {
            Some(&[x, y, w, h]) => bounded(Region { x, y, w, h }),
            _ => None,
        };
        let name = entry.field_text("MPReg:PersonDisplayName").map(str::to_owned);
        let fact = RegionFact { name, kind: SubjectKind::Person, region, upright: false, source };
        facts.person("MP:RegionInfo", fact);
    }
}

/// `acdsee-rs:Regions`: as the Working Group's, with two areas of which the drawn one comes first.
fn acdsee(properties: &Value, source: Source, facts: &mut Facts) {
    let Some(info) = properties.field("acdsee-rs:Regions") else { return };
    for entry in info.field("acdsee-rs:RegionList").map(Value::items).unwrap_or_default() {
        let Some(kind) = kind(entry.field_text("acdsee-rs:Type")) else { continue };
        let area = entry.field("acdsee-rs:DLYArea").or_else(|| entry.field("acdsee-rs:ALGArea"));
        let region = area.and_then(|area| {
            let side = |name: &str| area.field_number(&format!("acdsee-stArea:{name}"));
            let (x, y, w, h) = (side("x")?, side("y")?, side("w")?, side("h")?);
            bounded(Region { x: x - w / 2.0, y: y - h / 2.0, w, h })
        });
        let name = entry.field_text("acdsee-rs:Name").map(str::to_owned);
        facts.person("acdsee-rs:Regions", RegionFact { name, kind, region, upright: false, source });
    }
}
