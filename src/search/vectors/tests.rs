//! The vector table on a real folder.

use super::*;
use crate::search::document::Facts;

fn model(version: &str) -> EncoderModel {
    EncoderModel { name: "all-MiniLM-L6-v2".to_owned(), version: version.to_owned(), dimensions: 3 }
}

fn vector(document: &MediaDocument, vector: [f32; 3]) -> TextVector {
    let text = &document.embeddable()[0];
    TextVector {
        id: document.id,
        source: text.source,
        text_hash: text.hash.clone(),
        vector: vector.to_vec(),
        facts: document.facts.clone(),
    }
}

fn document(text: &str) -> MediaDocument {
    MediaDocument::new(MediaId::new()).with(SourceField::Description, text)
}

type Tested = Result<(), Box<dyn std::error::Error>>;

#[tokio::test]
async fn the_nearest_come_first_and_only_the_allowed_ones() -> Tested {
    let dir = tempfile::tempdir()?;
    let table = VectorTable::open(dir.path(), model("1")).await?;
    let config = MeaningConfig::default();
    assert!(table.nearest(&[1.0, 0.0, 0.0], None, &config).await?.is_empty());
    let (cat, dog, car) = (document("a cat"), document("a dog"), document("a car"));
    let vectors = [vector(&cat, [2.0, 0.0, 0.0]), vector(&dog, [1.0, 1.0, 0.0]), vector(&car, [0.0, 0.0, 1.0])];
    table.upsert(&vectors).await?;
    table.upsert(&vectors[..1]).await?;
    assert_eq!(table.count().await?, 3);
    let found = table.nearest(&[1.0, 0.0, 0.0], None, &config).await?;
    assert_eq!(found.iter().map(|f| f.id).collect::<Vec<_>>(), [cat.id, dog.id]);
    assert!(
        (found[0].similarity - 1.0).abs() < 1e-4
            && (found[1].similarity - std::f32::consts::FRAC_1_SQRT_2).abs() < 1e-3
    );
    let allowed: AllowedSet = [dog.id, car.id].into_iter().collect();
    let found = table.nearest(&[1.0, 0.0, 0.0], Some(&allowed), &config).await?;
    assert_eq!(found.iter().map(|f| f.id).collect::<Vec<_>>(), [dog.id]);
    assert!(table.nearest(&[1.0, 0.0, 0.0], Some(&AllowedSet::default()), &config).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn models_do_not_mix() -> Tested {
    let dir = tempfile::tempdir()?;
    let old = VectorTable::open(dir.path(), model("1")).await?;
    old.upsert(&[vector(&document("a cat"), [1.0, 0.0, 0.0])]).await?;
    let new = VectorTable::open(dir.path(), model("2")).await?;
    assert_eq!(new.count().await?, 0);
    let short = new.nearest(&[1.0, 0.0], None, &MeaningConfig::default()).await;
    assert!(matches!(short, Err(VectorError::Dimensions { expected: 3, found: 2, .. })));
    assert_eq!(new.drop_other_models().await?, 1);
    assert_eq!(VectorTable::open(dir.path(), model("1")).await?.count().await?, 0);
    Ok(())
}

#[tokio::test]
async fn vectors_follow_the_texts_and_facts_of_their_media() -> Tested {
    let dir = tempfile::tempdir()?;
    let table = VectorTable::open(dir.path(), model("1")).await?;
    let (mut cat, mut dog) = (document("a cat"), document("a dog"));
    assert_eq!(table.missing(&[cat.clone(), dog.clone()]).await?.len(), 2);
    table.upsert(&[vector(&cat, [1.0, 0.0, 0.0]), vector(&dog, [0.0, 1.0, 0.0])]).await?;
    assert!(table.missing(&[cat.clone(), dog.clone()]).await?.is_empty());
    cat.texts[0].1 = "a black cat".to_owned();
    dog.facts = Facts { taken: Some(5), country_code: Some("IT".to_owned()), rating: Some(4), ..Facts::default() };
    table.reconcile(&[cat.clone(), dog.clone()]).await?;
    let missing = table.missing(&[cat.clone(), dog.clone()]).await?;
    assert_eq!(
        missing.iter().map(|(id, text)| (*id, text.text.as_str())).collect::<Vec<_>>(),
        [(cat.id, "a black cat")]
    );
    assert_eq!(table.table.count_rows(Some("country_code = 'IT' AND rating >= 4 AND taken < 6".to_owned())).await?, 1);
    table.delete(&[dog.id, MediaId::new()]).await?;
    assert_eq!(table.count().await?, 0);
    Ok(())
}

#[tokio::test]
async fn tidying_loses_nothing_and_a_reopened_table_holds_everything() -> Tested {
    let dir = tempfile::tempdir()?;
    let table = VectorTable::open(dir.path(), model("1")).await?;
    let documents: Vec<MediaDocument> = (0..20).map(|n| document(&format!("number {n}"))).collect();
    for (n, document) in documents.iter().enumerate() {
        table.upsert(&[vector(document, [1.0, n as f32, 0.0])]).await?;
    }
    table.optimize().await?;
    drop(table);
    let table = VectorTable::open(dir.path(), model("1")).await?;
    assert_eq!(table.nearest(&[1.0, 0.0, 0.0], None, &MeaningConfig::default()).await?[0].id, documents[0].id);
    assert_eq!(table.of(documents[3].id).await?.len(), 1);
    let existing: HashSet<MediaId> = documents[..5].iter().map(|document| document.id).collect();
    assert_eq!(table.prune(&existing).await?, 15);
    assert_eq!(table.count().await?, 5);
    Ok(())
}
