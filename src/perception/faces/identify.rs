//! Says whose the faces of a library are: reads them, has them placed, writes down what was found.
//!
//! Placing new faces is cheap and happens whenever faces came in; placing everything anew happens when the user asks,
//! with progress, and can be stopped. Both run on a blocking thread, one at a time. When the user changes people
//! meanwhile, the result is dropped and the faces are placed again.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::sync::Mutex;

use super::gallery::{Face, Gallery, Person};
use super::place::{Placement, Scope, Whom, place, place_pets};
use super::quality::{Measures, Quality};
use super::suggest::{Inquiry, Question, Reason, Scene};
use crate::library::people::placing::{FaceOwner, FacePlace, FaceRecord, FaceSource, Kind};
use crate::library::{FaceId, Library, LibraryError, MediaId, PersonId};

/// How often faces are placed again because the user changed people meanwhile.
const TRIES: usize = 3;

/// Why faces could not be placed.
#[derive(Debug, thiserror::Error)]
pub enum IdentifyError {
    /// The library failed.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// It was stopped, or people changed faster than they could be looked at; nothing was written.
    #[error("the faces were not placed: {0}")]
    Stopped(&'static str),
}

/// A question for the user, in the library's terms.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// The faces that it is about, those that show it best first.
    pub faces: Vec<FaceId>,
    /// The found group that they are, if they are one.
    pub group: Option<PersonId>,
    /// Who it may be; `None`: who is this?
    pub person: Option<PersonId>,
    /// How likely that is, 0–1.
    pub probability: f32,
    /// What speaks for it, the weightiest first.
    pub reasons: Vec<Reason>,
}

/// Places faces and asks about them. Clones share the same work.
#[derive(Clone)]
pub struct Identifier {
    library: Library,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// One at a time.
    turn: Mutex<()>,
    everything: AtomicBool,
    stop: AtomicBool,
    /// Thousandths.
    done: AtomicU32,
}

impl Identifier {
    /// For this library.
    pub fn new(library: Library) -> Self {
        Self { library, state: Arc::default() }
    }

    /// Places faces that came in; returns whether there were any.
    pub async fn place_arrivals(&self) -> Result<bool, IdentifyError> {
        if self.library.unplaced_faces().await? == 0 {
            return Ok(false);
        }
        let _turn = self.state.turn.lock().await;
        self.run(Scope::Arrivals, Kind::People).await?;
        self.run(Scope::Arrivals, Kind::Animals).await?;
        Ok(true)
    }

    /// Places every face anew that nobody confirmed. A second call waits for the first.
    pub async fn place_everything(&self) -> Result<(), IdentifyError> {
        let _turn = self.state.turn.lock().await;
        self.state.stop.store(false, Ordering::Relaxed);
        self.state.done.store(0, Ordering::Relaxed);
        self.state.everything.store(true, Ordering::Relaxed);
        let mut result = self.run(Scope::Everything, Kind::People).await;
        if result.is_ok() {
            result = self.run(Scope::Everything, Kind::Animals).await;
        }
        self.state.everything.store(false, Ordering::Relaxed);
        result
    }

    /// How much is done of placing everything, 0–1; `None` when that is not under way.
    pub fn progress(&self) -> Option<f32> {
        let running = self.state.everything.load(Ordering::Relaxed);
        running.then(|| self.state.done.load(Ordering::Relaxed) as f32 / 1000.0)
    }

    /// Stops placing everything; what is known stays as it is.
    pub fn stop(&self) {
        self.state.stop.store(true, Ordering::Relaxed);
    }

