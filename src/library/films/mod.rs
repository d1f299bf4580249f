//! Films: what is known of media for planning them.

mod facts;

pub use facts::{FilmFace, FilmFacts};
