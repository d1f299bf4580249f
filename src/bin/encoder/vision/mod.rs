//! What models see in pictures: one picture in, faces, things, text, labels, a vector and its safety out.
//!
//! Each of a few threads has sessions of its own and takes one picture after the other through all that is asked
//! ([`worker`], [`seer`]): measured on two cores, pictures side by side on one thread each are done sooner than the same
//! pictures in one batch, and a picture is decoded once ([`picture`]). Which model a file holds is told by its graph
//! ([`graph`], [`kind`]); pixels are resized by one exact definition ([`pixels`], [`resample`]), so that
//! `scripts/reference/seeing.py` can compare. The models: [`yunet`] and [`faces`] with [`alignment`], [`yolox`], [`lines`]
//! with [`regions`] and [`reader`], [`whole`].
//! Encoders of pictures and texts, which are too large to be held by every thread, have one of their own ([`tower`]) and say
//! in a file how pictures are prepared for them ([`preparation`]).

pub mod alignment;
pub mod boxes;
pub mod faces;
pub mod files;
pub mod graph;
pub mod kind;
pub mod lines;
pub mod picture;
pub mod pixels;
pub mod preparation;
pub mod reader;
pub mod regions;
pub mod resample;
pub mod seer;
pub mod tower;
pub mod whole;
pub mod worker;
pub mod yolox;
pub mod yunet;
