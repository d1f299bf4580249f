//! The search as a whole, on real indexes and vectors made by hand.

use super::*;

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

impl Library {
    /// Identifiers of the hits, after checking that each has a reason.
    async fn find(&self, query: &QueryText, vector: Option<[f32; 2]>) -> Result<Vec<MediaId>, SearchError> {
        let outcome = self.search.query(query, vector.map(|v| v.to_vec()), None, 100).await?;
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
    let outcome = library.search.query(&query("horse on the beach"), None, None, 10).await?;
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
    let outcome = library.search.query(&asked, Some(vec![1.0, 0.0]), None, 10).await?;
    assert_eq!(outcome.hits[0].why[0].to_string(), "meaning: a surfer in the ocean");
    assert!(library.find(&asked, None).await?.is_empty());
    let without = QueryText { without: Some("oceans".to_owned()), ..asked };
    assert!(library.find(&without, Some([1.0, 0.0])).await?.is_empty());
    library.search.delete(vec![surf.id]).await?;
    assert!(library.find(&query("surfer"), Some([1.0, 0.0])).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn only_allowed_media_are_hits_and_the_limit_leaves_the_total() -> Tested {
    let library = library(false).await?;
    let cats: Vec<MediaDocument> = (0..5).map(|n| document(&format!("a cat, number {n}"))).collect();
    library.search.upsert(cats.clone()).await?;
    let allowed: AllowedSet = cats[..3].iter().map(|cat| cat.id).collect();
    let outcome = library.search.query(&query("cats"), None, Some(&allowed), 2).await?;
    assert_eq!((outcome.hits.len(), outcome.total), (2, 3));
    assert!(outcome.hits.iter().all(|hit| allowed.contains(hit.id)));
    let none = library.search.query(&query("cats"), None, Some(&AllowedSet::default()), 2).await?;
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
