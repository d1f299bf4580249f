//! One look at each picture for all kinds of jobs that want it now.
//!
//! Decoding a picture and sending it costs as much as a small model. What several kinds of jobs will ask of the same
//! pictures is therefore asked at once, by whichever comes first ([`ImageAnnotator::expect`] says what will be wanted), and
//! kept for a short while; who comes meanwhile waits for that answer. Each kind stores its own results as if it had asked
//! alone, so nothing is lost when what was kept is not: it is asked again.
//!
//! Pictures are told by their content. Locks are taken in the order of the contents, so that two requests with the same
//! pictures never wait for each other.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::engine::protocol::vision::{Annotation, Feature, SeeingModel};
use crate::engine::{EngineError, ImageAnnotator};

/// Pictures of which is kept what was seen: those of a few batches.
const KEPT: usize = 256;

type Hash = blake3::Hash;

/// What is known of one picture.
#[derive(Default)]
struct Glance {
    /// What will be wanted of it.
    wanted: Mutex<BTreeSet<Feature>>,
    /// What was seen; locked while somebody looks.
    seen: Arc<tokio::sync::Mutex<Option<Annotation>>>,
}

/// Shows each picture to the engine once for all that is wanted of it.
pub struct Glances {
    annotator: Arc<dyn ImageAnnotator>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    glances: HashMap<Hash, Arc<Glance>>,
    /// The oldest first.
    order: VecDeque<Hash>,
}

impl Glances {
    /// Looks by `annotator`.
    pub fn new(annotator: Arc<dyn ImageAnnotator>) -> Self {
        Self { annotator, kept: Mutex::default() }
    }

    fn glance(&self, hash: Hash) -> Arc<Glance> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(glance) = kept.glances.get(&hash) {
            return Arc::clone(glance);
        }
        while kept.order.len() >= KEPT
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.glances.remove(&oldest);
        }
        kept.order.push_back(hash);
        Arc::clone(kept.glances.entry(hash).or_default())
    }

    async fn look(&self, pictures: &[Bytes], features: &[Feature]) -> Result<Vec<Annotation>, EngineError> {
        let hashes: Vec<Hash> = pictures.iter().map(|picture| blake3::hash(picture)).collect();
        let distinct: BTreeMap<[u8; 32], usize> =
            hashes.iter().enumerate().map(|(at, hash)| (*hash.as_bytes(), at)).collect();
        let mut held = Vec::with_capacity(distinct.len());
        for at in distinct.into_values() {
            let glance = self.glance(hashes[at]);
            let wanted: BTreeSet<Feature> = {
                let wanted = glance.wanted.lock().unwrap_or_else(PoisonError::into_inner);
                wanted.iter().chain(features).copied().collect()
            };
            held.push((at, wanted, Arc::clone(&glance.seen).lock_owned().await));
        }
        // Those of which the same is wanted go into one request.
        let mut requests: BTreeMap<BTreeSet<Feature>, Vec<usize>> = BTreeMap::new();
        for (place, (_, wanted, seen)) in held.iter().enumerate() {
            if !seen.as_ref().is_some_and(|seen| features.iter().all(|feature| holds(seen, *feature))) {
                requests.entry(wanted.clone()).or_default().push(place);
            }
        }
        for (wanted, places) in requests {
            let some: Vec<Bytes> = places.iter().map(|place| pictures[held[*place].0].clone()).collect();
            let wanted: Vec<Feature> = wanted.into_iter().collect();
            for (place, seen) in places.into_iter().zip(self.annotator.annotate(&some, &wanted).await?) {
                *held[place].2 = Some(seen);
            }
        }
        let seen: HashMap<Hash, Annotation> =
            held.iter().filter_map(|(at, _, seen)| Some((hashes[*at], (**seen).clone()?))).collect();
        let of = |(index, hash)| Annotation { index, ..seen.get(hash).cloned().unwrap_or_default() };
        Ok(hashes.iter().enumerate().map(of).collect())
    }
}

impl ImageAnnotator for Glances {
    fn models(&self) -> &BTreeMap<Feature, SeeingModel> {
        self.annotator.models()
    }

    fn annotate<'a>(
        &'a self,
        pictures: &'a [Bytes],
        features: &'a [Feature],
    ) -> BoxFuture<'a, Result<Vec<Annotation>, EngineError>> {
        self.look(pictures, features).boxed()
    }

    fn expect(&self, picture: &Bytes, features: &[Feature]) {
        let able = features.iter().filter(|feature| self.models().contains_key(feature));
        let glance = self.glance(blake3::hash(picture));
        glance.wanted.lock().unwrap_or_else(PoisonError::into_inner).extend(able);
    }
}

