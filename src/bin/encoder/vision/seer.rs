//! All models that see, loaded once for each thread, and one picture's way through them.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};
use image::RgbImage;
use ort::environment::Environment;
use recollect::engine::protocol::vision::{Annotation, Feature, PictureFault, SeeingModel, TextLine};

use super::faces::Faces;
use super::files::GraphFile;
use super::graph::Graph;
use super::kind::Kind;
use super::lines::Lines;
use super::picture;
use super::reader::Reader;
use super::tower::{Tower, TowerFiles};
use super::whole::Whole;
use super::worker::Eye;
use super::yolox::Yolox;

/// The models of one thread.
#[derive(Default)]
pub struct Seer {
    faces: Option<Faces>,
    objects: Option<Yolox>,
    labels: Option<(Whole, Vec<String>)>,
    embedding: Option<Embedder>,
    safety: Option<(Whole, Vec<String>)>,
    lines: Option<Lines>,
    reader: Option<Reader>,
}

/// What makes a picture a vector.
enum Embedder {
    /// A graph of this thread's own.
    Own(Whole),
    /// One that all threads share.
    Shared(Tower),
}

impl Embedder {
    fn embed(&mut self, picture: &RgbImage) -> anyhow::Result<Vec<f32>> {
        match self {
            Self::Own(whole) => whole.embed(picture),
            Self::Shared(tower) => tower.embed(picture),
        }
    }
}

impl Seer {
    /// Loads the models and runs each once; `tower` is loaded already. Also gives which of them sees what.
    pub fn load(
        environment: &Environment,
        files: &[GraphFile],
        tower: Option<(&TowerFiles, Tower)>,
    ) -> anyhow::Result<(Self, BTreeMap<Feature, SeeingModel>)> {
        let mut seer = Self::default();
        let mut models = BTreeMap::new();
        if let Some((files, tower)) = tower {
            seer.embedding = Some(Embedder::Shared(tower));
            let GraphFile { name, version, .. } = files.graph.clone();
            models.insert(Feature::Embedding, SeeingModel { name, version });
        }
        let (mut detector, mut encoder) = (None, None);
        let (mut finder, mut reader) = (None, None);
        for file in files {
            let load = || -> anyhow::Result<(Kind, Graph)> {
                let graph = Graph::load(environment, &file.path)?;
                Ok((Kind::of(&graph, |n| file.labels(n), |n| file.characters(n))?, graph))
            };
            let (kind, graph) = load().with_context(|| format!("the model {} cannot be used", file.path.display()))?;
            let feature = kind.feature();
            let before = match kind {
                Kind::FaceDetector => detector.replace((file, graph)).is_some(),
                Kind::FaceEncoder => encoder.replace((file, graph)).is_some(),
                Kind::ObjectDetector => seer.objects.replace(Yolox::new(graph, |n| file.labels(n))?).is_some(),
                Kind::Classifier(names) => seer.labels.replace((Whole::new(graph)?, names)).is_some(),
                Kind::Safety(names) => seer.safety.replace((Whole::new(graph)?, names)).is_some(),
                Kind::ImageEncoder => seer.embedding.replace(Embedder::Own(Whole::new(graph)?)).is_some(),
                Kind::TextDetector => finder.replace(file).is_some() | seer.lines.replace(Lines::new(graph)?).is_some(),
                Kind::TextReader(characters) => {
                    reader.replace(file).is_some() | seer.reader.replace(Reader::new(graph, characters)?).is_some()
                }
            };
            ensure!(!before, "{} is a second model for the same thing ({feature}); give one", file.path.display());
            if !matches!(feature, Feature::Faces | Feature::Text) {
                models.insert(feature, model_of(&[file]));
            }
        }
        match (detector, encoder) {
            (Some((d, detector)), Some((e, encoder))) => {
                seer.faces = Some(Faces::new(detector, encoder, &e.name)?);
                models.insert(Feature::Faces, model_of(&[d, e]));
            }
            (None, None) => {}
            (Some((alone, _)), None) => bail!("{} finds faces; a model that tells them apart is missing", alone.name),
            (None, Some((alone, _))) => bail!("{} tells faces apart; a model that finds them is missing", alone.name),
        }
        match (finder, reader) {
            (Some(finder), reader) => {
                let files: Vec<&GraphFile> = [Some(finder), reader].into_iter().flatten().collect();
                models.insert(Feature::Text, model_of(&files));
            }
            (None, Some(alone)) => bail!("{} reads lines of text; a model that finds them is missing", alone.name),
            (None, None) => {}
        }
        seer.try_out(&models).context("a model fails on a plain picture")?;
        Ok((seer, models))
    }

