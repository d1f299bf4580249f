//! Changes of a film that is there, as people say them: "shorter", "more of Rex", "start with the boat".
//!
//! [`read`] turns words into [`Edit`]s, [`apply`] makes a new storyboard of an old one. Both are functions of values; what
//! the user fixed by hand stays as it is.

mod words;

use super::arrange::arrange;
use super::facts::Fact;
use super::plan::{best_match, by_id, shot, tells_of};
use super::{Format, LONGEST_MS, MOST_SHOTS, Mood, Music, Pace, Show, Storyboard, select};
use crate::library::fold;

pub use words::read;

/// A change of a film.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Fewer shots, about a third.
    Shorter,
    /// More shots, about a third.
    Longer,
    /// So long, milliseconds.
    Length(u64),
    /// More of what the words say.
    More(String),
    /// Less of what the words say; with `true`: nothing at all.
    Less(String, bool),
    /// What the words say comes first.
    First(String),
    /// What the words say comes last.
    Last(String),
    /// Another picture in place of a shot, counted from 1; 0 is the last.
    Replace(usize),
    /// A shot, counted from 1, goes; 0 is the last.
    Remove(usize),
    /// With or without words.
    Captions(bool),
    /// Another shape of the frame.
    Format(Format),
    /// Shots are shown longer.
    Slower,
    /// Shots are shown shorter.
    Faster,
    /// With or without music.
    Music(bool),
    /// It feels otherwise.
    Mood(Mood),
    /// It is called otherwise.
    Title(String),
}

impl Edit {
    /// The same, with other words for what is to be seen; `None` where it has none, or they have no other.
    pub fn reworded(&self, other: impl Fn(&str) -> Option<String>) -> Option<Self> {
        Some(match self {
            Self::More(words) => Self::More(other(words)?),
            Self::Less(words, all) => Self::Less(other(words)?, *all),
            Self::First(words) => Self::First(other(words)?),
            Self::Last(words) => Self::Last(other(words)?),
            _ => return None,
        })
    }
}

/// A storyboard that was changed, and what was done, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited {
    /// The new one.
    pub board: Storyboard,
    /// One line for each change.
    pub said: Vec<String>,
}

/// Makes the changes, one after the other.
///
/// # Errors
/// In words for the user, when one of them cannot be made; then none is.
pub fn apply(board: &Storyboard, facts: &[Fact], edits: &[Edit], german: bool) -> Result<Edited, String> {
    let mut board = board.clone();
    let mut said = Vec::new();
    for edit in edits {
        board.shots.retain(|shot| shot.show != Show::Card);
        said.push(one(&mut board, facts, edit)?);
        if board.shots.is_empty() {
            return Err("nothing would be left of the film".to_owned());
        }
        arrange(&mut board, &by_id(facts), german);
    }
    Ok(Edited { board, said })
}

fn one(board: &mut Storyboard, facts: &[Fact], edit: &Edit) -> Result<String, String> {
    let length = if board.wished_ms > 0 { board.wished_ms } else { board.length_ms() };
    match edit {
        Edit::Shorter => resize(board, facts, (length * 2 / 3).max(6000)),
        Edit::Longer => resize(board, facts, length * 4 / 3),
        Edit::Length(ms) => resize(board, facts, *ms),
        Edit::More(words) => more(board, facts, words),
        Edit::Less(words, all) => less(board, facts, words, *all),
        Edit::First(words) => to_end(board, facts, words, false),
        Edit::Last(words) => to_end(board, facts, words, true),
        Edit::Replace(number) => replace(board, facts, *number),
        Edit::Remove(number) => {
            let at = place(board, *number)?;
            board.shots.remove(at);
            Ok(format!("took out shot {}", at + 1))
        }
        Edit::Captions(on) => {
            board.captions = *on;
            for shot in &mut board.shots {
                shot.caption = shot.caption.take().filter(|_| *on);
            }
            Ok(if *on { "with captions" } else { "without captions" }.to_owned())
        }
        Edit::Format(format) => {
            board.format = *format;
            // A path was made for the shape that was.
            board.shots.iter_mut().for_each(|shot| shot.fixed = false);
            Ok(format!(
                "made for {}",
                match format {
                    Format::Wide => "a wide screen",
                    Format::Tall => "an upright phone",
                    Format::Square => "a square",
                }
            ))
        }
        Edit::Slower => pace(board, facts, true),
        Edit::Faster => pace(board, facts, false),
        Edit::Music(on) => {
            board.music = if *on { Music::Made } else { Music::None };
            Ok(if *on { "with music" } else { "without music" }.to_owned())
        }
        Edit::Mood(mood) => {
            board.mood = *mood;
            Ok("in another mood".to_owned())
        }
        Edit::Title(title) => {
            title.clone_into(&mut board.title);
            Ok(format!("called “{title}”"))
        }
    }
}

