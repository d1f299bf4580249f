//! Keeps concepts as the user's words and the pictures' vectors are: learns, scores, explains, asks.
//!
//! Learning takes milliseconds and follows at once when the user says something; when the model changes, and for media
//! that come in, it follows with everything else that is derived ([`Overview`]). Whenever it is stopped, nothing is lost:
//! what is stored says of which version of the examples and of which model it is.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Mutex;

use super::explain::{Explanation, Likeness, nearest, to_ask};
use super::heads::{Head, Tells};
use super::probe::Probe;
use super::train::{Examples, Quality, train};
use crate::jobs::{Caught, Overview};
use crate::library::concepts::examples::Example;
use crate::library::concepts::scores::StoredProbe;
use crate::library::concepts::weak::Builtin;
use crate::library::concepts::{Concept, Member};
use crate::library::seen::{Model, PictureVectors};
use crate::library::{ConceptId, Library, LibraryError, MediaId, ProbeId, Result};

/// Pictures that stand for the rest of the library.
const OTHERS: usize = 200;
/// Weak labels of each side that are learned from at the most.
const WEAK: u32 = 100;
/// Fewer pictures than these are too few to learn a built-in concept from what the library says.
const FEWEST_WEAK: usize = 8;
/// A built-in concept that tells examples from counter-examples no better than this is not learned: mean of the shares that
/// are told rightly on either side, judged on what was left out; tossing a coin gives 0.5.
const LEAST_TOLD: f32 = 0.65;
/// What is said of one that is not learned for that.
const NOT_TOLD: &str = "what the library says of it does not show in the pictures, or there is too little of it; \
                        you can show it examples yourself";
/// Media whose vectors are read at once.
const BATCH: u32 = 1000;
/// Of the media that are least certain, so many are looked at for questions.
const LEAST_CERTAIN: u32 = 300;
/// How a probe of ours is told by its settings; another text has all of them learned again.
const SETTINGS: &str = "logistic 1";
/// The model for whose vectors heads are published, by what its name holds.
const CLIP: [&str; 2] = ["clip", "b-32"];

/// Learns concepts and says what belongs to them. Clones share the same work.
#[derive(Clone)]
pub struct Concepts {
    library: Library,
    /// The model that makes vectors of pictures, if there is one now.
    model: Option<Model>,
    heads: Arc<Vec<(String, Head)>>,
    /// One at a time.
    turn: Arc<Mutex<()>>,
}

/// What tells how certain a picture is.
enum Scorer<'a> {
    Probe(Probe),
    Head(&'a Head),
}

impl Scorer<'_> {
    fn certainty(&self, vector: &[f32]) -> f64 {
        let certainty = match self {
            Self::Probe(probe) => probe.certainty(vector),
            Self::Head(head) => head.certainty(vector),
        };
        f64::from(certainty.unwrap_or(0.0))
    }
}

impl Concepts {
    /// For this library and the model in use; `heads` are those that are installed, by their names.
    pub fn new(library: Library, model: Option<Model>, heads: Vec<(String, Head)>) -> Self {
        Self { library, model, heads: Arc::new(heads), turn: Arc::default() }
    }

    /// The model whose vectors are used: the one in use, or that of the vectors there are.
    async fn model(&self) -> Result<Option<Model>> {
        match &self.model {
            Some(model) => Ok(Some(model.clone())),
            None => self.library.main_picture_model().await,
        }
    }

    /// Learns what is not learned yet with the model in use, and scores media that came in.
    ///
    /// Returns how often that raised the library's revision.
    async fn learn_what_is_new(&self) -> Result<i64> {
        let Some(model) = self.model().await? else { return Ok(0) };
        let mut writes = 0;
        self.library.ensure_builtin_concepts().await?;
        for summary in self.library.concepts().await? {
            let concept = summary.concept;
            if !self.is_current(&concept, &model).await? {
                writes += i64::from(self.learn(concept.id).await?);
            } else if let Some(probe) = concept.probe {
                writes += self.score_arrivals(&concept, probe, &model).await?;
            }
        }
        Ok(writes)
    }

