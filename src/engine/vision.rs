//! Pictures in, what models see in them out: what perception uses, wherever the models run.
//!
//! [`ImageAnnotator::models`] names the models without starting anything, so that they can be written beside every stored
//! result; an answer of other models is an error, never a result. A picture that cannot be read has an error of its own
//! in its [`Annotation`]; the others are answered.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::client::EngineClient;
use super::error::EngineError;
use super::protocol::vision::{Annotation, AnnotationRequest, AnnotationResponse, Feature, SeeingModel, data_url};
use super::supervisor::Supervisor;

/// Pictures in one request: enough to keep an engine's threads busy, few enough that a person is not kept waiting.
const PICTURES_PER_REQUEST: usize = 16;
/// Bytes of pictures in one request, unless one alone has more. In base64 that stays below what an engine takes.
const BYTES_PER_REQUEST: usize = 24 << 20;
/// How often a full queue is waited for.
const BUSY_ATTEMPTS: u32 = 20;

/// Sees what is in pictures.
pub trait ImageAnnotator: Send + Sync {
    /// The models by what they see; a feature that is not there cannot be asked for. Starts nothing.
    fn models(&self) -> &BTreeMap<Feature, SeeingModel>;

    /// What is seen in each of the pictures, in their order. A picture is a whole JPEG, PNG or WebP file, upright
    /// (whatever its EXIF says); any number of them. A picture that cannot be read has an
    /// [`error`](Annotation::error) and nothing else.
    ///
    /// # Errors
    /// Any [`EngineError`]; then none of the pictures has a result.
    fn annotate<'a>(
        &'a self,
        pictures: &'a [Bytes],
        features: &'a [Feature],
    ) -> BoxFuture<'a, Result<Vec<Annotation>, EngineError>>;

    /// Tells that all of this will be asked of a picture soon. Who can spare a second look takes it as advice.
    fn expect(&self, _picture: &Bytes, _features: &[Feature]) {}
}

/// Models in an engine that see.
#[derive(Debug, Clone)]
pub struct EngineAnnotator {
    engine: Engine,
    models: BTreeMap<Feature, SeeingModel>,
}

#[derive(Debug, Clone)]
enum Engine {
    Local(Supervisor),
    Remote(EngineClient),
}

impl EngineAnnotator {
    /// Models in a child of this process, started at first use. `models` is what the engine will be found to serve.
    pub fn local(supervisor: Supervisor, models: BTreeMap<Feature, SeeingModel>) -> Self {
        Self { engine: Engine::Local(supervisor), models }
    }

    /// Models in an engine elsewhere, which is asked what it serves.
    ///
    /// # Errors
    /// [`EngineError::OtherModel`] when it sees nothing, else any [`EngineError`] of a request.
    pub async fn connect(client: EngineClient) -> Result<Self, EngineError> {
        let mut models = BTreeMap::new();
        for card in client.models().await? {
            let version = card.version.unwrap_or_else(|| "unknown".to_owned());
            for feature in card.features {
                models.insert(feature, SeeingModel { name: card.id.clone(), version: version.clone() });
            }
        }
        if models.is_empty() {
            let (wanted, found) = ("a model that sees".to_owned(), "none that does".to_owned());
            return Err(EngineError::OtherModel { wanted, found });
        }
        Ok(Self { engine: Engine::Remote(client), models })
    }

    async fn annotate_some(&self, pictures: &[Bytes], features: &[Feature]) -> Result<Vec<Annotation>, EngineError> {
        let request =
            AnnotationRequest { images: pictures.iter().map(|p| data_url(p)).collect(), features: features.to_vec() };
        let (answer, endpoint) = match &self.engine {
            Engine::Remote(client) => (ask_when_free(client, &request).await?, client.endpoint().to_string()),
            Engine::Local(supervisor) => {
                let lease = supervisor.lease().await?;
                let endpoint = lease.client().endpoint().to_string();
                match ask_when_free(lease.client(), &request).await {
                    Ok(answer) => (answer, endpoint),
                    Err(error) => return Err(lease.explain(error).await),
                }
            }
        };
        self.check_models(&answer, features)?;
        in_order(answer.data, pictures.len(), features).map_err(|reason| EngineError::Answer { endpoint, reason })
    }

    fn check_models(&self, answer: &AnnotationResponse, features: &[Feature]) -> Result<(), EngineError> {
        for feature in features {
            let (wanted, found) = (self.models.get(feature), answer.models.get(feature));
            if wanted.is_none() || wanted != found {
                let name = |model: Option<&SeeingModel>| model.map_or("none".to_owned(), ToString::to_string);
                return Err(EngineError::OtherModel { wanted: name(wanted), found: name(found) });
            }
        }
        Ok(())
    }
}

impl ImageAnnotator for EngineAnnotator {
    fn models(&self) -> &BTreeMap<Feature, SeeingModel> {
        &self.models
    }

