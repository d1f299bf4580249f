//! Says in words what was found: short, in the language of the question, with numbers and dates from the library.
//!
//! A pure function of findings; nothing is guessed and nothing looked up here. A claim that rests on certain media names
//! them as `[[media:ID]]`, which the app shows as small pictures.

pub mod dates;
mod found;
mod lengths;
mod occasions;
pub mod phrases;

use jiff::civil::{Date, DateTime};

use self::dates::Exact;
pub use self::found::{Tally, what};
pub use self::lengths::time_between;
use self::phrases::{say, say_number};
use super::understand::{Action, Language, Listed, Pick, Unit};
use crate::library::MediaId;
use crate::library::filter::Grouping;
use crate::library::media::GroupCount;
use crate::library::moments::{Moment, clock};

/// How many names or dates a sentence lists before it says "and N more".
const LISTED: usize = 8;

/// How many moments of a video are named.
const TIMES: usize = 5;

/// A date and a medium that bears it out.
pub type DatedClaim = (DateTime, Exact, MediaId);

/// How old somebody was, in whole months, from the youngest to the oldest, each with a medium that shows it; without one,
/// how old they are now.
#[derive(Debug, Clone, PartialEq)]
pub struct Aged {
    /// Name.
    pub name: String,
    /// The youngest.
    pub from: (u32, Option<MediaId>),
    /// The oldest.
    pub to: (u32, Option<MediaId>),
}

/// What was found, to be said in words.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// Media to look at, the first ones as evidence, each with where in a video it is.
    Media(Tally, Vec<(MediaId, Vec<Moment>)>),
    /// Media found by what was said: the reason that quotes it, and the medium that bears it out.
    Said(Tally, String, MediaId),
    /// Media that look like another.
    Similar(Tally),
    /// Nothing fits these conditions.
    Nothing(Vec<String>),
    /// A fact was asked for that is in no picture: nothing fits these conditions.
    NoFact(Vec<String>),
    /// Yes, and what bears it out.
    Yes(Box<Finding>),
    /// No: nothing fits these conditions.
    No(Vec<String>),
    /// Nobody of these names is known; these are written almost alike.
    UnknownPeople(Vec<String>, Vec<String>),
    /// There is nothing more to show.
    NoMore,
    /// How many media.
    Count(Tally),
    /// How many different years, countries …
    Distinct(Grouping, Vec<GroupCount>),
    /// How media spread over a grouping.
    Groups(Grouping, Pick, Vec<GroupCount>),
    /// When it was: each occasion from its first to its last moment, with evidence.
    When(Vec<(DatedClaim, DatedClaim)>),
    /// On how many occasions it was, each from its first to its last moment, and how many media show it.
    HowOften(Vec<(DatedClaim, DatedClaim)>, Tally),
    /// On no occasion: nothing fits these conditions.
    Never(Vec<String>),
    /// It is where the person lives: so many days, from the first to the last.
    AtHome {
        /// Days with a picture.
        days: u64,
        /// The first moment.
        from: DatedClaim,
        /// The last.
        to: DatedClaim,
        /// How many media.
        tally: Tally,
    },
    /// How long it lasted: each stay from its first to its last moment, with evidence.
    HowLong(Vec<(DatedClaim, DatedClaim)>),
    /// How much time lies between two days, each with a medium that shows it where one does.
    Between {
        /// The unit asked for.
        unit: Unit,
        /// The earlier.
        from: (Date, Option<MediaId>),
        /// The later.
        to: (Date, Option<MediaId>),
    },
    /// These words have no meaning here.
    Unclear(Vec<String>),
    /// How many seconds videos last altogether.
    Plays(Tally, u64),
    /// How old people were.
    Age(Vec<Aged>),
    /// It is not known when these people were born.
    BirthdayUnknown(Vec<String>),
    /// Where it was, with evidence.
    Where(Vec<(String, MediaId)>),
    /// Who is there, with evidence.
    Who(Vec<(String, MediaId)>, Tally),
    /// Whose it was.
    Whose(Vec<String>, Option<MediaId>),
    /// What the library has.
    List(Listed, Vec<GroupCount>),
    /// What would be done once confirmed.
    Proposal(Action, Tally),
    /// What no tool does.
    Unsupported(String),
    /// A text that is told already, with its citations.
    Told(String),
    /// A greeting.
    Chat,
    /// An answer to thanks.
    Thanks,
}