    async fn is_current(&self, concept: &Concept, model: &Model) -> Result<bool> {
        let said = self.library.concept_examples(concept.id).await?;
        let seen = self.seen(model, &said).await?;
        let Some(id) = concept.probe else {
            // What the library says already comes by itself; the user's examples, when their pictures have been looked at.
            return Ok(concept.problem.is_some() && concept.builtin.is_none() && seen == 0);
        };
        let Some(probe) = self.library.probe(id).await? else { return Ok(false) };
        if let Some((name, _)) = self.head(concept, model) {
            return Ok(probe.model == *model
                && probe.settings == settings_of_head(name)
                && probe.version == concept.version);
        }
        if probe.model != *model || probe.settings != SETTINGS || probe.version != concept.version {
            return Ok(false);
        }
        // Learned while pictures were still being looked at, it is learned again when there is much more to learn from.
        let few = usize::try_from(probe.others).unwrap_or(0);
        if few >= OTHERS / 2 || probe.examples < seen {
            return Ok(probe.examples >= seen);
        }
        let [belonging, others] = self.examples(concept, &said).await?;
        Ok(self.sample(model, &belonging, &others).await?.len() <= 2 * few + FEWEST_WEAK)
    }

    /// Of how many examples there are vectors.
    async fn seen(&self, model: &Model, said: &[Example]) -> Result<i64> {
        let ids: Vec<MediaId> = said.iter().map(|example| example.id).collect();
        Ok(self.library.picture_vectors_of(model, &ids).await?.len() as i64)
    }

    /// Learns a concept from its examples and says of every medium whether it belongs. When nothing can be learned, the
    /// reason is written down instead. Returns whether anything was different.
    ///
    /// # Errors
    /// When the library fails, or there is no such concept.
    pub async fn learn(&self, id: ConceptId) -> Result<bool> {
        let _turn = self.turn.lock().await;
        loop {
            let concept = self.library.concept(id).await?;
            let Some(model) = self.model().await? else {
                let problem = "no picture has been made a vector yet; this takes an image encoder (see Models)";
                return self.library.drop_probe(id, concept.version, problem).await;
            };
            let said = self.library.concept_examples(id).await?;
            let (probe, scorer) = match self.head(&concept, &model) {
                Some((name, head)) => (of_head(&concept, &model, name), Scorer::Head(head)),
                None => match self.fit(&concept, &model, &said).await? {
                    Ok((probe, fitted)) => (probe, Scorer::Probe(fitted)),
                    Err(problem) => return self.library.drop_probe(id, concept.version, &problem).await,
                },
            };
            let scores = self.score_all(&scorer, &model, &said).await?;
            if self.library.put_probe(id, &probe, &scores).await? {
                return Ok(true);
            }
            // The examples were changed meanwhile: learn from those.
        }
    }

    /// The published head for a concept with the vectors of this model.
    fn head(&self, concept: &Concept, model: &Model) -> Option<(&str, &Head)> {
        let tells = match builtin(concept)? {
            Builtin::Quality => Tells::Quality,
            Builtin::Nudity => Tells::Nudity,
            Builtin::Screenshots | Builtin::Documents => return None,
        };
        // "clip-vit-base-patch32", "CLIP ViT-B/32": of OpenAI's weights both names are used.
        let name = model.model.to_lowercase().replace(['/', '_', ' '], "-").replace("base-patch32", "b-32");
        let fits = CLIP.iter().all(|part| name.contains(part)) && !name.contains("laion") && !name.contains("datacomp");
        let mut heads = self.heads.iter().filter(|(_, head)| fits && head.tells() == tells);
        heads.next().map(|(name, head)| (name.as_str(), head))
    }

    /// Trains on the user's examples and, for a built-in concept, on what the library says already; or says why not.
    async fn fit(
        &self,
        concept: &Concept,
        model: &Model,
        said: &[Example],
    ) -> Result<std::result::Result<(StoredProbe, Probe), String>> {
        let [belonging, others] = self.examples(concept, said).await?;
        if let Some(builtin) = builtin(concept)
            && belonging.len() < FEWEST_WEAK
        {
            let (found, source) = (belonging.len(), builtin.source());
            let problem = format!("it is learned from {source}, of which there are {found}; it takes {FEWEST_WEAK}");
            return Ok(Err(format!("{problem}. You can also show it examples yourself")));
        }
        let unlabelled = self.sample(model, &belonging, &others).await?;
        let others_seen = unlabelled.len() as i64;
        let wanted: Vec<MediaId> = [&belonging, &others, &unlabelled].into_iter().flatten().copied().collect();
        let vectors = self.library.picture_vectors_of(model, &wanted).await?;
        let fitted = tokio::task::spawn_blocking(move || {
            let of = |ids: &[MediaId]| ids.iter().filter_map(|id| vectors.get(id).map(Vec::as_slice)).collect();
            train(&Examples { belonging: of(&belonging), others: of(&others), unlabelled: of(&unlabelled) })
        });
        let fitted = fitted.await.map_err(|error| LibraryError::Stored(format!("learning ended: {error}")))?;
        let Ok(learned) = fitted.map_err(|error| error.to_string()) else {
            let problem = if said.iter().any(|example| example.belongs) {
                "its examples have no vectors yet; they follow when their pictures have been looked at"
            } else {
                "it needs at least one picture that belongs"
            };
            return Ok(Err(problem.to_owned()));
        };
        if concept.builtin.is_some() && learned.quality.told() < LEAST_TOLD {
            return Ok(Err(NOT_TOLD.to_owned()));
        }
        let stored = StoredProbe {
            id: ProbeId::new(),
            version: concept.version,
            model: model.clone(),
            settings: SETTINGS.to_owned(),
            weights: Some(learned.probe.weights.clone()),
            bias: learned.probe.bias,
            quality: Some(serde_json::to_string(&learned.quality)?),
            examples: self.seen(model, said).await?,
            others: others_seen,
        };
        Ok(Ok((stored, learned.probe)))
    }

