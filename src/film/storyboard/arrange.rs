//! When each shot is shown and how it comes in: cuts on beats, the whole as long as wished.
//!
//! The beat is stretched a little, so that a whole number of beats is exactly the length wished for; then cuts go to the
//! beats that are really heard. What the user fixed keeps its length; the others share what is left.

use super::facts::Fact;
use super::{Caption, CaptionPlace, Ending, Mood, Shot, Show, Storyboard, Transition, TransitionKind, captions, crop};

/// How long the card with the title is seen, seconds.
const CARD_S: f64 = 3.4;
/// A shot is shown at most so many times as long as usual, for want of others.
const STRETCH: f64 = 1.9;
/// Beats by which the last shot is longer: it holds while everything fades.
const LAST_BEATS: u64 = 2;

/// What the arranging looks up.
pub(super) trait Lookup {
    fn fact(&self, shot: &Shot) -> Option<&Fact>;
}

impl Lookup for std::collections::HashMap<crate::library::MediaId, &Fact> {
    fn fact(&self, shot: &Shot) -> Option<&Fact> {
        self.get(&shot.media).copied()
    }
}

/// Gives every shot its section, heading, length, transition and path.
pub(super) fn arrange(board: &mut Storyboard, facts: &impl Lookup, german: bool) {
    card(board);
    headings(board, facts, german);
    lengths(board, facts);
    transitions(board);
    frames(board, facts);
}

/// The card with the title goes with the first shot, whichever that is.
fn card(board: &mut Storyboard) {
    board.shots.retain(|shot| shot.show != Show::Card);
    let Some(first) = board.shots.first() else { return };
    if board.title.is_empty() {
        return;
    }
    let caption = Caption { text: board.title.clone(), small: board.subtitle.clone(), place: CaptionPlace::Middle };
    let card = Shot {
        media: first.media,
        show: Show::Card,
        duration_ms: 0,
        transition: Transition::CUT,
        caption: Some(caption),
        section: 0,
        reason: "the title".to_owned(),
        score: 1.0,
        fixed: false,
    };
    board.shots.insert(0, card);
}

fn headings(board: &mut Storyboard, facts: &impl Lookup, german: bool) {
    let shown: Vec<&Fact> =
        board.shots.iter().filter(|shot| shot.show != Show::Card).filter_map(|shot| facts.fact(shot)).collect();
    let (sections, of) = captions::sections(&shown, board.life_of.is_some(), german);
    board.sections = sections;
    // One section needs no heading beside the title; headings on every shot are too many.
    let many = board.sections.len() > 1 && board.sections.len() * 3 <= shown.len() * 2 + 3;
    let mut of = of.into_iter();
    let mut before = None;
    for shot in board.shots.iter_mut().filter(|shot| shot.show != Show::Card) {
        let section = if facts.fact(shot).is_some() { of.next().unwrap_or(0) } else { before.unwrap_or(0) };
        shot.section = section;
        if !shot.fixed {
            let first = before != Some(section) && (many || board.life_of.is_some());
            shot.caption = (first && board.captions).then(|| captions::of_section(&board.sections[section])).flatten();
        }
        before = Some(section);
    }
}

/// Beats of each shot: as few, as many as are usual, and as many as it bears.
struct Bears {
    least: u64,
    usual: u64,
    most: u64,
    /// The longest that there is, milliseconds.
    most_ms: u64,
}