/// The answer in words.
pub fn compose(finding: &Finding, language: Language) -> String {
    let say = |key: &str, values: &[(&str, &str)]| say(language, key, values);
    match finding {
        Finding::Media(tally, evidence) => {
            let cited = evidence.iter().map(|(id, moments)| format!("{}{}", cite(&[*id]), times(moments)));
            format!("{}{}", found::found(tally, language), cited.collect::<String>())
        }
        Finding::Said(tally, reason, evidence) => {
            format!("{} {}{}", found::found(tally, language), found::said(reason, language), cite(&[*evidence]))
        }
        Finding::Similar(tally) => say("similar", &[("what", &what(tally, language))]),
        Finding::Nothing(conditions) if conditions.is_empty() => say("nothing", &[]),
        Finding::Nothing(conditions) => say("nothing_with", &[("conditions", &conditions.join(" · "))]),
        Finding::NoFact(conditions) => say("no_fact", &[("conditions", &conditions.join(" · "))]),
        Finding::Yes(found) => say("yes", &[("answer", &compose(found, language))]),
        Finding::No(conditions) if conditions.is_empty() => say("no", &[]),
        Finding::No(conditions) => say("no_with", &[("conditions", &conditions.join(" · "))]),
        Finding::UnknownPeople(names, alike) => {
            let unknown = say("unknown_person", &[("names", &bold(&names.join(", ")))]);
            match alike.is_empty() {
                true => unknown,
                false => format!("{unknown} {}", say("did_you_mean", &[("names", &bold(&alike.join(", ")))])),
            }
        }
        Finding::NoMore => say("more_none", &[]),
        Finding::Count(tally) => found::count(tally, language),
        Finding::Distinct(_, groups) if groups.is_empty() => say("count_none", &[]),
        Finding::Distinct(unit, groups) => {
            let n = groups.len() as u64;
            let values = list(groups.iter().map(|group| key(group, *unit, language)), language);
            say(
                "distinct",
                &[("n", &bold(&n.to_string())), ("unit", &unit_name(*unit, n, language)), ("values", &values)],
            )
        }
        Finding::Groups(unit, pick, groups) => spread(*unit, *pick, groups, language),
        Finding::When(occasions) => occasions::when(occasions, language),
        Finding::HowOften(times, tally) => occasions::how_often(times, tally, language),
        Finding::Never(conditions) if conditions.is_empty() => say("count_none", &[]),
        Finding::Never(conditions) => say("never", &[("conditions", &conditions.join(" · "))]),
        Finding::AtHome { days, from, to, tally } => occasions::at_home(*days, from, to, tally, language),
        Finding::HowLong(stays) => lengths::stays(stays, language),
        Finding::Between { unit, from, to } => lengths::between(*unit, *from, *to, language),
        Finding::Unclear(words) => say("unclear", &[("words", &words.join(", "))]),
        Finding::Plays(tally, seconds) => lengths::plays(tally, *seconds, language),
        Finding::Age(aged) => lengths::ages(aged, language),
        Finding::BirthdayUnknown(names) => say("birthday_unknown", &[("names", &bold(&names.join(", ")))]),
        Finding::Where(places) if places.is_empty() => say("unplaced", &[]),
        Finding::Where(places) => {
            let places = list(places.iter().map(|(place, id)| format!("**{place}**{}", cite(&[*id]))), language);
            say("where", &[("places", &places)])
        }
        Finding::Who(people, tally) if people.is_empty() => say("nobody_named", &[("what", &what(tally, language))]),
        Finding::Who(people, _) => {
            let names = list(people.iter().map(|(name, id)| format!("**{name}**{}", cite(&[*id]))), language);
            say("who", &[("names", &names)])
        }
        Finding::Whose(names, evidence) => {
            let names = bold(&names.join(&phrases::say(language, "and", &[])));
            format!("{}{}", say("whose", &[("names", &names)]), evidence.map_or_else(String::new, |id| cite(&[id])))
        }
        Finding::List(what, entries) => listing(*what, entries, language),
        Finding::Proposal(action, tally) => proposal(action, tally, language),
        Finding::Unsupported(verb) => say("unsupported", &[("verb", verb)]),
        Finding::Told(text) => text.clone(),
        Finding::Chat => say("chat", &[]),
        Finding::Thanks => say("thanks", &[]),
    }
}

/// An answer without its citations.
pub fn without_citations(answer: &str) -> String {
    let mut pieces = answer.split("[[media:");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once("]]").map_or("", |(_, rest)| rest))
}

fn spread(unit: Grouping, pick: Pick, groups: &[GroupCount], language: Language) -> String {
    let chosen = match pick {
        Pick::All => None,
        Pick::Most => groups.iter().max_by_key(|group| group.count),
        Pick::Least => groups.iter().min_by_key(|group| group.count),
    };
    match chosen {
        Some(group) => {
            let ties = groups.iter().filter(|other| other.count == group.count);
            let value = bold(&list(ties.map(|group| key(group, unit, language)), language));
            let phrase = if pick == Pick::Most { "most" } else { "least" };
            let name = capitalised(&unit_name(unit, 1, language));
            say(language, phrase, &[("unit", &name), ("value", &value), ("n", &group.count.to_string())])
        }
        None if groups.len() == 1 => format!("{}.", bold(&key(&groups[0], unit, language))),
        None => {
            let values =
                list(groups.iter().map(|group| format!("{} ({})", key(group, unit, language), group.count)), language);
            say(language, "groups", &[("unit", &unit_name(unit, 1, language)), ("values", &values)])
        }
    }
}