    /// Media that belong and that do not: as the user says, and of a built-in concept as the library says already.
    async fn examples(&self, concept: &Concept, said: &[Example]) -> Result<[Vec<MediaId>; 2]> {
        let of =
            |belongs: bool| said.iter().filter(move |example| example.belongs == belongs).map(|example| example.id);
        let (mut belonging, mut others): (Vec<MediaId>, Vec<MediaId>) = (of(true).collect(), of(false).collect());
        if let Some(builtin) = builtin(concept) {
            let spoken: HashSet<MediaId> = said.iter().map(|example| example.id).collect();
            let (more, less) = self.library.weak_examples(builtin, WEAK).await?;
            belonging.extend(more.into_iter().filter(|id| !spoken.contains(id)));
            others.extend(less.into_iter().filter(|id| !spoken.contains(id)));
        }
        Ok([belonging, others])
    }

    /// Media that nobody spoke of, evenly from all over the library.
    async fn sample(&self, model: &Model, belonging: &[MediaId], others: &[MediaId]) -> Result<Vec<MediaId>> {
        let spoken: HashSet<MediaId> = belonging.iter().chain(others).copied().collect();
        let mut rest = self.library.media_with_vectors(model).await?;
        rest.retain(|id| !spoken.contains(id));
        let step = rest.len().div_ceil(OTHERS).max(1);
        Ok(rest.into_iter().step_by(step).collect())
    }

    /// What the probe says of every medium; of those that the user spoke of, what they said.
    async fn score_all(&self, scorer: &Scorer<'_>, model: &Model, said: &[Example]) -> Result<Vec<Member>> {
        let mut scores: HashMap<MediaId, f64> = HashMap::new();
        let mut after = None;
        loop {
            let vectors = self.library.picture_vectors(model, after, BATCH).await?;
            let Some(last) = vectors.last() else { break };
            after = Some(last.id);
            take_in(&mut scores, scorer, &vectors);
        }
        scores.extend(said.iter().map(|example| (example.id, f64::from(u8::from(example.belongs)))));
        Ok(scores.into_iter().map(|(id, certainty)| Member { id, certainty }).collect())
    }

    /// Says of media that came in whether they belong; returns how often that raised the library's revision.
    async fn score_arrivals(&self, concept: &Concept, probe: ProbeId, model: &Model) -> Result<i64> {
        let Some(stored) = self.library.probe(probe).await? else { return Ok(0) };
        let mut writes = 0;
        let head = self.head(concept, model);
        let scorer = match (stored.weights, head) {
            (Some(weights), _) => Scorer::Probe(Probe { weights, bias: stored.bias }),
            (None, Some((_, head))) => Scorer::Head(head),
            (None, None) => return Ok(0),
        };
        loop {
            let vectors = self.library.unscored_vectors(concept.id, model, BATCH).await?;
            if vectors.is_empty() {
                return Ok(writes);
            }
            let mut scores = HashMap::new();
            take_in(&mut scores, &scorer, &vectors);
            // A picture may come back whose content the user spoke of.
            let said = self.library.concept_examples(concept.id).await?;
            for example in said.iter().filter(|example| scores.contains_key(&example.id)).collect::<Vec<_>>() {
                scores.insert(example.id, f64::from(u8::from(example.belongs)));
            }
            let scores: Vec<Member> = scores.into_iter().map(|(id, certainty)| Member { id, certainty }).collect();
            writes += i64::from(self.library.add_concept_scores(concept.id, probe, &scores).await?);
            if self.library.concept(concept.id).await?.probe != Some(probe) {
                return Ok(writes);
            }
        }
    }

