//! What a question was understood to mean: a value that can be stored, shown as chips, and refined by the next question.
//!
//! Ranges are byte ranges of the question. A part that came from an earlier question of the conversation has no range.
//! How a reading is answered is left to the tools.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::language::Language;
use crate::assistant::summary::{Length, Tone};
use crate::library::filter::{Grouping, MediaFilter};
use crate::library::ids::EventId;

/// What a question was understood to mean.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Reading {
    /// Language of the question.
    pub language: Language,
    /// What the user wants to know or to be done.
    pub intent: Intent,
    /// Conditions that the media must meet.
    pub filter: MediaFilter,
    /// What must be seen or written in the media beyond that; `None` where the filter says everything.
    pub content: Option<Content>,
    /// What must not be seen or written in the media: each in the user's words and, where it differs, in English.
    pub without_content: Vec<Wording>,
    /// Events that are probably meant; not certain enough for the filter, good enough to rank by.
    pub likely_events: Vec<LikelyEvent>,
    /// How the media are ordered.
    pub order: Order,
    /// How many media are wanted: `first 5`, `the oldest photo`.
    pub limit: Option<u32>,
    /// Names of people that the library does not know, as the user wrote them.
    pub unknown_names: Vec<String>,
    /// Words on which the answer hangs and that nothing in the library gives a meaning: better no answer than a guess.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unclear: Vec<String>,
    /// The two things between which time lies, each read by itself, for [`Intent::Between`].
    #[schema(value_type = Vec<Object>)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<Reading>,
    /// Whether it asks what or how something is, as one asks a dictionary.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub asks_a_fact: bool,
    /// Whether it is answered with yes or no.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub yes_or_no: bool,
    /// What was recognised, in the order of the question, parts from earlier questions first.
    pub parts: Vec<Part>,
    /// How the question hangs together with the one before.
    pub follow_up: FollowUp,
    /// What a narrowing question narrowed: "and the others?" is asked of it.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrowed: Option<Box<Reading>>,
    /// How certain the reading is, 0–1. Above 0.6 nothing of weight was left unread.
    pub certainty: f32,
}

/// What the user wants.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Intent {
    /// To see the media.
    #[default]
    Find,
    /// To know how many media there are, or, with `distinct`, in how many different years, countries and so on.
    Count {
        /// What is counted instead of media.
        distinct: Option<Grouping>,
    },
    /// To know on how many occasions it was: visits to a place, times that somebody was seen.
    HowOften,
    /// To know how the media spread over a grouping: which month has the most, which cameras there are.
    Group {
        /// What the media are grouped by.
        by: Grouping,
        /// Which of the groups.
        pick: Pick,
    },
    /// To know when it was.
    When {
        /// The unit asked for, where one was: the year, the day.
        unit: Option<Grouping>,
        /// The end of it that was asked for, where one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edge: Option<Edge>,
    },
    /// To know how long it lasted.
    HowLong,
    /// To know how much time lies between two things.
    Between {
        /// The unit asked for.
        unit: Unit,
    },
    /// To know how old somebody was.
    Age,
    /// To know where it was.
    Where {
        /// The level asked for, where one was: the country, the city.
        level: Option<Grouping>,
    },
    /// To know who is there.
    Who,
    /// To know whose it is: the person in the event's name, or in the media.
    Whose,
    /// To have the media told or summed up.
    Summarize {
        /// How.
        #[serde(default)]
        manner: Manner,
    },
    /// To see media like those before.
    Similar,
    /// To see more of the same results.
    ShowMore,
    /// To see what the library has of a kind.
    List {
        /// What is listed.
        what: Listed,
    },
    /// To have something done with the media.
    Act {
        /// What is to be done.
        action: Action,
    },
    /// Talk that asks for no media: a greeting, thanks, what the program can do.
    Chat,
    /// Thanks.
    Thanks,
}

/// How something is to be told, as far as the question says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Manner {
    /// How it sounds.
    #[serde(default)]
    pub tone: Tone,
    /// How much is told.
    #[serde(default)]
    pub length: Length,
    /// In which language; that of the question when it says none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// An end of an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// Its first moment.
    Start,
    /// Its last.
    End,
}

/// A unit in which time is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Days.
    Day,
    /// Seven days.
    Week,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

