//! How identifiers lie in the database: as text, so that both SQLite and a person reading it understand them.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

use super::ids::{
    AlbumId, ChangeId, ConceptId, ConversationId, EventId, FaceId, FilmId, JobId, MediaId, NoteId, PersonId, ProbeId,
    ThemeId, TurnId,
};

macro_rules! stored_as_text {
    ($($name:ty),+) => {$(
        impl<DB: Database> Type<DB> for $name
        where
            String: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <String as Type<DB>>::type_info()
            }

            fn compatible(info: &DB::TypeInfo) -> bool {
                <String as Type<DB>>::compatible(info)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $name
        where
            String: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                self.to_string().encode(buffer)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $name
        where
            String: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(String::decode(value)?.parse()?)
            }
        }
    )+};
}

stored_as_text!(
    AlbumId,
    ChangeId,
    ConceptId,
    ProbeId,
    ConversationId,
    EventId,
    FaceId,
    FilmId,
    JobId,
    MediaId,
    NoteId,
    PersonId,
    ThemeId,
    TurnId
);