/// Index of a shot that is counted from 1, 0 being the last.
fn place(board: &Storyboard, number: usize) -> Result<usize, String> {
    let count = board.shots.len();
    let at = if number == 0 { count } else { number };
    at.checked_sub(1)
        .filter(|at| *at < count)
        .ok_or_else(|| format!("the film has {count} shots; there is no shot {number}"))
}

/// Media that could be added: usable, not there yet and unlike what is.
fn spare<'f>(board: &Storyboard, facts: &'f [Fact]) -> Vec<&'f Fact> {
    let used = by_id(facts);
    let used: Vec<&Fact> = board.shots.iter().filter_map(|shot| used.get(&shot.media).copied()).collect();
    let new = |fact: &&Fact| {
        select::usable(fact)
            && !fact.screenshot
            && used.iter().all(|other| other.id != fact.id && other.likeness(fact) < 0.82)
    };
    let mut spare: Vec<&Fact> = facts.iter().filter(new).collect();
    spare.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.id.cmp(&b.id)));
    spare
}

fn worth(fact: &Fact) -> f64 {
    0.6 * fact.quality() + 0.4 * fact.relevance
}

/// What could stand in place of a shot, best first.
pub fn alternatives<'f>(board: &Storyboard, facts: &'f [Fact], shot: usize) -> Vec<&'f Fact> {
    let known = by_id(facts);
    let Some(now) = board.shots.get(shot).and_then(|shot| known.get(&shot.media)) else { return Vec::new() };
    let mut spare = spare(board, facts);
    // Of the same event first, then near in time.
    let far = |fact: &Fact| match fact.taken.zip(now.taken) {
        Some((a, b)) => a.duration_since(b).as_secs().unsigned_abs() / 86_400,
        None => u64::MAX,
    };
    spare.sort_by_key(|fact| (fact.event != now.event, far(fact) > 1, far(fact).min(400) / 30));
    spare
}

/// Puts a medium where time wants it, among shots in order of time.
fn insert(board: &mut Storyboard, facts: &[Fact], fact: &Fact, reason: String) {
    let known = by_id(facts);
    let later = |shot: &super::Shot| known.get(&shot.media).is_some_and(|other| select::order(other, fact).is_gt());
    // What was put first or last on purpose stays there.
    let inner = 1.min(board.shots.len())..board.shots.len();
    let at = inner.clone().find(|at| later(&board.shots[*at])).unwrap_or(inner.end);
    board.shots.insert(at, shot(fact, worth(fact), reason));
}

/// Index of the shot that adds least; the first and the last stay while there are others.
fn least(board: &Storyboard, keep: impl Fn(&super::Shot) -> bool) -> Option<usize> {
    let inner = if board.shots.len() > 3 { 1..board.shots.len() - 1 } else { 0..board.shots.len() };
    let open = inner.filter(|at| !keep(&board.shots[*at]));
    open.min_by(|a, b| board.shots[*a].score.total_cmp(&board.shots[*b].score))
}

fn resize(board: &mut Storyboard, facts: &[Fact], ms: u64) -> Result<String, String> {
    let ms = ms.clamp(3000, LONGEST_MS);
    let now = board.length_ms().max(1);
    let shots = board.shots.len();
    let wanted = ((shots as f64 * ms as f64 / now as f64).round() as usize).clamp(1, MOST_SHOTS - 1);
    while board.shots.len() > wanted {
        let Some(at) = least(board, |shot| shot.fixed).or_else(|| least(board, |_| false)) else { break };
        board.shots.remove(at);
    }
    while board.shots.len() < wanted {
        let Some(fact) = spare(board, facts).first().copied() else { break };
        insert(board, facts, fact, select::reason(fact, fact.event.as_deref().unwrap_or_default(), 1));
    }
    board.wished_ms = ms;
    Ok(format!("{} s instead of {} s, {} shots", ms / 1000, now / 1000, board.shots.len()))
}

fn matching<'f>(facts: &'f [&'f Fact], words: &str) -> Vec<&'f Fact> {
    let folded = fold(words);
    let wanted: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1).collect();
    facts.iter().copied().filter(|fact| !wanted.is_empty() && wanted.iter().all(|word| tells_of(fact, word))).collect()
}

