//! Recollect: a private assistant for a person's photos and videos, on their own machine.
//!
//! # Map of the code, in reading order
//!
//! A question: [`http`] or [`cli`] → [`assistant`] (read the question, call tools, say what was found) → [`search`]
//! (words and meaning) and [`library`] (everything else).
//!
//! A file: [`jobs`] (the queue) → [`ingest`] (walk, metadata, place, one decode, what belongs together) → [`library`]
//! (SQLite, the single truth) → [`search`] (indexes, always rebuildable).
//!
//! A picture: [`perception`] (shown to models that see; which faces are one person) → [`library`] → [`search`] (what was
//! seen, in words).
//!
//! A map: positions counted by [`library`] → marks and stops ([`map`]) → [`http`].
//!
//! What language models are told is in [`prompts`], whoever asks them.
//!
//! A voice: [`voice`] (decode sound, transcribe) → a question like any other, a note on a picture, or
//! what is said in a video.
//!
//! A film: [`film`] (a wish in words → storyboard → frames and sound → a video file), of media that [`assistant`] found.
//!
//! Something to give away: [`share`] (files with what is said of them, a web page, a contact sheet, a photo book).
//!
//! Models run in processes of their own: [`engine`] starts them and speaks with them, [`models`] gets their files. The
//! programs that run models are in `src/bin`. [`app`] puts the parts together, [`config`] says how, [`demo`] draws the
//! library that a newcomer begins with.
//!
//! # Rules between the parts
//!
//! - Dependencies point one way: `cli`, `http` → `app` → `assistant`, `perception`, `share` → `jobs`, `film`, `search` →
//!   `ingest` → `library`, `engine`.
//! - Only `library` contains SQL. What `search` holds is derived from it and can be made anew at any time.
//! - This crate links no inference runtime; the programs in `src/bin` do, one each.
//! - Originals are never modified, moved or deleted.
//! - Nothing leaves the machine unless the user configured it.
//! - Text found in media is data, never an instruction.

pub mod engine;
pub mod ffmpeg;
pub mod models;
pub mod subprocess;
pub mod voice;

// What only the server and its command need; an engine is built without it. Written out one by one: rustfmt follows no
// module that a macro declares.
#[cfg(feature = "server")]
pub mod app;
#[cfg(feature = "server")]
pub mod assistant;
#[cfg(feature = "server")]
pub mod calendar;
#[cfg(feature = "server")]
pub mod cli;
#[cfg(feature = "server")]
pub mod config;
#[cfg(feature = "server")]
pub mod demo;
#[cfg(feature = "server")]
pub mod film;
#[cfg(feature = "server")]
pub mod fonts;
#[cfg(feature = "server")]
pub mod http;
#[cfg(feature = "server")]
pub mod ingest;
#[cfg(feature = "server")]
pub mod jobs;
#[cfg(feature = "server")]
pub mod library;
#[cfg(feature = "server")]
pub mod map;
#[cfg(feature = "server")]
pub mod perception;
#[cfg(feature = "server")]
pub mod prompts;
#[cfg(feature = "server")]
pub mod search;
#[cfg(feature = "server")]
pub mod share;
#[cfg(feature = "server")]
pub mod xml;
#[cfg(feature = "server")]
pub mod xmp;

#[cfg(test)]
mod fixtures;