/// Whether a picture need not be looked at again for a feature. One that cannot be read need not; one that a model failed
/// on may be readable next time.
fn holds(seen: &Annotation, feature: Feature) -> bool {
    if let Some(fault) = &seen.error {
        return fault.code != "failed";
    }
    match feature {
        Feature::Faces => seen.faces.is_some(),
        Feature::Objects => seen.objects.is_some(),
        Feature::Labels => seen.labels.is_some(),
        Feature::Embedding => seen.embedding.is_some(),
        Feature::Safety => seen.safety.is_some(),
        Feature::Text => seen.text.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::protocol::vision::PictureFault;

    /// Sees what it is asked for in every picture but those that begin with `!`, where each model fails.
    #[derive(Default)]
    struct Eye {
        models: BTreeMap<Feature, SeeingModel>,
        requests: Mutex<Vec<(usize, Vec<Feature>)>>,
    }

    impl ImageAnnotator for Eye {
        fn models(&self) -> &BTreeMap<Feature, SeeingModel> {
            &self.models
        }

        fn annotate<'a>(
            &'a self,
            pictures: &'a [Bytes],
            features: &'a [Feature],
        ) -> BoxFuture<'a, Result<Vec<Annotation>, EngineError>> {
            self.requests.lock().unwrap().push((pictures.len(), features.to_vec()));
            let see = |picture: &Bytes| Annotation {
                width: u32::from(picture[0]),
                objects: features.contains(&Feature::Objects).then(Vec::new),
                embedding: features.contains(&Feature::Embedding).then(|| vec![1.0]),
                error: picture
                    .starts_with(b"!")
                    .then(|| PictureFault { code: "failed".into(), message: String::new() }),
                ..Annotation::default()
            };
            async move {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                Ok(pictures.iter().map(see).collect())
            }
            .boxed()
        }
    }

    fn glances() -> (Arc<Eye>, Glances) {
        let model = |feature| (feature, SeeingModel { name: "eye".into(), version: "1".into() });
        let models = [Feature::Objects, Feature::Embedding].map(model).into();
        let eye = Arc::new(Eye { models, ..Eye::default() });
        (Arc::clone(&eye), Glances::new(eye))
    }

    fn pictures(names: &[&'static str]) -> Vec<Bytes> {
        names.iter().map(|name| Bytes::from_static(name.as_bytes())).collect()
    }

    #[tokio::test]
    async fn what_is_wanted_together_is_looked_at_once() {
        let (eye, glances) = glances();
        let shown = pictures(&["a", "b", "a"]);
        for picture in &shown {
            glances.expect(picture, &[Feature::Objects, Feature::Embedding, Feature::Faces]);
        }
        let back: Vec<Bytes> = shown.iter().rev().cloned().collect();
        let (objects, vectors) =
            tokio::join!(glances.annotate(&shown, &[Feature::Objects]), glances.annotate(&back, &[Feature::Embedding]));
        let (objects, vectors) = (objects.unwrap(), vectors.unwrap());
        assert_eq!(
            objects.iter().map(|seen| (seen.index, seen.width)).collect::<Vec<_>>(),
            [(0, 97), (1, 98), (2, 97)]
        );
        assert!(vectors.iter().all(|seen| seen.embedding.is_some()));
        let requests = eye.requests.lock().unwrap().clone();
        assert_eq!(requests, [(2, vec![Feature::Objects, Feature::Embedding])], "and nothing there is no model for");
    }

    #[tokio::test]
    async fn what_was_not_expected_or_failed_is_looked_at_again() {
        let (eye, glances) = glances();
        let shown = pictures(&["a", "!"]);
        for _ in 0..2 {
            let seen = glances.annotate(&shown, &[Feature::Objects]).await.unwrap();
            assert!(seen[0].error.is_none() && seen[1].error.is_some());
        }
        glances.annotate(&shown[..1], &[Feature::Embedding]).await.unwrap();
        let counts: Vec<usize> = eye.requests.lock().unwrap().iter().map(|(pictures, _)| *pictures).collect();
        assert_eq!(counts, [2, 1, 1]);
    }

    #[tokio::test]
    async fn only_so_much_is_kept() {
        let (_, glances) = glances();
        for number in 0..KEPT * 3 {
            glances.expect(&Bytes::from(number.to_string()), &[Feature::Objects]);
        }
        assert_eq!(glances.kept.lock().unwrap().glances.len(), KEPT);
    }
}
