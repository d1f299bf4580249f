//! The search as a whole, on real indexes and vectors made by hand.

use super::*;
use crate::library::seen::PictureVectors;

type Tested = Result<(), Box<dyn std::error::Error>>;

struct Library {
    search: Search,
    _dir: tempfile::TempDir,
}

async fn library(model: bool) -> Result<Library, Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    let model = model.then(|| EncoderModel { name: "test".to_owned(), version: "1".to_owned(), dimensions: 2 });
    let search = Search::open(dir.path(), SearchConfig::default(), model).await?;
    Ok(Library { search, _dir: dir })
}

fn document(description: &str) -> MediaDocument {
    MediaDocument::new(MediaId::new()).with(SourceField::Description, description)
}

fn query(text: &str) -> QueryText {
    QueryText { text: text.to_owned(), original: text.to_owned(), ..QueryText::default() }
}

fn meaning(vector: Option<[f32; 2]>) -> Encoded {
    Encoded { meaning: vector.map(|vector| vector.to_vec()), ..Encoded::default() }
}

impl Library {
    /// Identifiers of the hits, after checking that each has a reason.
    async fn find(&self, query: &QueryText, vector: Option<[f32; 2]>) -> Result<Vec<MediaId>, SearchError> {
        let outcome = self.search.query(query, meaning(vector), None, 100).await?;
        assert_eq!(outcome.total, outcome.hits.len());
        assert!(outcome.hits.iter().all(|hit| !hit.why.is_empty() && (0.0..=1.0).contains(&hit.score)));
        Ok(outcome.hits.into_iter().map(|hit| hit.id).collect())
    }
}

