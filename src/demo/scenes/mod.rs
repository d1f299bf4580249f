//! Scenes: what a demo picture can show, each put together from the stock of drawings for whoever is in it.
//!
//! A scene draws the people it is given and no others, as many as there are; a test holds every scene to that.

pub mod everyday;
pub mod feasts;
pub mod heights;
pub mod home;
pub mod japan;
pub mod museums;
pub mod north;
pub mod outings;
pub mod shores;
pub mod towns;

use super::draw::canvas::Canvas;
use super::draw::figure::Figure;

/// What draws a scene: the canvas, with its size and light, and who is in the picture.
pub type Scene = fn(&mut Canvas, &[Figure]);

/// The pets' names, where a scene has one.
pub mod pets {
    /// The dog.
    pub const DOG: &str = "Biscuit";
    /// The cat.
    pub const CAT: &str = "Miso";
}
