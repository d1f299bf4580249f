//! Faces become people: which faces are good enough, which of them are one person, and what to ask the user.
//!
//! A pure core, in reading order: [`quality`] (what a face is good for), [`gallery`] (all faces, as numbers), [`cluster`]
//! (which are alike), [`place`] (who is who), [`suggest`] (what to ask, so that one answer settles the most), [`pets`]
//! (which keywords may name an animal). The same gallery always gives the same result.
//!
//! What must stay true: what a person confirmed is never changed here; two faces of one picture are not one person;
//! vectors of different models never meet. At the edge, [`work`] has the engine find faces (`tracks`: each once in a video),
//! [`identify`] has them placed, and [`Faces`] looks after them for the queue; storing is left to `library`.

pub mod animals;
pub mod clothes;
pub mod cluster;
pub mod crops;
pub mod gallery;
pub mod identify;
mod keep;
pub mod pets;
pub mod place;
pub mod quality;
pub mod suggest;
#[cfg(test)]
mod tests;
mod tracks;
pub mod work;

pub use self::keep::Faces;
