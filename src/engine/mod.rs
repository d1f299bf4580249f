//! Model processes: what is spoken with them, how they are reached, and how local ones are kept alive.
//!
//! Every model runs in a process of its own that speaks the OpenAI HTTP API; this process links no inference runtime.
//! A local engine is a child on a Unix socket ([`supervisor`]); a remote one is a URL; [`client`] serves both,
//! in the types of [`protocol`]; [`host`] is what the engine programs themselves share. [`text`], [`chat`], [`speech`]
//! and [`vision`] are what the rest of the program uses: text in, vectors out; a conversation in, a message out; speech
//! in, text out; pictures in, what is seen in them out.
//! [`turns`] lets a waiting person go first; [`strips`] cuts lines of text out of pictures.
//!
//! What a model is called, where its files lie and how they are got is left to [`crate::models`].

pub mod chat;
pub mod client;
pub mod error;
pub mod host;
mod multipart;
pub mod protocol;
pub mod speech;
pub mod strips;
pub mod supervisor;
pub mod text;
pub mod turns;
pub mod vision;

pub use chat::{ChatEvent, ChatModel, ChatSettings, ChatStream, EngineChat, FindChat};
pub use client::{Endpoint, EngineClient, SpeechEvent, SpeechRequest};
pub use error::EngineError;
pub use multipart::Multipart;
pub use speech::{EngineSpeechModel, SpeechModel};
pub use supervisor::{EngineSpec, EngineState, Supervisor, program};
pub use text::{EngineTextEncoder, ModelName, TextEncoder};
pub use turns::{Priority, Turns};
pub use vision::{EngineAnnotator, ImageAnnotator};
