//! The program from outside: the real binary on real temporary libraries, by command line and by HTTP.
//!
//! One binary holds all of it, because each one links everything.

mod agent;
mod albums;
mod asking;
mod broken_files;
mod captions;
mod clients;
mod concepts;
mod crash;
mod doctor;
mod drawn;
mod encoder;
mod family;
mod films;
mod guests;
mod http;
mod llama;
mod map;
mod memories;
mod models;
mod moments;
mod music;
mod notes;
mod people;
mod pictured;
mod program;
mod queue;
mod scripted;
mod seeing;
mod shares;
mod siglip;
mod speech_script;
mod stories;
mod text;
mod themes;
mod voice;
mod watching;
mod whisper;
