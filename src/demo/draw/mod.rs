//! Drawing: the stock of things that scenes are put together from, each a few shapes of SVG.
//!
//! Everything takes its colours through the canvas' light and its variation through the canvas' random numbers; nothing
//! here knows the story.

pub mod animals;
pub mod buildings;
pub mod canvas;
pub mod colour;
pub mod exhibits;
pub mod festive;
pub mod figure;
pub mod furniture;
pub mod land;
pub mod landmarks;
pub mod light;
pub mod plants;
pub mod shrines;
pub mod sky;
pub mod things;
pub mod vehicles;