    async fn run(&self, scope: Scope, kind: Kind) -> Result<(), IdentifyError> {
        for _ in 0..TRIES {
            let source = self.library.face_source(kind).await?;
            let state = Arc::clone(&self.state);
            let computed = tokio::task::spawn_blocking(move || {
                let gallery = gallery(&source, kind);
                let watch = |done: f32| {
                    state.done.store((done * 1000.0) as u32, Ordering::Relaxed);
                    scope == Scope::Arrivals || !state.stop.load(Ordering::Relaxed)
                };
                let placement = match kind {
                    Kind::People => place(&gallery.gallery, scope, &watch),
                    Kind::Animals => Some(place_pets(&gallery.gallery)),
                };
                placement.map(|placement| gallery.places(&placement)).map(|places| (source, places))
            });
            let Ok(Some((source, places))) = computed.await else {
                return Err(IdentifyError::Stopped("it was stopped"));
            };
            if self.library.store_placing(&source, &places).await? {
                return Ok(());
            }
        }
        Err(IdentifyError::Stopped("people are being changed; try again"))
    }

    /// Questions whose answers settle the most faces, at most `limit`.
    pub async fn suggestions(&self, limit: usize) -> Result<Vec<Suggestion>, IdentifyError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let source = self.library.face_source(Kind::People).await?;
        let events = self.library.events_of_faces().await?;
        let written = self.library.written_without_place().await?;
        let asked = tokio::task::spawn_blocking(move || {
            let gallery = gallery(&source, Kind::People);
            let mut scenes = gallery.scenes(&source);
            let mut numbers = HashMap::new();
            for place in events {
                let next = numbers.len() as u32;
                let number = *numbers.entry(place.event_id).or_insert(next);
                gallery.pictures_of(place.media_id).for_each(|at| push(&mut scenes, at, |s| s.events.push(number)));
            }
            for place in written {
                let Some(&person) = gallery.people.get(&place.person_id) else { continue };
                gallery.pictures_of(place.media_id).for_each(|at| push(&mut scenes, at, |s| s.written.push(person)));
            }
            gallery.ask(&source, &scenes, limit)
        });
        asked.await.map_err(|_| IdentifyError::Stopped("it failed"))
    }
}

fn push(scenes: &mut [Scene], at: u32, change: impl FnOnce(&mut Scene)) {
    if let Some(scene) = scenes.get_mut(at as usize) {
        change(scene);
    }
}

/// A gallery with what its positions stand for.
struct Named {
    gallery: Gallery,
    /// By face.
    faces: Vec<FaceId>,
    /// By face: its position among the faces of the source.
    sources: Vec<usize>,
    /// Position of each person.
    people: HashMap<PersonId, u32>,
    /// By person.
    ids: Vec<PersonId>,
    /// Position of each picture.
    pictures: BTreeMap<(MediaId, Option<i64>), u32>,
}

/// The faces of a library as numbers.
fn gallery(source: &FaceSource, kind: Kind) -> Named {
    let ids: Vec<PersonId> = source.people.iter().map(|person| person.id).collect();
    let people: HashMap<PersonId, u32> = ids.iter().enumerate().map(|(at, id)| (*id, at as u32)).collect();
    let confirmed: HashSet<PersonId> =
        source.faces.iter().filter(|face| face.fixed).filter_map(|face| face.person).collect();
    let mut refused: HashMap<FaceId, Vec<u32>> = HashMap::new();
    for (face, person) in &source.not {
        refused.entry(*face).or_default().extend(people.get(person));
    }
    let mut named = Named {
        gallery: Gallery::new(source.faces.first().map_or(0, |face| face.vector.len())),
        faces: Vec::new(),
        sources: Vec::new(),
        people,
        ids,
        pictures: BTreeMap::new(),
    };
    named.gallery.people =
        source.people.iter().map(|person| Person { fixed: person.named || confirmed.contains(&person.id) }).collect();
    let position = |id: &PersonId| named.people.get(id).copied();
    named.gallery.apart = source
        .apart
        .iter()
        .filter_map(|(a, b)| Some((position(a)?, position(b)?)))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    let mut moments: HashMap<&str, u32> = HashMap::new();
    for (at, record) in source.faces.iter().enumerate() {
        let next = named.pictures.len() as u32;
        let picture = *named.pictures.entry((record.media_id, record.frame_ms)).or_insert(next);
        let next = moments.len() as u32;
        let face = Face {
            picture,
            moment: *moments.entry(&record.moment).or_insert(next),
            year: record.year.and_then(|year| i32::try_from(year).ok()),
            quality: match kind {
                Kind::People => measures(record).quality(),
                Kind::Animals => Quality::Fair,
            },
            person: record.person.and_then(|person| named.people.get(&person).copied()),
            fixed: record.fixed,
            fresh: !record.placed,
            not: refused.remove(&record.id).unwrap_or_default(),
        };
        if named.gallery.push(face, &record.vector) {
            named.faces.push(record.id);
            named.sources.push(at);
        }
    }
    named
}