/// Which groups of a grouping are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// Each group with its number.
    All,
    /// The group with the most media.
    Most,
    /// The group with the fewest media.
    Least,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    /// Named people.
    People,
    /// Named pets.
    Pets,
    /// Events and trips.
    Events,
    /// Albums.
    Albums,
    /// Keywords.
    Tags,
    /// Places.
    Places,
    /// Countries.
    Countries,
    /// Cameras.
    Cameras,
}

/// What is to be done. Arguments are verbatim as the user wrote them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "action")]
pub enum Action {
    /// Make an album of the media, or add them to the one of that name.
    CreateAlbum {
        /// Its name, or `None` where the user gave none.
        name: Option<String>,
    },
    /// Keep an album of whatever fits, now and later.
    KeepAlbum {
        /// Its name, or `None` where the user gave none.
        name: Option<String>,
        /// The rule by which it keeps itself; written when it is proposed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
    },
    /// Give the media keywords.
    AddTags {
        /// The keywords.
        tags: Vec<String>,
    },
    /// Make a film of the media.
    CreateFilm {
        /// Its title, if given.
        title: Option<String>,
        /// Its length in seconds, if given.
        seconds: Option<u32>,
        /// The whole sentence: how it is to look and sound is read from it when it is made.
        #[serde(default)]
        prompt: String,
    },
    /// Describe the media.
    Annotate {
        /// The description.
        description: String,
    },
    /// Something that no tool does.
    Unsupported {
        /// What was asked for: "delete", "print".
        verb: String,
    },
}

/// How the media are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The best match first.
    #[default]
    Relevance,
    /// By time, the latest first.
    Newest,
    /// By time, the earliest first.
    Oldest,
    /// The highest rating first.
    Rating,
}

/// How a question hangs together with the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FollowUp {
    /// It stands alone.
    #[default]
    None,
    /// It asks about the same media: "how many are there?".
    Same,
    /// It narrows them: "only the ones with Ben".
    Narrow,
    /// It changes one condition and keeps the rest: "and in 2021?".
    Change,
    /// It asks for what the one before left out: "and the others?". The media of the turn before are none of them.
    Others,
}

/// A wording, and the same in English.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Wording {
    /// As the user wrote it, without filler.
    pub text: String,
    /// In English, with spelling mistakes mended; the same as `text` where there is nothing to change.
    pub english: String,
}

/// What must be seen or written in the media.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Content {
    /// The whole, in the user's words and in English.
    pub wording: Wording,
    /// More than one where the user named alternatives: "sheep or horses". Otherwise the whole.
    pub alternatives: Vec<Wording>,
    /// Other words for what was named, each with its weight.
    pub expansions: Vec<Expansion>,
}

/// Another word for something that the user named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Expansion {
    /// The English word of the question that it stands for.
    pub of: String,
    /// The other word, English.
    pub term: String,
    /// How far it means the same, 0–1: synonyms and spellings about 0.9, kinds of the thing about 0.6.
    pub weight: f32,
}

/// An event that is probably meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LikelyEvent {
    /// The event.
    pub event: EventId,
    /// How probably it is meant, 0–1.
    pub weight: f32,
}

/// Something that was recognised in the question: a chip that the user can remove.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Part {
    /// What it is.
    pub role: Role,
    /// The bytes of the question it came from; `None` where it came from an earlier question.
    #[schema(value_type = Option<Vec<usize>>)]
    pub range: Option<Range<usize>>,
    /// The words it came from.
    pub text: String,
    /// What it means: "Grandma Ruth", "June – August 2026", "not Australia".
    pub label: String,
}

/// What a part of a question is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A person or pet.
    Person,
    /// A name that nobody in the library has.
    UnknownPerson,
    /// A place.
    Place,
    /// A date, a span, a season, a time of day.
    Time,
    /// Photo, video, screenshot and the like.
    Kind,
    /// A camera.
    Camera,
    /// A rating.
    Rating,
    /// Upright, wide or square.
    Shape,
    /// An event.
    Event,
    /// An album.
    Album,
    /// A keyword.
    Tag,
    /// A concept that the user taught.
    Concept,
    /// A theme that the user named.
    Theme,
    /// Duplicates and bursts.
    Copies,
    /// What must be seen.
    Content,
    /// What must not be seen.
    Without,
    /// The order or number of results.
    Order,
    /// What is to be done, and with which name.
    Action,
}
