//! From files to media: walk, identify, read metadata, decode once, and see what belongs together.
//!
//! [`scan`] walks folders; [`read`] reads one file; [`organise`] finds copies and pairs, [`gather`] events. The parts
//! below are pure or blocking; the queue that drives them is `jobs`.

pub mod duplicates;
pub mod events;
pub mod fingerprint;
pub mod gather;
pub mod metadata;
pub mod organise;
pub mod picture;
pub mod places;
pub mod read;
pub mod scan;
pub mod video;
