//! Identifiers: one newtype a table, so that a person can never be passed where a medium is meant.
//!
//! Every identifier is a UUIDv7: it sorts by creation time, and it can be made by any process without asking the database.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares identifier newtypes with the conversions that SQL, JSON and the command line need.
macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = "uuid")]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh identifier, later than every one made before it on this machine.
            #[expect(clippy::new_without_default, reason = "a default identifier would be a different one every time")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )+};
}

identifiers! {
    /// A medium: one photo or video by its content, however many copies of the file there are.
    MediaId,
    /// A person or a pet.
    PersonId,
    /// A face in a picture.
    FaceId,
    /// Something that the user did to people.
    ChangeId,
    /// An event: an outing, a trip, a birthday.
    EventId,
    /// An album made by the user.
    AlbumId,
    /// A conversation of questions and answers.
    ConversationId,
    /// One question and its answer within a conversation.
    TurnId,
    /// Something that the user said about a medium, an event or an album.
    NoteId,
    /// Something that the user taught: "our cabin".
    ConceptId,
    /// What was learned from the examples of a concept.
    ProbeId,
    /// A film.
    FilmId,
    /// Something that comes back over the years.
    ThemeId,
    /// A unit of durable background work.
    JobId,
}