    fn annotate<'a>(
        &'a self,
        pictures: &'a [Bytes],
        features: &'a [Feature],
    ) -> BoxFuture<'a, Result<Vec<Annotation>, EngineError>> {
        async move {
            let mut annotations = Vec::with_capacity(pictures.len());
            for some in portions(pictures) {
                let before = annotations.len();
                let seen = self.annotate_some(some, features).await?;
                annotations.extend(seen.into_iter().map(|seen| Annotation { index: before + seen.index, ..seen }));
            }
            Ok(annotations)
        }
        .boxed()
    }
}

/// Cuts the pictures into what one request takes.
fn portions(pictures: &[Bytes]) -> Vec<&[Bytes]> {
    let (mut portions, mut start, mut bytes) = (Vec::new(), 0, 0);
    for (at, picture) in pictures.iter().enumerate() {
        if at > start && (at - start == PICTURES_PER_REQUEST || bytes + picture.len() > BYTES_PER_REQUEST) {
            portions.push(&pictures[start..at]);
            (start, bytes) = (at, 0);
        }
        bytes += picture.len();
    }
    if start < pictures.len() {
        portions.push(&pictures[start..]);
    }
    portions
}

/// Asks again while the engine's queue is full.
async fn ask_when_free(client: &EngineClient, request: &AnnotationRequest) -> Result<AnnotationResponse, EngineError> {
    let mut attempt = 1;
    loop {
        match client.post("/v1/images/annotations", request).await {
            Err(EngineError::Busy { retry_after, .. }) if attempt < BUSY_ATTEMPTS => {
                attempt += 1;
                tokio::time::sleep(retry_after.min(Duration::from_secs(10))).await;
            }
            result => return result,
        }
    }
}

/// The entries in the order of the pictures, each with all that was asked for, or an error.
fn in_order(data: Vec<Annotation>, pictures: usize, features: &[Feature]) -> Result<Vec<Annotation>, String> {
    let mut ordered: Vec<Option<Annotation>> = vec![None; pictures];
    for seen in data {
        let index = seen.index;
        if let (None, Some(missing)) = (&seen.error, features.iter().find(|feature| !has(&seen, **feature))) {
            return Err(format!("it lacks `{missing}` of picture {index}"));
        }
        let numbers = seen.faces.iter().flatten().flat_map(|face| &face.embedding);
        if numbers.chain(seen.embedding.iter().flatten()).any(|number| !number.is_finite()) {
            return Err("its vectors hold numbers that are not finite".to_owned());
        }
        *ordered.get_mut(index).ok_or_else(|| format!("it speaks of a picture {index}"))? = Some(seen);
    }
    ordered.into_iter().collect::<Option<_>>().ok_or_else(|| "it lacks some of the pictures".to_owned())
}

fn has(seen: &Annotation, feature: Feature) -> bool {
    match feature {
        Feature::Faces => seen.faces.is_some(),
        Feature::Objects => seen.objects.is_some(),
        Feature::Labels => seen.labels.is_some(),
        Feature::Embedding => seen.embedding.as_ref().is_some_and(|vector| !vector.is_empty()),
        Feature::Safety => seen.safety.is_some(),
        Feature::Text => seen.text.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(index: usize) -> Annotation {
        Annotation { index, objects: Some(Vec::new()), ..Annotation::default() }
    }

    #[test]
    fn requests_are_bounded_in_number_and_bytes_and_lose_nothing() {
        let small: Vec<Bytes> = (0..40).map(|n| Bytes::from(vec![n])).collect();
        let counts: Vec<usize> = portions(&small).iter().map(|portion| portion.len()).collect();
        assert_eq!(counts, [16, 16, 8]);
        let large = vec![Bytes::from(vec![0; BYTES_PER_REQUEST / 2 + 1]); 3];
        assert_eq!(portions(&large).iter().map(|portion| portion.len()).collect::<Vec<_>>(), [1, 1, 1]);
        assert!(portions(&[]).is_empty());
    }

    #[test]
    fn an_answer_must_hold_every_picture_and_what_was_asked() {
        let wanted = [Feature::Objects];
        assert_eq!(in_order(vec![seen(1), seen(0)], 2, &wanted).unwrap(), [seen(0), seen(1)]);
        assert!(in_order(vec![seen(0)], 2, &wanted).unwrap_err().contains("lacks some"));
        assert!(in_order(vec![seen(7)], 2, &wanted).unwrap_err().contains("picture 7"));
        assert!(in_order(vec![seen(0)], 1, &[Feature::Labels]).unwrap_err().contains("`labels`"));
        let vector = Annotation { embedding: Some(vec![f32::NAN]), ..seen(0) };
        assert!(in_order(vec![vector], 1, &[Feature::Embedding]).unwrap_err().contains("finite"));
        let fault = super::super::protocol::vision::PictureFault { code: "unreadable".into(), message: "x".into() };
        let broken = Annotation { error: Some(fault), ..Annotation::default() };
        assert!(in_order(vec![broken], 1, &wanted).unwrap()[0].error.is_some());
    }
}