    /// Pictures to ask about, those first whose answer helps most, each with how certain it is that it belongs.
    ///
    /// # Errors
    /// When the library fails, or there is no such concept.
    pub async fn questions(&self, library: &Library, id: ConceptId, most: usize) -> Result<Vec<Member>> {
        let concept = library.concept(id).await?;
        let Some(model) = self.model().await? else { return Ok(Vec::new()) };
        let uncertain = library.uncertain_members(id, concept.threshold, LEAST_CERTAIN).await?;
        let ids: Vec<MediaId> = uncertain.iter().map(|member| member.id).collect();
        let mut vectors = library.picture_vectors_of(&model, &ids).await?;
        let known = uncertain.into_iter().filter_map(|member| Some((member, vectors.remove(&member.id)?)));
        let (members, pictures): (Vec<Member>, Vec<(f32, Vec<f32>)>) =
            known.map(|(member, vector)| (member, (member.certainty as f32, vector))).unzip();
        Ok(to_ask(&pictures, concept.threshold as f32, most).into_iter().map(|at| members[at]).collect())
    }

    /// Why a picture belongs to a concept, or does not: the examples that it is most like.
    ///
    /// # Errors
    /// When the library fails, or there is no such concept.
    pub async fn explain(&self, id: ConceptId, medium: MediaId, most: usize) -> Result<Explanation> {
        let said = self.library.concept_examples(id).await?;
        let certainty = self.library.concept_certainties(id, &[medium]).await?.get(&medium).copied();
        let own = said.iter().find(|example| example.id == medium).map(|example| example.belongs);
        let mut explanation = Explanation { certainty, said: own, like: Vec::new(), unlike: Vec::new() };
        let Some(model) = self.model().await? else { return Ok(explanation) };
        let ids: Vec<MediaId> = said.iter().map(|example| example.id).chain([medium]).collect();
        let mut vectors = self.library.picture_vectors_of(&model, &ids).await?;
        let Some(vector) = vectors.remove(&medium) else { return Ok(explanation) };
        for (belongs, list) in [(true, &mut explanation.like), (false, &mut explanation.unlike)] {
            let side = said.iter().filter(|example| example.belongs == belongs && example.id != medium);
            let (ids, among): (Vec<MediaId>, Vec<Vec<f32>>) =
                side.filter_map(|example| Some((example.id, vectors.get(&example.id)?.clone()))).unzip();
            let near = nearest(&vector, &among, most).into_iter();
            list.extend(near.map(|(at, alike)| Likeness { id: ids[at], alike }));
        }
        Ok(explanation)
    }

    /// How good the probe in force is, if there is one and it was trained here.
    ///
    /// # Errors
    /// When the library fails.
    pub async fn quality(&self, concept: &Concept) -> Result<Option<Quality>> {
        let Some(id) = concept.probe else { return Ok(None) };
        let Some(StoredProbe { quality: Some(json), .. }) = self.library.probe(id).await? else { return Ok(None) };
        Ok(serde_json::from_str(&json)?)
    }
}

impl Overview for Concepts {
    fn catch_up(&self, _: bool) -> BoxFuture<'_, Result<Caught>> {
        async move { Ok(Caught { current: true, writes: self.learn_what_is_new().await? }) }.boxed()
    }
}

fn builtin(concept: &Concept) -> Option<Builtin> {
    concept.builtin.as_deref().and_then(Builtin::from_name)
}

/// Of several frames of a medium the most certain counts.
fn take_in(scores: &mut HashMap<MediaId, f64>, scorer: &Scorer<'_>, vectors: &[PictureVectors]) {
    for of in vectors {
        let certainties = of.frames.iter().map(|frame| scorer.certainty(&frame.vector));
        scores.insert(of.id, certainties.fold(0.0, f64::max));
    }
}

fn settings_of_head(name: &str) -> String {
    format!("head {name}")
}

fn of_head(concept: &Concept, model: &Model, name: &str) -> StoredProbe {
    StoredProbe {
        id: ProbeId::new(),
        version: concept.version,
        model: model.clone(),
        settings: settings_of_head(name),
        weights: None,
        bias: 0.0,
        quality: None,
        examples: 0,
        others: 0,
    }
}
