//! A page while it is filled: pictures, words, lines and marks, in points from the top left corner.

use std::collections::BTreeSet;

use pdf_writer::{Content, Name, Ref, Str};

use super::Rect;
use super::document::{Document, Image};
use super::faces::Face;
use super::text::Line;

/// Black enough for words.
pub const INK: f32 = 0.13;
/// For what matters less.
pub const SOFT: f32 = 0.45;

/// Where a line of words stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stands {
    /// It begins here.
    From(f32),
    /// Its middle is here.
    Around(f32),
    /// It ends here.
    To(f32),
}

/// A page.
pub struct Page {
    /// Width and height, points.
    pub size: (f32, f32),
    /// What is on it.
    pub content: Content,
    /// Its pictures.
    pub images: Vec<Image>,
    /// Its fonts.
    pub faces: BTreeSet<Face>,
}

impl Page {
    /// An empty page.
    pub fn new(size: (f32, f32)) -> Self {
        Self { size, content: Content::new(), images: Vec::new(), faces: BTreeSet::new() }
    }

    /// What a page calls a picture.
    pub fn image_name(image: Ref) -> String {
        format!("I{}", image.get())
    }

    /// Puts a picture.
    pub fn image(&mut self, image: Image, place: Rect) {
        let name = Self::image_name(image.0);
        self.images.push(image);
        self.content.save_state();
        self.content.transform([place.w, 0.0, 0.0, place.h, place.x, self.size.1 - place.y - place.h]);
        self.content.x_object(Name(name.as_bytes()));
        self.content.restore_state();
    }

    /// Writes a line; `y`: where its letters stand.
    pub fn write(&mut self, document: &mut Document<'_>, line: &Line, stands: Stands, y: f32, gray: f32) {
        let x = match stands {
            Stands::From(x) => x,
            Stands::Around(x) => x - line.width / 2.0,
            Stands::To(x) => x - line.width,
        };
        if line.glyphs.is_empty() {
            return;
        }
        self.content.begin_text().set_fill_gray(gray);
        let mut current = None;
        for glyph in &line.glyphs {
            let face = match document.faces.known(glyph.font) {
                Some(face) => face,
                None => {
                    let id = document.reserve();
                    document.faces.add(glyph.font, id)
                }
            };
            if current != Some(face) {
                self.content.set_font(Name(face.name().as_bytes()), line.size);
                current = Some(face);
                self.faces.insert(face);
            }
            let number = document.faces.glyph(face, glyph.id, &glyph.means);
            self.content.set_text_matrix([1.0, 0.0, 0.0, 1.0, x + glyph.x, self.size.1 - y + glyph.y]);
            self.content.show(Str(&number.to_be_bytes()));
        }
        self.content.end_text();
    }

    /// Fills a rectangle.
    pub fn fill(&mut self, place: Rect, gray: f32) {
        self.content.set_fill_gray(gray);
        self.content.rect(place.x, self.size.1 - place.y - place.h, place.w, place.h).fill_nonzero();
    }

    /// Marks a picture as that of a video: a triangle in its corner.
    pub fn mark_video(&mut self, place: Rect) {
        let side = (place.w.min(place.h) * 0.14).clamp(8.0, 22.0);
        let (x, y) = (place.x + side * 0.4, self.size.1 - place.y - place.h + side * 0.4);
        self.content.set_fill_gray(1.0).set_stroke_gray(INK).set_line_width(side * 0.06);
        self.content.move_to(x, y).line_to(x, y + side).line_to(x + side * 0.86, y + side / 2.0);
        self.content.close_fill_nonzero_and_stroke();
    }
}
