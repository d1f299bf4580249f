//! Media on a map: cells that are near each other on the screen become one mark ([`clusters`]), and the media of an event
//! become the stops of a journey ([`stops`]).
//!
//! Functions of values; distances on the screen are those of the Web Mercator projection with a world of 256 pixels at
//! zoom 0, as every tiled map has it. Counting is left to [`crate::library::positions`], drawing to the web app.

pub mod clusters;
pub mod stops;
