//! The fonts of a document: which glyphs of them are written, and their embedding, cut down to these.
//!
//! Each is a composite font with two-byte glyph numbers (ISO 32000-1, section 9.7), numbered anew in the order of first
//! use, and a table from glyphs to what they mean, by which text is found and copied.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Finish, Name, Rect, Ref, Str};
use resvg::usvg::fontdb::{Database, ID};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use subsetter::GlyphRemapper;

use super::document::Document;
use crate::fonts;
use crate::share::ShareError;

const SYSTEM: SystemInfo<'_> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// A font of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Face {
    at: usize,
    id: Ref,
}

impl Face {
    /// What pages call it.
    pub fn name(self) -> String {
        format!("F{}", self.at)
    }

    /// Its object.
    pub fn id(self) -> Ref {
        self.id
    }
}

struct Used {
    font: ID,
    id: Ref,
    glyphs: GlyphRemapper,
    /// What each glyph, by its new number, was first written for.
    means: BTreeMap<u16, String>,
}

/// The fonts that are used.
#[derive(Default)]
pub struct Faces {
    used: Vec<Used>,
}

impl Faces {
    /// A font, if it is used already.
    pub fn known(&self, font: ID) -> Option<Face> {
        let at = self.used.iter().position(|used| used.font == font)?;
        Some(Face { at, id: self.used[at].id })
    }

    /// Begins to use a font; `id`: its object.
    pub fn add(&mut self, font: ID, id: Ref) -> Face {
        self.used.push(Used { font, id, glyphs: GlyphRemapper::new(), means: BTreeMap::new() });
        Face { at: self.used.len() - 1, id }
    }

    /// The number that a glyph is written by.
    pub fn glyph(&mut self, face: Face, glyph: u16, means: &str) -> u16 {
        let used = &mut self.used[face.at];
        let number = used.glyphs.remap(glyph);
        used.means.entry(number).or_insert_with(|| means.to_owned());
        number
    }

    /// Writes all fonts into the document.
    ///
    /// # Errors
    /// When that fails.
    pub fn embed(self, document: &mut Document<'_>) -> Result<(), ShareError> {
        let fonts = fonts::all();
        for (at, used) in self.used.iter().enumerate() {
            used.embed(at, &fonts, document)?;
        }
        Ok(())
    }
}

/// What a document says of a font beside its outlines, in thousandths of its size.
struct Measures {
    widths: Vec<f32>,
    bounds: [f32; 4],
    ascent: f32,
    descent: f32,
    cap_height: f32,
}

impl Used {
    fn embed(&self, at: usize, fonts: &Database, document: &mut Document<'_>) -> Result<(), ShareError> {
        let name = fonts.face(self.font).map_or("Font", |face| face.post_script_name.as_str());
        // Six capitals before the name say that it is a part of a font (section 9.6.4).
        let tag: String =
            format!("{:06}", at % 1_000_000).bytes().map(|digit| char::from(digit - b'0' + b'A')).collect();
        let name = format!("{tag}+{name}");
        let cut = fonts.with_face_data(self.font, |data, index| {
            let bytes = subsetter::subset(data, index, &self.glyphs).map_err(|error| error.to_string())?;
            Ok::<_, String>((bytes, self.measured(data, index)?))
        });
        let made = |reason: String| ShareError::Made(format!("the font {name} cannot be embedded: {reason}"));
        let (bytes, measures) = cut.ok_or_else(|| made("it is gone".to_owned()))?.map_err(made)?;
        let [descendant, descriptor, file, means] = [(); 4].map(|()| document.reserve());
        let mut chunk = Chunk::new();
        let mut font = chunk.type0_font(self.id);
        font.base_font(Name(name.as_bytes())).encoding_predefined(Name(b"Identity-H"));
        font.descendant_font(descendant).to_unicode(means);
        font.finish();
        document.put(self.id, &chunk)?;
        let mut chunk = Chunk::new();
        let mut cid = chunk.cid_font(descendant);
        cid.subtype(CidFontType::Type2).base_font(Name(name.as_bytes())).system_info(SYSTEM);
        cid.font_descriptor(descriptor).default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
        cid.widths().consecutive(0, measures.widths.iter().copied());
        cid.finish();
        document.put(descendant, &chunk)?;
        let mut chunk = Chunk::new();
        let [left, bottom, right, top] = measures.bounds;
        let mut about = chunk.font_descriptor(descriptor);
        about.name(Name(name.as_bytes())).flags(FontFlags::SYMBOLIC).bbox(Rect::new(left, bottom, right, top));
        about.italic_angle(0.0).ascent(measures.ascent).descent(measures.descent).cap_height(measures.cap_height);
        about.stem_v(80.0).font_file2(file);
        about.finish();
        document.put(descriptor, &chunk)?;
        document.put_packed(file, &bytes)?;
        document.put_packed(means, &self.meanings())?;
        Ok(())
    }

    fn measured(&self, data: &[u8], index: u32) -> Result<Measures, String> {
        let font = FontRef::from_index(data, index).map_err(|error| error.to_string())?;
        let (size, location) = (Size::unscaled(), LocationRef::default());
        let (metrics, glyphs) = (font.metrics(size, location), font.glyph_metrics(size, location));
        let scale = 1000.0 / f32::from(metrics.units_per_em.max(1));
        let width = |glyph: u16| glyphs.advance_width(GlyphId::from(glyph)).unwrap_or(0.0) * scale;
        let bounds = metrics.bounds.map_or([0.0, -250.0, 1000.0, 1000.0], |bounds| {
            [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(|edge| edge * scale)
        });
        Ok(Measures {
            widths: self.glyphs.remapped_gids().map(width).collect(),
            bounds,
            ascent: metrics.ascent * scale,
            descent: metrics.descent * scale,
            cap_height: metrics.cap_height.unwrap_or(metrics.ascent) * scale,
        })
    }

    fn meanings(&self) -> Vec<u8> {
        let mut table = UnicodeCmap::<u16>::new(Name(b"Meanings"), SYSTEM);
        for (glyph, means) in self.means.iter().filter(|(_, means)| !means.is_empty()) {
            table.pair_with_multiple(*glyph, means.chars());
        }
        table.finish().to_vec()
    }
}