fn lengths(board: &mut Storyboard, facts: &impl Lookup) {
    let tempo = board.music.clear_beats().map_or(board.mood.tempo(), |beats| beats.tempo);
    let beat_ms = 60_000.0 / tempo;
    let usual = ((board.pace.seconds() * 1000.0 / beat_ms).round() as u64).max(2);
    let last = board.shots.len().saturating_sub(1);
    let bounds: Vec<Bears> =
        board.shots.iter().enumerate().map(|(at, shot)| bounds(shot, facts, usual, beat_ms, at == last)).collect();
    let fixed: u64 = board.shots.iter().filter(|shot| shot.fixed).map(|shot| shot.duration_ms).sum();
    let free: Vec<usize> = (0..board.shots.len()).filter(|at| !board.shots[*at].fixed).collect();
    let mut beats: Vec<u64> = bounds.iter().map(|beats| beats.usual).collect();
    let have: u64 = free.iter().map(|at| beats[*at]).sum();
    let left = board.wished_ms.saturating_sub(fixed) as f64;
    let wanted = if board.wished_ms == 0 { have } else { (left / beat_ms).round().max(1.0) as u64 };
    spread(&mut beats, &bounds, &free, wanted);
    let total: u64 = free.iter().map(|at| beats[*at]).sum();
    let exact = board.wished_ms > 0 && total == wanted && total > 0;
    board.beat_ms = if exact { left / total as f64 } else { beat_ms };
    let (mut beat, mut at_ms) = (0, 0);
    for (at, shot) in board.shots.iter_mut().enumerate() {
        if shot.fixed {
            continue;
        }
        beat += beats[at];
        let cut = (beat as f64 * board.beat_ms).round() as u64;
        shot.duration_ms = cut - at_ms;
        at_ms = cut;
    }
    let beat_ms = board.beat_ms;
    board.cut_on_beats(|at| {
        // A beat that comes a little early or late is still one of those that a shot bears.
        let (least, most) = (bounds[at].least as f64 - 0.5, bounds[at].most as f64 + 0.5);
        Some(((least * beat_ms) as u64, ((most * beat_ms) as u64).min(bounds[at].most_ms)))
    });
    let fade_ms = (board.length_ms() / 12).clamp(400, 2000);
    board.ending = Ending { fade_ms };
}

fn bounds(shot: &Shot, facts: &impl Lookup, usual: u64, beat_ms: f64, last: bool) -> Bears {
    let extra = if last { LAST_BEATS } else { 0 };
    match (&shot.show, facts.fact(shot)) {
        (Show::Card, _) => {
            let beats = (CARD_S * 1000.0 / beat_ms).round().max(3.0) as u64;
            Bears { least: beats.div_ceil(2).max(2), usual: beats, most: beats + 2, most_ms: u64::MAX }
        }
        (Show::Clip { .. }, Some(fact)) => {
            // What a transition overlaps must be there as well.
            let most_ms = fact.duration_ms.saturating_sub(600);
            let there = (most_ms as f64 / beat_ms).floor().max(2.0) as u64;
            let usual = (usual * 3 / 2 + extra).min(there);
            Bears { least: 2.min(usual), usual, most: there.min(usual * 2), most_ms }
        }
        (_, _) => {
            let heading = u64::from(shot.caption.is_some());
            let most = ((usual as f64) * STRETCH).ceil() as u64;
            Bears {
                least: (usual / 2).max(2) + extra,
                usual: usual + heading + extra,
                most: most.max(usual + 1) + extra,
                most_ms: u64::MAX,
            }
        }
    }
}

/// Adds and takes beats, one here and one there, until there are as many as wanted or no shot bears it.
fn spread(beats: &mut [u64], bounds: &[Bears], free: &[usize], wanted: u64) {
    loop {
        let total: u64 = free.iter().map(|at| beats[*at]).sum();
        if total == wanted {
            return;
        }
        let grow = total < wanted;
        let bears = |at: usize| if grow { beats[at] < bounds[at].most } else { beats[at] > bounds[at].least };
        // Whoever is farthest from its usual length in the other direction changes first; then the earlier one.
        let pull = |at: usize| {
            let off = beats[at] as f64 / bounds[at].usual.max(1) as f64;
            if grow { off } else { -off }
        };
        let next = free.iter().copied().filter(|at| bears(*at)).min_by(|a, b| pull(*a).total_cmp(&pull(*b)));
        let Some(next) = next else { return };
        beats[next] = if grow { beats[next] + 1 } else { beats[next] - 1 };
    }
}

