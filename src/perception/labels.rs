//! The worker that says what a picture as a whole shows, and whether it is fit for everybody.

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::pictures::{BATCH, Outcomes, Pictures};
use crate::engine::protocol::vision::{Annotation, Feature};
use crate::jobs::{Job, JobKind, ModelKey, Outcome, Work};
use crate::library::JobId;
use crate::library::seen::{Model, SeenLabel};

/// Says what pictures show.
pub struct Classify {
    pictures: Pictures,
    features: Vec<Feature>,
    labels: Option<Model>,
    safety: Option<Model>,
    key: ModelKey,
}

impl Classify {
    /// The worker, if there is a model for either.
    pub fn new(pictures: &Pictures) -> Option<Self> {
        let features = [Feature::Labels, Feature::Safety];
        let features: Vec<Feature> = features.into_iter().filter(|f| pictures.model(*f).is_some()).collect();
        let models: Vec<_> = features.iter().filter_map(|feature| pictures.model(*feature)).collect();
        let (first, rest) = models.split_first()?;
        let joined = |one: &str, rest: Vec<&str>| [vec![one], rest].concat().join("+");
        let key = ModelKey {
            name: joined(&first.name, rest.iter().map(|model| model.name.as_str()).collect()),
            version: joined(&first.version, rest.iter().map(|model| model.version.as_str()).collect()),
            settings: String::new(),
        };
        let model = |feature| {
            let model = pictures.model(feature)?;
            Some(Model { model: model.name.clone(), version: model.version.clone() })
        };
        let (labels, safety) = (model(Feature::Labels), model(Feature::Safety));
        Some(Self { pictures: pictures.clone(), features, labels, safety, key })
    }

    async fn store(&self, job: &Job, seen: Annotation) -> Outcome {
        let row = |label: String, score: f32| SeenLabel { label, score: f64::from(score) };
        let labels = seen.labels.unwrap_or_default().into_iter().map(|label| row(label.label, label.score));
        let labels: Vec<SeenLabel> = labels.collect();
        let safety = seen.safety.unwrap_or_default().into_iter().map(|(class, score)| row(class, score));
        let safety: Vec<SeenLabel> = safety.collect();
        let labels = self.labels.as_ref().map(|model| (model, labels.as_slice()));
        let safety = self.safety.as_ref().map(|model| (model, safety.as_slice()));
        let stored = self.pictures.library.store_labels(job, &self.key, labels, safety).await;
        stored.map_or_else(Outcome::from, |()| Outcome::Stored)
    }
}

impl Work for Classify {
    fn kind(&self) -> JobKind {
        JobKind::Classify
    }

    fn model(&self) -> Option<ModelKey> {
        Some(self.key.clone())
    }

    fn batch(&self) -> u32 {
        BATCH
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>> {
        async move {
            let mut outcomes = Outcomes::new();
            for (job, seen) in self.pictures.look(jobs, &self.features, &mut outcomes).await {
                let outcome = self.store(&job, seen).await;
                outcomes.push((job.id, outcome));
            }
            outcomes
        }
        .boxed()
    }
}
