//! What somebody asks for, and what it comes to.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Form, Order, Paper, Pictures};

/// Pixels of the longest edge of copies when nobody says how many.
const EDGE: u32 = 2048;
/// The smallest and the largest that can be asked for.
const EDGES: std::ops::RangeInclusive<u32> = 256..=8192;

/// Which files are taken along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kept {
    /// The files as they are.
    Originals,
    /// Copies without anything that is said of them.
    Copies,
}

/// How something is to be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wish {
    /// `zip`: files; `page`: a web page, in a ZIP; `sheet`: a contact sheet, PDF; `book`: a photo book, PDF.
    #[param(inline)]
    pub form: Form,
    /// Of files: `originals` (so it is when nothing is said), or `copies`, JPEG and MP4 that say nothing but what they show.
    #[param(inline)]
    pub pictures: Option<Kept>,
    /// Longest edge of copies and of the pictures of a web page, pixels, 256 to 8192; 2048 when nothing is said.
    pub size: Option<u32>,
    /// Of files: an XMP sidecar beside each, with title, description, keywords, stars, people and date. When nothing is
    /// said, beside originals.
    pub sidecars: Option<bool>,
    /// Where pictures were taken is told. Originals always tell it.
    pub location: Option<bool>,
    /// Pages of a PDF: `a4` or `letter`.
    #[param(inline)]
    pub paper: Option<Paper>,
    /// What is kept from others is in it too, as far as you see it yourself.
    #[serde(default)]
    #[param(inline)]
    pub private: bool,
    /// Of pictures that are all but the same (near copies, bursts) only the best. When nothing is said, in a photo book.
    pub once: Option<bool>,
}

impl Wish {
    /// What is asked for when only the form is said.
    pub fn of(form: Form) -> Self {
        Self {
            form,
            pictures: None,
            size: None,
            sidecars: None,
            location: None,
            paper: None,
            private: false,
            once: None,
        }
    }

    /// What it comes to.
    ///
    /// # Errors
    /// What does not go together.
    pub fn order(&self, title: &str) -> Result<Order, String> {
        let edge = self.size.unwrap_or(EDGE);
        if !EDGES.contains(&edge) {
            return Err(format!("the size is {edge}; it is to be {} to {} pixels", EDGES.start(), EDGES.end()));
        }
        let files = matches!(self.form, Form::Folder | Form::Zip);
        let originals = files && self.pictures != Some(Kept::Copies);
        if !files && self.pictures == Some(Kept::Originals) {
            return Err("originals are shared as files: as a folder or a ZIP".to_owned());
        }
        if !files && self.sidecars == Some(true) {
            return Err("sidecars lie beside files: ask for a folder or a ZIP".to_owned());
        }
        if originals && self.location == Some(false) {
            return Err("originals say themselves where they were taken; ask for copies to leave it out".to_owned());
        }
        if originals && self.size.is_some() {
            return Err("originals are as large as they are; ask for copies of a size".to_owned());
        }
        Ok(Order {
            form: self.form,
            title: title.trim().to_owned(),
            pictures: if originals { Pictures::Originals } else { Pictures::Copies { edge } },
            sidecars: files && self.sidecars.unwrap_or(originals),
            location: originals || self.location == Some(true),
            paper: self.paper.unwrap_or_default(),
            once: self.once.unwrap_or(self.form == Form::Book),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn originals_tell_everything_and_all_else_only_what_is_asked_for() {
        let files = Wish::of(Form::Zip).order(" Our summer ").unwrap();
        assert_eq!((files.pictures, files.sidecars, files.location), (Pictures::Originals, true, true));
        assert_eq!(files.title, "Our summer");
        let copies = Wish { pictures: Some(Kept::Copies), ..Wish::of(Form::Zip) };
        let order = copies.order("x").unwrap();
        assert_eq!((order.pictures, order.sidecars, order.location), (Pictures::Copies { edge: 2048 }, false, false));
        assert!(!Wish::of(Form::Page).order("x").unwrap().location);
        assert!(!Wish::of(Form::Book).order("x").unwrap().location);
    }

    #[test]
    fn what_does_not_go_together_is_said() {
        let zip = Wish::of(Form::Zip);
        for wrong in [
            Wish { location: Some(false), ..zip },
            Wish { size: Some(1024), ..zip },
            Wish { pictures: Some(Kept::Copies), size: Some(9), ..zip },
            Wish { pictures: Some(Kept::Originals), ..Wish::of(Form::Page) },
            Wish { sidecars: Some(true), ..Wish::of(Form::Book) },
        ] {
            assert!(wrong.order("x").is_err(), "{wrong:?}");
        }
    }
}