fn transitions(board: &mut Storyboard) {
    let (within, within_ms, between, between_ms) = match board.mood {
        Mood::Gentle => (TransitionKind::Dissolve, 900, TransitionKind::Dissolve, 1400),
        Mood::Nostalgic => (TransitionKind::Dissolve, 1200, TransitionKind::Dip, 1400),
        Mood::Happy => (TransitionKind::Dissolve, 450, TransitionKind::Wipe, 700),
        Mood::Epic => (TransitionKind::Dissolve, 800, TransitionKind::Dip, 1200),
        Mood::Energetic => (TransitionKind::Cut, 0, TransitionKind::Push, 450),
    };
    for at in 0..board.shots.len() {
        let Some(before) = at.checked_sub(1) else {
            board.shots[at].transition = Transition::CUT;
            continue;
        };
        let from_card = board.shots[before].show == Show::Card;
        let (kind, ms) = match () {
            // The same picture comes into focus.
            () if from_card => (TransitionKind::Dissolve, 1000),
            () if board.shots[before].section != board.shots[at].section => (between, between_ms),
            () => (within, within_ms),
        };
        let bound = board.shots[before].duration_ms.min(board.shots[at].duration_ms) * 2 / 5;
        board.shots[at].transition = match ms.min(bound) {
            short if short < 120 => Transition::CUT,
            ms => Transition { kind, ms: ms / 2 * 2 },
        };
    }
}

fn frames(board: &mut Storyboard, facts: &impl Lookup) {
    let (aspect, cuts) = (board.format.aspect(), board.cuts_ms());
    let life_of = board.life_of.clone();
    let seen: Vec<(u64, u64)> = (0..board.shots.len()).map(|at| board.seen_ms(at, &cuts)).collect();
    for (at, shot) in board.shots.iter_mut().enumerate() {
        let Some(fact) = facts.fact(shot).filter(|_| !shot.fixed) else { continue };
        match &mut shot.show {
            Show::Card => {}
            Show::Still { path, fit } => {
                let framing = crop::still(fact, aspect, at as u64, life_of.as_deref());
                (*path, *fit) = (framing.path, framing.fit);
            }
            Show::Clip { in_ms, out_ms, area, fit, sound } => {
                (*area, *fit) = crop::clip(fact, aspect);
                (*in_ms, *out_ms) = best_seconds(fact, seen[at].1 - seen[at].0);
                *sound = true;
            }
        }
    }
}

/// The piece of a video, `length` milliseconds of it, in which most happens: faces, speech that is not cut off, frames
/// that stand for it. The first and the last half second, in which cameras are lifted and lowered, are left out where
/// there is enough.
pub(super) fn best_seconds(fact: &Fact, length: u64) -> (u64, u64) {
    const STEP: u64 = 250;
    let edge = if fact.duration_ms >= length + 1200 { 500 } else { 0 };
    let last = fact.duration_ms.saturating_sub(length + edge);
    let worth = |from: u64| {
        let to = from + length;
        let within = |at: &&u64| (from..to).contains(*at);
        let faces = fact.face_times.iter().filter(within).count() as f64;
        let frames = fact.keyframes.iter().filter(within).count() as f64;
        let whole = fact.speech.iter().filter(|(start, end)| *start >= from && *end <= to).count() as f64;
        let cut = fact.speech.iter().filter(|(start, end)| {
            let inside = *start < to && *end > from;
            inside && !(*start >= from && *end <= to)
        });
        2.0 * faces + frames + 1.5 * whole - cut.count() as f64
    };
    let step = STEP.max((last.saturating_sub(edge)) / 2000);
    let starts = (0..).map(|at| edge + at * step).take_while(|from| *from <= last);
    let best = starts.reduce(|best, from| if worth(from) > worth(best) { from } else { best });
    let from = best.unwrap_or(0);
    (from, (from + length).min(fact.duration_ms).max(from + 1))
}