#[tokio::test]
async fn words_find_their_media_and_say_why() -> Tested {
    let library = library(false).await?;
    let beach = document("Two men smile as they ride horses on the beaches").with(SourceField::Places, "Miami");
    let park = MediaDocument::new(MediaId::new())
        .with(SourceField::Events, "Skatepark")
        .with(SourceField::FileName, "IMG_0042");
    library.search.upsert(vec![beach.clone(), park.clone(), document("a cat")]).await?;
    let outcome = library.search.query(&query("horse on the beach"), Encoded::default(), None, 10).await?;
    assert_eq!(outcome.hits.len(), 1);
    assert_eq!(outcome.hits[0].id, beach.id);
    assert_eq!(outcome.hits[0].why[0].to_string(), "caption: horses, beaches");
    assert_eq!(library.find(&query("skate park"), None).await?, [park.id]);
    assert_eq!(library.find(&query("IMG_0042"), None).await?, [park.id]);
    assert_eq!(library.find(&query("horsse on the beach"), None).await?, [beach.id], "a typing error");
    assert!(library.find(&query("penguins"), None).await?.is_empty());
    assert!(library.find(&query(""), None).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn expansions_and_other_languages_find_too() -> Tested {
    let library = library(false).await?;
    let plane = document("A plane above the clouds");
    let snow = document("我们在滑雪");
    library.search.upsert(vec![plane.clone(), snow.clone(), document("a cat")]).await?;
    assert!(library.find(&query("aeroplanes"), None).await?.is_empty());
    let mut asked = query("aeroplanes");
    asked.expansions.push(("plane".to_owned(), 0.8).into());
    assert_eq!(library.find(&asked, None).await?, [plane.id]);
    let mut asked = query("Flugzeug über den Wolken");
    asked.expansions.push(Expansion { of: ExpansionOf::Whole, text: "plane above clouds".to_owned(), weight: 0.9 });
    assert_eq!(library.find(&asked, None).await?, [plane.id]);
    assert_eq!(library.find(&query("滑雪的照片"), None).await?, [snow.id]);
    Ok(())
}

#[tokio::test]
async fn meaning_finds_what_words_do_not() -> Tested {
    let library = library(true).await?;
    let surf = document("a surfer in the ocean");
    let car = document("a red car");
    library.search.upsert(vec![surf.clone(), car.clone()]).await?;
    assert!(library.search.has_no_vectors().await?);
    let vectors = library.search.missing_vectors(&[surf.clone(), car.clone()]).await?.into_iter().map(|(id, text)| {
        let vector = if id == surf.id { vec![1.0, 0.1] } else { vec![0.0, 1.0] };
        TextVector { id, source: text.source, text_hash: text.hash, vector, facts: Facts::default() }
    });
    library.search.upsert_vectors(&vectors.collect::<Vec<_>>()).await?;
    let asked = query("riding a wave");
    assert_eq!(library.find(&asked, Some([1.0, 0.0])).await?, [surf.id]);
    let outcome = library.search.query(&asked, meaning(Some([1.0, 0.0])), None, 10).await?;
    assert_eq!(outcome.hits[0].why[0].to_string(), "meaning: a surfer in the ocean");
    assert!(library.find(&asked, None).await?.is_empty());
    let without = QueryText { without: Some("oceans".to_owned()), ..asked };
    assert!(library.find(&without, Some([1.0, 0.0])).await?.is_empty());
    library.search.delete(vec![surf.id]).await?;
    assert!(library.find(&query("surfer"), Some([1.0, 0.0])).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_a_model_wrote_is_worth_less_than_what_somebody_wrote_and_says_so() -> Tested {
    let library = library(true).await?;
    let text = "a surfer in the ocean";
    // The older one would go first if they were worth the same.
    let described = MediaDocument::new(MediaId::new()).with(SourceField::Caption, text);
    let written = document(text);
    // It makes texts of both kinds equally long in the mean.
    let other = "a tractor in the field";
    let both = [described.clone(), written.clone(), document(other).with(SourceField::Caption, other)];
    library.search.upsert(both.to_vec()).await?;
    for asked in ["surfers", "ocean"] {
        assert_eq!(library.find(&query(asked), None).await?, [written.id, described.id], "by words");
    }
    let vectors = library.search.missing_vectors(&both).await?.into_iter().map(|(id, text)| {
        let vector = if text.text == other { vec![0.0, 1.0] } else { vec![1.0, 0.1] };
        TextVector { id, source: text.source, text_hash: text.hash, vector, facts: Facts::default() }
    });
    library.search.upsert_vectors(&vectors.collect::<Vec<_>>()).await?;
    let outcome = library.search.query(&query("riding a wave"), meaning(Some([1.0, 0.0])), None, 10).await?;
    let hits: Vec<(MediaId, String)> = outcome.hits.iter().map(|hit| (hit.id, hit.why[0].to_string())).collect();
    assert_eq!(hits, [(written.id, format!("meaning: {text}")), (described.id, format!("described: {text}"))]);
    Ok(())
}

#[tokio::test]
async fn only_allowed_media_are_hits_and_the_limit_leaves_the_total() -> Tested {
    let library = library(false).await?;
    let cats: Vec<MediaDocument> = (0..5).map(|n| document(&format!("a cat, number {n}"))).collect();
    library.search.upsert(cats.clone()).await?;
    let allowed: AllowedSet = cats[..3].iter().map(|cat| cat.id).collect();
    let outcome = library.search.query(&query("cats"), Encoded::default(), Some(&allowed), 2).await?;
    assert_eq!((outcome.hits.len(), outcome.total), (2, 3));
    assert!(outcome.hits.iter().all(|hit| allowed.contains(hit.id)));
    let none = library.search.query(&query("cats"), Encoded::default(), Some(&AllowedSet::default()), 2).await?;
    assert_eq!(none, SearchOutcome::default());
    Ok(())
}

#[tokio::test]
async fn similar_media_are_those_whose_texts_are() -> Tested {
    let library = library(true).await?;
    let documents = [document("a cat"), document("a kitten"), document("a bridge")];
    library.search.upsert(documents.to_vec()).await?;
    let missing = library.search.missing_vectors(&documents).await?;
    let directions = [[1.0, 0.0], [1.0, 0.3], [0.0, 1.0]];
    let vectors: Vec<TextVector> = missing
        .into_iter()
        .zip(directions)
        .map(|((id, text), v)| TextVector {
            id,
            source: text.source,
            text_hash: text.hash,
            vector: v.to_vec(),
            facts: Facts::default(),
        })
        .collect();
    library.search.upsert_vectors(&vectors).await?;
    let outcome = library.search.similar(documents[0].id, 10).await?;
    assert_eq!(outcome.hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [documents[1].id]);
    assert_eq!(outcome.hits[0].why[0].to_string(), "meaning: a kitten");
    Ok(())
}

/// Pictures of a library in which nothing is written, and directions that stand for words.
struct Looks {
    library: Library,
    ids: Vec<MediaId>,
}

const LENGTH: usize = 64;

/// A direction that hardly any picture goes in.
fn direction(axis: usize) -> Vec<f32> {
    (0..LENGTH).map(|at| if at == axis { 1.0 } else { 0.0 }).collect()
}

/// A vector of length 1 in a direction of its own.
fn scattered(number: usize) -> Vec<f32> {
    let mut bytes = [0; LENGTH * 4];
    blake3::Hasher::new().update(&number.to_le_bytes()).finalize_xof().fill(&mut bytes);
    // The sum of four is nearly normal.
    let numbers = bytes.chunks_exact(4).map(|four| four.iter().map(|byte| f32::from(*byte)).sum::<f32>() - 510.0);
    unit(numbers.collect())
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|value| *value /= length);
    vector
}

impl Looks {
    /// So many pictures; those at the positions of `planted` go in its directions as well.
    async fn new(count: usize, planted: &[(usize, usize)]) -> Result<Self, Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let model = PictureModel { name: "eye".to_owned(), version: "1".to_owned() };
        let search = Search::open(dir.path(), SearchConfig::default(), None).await?;
        let search = search.with_pictures(dir.path(), model).await?;
        let mut vectors: Vec<Vec<f32>> = (0..count).map(scattered).collect();
        for (at, axis) in planted {
            // Far out among what vectors of that length are by chance, as a right word is.
            vectors[*at][*axis] += 1.2;
        }
        let ids: Vec<MediaId> = vectors.iter().map(|_| MediaId::new()).collect();
        let photo = |(id, vector): (&MediaId, Vec<f32>)| PictureVectors::photo(*id, unit(vector));
        let rows: Vec<PictureVectors> = ids.iter().zip(vectors).map(photo).collect();
        search.pictures().unwrap().upsert(&rows).await?;
        Ok(Self { library: Library { search, _dir: dir }, ids })
    }

    async fn find(&self, axis: usize, allowed: Option<&AllowedSet>) -> Result<Vec<MediaId>, SearchError> {
        let encoded = Encoded { looks: Some(direction(axis)), ..Encoded::default() };
        let outcome = self.library.search.query(&query("red cabin"), encoded, allowed, 100).await?;
        assert!(outcome.hits.iter().all(|hit| hit.why[0].to_string() == "looks like: red cabin"), "{outcome:?}");
        Ok(outcome.hits.into_iter().map(|hit| hit.id).collect())
    }
}

#[tokio::test]
async fn words_find_pictures_that_look_like_them_and_nothing_where_none_does() -> Tested {
    let planted = [(7, 5), (90, 5), (200, 5), (299, 5)];
    let looks = Looks::new(300, &planted).await?;
    let wanted: HashSet<MediaId> = planted.iter().map(|(at, _)| looks.ids[*at]).collect();
    assert_eq!(looks.find(5, None).await?.into_iter().collect::<HashSet<_>>(), wanted);
    assert!(looks.find(40, None).await?.is_empty(), "no picture goes there");
    let allowed: AllowedSet = looks.ids[..100].iter().copied().collect();
    assert_eq!(looks.find(5, Some(&allowed)).await?.len(), 2);
    let others: AllowedSet = looks.ids[100..190].iter().copied().collect();
    assert!(looks.find(5, Some(&others)).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_picture_and_words_find_what_is_like_both() -> Tested {
    // Two kinds of pictures (5 and 9), some of each at night (30).
    let planted = [(1, 5), (2, 5), (3, 5), (3, 30), (4, 9), (5, 9), (5, 30), (6, 30)];
    let looks = Looks::new(300, &planted).await?;
    let vector = looks.library.search.pictures().unwrap().of(looks.ids[1]).await?.remove(0).vector;
    let found = looks.library.search.like_but(&vector, &direction(30), None, 3).await?;
    assert_eq!(found[0].0, looks.ids[3], "{found:?}");
    assert!(found.iter().all(|(_, score)| (0.0..=1.0).contains(score)));
    let plain = looks.library.search.nearest_pictures(&vector, None, 3).await?;
    assert_eq!(plain[0].id, looks.ids[1]);
    Ok(())
}
