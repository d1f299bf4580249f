//! The tower of a SigLIP or CLIP that takes pictures: one session for all threads that look, on a thread of its own.
//!
//! Such a graph has hundreds of megabytes, so it is held once and computes on several threads; pictures that wait at the
//! same moment are one batch. A picture is prepared by who sends it. When all senders are gone, the thread ends.

use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use anyhow::{anyhow, ensure};
use image::RgbImage;
use ort::environment::Environment;
use recollect::models::{Manifest, Towers};

use super::files::GraphFile;
use super::graph::Graph;
use super::preparation::Preparation;
use super::whole::unit;

/// Pictures that are computed at once at the most.
const MOST: usize = 8;
/// What holds the vector of a picture, the surest name first; what it is called beside are vectors of parts of it.
const OUTPUTS: [&str; 3] = ["image_embeds", "pooler_output", "embedding"];

/// A model of pictures and texts in one space, by its files.
#[derive(Debug, Clone)]
pub struct TowerFiles {
    /// Its graphs and what lies beside them.
    pub towers: Towers,
    /// The graph of pictures, with the model's name and version.
    pub graph: GraphFile,
}

impl TowerFiles {
    /// The model that `towers` are of.
    pub fn new(towers: Towers, name: Option<&str>) -> anyhow::Result<Self> {
        let folder = std::fs::canonicalize(&towers.folder)?;
        let towers = Towers { folder, ..towers };
        let manifest = Manifest::read(&towers.folder).ok();
        let mut graph = GraphFile::within(&towers.folder, towers.folder.join(&towers.vision), manifest.as_ref())?;
        let own = || towers.folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let known = name.map(str::to_owned).or_else(|| manifest.map(|manifest| manifest.id)).or_else(own);
        graph.name = known.unwrap_or(graph.name);
        Ok(Self { towers, graph })
    }
}

/// The way to the tower.
#[derive(Debug, Clone)]
pub struct Tower {
    preparation: Arc<Preparation>,
    queue: mpsc::Sender<Task>,
}

struct Task {
    planes: Vec<f32>,
    reply: mpsc::Sender<Result<Vec<f32>, String>>,
}

/// What the thread runs: planes of several pictures in, their vectors out.
type Run = Box<dyn FnMut(Vec<f32>, usize) -> anyhow::Result<Vec<Vec<f32>>> + Send>;

impl Tower {
    /// Loads the graph, to compute on `threads` threads, and runs it once.
    pub fn start(
        environment: &Environment,
        files: &TowerFiles,
        threads: usize,
    ) -> anyhow::Result<(Self, JoinHandle<()>)> {
        let preparation = Preparation::read(&files.towers.folder.join("preprocessor_config.json"))?;
        let (width, height) = preparation.size();
        let mut graph = Graph::load_with(environment, &files.graph.path, threads)?;
        if let Some(size) = graph.size() {
            ensure!(
                size == (width, height),
                "it takes pictures of {size:?} pixels, and is to be given {width} × {height}"
            );
        }
        let most = graph.batch().unwrap_or(MOST).min(MOST);
        let output = output_of(&graph)?;
        let mut run: Run = Box::new(move |planes, pictures| {
            let numbers = graph.run_batch(planes, pictures, width as usize, height as usize)?.numbers(&output)?;
            ensure!(numbers.iter().all(|number| number.is_finite()), "the output holds numbers that are not finite");
            let length = numbers.len() / pictures;
            ensure!(length > 0 && length * pictures == numbers.len(), "it gave no vectors");
            Ok(numbers.chunks_exact(length).map(|vector| unit(vector.to_vec())).collect())
        });
        run(preparation.planes(&RgbImage::from_pixel(2, 2, image::Rgb([128; 3])))?, 1)?;
        let (queue, waiting) = mpsc::channel();
        let thread = std::thread::Builder::new().name("tower".to_owned());
        let thread = thread.spawn(move || work(run, &waiting, most))?;
        Ok((Self { preparation: Arc::new(preparation), queue }, thread))
    }

    /// The vector of a picture, of length 1. Blocks.
    pub fn embed(&self, picture: &RgbImage) -> anyhow::Result<Vec<f32>> {
        let (reply, answer) = mpsc::channel();
        let gone = || anyhow!("the engine is ending");
        self.queue.send(Task { planes: self.preparation.planes(picture)?, reply }).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?.map_err(anyhow::Error::msg)
    }
}

fn output_of(graph: &Graph) -> anyhow::Result<String> {
    let outputs = graph.outputs();
    let named = OUTPUTS.into_iter().find(|known| outputs.iter().any(|(name, _)| name == known));
    match (named, &outputs[..]) {
        (Some(name), _) => Ok(name.to_owned()),
        (None, [(only, shape)]) if shape.len() == 2 => Ok(only.clone()),
        _ => Err(anyhow!("none of its outputs is the vector of a picture ({})", OUTPUTS.join(", "))),
    }
}

fn work(mut run: Run, waiting: &mpsc::Receiver<Task>, most: usize) {
    while let Ok(first) = waiting.recv() {
        let mut tasks = vec![first];
        tasks.extend(waiting.try_iter().take(most.saturating_sub(1)));
        let planes = tasks.iter().flat_map(|task| task.planes.iter().copied()).collect();
        let answers = match run(planes, tasks.len()) {
            Ok(vectors) => vectors.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(format!("{error:#}")); tasks.len()],
        };
        for (task, answer) in tasks.into_iter().zip(answers) {
            // Nobody may be waiting any more.
            let _given_up = task.reply.send(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_wait_are_one_batch_and_each_gets_its_own_vector() {
        let (queue, waiting) = mpsc::channel();
        let mut answers = Vec::new();
        for number in 0..5 {
            let (reply, answer) = mpsc::channel();
            queue.send(Task { planes: vec![number as f32; 2], reply }).unwrap();
            answers.push(answer);
        }
        drop(queue);
        let (told, batches) = mpsc::channel();
        let run: Run = Box::new(move |planes, pictures| {
            told.send(pictures).unwrap();
            anyhow::ensure!(!planes.contains(&4.0), "no such picture");
            Ok(planes.chunks(2).map(|planes| planes.to_vec()).collect())
        });
        work(run, &waiting, 3);
        assert_eq!(batches.iter().collect::<Vec<_>>(), [3, 2]);
        let answers: Vec<_> = answers.iter().map(|answer| answer.recv().unwrap()).collect();
        assert_eq!(answers[1], Ok(vec![1.0; 2]));
        assert_eq!(answers[2], Ok(vec![2.0; 2]));
        assert!(answers[3].is_err() && answers[4].as_ref().unwrap_err().contains("no such"));
    }
}
