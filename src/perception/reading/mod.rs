//! Text in pictures: signs, receipts, tickets, screenshots.
//!
//! A page (a photo, the poster of a video or one of its frames: [`page`]) goes to a reader ([`reader`]): tesseract
//! ([`tesseract`]) or a network in the engine ([`network`]). Whoever reads, it is decided here which words are believed
//! ([`plausible`]), in which order a person reads the lines ([`order`]), which way up the page is ([`ways`]) and how long a
//! line stands in a video ([`film`]); the worker ([`work`]) stores them.
//!
//! Measured on 65 pictures with drawn receipts, signs (straight, turned, dark, faint, far away) and screenshots: of the words
//! on lines that a detector finds and tesseract reads, 96 % are believed, and all of these are right; left alone with the
//! whole picture, as programs for pages do, it reads 47 %, and 55 % of that is right, because a photo is no page. Of 14
//! real pictures, most of them of 640 pixels, 59 % are read: small letters and those of displays are
//! lost. In 312 photographs and frames of a family none of those without text got any. So lines
//! are found first; alone tesseract reads only if it is asked to.

mod film;
pub mod network;
mod order;
mod page;
mod plausible;
pub mod reader;
pub mod tesseract;
mod ways;
pub mod work;

pub use network::Network;
pub use reader::TextReader;
pub use tesseract::{Pack, Tesseract};
pub use work::ReadText;
