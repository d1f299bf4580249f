//! Albums that keep themselves: a rule of one line says which media belong, and they are looked up when the album is read.
//!
//! ```text
//! people: Anna & Ben; place: Norway; date: 2019-06..2019-08; rating >= 3; not screenshot; best 40
//! ```
//!
//! # The language
//!
//! ```text
//! rule       = part *( ";" part )                      every condition must be met
//! part       = [ "not" ] condition | pick              one pick at the most
//! condition  = name-key ":" name *( "|" name )         any of them
//!            | name-key ":" name *( "&" name )         all of them
//!            | "people" ":" ( "somebody" | "nobody" )  who has a name
//!            | "place" ":" "unknown"
//!            | "date" ":" date *( "|" date )
//!            | "month" ":" month *( "|" month )        June, jun, 6
//!            | "day" ":" MM-DD *( "|" MM-DD )
//!            | "weekday" ":" weekday *( "|" weekday )
//!            | "time" ":" span *( "|" span )           18:00..22:00, also over midnight
//!            | "kind" ":" kind *( "|" kind ) | kind    a kind may stand alone: video
//!            | "shape" ":" shape *( "|" shape )        portrait, landscape, square
//!            | "copies" ":" copies *( "|" copies )     exact, near, burst
//!            | "generated"                             made by a machine, as its file says
//!            | measure compare number                  rating, people, length; >= <= > < =
//! name-key   = "people" | "only" | "place" | "event" | "album" | "tag" | "concept" | "camera" | "shows" | "text"
//! name       = words without ; | & and quotation marks | quoted
//! quoted     = '"' letters '"'                         within: \" and \\
//! date       = "unknown" | "last" [ number ] unit | day | day ".." | ".." day | day ".." day
//! day        = YYYY | YYYY-MM | YYYY-MM-DD
//! unit       = day(s) | week(s) | month(s) | year(s)
//! kind       = photo | video | screenshot | panorama | live photo | raw
//! pick       = ( "best" | "newest" | "oldest" ) number
//! ```
//!
//! `shows` is what a search finds for the words, by words, meaning and looks; `text` by words alone. `not` is met by what
//! is not known, too: `not place: Norway` takes pictures without a place. `only: Anna` is Anna and nobody else with a name.
//! Keys may be written in other ways (`who`, `where`, `stars` …); [`Rule`] prints the canonical one, and what it prints is
//! read back as the same rule.
//!
//! # In this folder
//!
//! `rule` is the structure, `parse` reads it, `spans` are its times, `complete` helps to write it: pure, without a library.
//! `resolve` says what the names mean, `keep` looks up the media, `explain` says why each is among them, and `written`
//! makes a rule of what a question was understood to mean.

mod complete;
mod explain;
mod keep;
mod parse;
mod remembered;
mod resolve;
mod rule;
mod spans;
#[cfg(test)]
mod tests;
mod written;

pub use complete::{Candidate, Completion, complete};
pub use explain::{Explanation, Reason, explain};
pub use keep::{Album, AlbumError, album, albums, expanded, media, members};
pub use parse::{ClausePlace, LONGEST, Parsed, Problem, parse};
pub use remembered::Remembered;
pub use resolve::{Test, resolve};
pub use rule::{Clause, Compare, Condition, Key, Measure, Pick, Rule, Which};
pub use spans::{Dates, Day, Minutes, Unit};
pub use written::written;