fn measures(record: &FaceRecord) -> Measures {
    Measures {
        score: record.score as f32,
        pixels: record.pixels as f32,
        sharpness: record.sharpness as f32,
        yaw: record.yaw as f32,
    }
}

impl Named {
    fn places(&self, placement: &Placement) -> Vec<FacePlace> {
        let owner = |whom: Whom| match whom {
            Whom::Known(person) => self.ids.get(person as usize).copied().map(FaceOwner::Known),
            Whom::New(number) => Some(FaceOwner::New(number)),
        };
        let place = |(face, placed): (&FaceId, &Option<super::place::Placed>)| FacePlace {
            face: *face,
            whom: placed.and_then(|placed| owner(placed.whom)),
            likeness: placed.map_or(0.0, |placed| placed.likeness),
        };
        self.faces.iter().zip(&placement.faces).map(place).collect()
    }

    fn pictures_of(&self, id: MediaId) -> impl Iterator<Item = u32> + '_ {
        self.pictures.range((id, None)..=(id, Some(i64::MAX))).map(|(_, at)| *at)
    }

    /// Who is in each picture, when, and what they wear.
    fn scenes(&self, source: &FaceSource) -> Vec<Scene> {
        let mut scenes = vec![Scene::default(); self.pictures.len()];
        for (at, face) in self.gallery.faces.iter().enumerate() {
            let Some(record) = self.sources.get(at).and_then(|at| source.faces.get(*at)) else { continue };
            push(&mut scenes, face.picture, |scene| {
                scene.people.extend(face.person);
                scene.day = record.taken.as_deref().and_then(day);
                let total: f32 = record.clothes.iter().map(|share| f32::from(*share)).sum();
                if total > 0.0 {
                    let shares = record.clothes.iter().map(|share| f32::from(*share) / total);
                    scene.clothes.push((at as u32, shares.collect()));
                }
            });
        }
        scenes
    }

    fn ask(&self, source: &FaceSource, scenes: &[Scene], limit: usize) -> Vec<Suggestion> {
        let which = |of: &dyn Fn(&crate::library::people::placing::PersonRecord) -> bool| -> HashSet<u32> {
            let chosen = source.people.iter().filter(|person| of(person));
            chosen.filter_map(|person| self.people.get(&person.id).copied()).collect()
        };
        let inquiry = Inquiry {
            gallery: &self.gallery,
            scenes,
            named: &which(&|person| person.named && !person.pet),
            silent: &which(&|person| !person.named && person.hidden),
        };
        let weights = inquiry.learn();
        inquiry.questions(&weights, limit).into_iter().map(|question| self.suggestion(source, question)).collect()
    }

    fn suggestion(&self, source: &FaceSource, question: Question) -> Suggestion {
        let id = |person: u32| self.ids.get(person as usize).copied();
        let rank = |face: &u32| {
            let record = self.sources.get(*face as usize).and_then(|at| source.faces.get(*at));
            record.map_or(0.0, |record| measures(record).rank())
        };
        let mut faces = question.faces;
        faces.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then_with(|| a.cmp(b)));
        Suggestion {
            faces: faces.iter().filter_map(|face| self.faces.get(*face as usize).copied()).collect(),
            group: question.group.and_then(id),
            person: question.person.and_then(id),
            probability: question.probability,
            reasons: question.reasons,
        }
    }
}

/// Days since 1970 of a local time.
fn day(taken: &str) -> Option<i32> {
    let date: jiff::civil::Date = taken.get(..10)?.parse().ok()?;
    date.since(jiff::civil::date(1970, 1, 1)).ok().map(|span| span.get_days())
}