    fn try_out(&mut self, models: &BTreeMap<Feature, SeeingModel>) -> anyhow::Result<()> {
        let plain = RgbImage::from_pixel(320, 240, image::Rgb([128; 3]));
        let mut seen = Annotation::default();
        models.keys().try_for_each(|feature| self.fill(&plain, *feature, &mut seen))
    }

    fn fill(&mut self, picture: &RgbImage, feature: Feature, seen: &mut Annotation) -> anyhow::Result<()> {
        let absent = || format!("there is no model for {feature}");
        match feature {
            Feature::Faces => seen.faces = Some(self.faces.as_mut().with_context(absent)?.see(picture)?),
            Feature::Objects => seen.objects = Some(self.objects.as_mut().with_context(absent)?.see(picture)?),
            Feature::Embedding => seen.embedding = Some(self.embedding.as_mut().with_context(absent)?.embed(picture)?),
            Feature::Text => seen.text = Some(self.text(picture)?),
            Feature::Labels => {
                let (model, names) = self.labels.as_mut().with_context(absent)?;
                seen.labels = Some(model.labels(picture, names)?);
            }
            Feature::Safety => {
                let (model, names) = self.safety.as_mut().with_context(absent)?;
                seen.safety = Some(model.safety(picture, names)?);
            }
        }
        Ok(())
    }
}

impl Seer {
    /// The lines of text, read if there is a model for that.
    fn text(&mut self, picture: &RgbImage) -> anyhow::Result<Vec<TextLine>> {
        let lines = self.lines.as_mut().context("there is no model for text")?.find(picture)?;
        let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
        let mut found = Vec::with_capacity(lines.len());
        for line in lines {
            let (corners, read) = match &mut self.reader {
                Some(reader) => {
                    let (corners, text) = reader.read(picture, &line)?;
                    (corners, Some(text))
                }
                None => (line.corners, None),
            };
            let corners = corners.map(|[x, y]| [(x / width) as f32, (y / height) as f32]);
            found.push(TextLine { corners, score: line.score, read });
        }
        Ok(found)
    }
}

/// One model, of one file or of several that work together.
fn model_of(files: &[&GraphFile]) -> SeeingModel {
    let joined = |part: fn(&GraphFile) -> &str| files.iter().map(|file| part(file)).collect::<Vec<_>>().join("+");
    SeeingModel { name: joined(|file| &file.name), version: joined(|file| &file.version) }
}

impl Eye for Seer {
    fn see(&mut self, url: &str, features: &[Feature]) -> Annotation {
        let picture = match picture::decode(url) {
            Ok(picture) => picture,
            Err(fault) => return Annotation { error: Some(fault), ..Annotation::default() },
        };
        let (width, height) = picture.dimensions();
        let mut seen = Annotation { width, height, ..Annotation::default() };
        for feature in features {
            if let Err(error) = self.fill(&picture, *feature, &mut seen) {
                tracing::error!(%feature, error = format!("{error:#}"), "a model failed on a picture");
                let fault = PictureFault { code: "failed".to_owned(), message: format!("{feature}: {error:#}") };
                return Annotation { width, height, error: Some(fault), ..Annotation::default() };
            }
        }
        seen
    }
}
