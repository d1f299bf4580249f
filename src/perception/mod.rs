//! What models see in media: the workers of the queue that show pictures to an engine and store what it saw, what
//! follows from that (which faces are one person), and the text that is [read](reading) in pictures.
//!
//! All but reading look at the picture of 1,024 pixels that reading the file has left, so that no original is decoded
//! twice and every format is seen alike. A worker reads, asks, and hands the result to a function of `library` that
//! ends the job in the same transaction. The deciding parts are functions of values. What is believed of a score, and
//! what a label is called in words, is left to `search::sights`; running models to `engine`. Describing pictures in
//! sentences is the work of a language model that sees ([`captions`]).

pub mod captions;
pub mod concepts;
pub mod faces;
mod glances;
mod labels;
mod objects;
mod pictures;
pub mod reading;
mod vectors;

pub use glances::Glances;
pub use labels::Classify;
pub use objects::FindObjects;
pub use pictures::Pictures;
pub use vectors::EmbedImages;