fn more(board: &mut Storyboard, facts: &[Fact], words: &str) -> Result<String, String> {
    let spare = spare(board, facts);
    let mut fitting: Vec<Fact> = matching(&spare, words).into_iter().cloned().collect();
    if fitting.is_empty() {
        return Err(format!("there is nothing more of {words} among the pictures of this film"));
    }
    let wanted = (board.shots.len() / 4).clamp(1, 6);
    let mut added: Vec<Fact> = Vec::new();
    while added.len() < wanted && !fitting.is_empty() {
        let fact = fitting.remove(0);
        if added.iter().all(|other| other.likeness(&fact) < 0.7) {
            added.push(fact);
        }
    }
    let known = by_id(facts);
    let about = |shot: &super::Shot| {
        shot.fixed || known.get(&shot.media).is_some_and(|fact| !matching(&[fact], words).is_empty())
    };
    for fact in &added {
        // The film stays as long as it is: something else makes room.
        if let Some(at) = least(board, about) {
            board.shots.remove(at);
        }
        insert(board, facts, fact, format!("more of {words}"));
    }
    Ok(format!("{} more of {words}", added.len()))
}

fn less(board: &mut Storyboard, facts: &[Fact], words: &str, all: bool) -> Result<String, String> {
    let known = by_id(facts);
    let about = |shot: &super::Shot| known.get(&shot.media).is_some_and(|fact| !matching(&[fact], words).is_empty());
    let have = board.shots.iter().filter(|shot| about(shot)).count();
    if have == 0 {
        return Err(format!("no shot of this film is of {words}"));
    }
    let go = if all { have } else { have.div_ceil(2) };
    for _ in 0..go {
        let worst = (0..board.shots.len()).filter(|at| about(&board.shots[*at]));
        let worst = worst.min_by(|a, b| board.shots[*a].score.total_cmp(&board.shots[*b].score));
        let Some(at) = worst else { break };
        board.shots.remove(at);
        let other = spare(board, facts).into_iter().find(|fact| matching(&[fact], words).is_empty());
        if let Some(fact) = other {
            insert(board, facts, fact, format!("in place of {words}"));
        }
    }
    Ok(format!("{go} less of {words}"))
}

fn to_end(board: &mut Storyboard, facts: &[Fact], words: &str, last: bool) -> Result<String, String> {
    let known = by_id(facts);
    let shown: Vec<Fact> =
        board.shots.iter().filter_map(|shot| known.get(&shot.media).map(|fact| (*fact).clone())).collect();
    let moved = match best_match(&shown, words) {
        Some(at) => {
            let at = board.shots.iter().position(|shot| shot.media == shown[at].id).unwrap_or(0);
            board.shots.remove(at)
        }
        None => {
            let at = best_match(facts, words).ok_or_else(|| format!("there is no picture of {words}"))?;
            let fact = &facts[at];
            board.shots.retain(|shot| known.get(&shot.media).is_none_or(|other| other.likeness(fact) < 0.82));
            shot(fact, 1.0, format!("the film is to {} with it", if last { "end" } else { "start" }))
        }
    };
    if last {
        board.shots.push(moved)
    } else {
        board.shots.insert(0, moved)
    }
    Ok(format!("{} with {words}", if last { "ends" } else { "starts" }))
}

fn replace(board: &mut Storyboard, facts: &[Fact], number: usize) -> Result<String, String> {
    let at = place(board, number)?;
    let other = alternatives(board, facts, at).first().copied();
    let fact = other.ok_or("there is no other picture that could stand there")?;
    let score = worth(fact);
    board.shots[at] = shot(fact, score, format!("in place of another: {}", select::reason(fact, "", 1)));
    Ok(format!("replaced shot {}", at + 1))
}

/// Longer looks with fewer shots, or shorter ones with more; the film stays as long as it is.
fn pace(board: &mut Storyboard, facts: &[Fact], slower: bool) -> Result<String, String> {
    let now = board.pace;
    board.pace = match (now, slower) {
        (Pace::Lively, true) | (Pace::Calm, false) => Pace::Even,
        (_, true) => Pace::Calm,
        (_, false) => Pace::Lively,
    };
    if board.pace == now {
        return Err(format!("it is as {} as it can be", if slower { "slow" } else { "fast" }));
    }
    let length = if board.wished_ms > 0 { board.wished_ms } else { board.length_ms() };
    let shots = (board.shots.len() as f64 * now.seconds() / board.pace.seconds()).round().max(1.0) as usize;
    while board.shots.len() > shots {
        let Some(at) = least(board, |shot| shot.fixed) else { break };
        board.shots.remove(at);
    }
    while board.shots.len() < shots {
        let Some(fact) = spare(board, facts).first().copied() else { break };
        insert(board, facts, fact, "room for one more".to_owned());
    }
    board.wished_ms = length;
    Ok(if slower { "slower" } else { "faster" }.to_owned())
}