fn listing(what: Listed, entries: &[GroupCount], language: Language) -> String {
    let unit = match what {
        Listed::People => "unit_person",
        Listed::Pets => "unit_pet",
        Listed::Events => "unit_event",
        Listed::Albums => "unit_album",
        Listed::Tags => "unit_tag",
        Listed::Places => "unit_place",
        Listed::Countries => "unit_country",
        Listed::Cameras => "unit_camera",
    };
    let n = entries.len() as u64;
    if n == 0 {
        return say(language, "list_none", &[("unit", &say_number(language, unit, 2))]);
    }
    let values = list(entries.iter().map(|entry| format!("{} ({})", entry.key, entry.count)), language);
    let unit = say_number(language, unit, n);
    say(language, "list", &[("n", &bold(&n.to_string())), ("unit", &unit), ("values", &values)])
}

fn proposal(action: &Action, tally: &Tally, language: Language) -> String {
    let what = what(tally, language);
    match action {
        Action::CreateAlbum { name } => {
            say(language, "confirm_album", &[("name", name.as_deref().unwrap_or("…")), ("what", &what)])
        }
        Action::KeepAlbum { name, rule } => {
            let (name, rule) = (name.as_deref().unwrap_or("…"), format!("`{}`", rule.as_deref().unwrap_or_default()));
            say(language, "confirm_keep", &[("name", name), ("rule", &rule), ("what", &what)])
        }
        Action::AddTags { tags } => {
            let tags: Vec<String> = tags.iter().map(|tag| format!("“{tag}”")).collect();
            say(language, "confirm_tags", &[("tags", &tags.join(", ")), ("what", &what)])
        }
        Action::Annotate { description } => {
            say(language, "confirm_annotate", &[("text", description), ("what", &what)])
        }
        Action::CreateFilm { .. } => say(language, "confirm_film", &[("what", &what)]),
        Action::Unsupported { verb } => say(language, "unsupported", &[("verb", verb)]),
    }
}

/// "a, b and 3 more".
fn list(values: impl Iterator<Item = String>, language: Language) -> String {
    let values: Vec<String> = values.collect();
    let rest = values.len().saturating_sub(LISTED);
    let mut text = values[..values.len() - rest].join(", ");
    if rest > 0 {
        text.push_str(&say(language, "etc", &[("n", &rest.to_string())]));
    }
    text
}

fn unit_name(unit: Grouping, n: u64, language: Language) -> String {
    let key = match unit {
        Grouping::Year => "unit_year",
        Grouping::Month => "unit_month",
        Grouping::Day => "unit_day",
        Grouping::Weekday => "unit_weekday",
        Grouping::Person => "unit_person",
        Grouping::Country => "unit_country",
        Grouping::Region => "unit_region",
        Grouping::City => "unit_city",
        Grouping::Camera => "unit_camera",
        Grouping::Kind => "unit_kind",
        Grouping::Event => "unit_event",
        Grouping::Tag => "unit_tag",
    };
    say_number(language, key, n)
}

/// A group's key as people read it: "2019-06" is "June 2019".
fn key(group: &GroupCount, unit: Grouping, language: Language) -> String {
    let whole = |text: String| text.parse::<DateTime>().ok().map(|time| time.date());
    match unit {
        Grouping::Month => {
            whole(format!("{}-01T00:00:00", group.key)).map(|day| dates::date(day, Exact::Month, language))
        }
        Grouping::Day => whole(format!("{}T00:00:00", group.key)).map(|day| dates::date(day, Exact::Day, language)),
        Grouping::Weekday => group.key.parse().ok().map(|number| language.calendar().weekday(number).to_owned()),
        _ => None,
    }
    .unwrap_or_else(|| group.key.clone())
}

fn bold(text: &str) -> String {
    format!("**{text}**")
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The citation of media, as an answer has it.
pub fn cite(ids: &[MediaId]) -> String {
    ids.iter().map(|id| format!(" [[media:{id}]]")).collect()
}

/// When in a video: " (0:42, 1:05 …)", the best of many.
fn times(moments: &[Moment]) -> String {
    let mut best: Vec<&Moment> = moments.iter().collect();
    best.sort_by(|a, b| b.score.total_cmp(&a.score));
    best.truncate(TIMES);
    best.sort_by_key(|moment| moment.start_ms);
    let times: Vec<String> = best.iter().map(|moment| clock(moment.start_ms)).collect();
    let more = if moments.len() > TIMES { " …" } else { "" };
    if times.is_empty() { String::new() } else { format!(" ({}{more})", times.join(", ")) }
}

#[cfg(test)]
mod tests;
