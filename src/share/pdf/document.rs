//! A PDF document (ISO 32000-1) that is written object by object, each forgotten as soon as it is out: what is kept is
//! where every object begins, 8 bytes each.

use std::collections::HashMap;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::writers::{Catalog, DocumentInfo};
use pdf_writer::{Chunk, Filter, Finish, Name, Rect, Ref, TextStr};

use super::faces::Faces;
use super::page::Page;
use crate::share::ShareError;
use crate::share::copies::Jpeg;

/// A document that is being written.
pub struct Document<'o> {
    out: &'o mut dyn Write,
    written: u64,
    /// Where each object begins, by its number from 1 on; 0 while it is not written.
    begins: Vec<u64>,
    tree: Ref,
    pages: Vec<Ref>,
    /// The fonts that something was written in.
    pub faces: Faces,
    /// Colour profiles that are there, by the hash of their bytes.
    profiles: HashMap<[u8; 32], Ref>,
}

/// A picture of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image(pub Ref);

impl<'o> Document<'o> {
    /// Begins a document.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(out: &'o mut dyn Write) -> io::Result<Self> {
        let mut document = Self {
            out,
            written: 0,
            begins: Vec::new(),
            tree: Ref::new(1),
            pages: Vec::new(),
            faces: Faces::default(),
            profiles: HashMap::new(),
        };
        // Four bytes beyond ASCII tell programs that the file is not text (section 7.5.2).
        document.emit(b"%PDF-1.7\n%\x80\x80\x80\x80\n")?;
        document.tree = document.reserve();
        Ok(document)
    }

    fn emit(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// A number for an object that is to come.
    pub fn reserve(&mut self) -> Ref {
        self.begins.push(0);
        Ref::new(i32::try_from(self.begins.len()).unwrap_or(i32::MAX))
    }

    /// Writes one object.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&mut self, id: Ref, object: &Chunk) -> io::Result<()> {
        let at = usize::try_from(id.get() - 1).unwrap_or_default();
        if let Some(begins) = self.begins.get_mut(at) {
            *begins = self.written;
        }
        self.emit(object.as_bytes())
    }

    /// Writes a stream, packed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put_packed(&mut self, id: Ref, bytes: &[u8]) -> io::Result<()> {
        let bytes = packed(bytes)?;
        let mut chunk = Chunk::new();
        chunk.stream(id, &bytes).filter(Filter::FlateDecode);
        self.put(id, &chunk)
    }

    /// Takes in a picture as it is encoded.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn image(&mut self, jpeg: &Jpeg) -> io::Result<Image> {
        let profile = match &jpeg.icc {
            Some(profile) => Some(self.profile(profile)?),
            None => None,
        };
        let id = self.reserve();
        let mut chunk = Chunk::with_capacity(jpeg.bytes.len() + 512);
        let mut image = chunk.image_xobject(id, &jpeg.bytes);
        image.filter(Filter::DctDecode);
        let pixels = |edge: u32| i32::try_from(edge).unwrap_or(i32::MAX);
        image.width(pixels(jpeg.width)).height(pixels(jpeg.height)).bits_per_component(8);
        match profile {
            Some(profile) => {
                image.color_space().icc_based(profile);
            }
            None => {
                image.color_space().device_rgb();
            }
        }
        image.finish();
        self.put(id, &chunk)?;
        Ok(Image(id))
    }

    fn profile(&mut self, profile: &[u8]) -> io::Result<Ref> {
        let hash = *blake3::hash(profile).as_bytes();
        if let Some(known) = self.profiles.get(&hash) {
            return Ok(*known);
        }
        let id = self.reserve();
        let bytes = packed(profile)?;
        let mut chunk = Chunk::with_capacity(bytes.len() + 256);
        let mut icc = chunk.icc_profile(id, &bytes);
        icc.n(3).alternate().device_rgb();
        icc.filter(Filter::FlateDecode);
        icc.finish();
        self.put(id, &chunk)?;
        self.profiles.insert(hash, id);
        Ok(id)
    }

    /// Ends a page.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn page(&mut self, page: Page) -> io::Result<()> {
        let (id, content) = (self.reserve(), self.reserve());
        let (width, height) = page.size;
        let mut chunk = Chunk::new();
        let mut leaf = chunk.page(id);
        leaf.parent(self.tree).media_box(Rect::new(0.0, 0.0, width, height)).contents(content);
        let mut resources = leaf.resources();
        let mut images = resources.x_objects();
        for Image(image) in &page.images {
            images.pair(Name(Page::image_name(*image).as_bytes()), *image);
        }
        images.finish();
        let mut fonts = resources.fonts();
        for face in &page.faces {
            fonts.pair(Name(face.name().as_bytes()), face.id());
        }
        fonts.finish();
        resources.finish();
        leaf.finish();
        self.put(id, &chunk)?;
        self.put_packed(content, &page.content.finish())?;
        self.pages.push(id);
        Ok(())
    }

    /// Ends the document.
    ///
    /// # Errors
    /// When it cannot be written, or a font cannot be embedded.
    pub fn finish(mut self, title: &str) -> Result<(), ShareError> {
        let faces = std::mem::take(&mut self.faces);
        faces.embed(&mut self)?;
        let mut chunk = Chunk::new();
        let count = i32::try_from(self.pages.len()).unwrap_or(i32::MAX);
        chunk.pages(self.tree).count(count).kids(self.pages.iter().copied());
        self.put(self.tree, &chunk)?;
        let root = self.reserve();
        let mut chunk = Chunk::new();
        let mut catalog = chunk.indirect(root).start::<Catalog<'_>>();
        catalog.pages(self.tree);
        catalog.viewer_preferences().display_doc_title(true);
        catalog.finish();
        self.put(root, &chunk)?;
        let info = self.reserve();
        let mut chunk = Chunk::new();
        let mut about = chunk.indirect(info).start::<DocumentInfo<'_>>();
        about.title(TextStr(title)).creator(TextStr("Recollect"));
        about.finish();
        self.put(info, &chunk)?;
        Ok(self.end(root, info)?)
    }

    /// The table of where objects begin, and where that table does (sections 7.5.4 and 7.5.5).
    fn end(&mut self, root: Ref, info: Ref) -> io::Result<()> {
        let table = self.written;
        let size = self.begins.len() + 1;
        let mut text = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for begins in &self.begins {
            let kind = if *begins == 0 { "00000 f" } else { "00000 n" };
            text.push_str(&format!("{begins:010} {kind} \n"));
        }
        let (root, info) = (root.get(), info.get());
        text.push_str(&format!(
            "trailer\n<</Size {size}/Root {root} 0 R/Info {info} 0 R>>\nstartxref\n{table}\n%%EOF\n"
        ));
        self.emit(text.as_bytes())
    }
}

fn packed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}
