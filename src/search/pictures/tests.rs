//! The vectors of pictures, in a real table.

use super::super::recall;
use super::*;

fn model(version: &str) -> PictureModel {
    PictureModel { name: "eye".to_owned(), version: version.to_owned() }
}

fn photo(id: MediaId, vector: Vec<f32>) -> PictureVectors {
    PictureVectors::photo(id, vector)
}

#[tokio::test]
async fn the_nearest_are_found_and_versions_do_not_mix() -> Result<(), VectorError> {
    let dir = tempfile::tempdir().unwrap();
    let table = PictureTable::open(dir.path(), model("1")).await?;
    assert!(table.nearest(&[1.0, 0.0], 5).await?.is_empty());
    let [same, near, far] = [MediaId::new(), MediaId::new(), MediaId::new()];
    let all = [photo(same, vec![1.0, 0.0]), photo(near, vec![0.8, 0.6]), photo(far, vec![0.0, 1.0])];
    table.upsert(&all).await?;
    table.upsert(&[photo(far, vec![-1.0, 0.0])]).await?;
    let found = table.nearest(&[1.0, 0.0], 5).await?;
    assert_eq!(found.iter().map(|near| near.id).collect::<Vec<_>>(), [same, near, far]);
    assert!((found[1].cosine - 0.8).abs() < 1e-5 && (found[2].cosine + 1.0).abs() < 1e-5);
    assert_eq!(table.of(near).await?, photo(near, vec![0.8, 0.6]).frames);
    assert!(matches!(table.upsert(&[photo(near, vec![1.0])]).await, Err(VectorError::Dimensions { .. })));
    let other = PictureTable::open(dir.path(), model("2")).await?;
    assert_eq!(other.count().await?, 0);
    let again = PictureTable::open(dir.path(), model("1")).await?;
    assert_eq!(again.count().await?, 3);
    again.delete(&[far]).await?;
    again.optimize().await?;
    assert_eq!(again.of(far).await?, []);
    Ok(())
}

#[tokio::test]
async fn a_video_is_found_once_by_its_nearest_frame_and_hides_nobody() -> Result<(), VectorError> {
    let dir = tempfile::tempdir().unwrap();
    let table = PictureTable::open(dir.path(), model("1")).await?;
    let [video, still] = [MediaId::new(), MediaId::new()];
    let angle = |degrees: f32| vec![degrees.to_radians().cos(), degrees.to_radians().sin()];
    let film = |angles: std::ops::Range<i64>| {
        let frame = |at: i64| FrameVector { frame_ms: Some(at * 1000), vector: angle(at as f32) };
        let poster = FrameVector { frame_ms: None, vector: angle(60.0) };
        PictureVectors { id: video, frames: std::iter::once(poster).chain(angles.map(frame)).collect() }
    };
    table.upsert(&[film(0..40), photo(still, angle(50.0))]).await?;
    let found = table.nearest(&angle(7.0), 2).await?;
    assert_eq!((found[0].id, found[0].frame_ms), (video, Some(7000)));
    assert_eq!((found[1].id, found[1].frame_ms, found.len()), (still, None, 2));
    // Other frames were chosen: those before are gone.
    table.upsert(&[film(20..22)]).await?;
    assert_eq!(table.count().await?, 4);
    let times: Vec<_> = table.of(video).await?.iter().map(|frame| frame.frame_ms).collect();
    assert_eq!(times, [None, Some(20_000), Some(21_000)]);
    Ok(())
}

fn ids(near: &[Near]) -> Vec<MediaId> {
    near.iter().map(|near| near.id).collect()
}

#[tokio::test]
async fn after_a_change_of_model_the_old_vectors_serve_until_the_new_are_there() -> Result<(), VectorError> {
    let dir = tempfile::tempdir().unwrap();
    let [a, b, c] = [MediaId::new(), MediaId::new(), MediaId::new()];
    let old = PictureTable::open(dir.path(), model("1")).await?;
    old.upsert(&[photo(a, vec![1.0, 0.0]), photo(b, vec![0.9, 0.1]), photo(c, vec![0.0, 1.0])]).await?;
    drop(old);
    let new = PictureTable::open(dir.path(), model("2")).await?;
    assert_eq!(ids(&new.like(a, 5).await?), [b, c], "by the old model");
    assert!(new.nearest(&[1.0, 0.0, 0.0], 5).await?.is_empty(), "old vectors are never compared with new ones");
    // With the new model, a looks like c.
    new.upsert(&[photo(a, vec![1.0, 0.0, 0.0]), photo(c, vec![0.9, 0.1, 0.0])]).await?;
    new.optimize().await?;
    assert_eq!(ids(&new.like(a, 5).await?), [b, c], "the old one still knows more");
    new.delete(&[b]).await?;
    assert_eq!(ids(&new.like(a, 5).await?), [c], "what is gone is gone from both");
    new.upsert(&[photo(b, vec![0.0, 0.0, 1.0])]).await?;
    assert_eq!(ids(&new.like(a, 5).await?), [c, b]);
    new.optimize().await?;
    assert_eq!(others(&new.connection, &new.model.table()).await?, [""; 0], "and then it goes");
    assert_eq!(ids(&new.like(a, 1).await?), [c]);
    Ok(())
}

#[tokio::test]
async fn only_allowed_media_are_found_and_the_spread_is_that_of_the_table() -> Result<(), VectorError> {
    let dir = tempfile::tempdir().unwrap();
    let table = PictureTable::open(dir.path(), model("1")).await?;
    let at = |degrees: usize| {
        let angle = (degrees as f32).to_radians();
        photo(MediaId::new(), vec![angle.cos(), angle.sin()])
    };
    let all: Vec<PictureVectors> = (0..900).map(|number| at(number % 90)).collect();
    table.upsert(&all).await?;
    let many: AllowedSet = all.iter().skip(100).map(|of| of.id).collect();
    let few: AllowedSet = all.iter().skip(30).step_by(90).map(|of| of.id).collect();
    for allowed in [many, few] {
        let found = table.nearest_among(&[1.0, 0.0], Some(&allowed), 9).await?;
        assert_eq!(found.len(), 9);
        assert!(found.iter().all(|near| allowed.contains(near.id)));
        assert!(found.windows(2).all(|pair| pair[0].cosine >= pair[1].cosine));
    }
    assert!(table.nearest_among(&[1.0, 0.0], Some(&AllowedSet::default()), 9).await?.is_empty());
    let spread = table.spread(&[1.0, 0.0], &LooksConfig::default()).await?;
    assert!((spread.middle - 45_f32.to_radians().cos()).abs() < 0.02, "{spread:?}");
    Ok(())
}

#[tokio::test]
async fn the_index_finds_what_an_exact_search_finds() -> Result<(), VectorError> {
    let dir = tempfile::tempdir().unwrap();
    let table = PictureTable::open(dir.path(), model("1")).await?;
    let found = recall::measure(&table, index::INDEXED_FROM + 1_000, 128, 40).await?;
    assert!(found.at_10 >= 0.95 && found.at_50 >= 0.95, "{found:?}");
    Ok(())
}
