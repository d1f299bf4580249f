//! Films: from a wish in words to a storyboard that one can talk about and change, and from there to a video.
//!
//! [`wish`] reads what is wanted of a film, [`gather`] asks the library what is known of the media, [`storyboard`]
//! plans and changes the film as a value, [`render`] makes frames of it, [`sound`] what is heard.
//!
//! What must stay true: the same wish, the same facts and the same seed give the same storyboard, and the same storyboard
//! and files give the same frames. Originals are only read. Which media a prompt means is left to `assistant`.

pub mod gather;
pub mod render;
pub mod sound;
pub mod storyboard;
pub mod studio;
pub mod tunes;
pub mod wish;
