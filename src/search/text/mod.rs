//! Search by words: the tantivy index of what is said about media.
//!
//! In reading order: [`language`] (stems, stop words), [`analysis`] (text to terms), [`index`] (what is on disk),
//! [`query`] (a question's words and what counts as them), [`scoring`] (which media contain them), [`reasons`] (why),
//! `frames` (where in a video). Everything here blocks; [`super::Search`] calls it off the async threads.

pub mod analysis;
mod frames;
pub mod index;
pub mod language;
mod postings;
pub mod query;
pub mod reasons;
pub mod scoring;
mod typos;

pub use index::{TextIndex, TextIndexError};
pub use scoring::{WordMatch, WordMatches};
