//! Themes as somebody sees them: with a name in their language, and only with pictures that they may see.
//!
//! A theme of which hardly anything may be seen is not there for them: what it is called tells of the rest.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::{Date, DateTime};

use super::{Alike, Evidence, Kind, Sort, Told, words};
use crate::assistant::understand::Language;
use crate::library::themes::{Member, Theme};
use crate::library::{Library, LibraryError, MediaId, ThemeId, fold};

/// Pictures of a theme that may be seen, at least.
const LEAST: usize = 3;
/// Pictures that stand for a theme.
const COVERS: usize = 4;

/// A word that sets a theme apart, as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The word in the language of who looks.
    pub text: String,
    /// Its sort and its counts.
    pub evidence: Evidence,
}

/// A theme as somebody sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Identifier.
    pub id: ThemeId,
    /// What sort it is.
    pub kind: Kind,
    /// What it is called.
    pub name: String,
    /// The name is the user's.
    pub named: bool,
    /// The user does not want to see it.
    pub hidden: bool,
    /// Why it is a theme, in a sentence.
    pub why: String,
    /// Its pictures in order of time, those that may be seen.
    pub media: Vec<MediaId>,
    /// Its years with how many pictures each has.
    pub years: Vec<(i16, usize)>,
    /// The day of its first picture.
    pub first: Date,
    /// The day of its last.
    pub last: Date,
    /// The pictures that stand for it, in order of time.
    pub covers: Vec<MediaId>,
    /// What sets it apart, what tells the most first.
    pub reasons: Vec<Reason>,
    /// How alike its pictures are, of one that was found by that.
    pub alike: Option<Alike>,
}

/// The themes that may be seen, those of most years first; the hidden ones too.
///
/// # Errors
/// [`LibraryError`] when the library cannot be read.
pub async fn themes(library: &Library, language: Language) -> Result<Vec<Shown>, LibraryError> {
    let stored = library.themes().await?;
    let mut members: HashMap<ThemeId, Vec<Member>> = HashMap::new();
    for member in library.theme_members(None).await? {
        members.entry(member.theme).or_default().push(member);
    }
    let told: Vec<Told> =
        stored.iter().map(|theme| Ok(serde_json::from_str(&theme.told)?)).collect::<Result<_, LibraryError>>()?;
    let taken: HashSet<String> = stored.iter().filter_map(|theme| theme.name.as_deref()).map(fold).collect();
    // Names are given in the order in which themes were found first, so that a new one does not change the others'.
    let names = words::names(told.iter(), taken, language);
    let mut themes: Vec<Shown> = stored
        .into_iter()
        .zip(told)
        .zip(names)
        .filter_map(|((theme, told), name)| {
            let members = members.remove(&theme.id).unwrap_or_default();
            shown(theme, &told, name, &members, language)
        })
        .collect();
    themes.sort_by(|a, b| {
        let rank = |theme: &Shown| (theme.years.len(), theme.media.len());
        rank(b).cmp(&rank(a)).then_with(|| a.id.cmp(&b.id))
    });
    Ok(themes)
}

/// One theme.
///
/// # Errors
/// [`LibraryError::NotFound`], also when there is hardly anything of it that may be seen.
pub async fn theme(library: &Library, id: ThemeId, language: Language) -> Result<Shown, LibraryError> {
    let found = themes(library, language).await?.into_iter().find(|theme| theme.id == id);
    found.ok_or_else(|| LibraryError::NotFound { what: "theme", key: id.to_string() })
}

fn shown(theme: Theme, told: &Told, name: String, members: &[Member], language: Language) -> Option<Shown> {
    let all = usize::try_from(theme.all).unwrap_or(usize::MAX);
    if members.len() < LEAST || members.len() * 2 < all {
        return None;
    }
    let dated: Vec<(&Member, DateTime)> =
        members.iter().filter_map(|member| Some((member, member.taken.parse().ok()?))).collect();
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    dated.iter().for_each(|(_, taken)| *years.entry(taken.year()).or_default() += 1);
    let reason = |evidence: &Evidence| Reason { text: words::text(evidence, language), evidence: evidence.clone() };
    Some(Shown {
        id: theme.id,
        kind: told.subject.kind(),
        named: theme.name.is_some(),
        name: theme.name.unwrap_or(name),
        hidden: theme.hidden,
        why: words::why(told, years.len(), language),
        media: members.iter().map(|member| member.media).collect(),
        first: dated.first()?.1.date(),
        last: dated.last()?.1.date(),
        covers: covers(&dated),
        years: years.into_iter().collect(),
        reasons: told.evidence.iter().map(reason).filter(|reason| !reason.text.is_empty()).collect(),
        alike: told.alike,
    })
}

/// The best of a few years, spread over all of them.
fn covers(dated: &[(&Member, DateTime)]) -> Vec<MediaId> {
    let mut best: BTreeMap<i16, &Member> = BTreeMap::new();
    for (member, taken) in dated {
        let better = |known: &&Member| (member.photo, member.rating) > (known.photo, known.rating);
        if best.get(&taken.year()).is_none_or(better) {
            best.insert(taken.year(), member);
        }
    }
    let best: Vec<&Member> = best.into_values().collect();
    let count = best.len().min(COVERS);
    let mut covers: Vec<MediaId> =
        (0..count).map(|at| best[if count > 1 { at * (best.len() - 1) / (count - 1) } else { 0 }].media).collect();
    for (member, _) in dated {
        if covers.len() < COVERS && !covers.contains(&member.media) {
            covers.push(member.media);
        }
    }
    covers
}

impl Reason {
    /// "football: in 9 of 10, elsewhere in 1 of 200", for the command line.
    pub fn line(&self) -> String {
        let Evidence { sort, inside, of, elsewhere, others, .. } = &self.evidence;
        let sort = match sort {
            Sort::What => "",
            Sort::Who => "with ",
            Sort::Where | Sort::Country => "in ",
            Sort::Season => "in ",
            Sort::Weekday => "on ",
        };
        format!("{sort}{}: {inside} of {of}, elsewhere {elsewhere} of {others}", self.text)
    }
}
