//! Keywords that name a pet: which ones go with animals, and whose name they are once the user has said so.
//!
//! Many people never mark a pet in their pictures and only write its name beside "beach" and "holiday". What the keyword of
//! a file says then counts as a name in the file does ([`super::written`]), as soon as the user has said that it is one; a
//! keyword that they said is none is not offered again. Whether a keyword may be a name is decided elsewhere.

use std::collections::BTreeMap;

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::written::{derive, digest};
use crate::library::{FaceId, Library, MediaId, PersonId, Result, Tx};

/// What the detector calls animals that live with people.
const KEPT_AT_HOME: &str = "('dog', 'cat', 'bird', 'horse')";

/// A keyword and the animals in the pictures that have it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct KeywordAnimals {
    /// The keyword as most often written.
    pub name: String,
    /// Its folded form, which identifies it.
    pub folded: String,
    /// Media with the keyword.
    pub media: i64,
    /// Those of them that show an animal.
    pub with_animal: i64,
    /// Those that show exactly one.
    pub with_one: i64,
}

/// What is known of the animals beside a keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeywordExamples {
    /// Animals that are alone in a picture with the keyword, those that are shown best first; of nobody so far, as far as a
    /// person or a file said.
    pub animals: Vec<FaceId>,
    /// What the detector mostly takes them for, of the animals that live with people: `dog`, `cat`, `bird`, `horse`.
    pub kind: Option<String>,
}

impl Library {
    /// Keywords of pictures with animals that the user was not asked about and that are nobody's name, those of most pictures
    /// first.
    pub async fn keywords_with_animals(&self) -> Result<Vec<KeywordAnimals>> {
        let sql = "WITH seen AS (SELECT media_id, COUNT(*) AS animals FROM faces WHERE subject = 'animal' AND state = 'face' \
                   GROUP BY media_id) \
                   SELECT MIN(t.tag) AS name, t.folded, COUNT(*) AS media, COUNT(seen.media_id) AS with_animal, \
                   SUM(CASE WHEN seen.animals = 1 THEN 1 ELSE 0 END) AS with_one \
                   FROM media_tags t JOIN media m ON m.id = t.media_id AND m.live_of IS NULL \
                   LEFT JOIN seen ON seen.media_id = t.media_id \
                   WHERE t.folded IN (SELECT DISTINCT u.folded FROM media_tags u JOIN seen s ON s.media_id = u.media_id) \
                   AND NOT EXISTS (SELECT 1 FROM keyword_pets k WHERE k.folded = t.folded) \
                   AND NOT EXISTS (SELECT 1 FROM people p WHERE p.folded = t.folded) \
                   AND NOT EXISTS (SELECT 1 FROM person_names n WHERE n.folded = t.folded) \
                   GROUP BY t.folded ORDER BY media DESC, t.folded";
        let found: Vec<KeywordAnimals> = sqlx::query_as(sql).fetch_all(&self.read).await?;
        let mut query = QueryBuilder::<Sqlite>::new("SELECT digest FROM forgotten_names WHERE digest IN (NULL");
        for keyword in &found {
            query.push(", ").push_bind(digest(&keyword.folded));
        }
        query.push(")");
        let forgotten: Vec<String> = query.build_query_scalar().fetch_all(&self.read).await?;
        Ok(found.into_iter().filter(|keyword| !forgotten.contains(&digest(&keyword.folded))).collect())
    }

    /// The animals beside each of these keywords (folded). An animal whose picture has several of them is nobody's example.
    pub async fn animals_beside(&self, keywords: &[String]) -> Result<BTreeMap<String, KeywordExamples>> {
        let mut of: BTreeMap<MediaId, Vec<(String, FaceId)>> = BTreeMap::new();
        let mut order = Vec::new();
        for folded in keywords {
            let sql = "SELECT f.media_id, f.id FROM faces f JOIN media_tags t ON t.media_id = f.media_id AND t.folded = $1 \
                       WHERE f.subject = 'animal' AND f.state = 'face' AND COALESCE(f.how, 'automatic') = 'automatic' \
                       AND NOT EXISTS (SELECT 1 FROM faces g WHERE g.media_id = f.media_id AND g.id <> f.id \
                                       AND g.subject = 'animal' AND g.state = 'face') \
                       ORDER BY f.score * f.pixels DESC, f.id";
            let animals: Vec<(MediaId, FaceId)> = sqlx::query_as(sql).bind(folded).fetch_all(&self.read).await?;
            for (media, animal) in animals {
                of.entry(media).or_default().push((folded.clone(), animal));
                order.push(animal);
            }
        }
        let mut examples = BTreeMap::new();
        for folded in keywords {
            let theirs = |animal: &&FaceId| of.values().any(|named| *named == [(folded.clone(), **animal)]);
            let animals = order.iter().filter(theirs).copied().collect();
            let kind = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
                "SELECT o.label FROM media_objects o JOIN media_tags t ON t.media_id = o.media_id AND t.folded = $1 \
                 WHERE o.label IN {KEPT_AT_HOME} GROUP BY o.label ORDER BY SUM(o.score) DESC, o.label LIMIT 1"
            )));
            let kind = kind.bind(folded).fetch_optional(&self.read).await?;
            examples.insert(folded.clone(), KeywordExamples { animals, kind });
        }
        Ok(examples)
    }
}

/// The pets that the keywords of a medium name.
pub(super) async fn pets_of(tx: &mut Tx<'_>, id: MediaId) -> Result<Vec<PersonId>> {
    let sql = "SELECT DISTINCT k.person_id FROM keyword_pets k JOIN media_tags t ON t.folded = k.folded \
               WHERE t.media_id = $1 AND k.person_id IS NOT NULL ORDER BY k.person_id";
    Ok(sqlx::query_scalar(sql).bind(id).fetch_all(&mut **tx).await?)
}

/// Says anew who is in media whose keywords changed, if the keyword is a pet's name.
pub(in crate::library) async fn keyword_changed(tx: &mut Tx<'_>, ids: &[MediaId], folded: &str) -> Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM keyword_pets WHERE folded = $1 AND person_id IS NOT NULL)";
    if sqlx::query_scalar(sql).bind(folded).fetch_one(&mut **tx).await? {
        for id in ids {
            derive(tx, *id).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::faces::NewFace;
    use crate::library::jobs::tests::{file, medium, model};
    use crate::library::jobs::{Claimant, JobKind, Offer};
    use crate::library::media::NewMedium;
    use crate::library::people::change::Action;

    /// A library of pictures, each with keywords and so many animals.
    async fn library(pictures: &[(&str, &[&str], usize)]) -> (tempfile::TempDir, Library, Vec<MediaId>) {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
        let mut ids = Vec::new();
        for (name, tags, _) in pictures {
            let tags = tags.iter().map(|tag| ((*tag).to_owned(), "xmp".to_owned())).collect();
            ids.push(library.store_medium(&file(name), &NewMedium { tags, ..medium(name) }).await.unwrap());
        }
        library.queue_lacking(JobKind::FindFaces, &model("1")).await.unwrap();
        let offer = Offer { kind: JobKind::FindFaces, model: Some(model("1")), limit: 99, floor: i64::MIN };
        let claimant = Claimant { owner: "test", now: i64::MAX / 2, until: i64::MAX };
        for job in library.claim_jobs(&[offer], claimant).await.unwrap() {
            let at = ids.iter().position(|id| id.to_string() == job.subject).unwrap();
            let animals: Vec<NewFace> = (0..pictures[at].2).map(animal).collect();
            library.store_faces(&job, &model("1"), &animals).await.unwrap();
        }
        (dir, library, ids)
    }

    fn animal(at: usize) -> NewFace {
        NewFace {
            frame_ms: None,
            frames: Vec::new(),
            area: [0.1 + at as f64 * 0.4, 0.1, 0.3, 0.3],
            score: 0.8,
            sharpness: 0.0,
            yaw: 0.0,
            pixels: 100.0,
            clothes: Vec::new(),
            embedding: vec![1.0, at as f32],
            vectors: "model".into(),
            animal: true,
        }
    }

    async fn people_in(library: &Library, id: MediaId) -> Vec<(String, String)> {
        library.people_in(id).await.unwrap().into_iter().map(|who| (who.name, who.source)).collect()
    }

    #[tokio::test]
    async fn keywords_are_counted_with_the_animals_beside_them() {
        let (_dir, library, _) = library(&[
            ("a.jpg", &["Rex", "beach"], 1),
            ("b.jpg", &["Rex"], 2),
            ("c.jpg", &["beach"], 0),
            ("d.jpg", &["Rex", "Misty"], 1),
            ("e.jpg", &["Oslo"], 0),
        ])
        .await;
        let found = library.keywords_with_animals().await.unwrap();
        let counts: Vec<_> = found.iter().map(|k| (k.name.as_str(), k.media, k.with_animal, k.with_one)).collect();
        assert_eq!(counts, [("Rex", 3, 3, 2), ("beach", 2, 1, 1), ("Misty", 1, 1, 1)]);
        let beside = library.animals_beside(&["rex".into(), "misty".into()]).await.unwrap();
        assert_eq!((beside["rex"].animals.len(), beside["misty"].animals.len()), (1, 0), "d.jpg may show either");
    }

    #[tokio::test]
    async fn a_pet_is_in_the_pictures_with_its_keyword_until_that_is_taken_back() {
        let pictures: [(&str, &[&str], usize); 3] = [("a.jpg", &["Rex"], 1), ("b.jpg", &["Rex"], 0), ("c.jpg", &[], 1)];
        let (_dir, library, ids) = library(&pictures).await;
        let faces = library.animals_beside(&["rex".into()]).await.unwrap()["rex"].animals.clone();
        let named = Action::Pet { name: "Rex".into(), faces };
        let (change, rex) = library.change_people(&named).await.unwrap();
        let rex = library.person(rex.unwrap()).await.unwrap();
        assert_eq!((rex.name.as_str(), rex.pet, rex.faces, change.summary.as_str()), ("Rex", true, 1, "Rex is a pet"));
        assert_eq!(people_in(&library, ids[0]).await, [("Rex".to_owned(), "confirmed".to_owned())]);
        assert_eq!(people_in(&library, ids[1]).await, [("Rex".to_owned(), "keyword".to_owned())]);
        assert!(library.keywords_with_animals().await.unwrap().is_empty(), "it is not asked again");
        library.add_tags(&[ids[2]], &["rex".into()]).await.unwrap();
        assert_eq!(people_in(&library, ids[2]).await, [("Rex".to_owned(), "keyword".to_owned())]);
        library.remove_tag(&[ids[2]], "Rex").await.unwrap();
        assert!(people_in(&library, ids[2]).await.is_empty());
        // Whom they turn out to be has the name then.
        let (_, bruno) = library.change_people(&Action::Pet { name: "Bruno".into(), faces: Vec::new() }).await.unwrap();
        let merged = Action::Merge { into: bruno.unwrap(), people: vec![rex.id] };
        let (merge, _) = library.change_people(&merged).await.unwrap();
        assert_eq!(people_in(&library, ids[1]).await, [("Bruno".to_owned(), "keyword".to_owned())]);
        library.undo_people_change(merge.id).await.unwrap();
        assert_eq!(people_in(&library, ids[1]).await, [("Rex".to_owned(), "keyword".to_owned())]);
        let (_, kept) = library.undo_people_change(change.id).await.unwrap();
        assert_eq!(kept, 0);
        assert!(people_in(&library, ids[0]).await.is_empty() && library.person_called("rex").await.unwrap().is_none());
        assert_eq!(library.keywords_with_animals().await.unwrap()[0].name, "Rex", "and may be asked again");
    }

    #[tokio::test]
    async fn a_keyword_that_is_no_pet_is_not_offered_until_that_is_taken_back() {
        let (_dir, library, ids) = library(&[("a.jpg", &["Zoo"], 1)]).await;
        let (change, nobody) = library.change_people(&Action::NoPet { name: "Zoo".into() }).await.unwrap();
        assert_eq!((nobody, change.summary.as_str()), (None, "Zoo is no pet"));
        assert!(library.keywords_with_animals().await.unwrap().is_empty());
        assert!(people_in(&library, ids[0]).await.is_empty());
        library.undo_people_change(change.id).await.unwrap();
        assert_eq!(library.keywords_with_animals().await.unwrap().len(), 1);
        assert!(library.change_people(&Action::NoPet { name: " ".into() }).await.is_err());
    }

    #[tokio::test]
    async fn a_persons_name_is_no_pets() {
        let (_dir, library, ids) = library(&[("a.jpg", &["Rex"], 1)]).await;
        let faces = library.animals_beside(&["rex".into()]).await.unwrap()["rex"].animals.clone();
        let (_, rex) = library.change_people(&Action::Split { faces, name: Some("Rex".into()) }).await.unwrap();
        let person = rex.unwrap();
        let described = |pet| Action::Describe {
            person,
            nickname: None,
            born: None,
            relation: None,
            hidden: None,
            favourite: None,
            pet: Some(pet),
        };
        library.change_people(&described(false)).await.unwrap();
        assert!(library.change_people(&Action::Pet { name: "Rex".into(), faces: Vec::new() }).await.is_err());
        library.change_people(&described(true)).await.unwrap();
        library.change_people(&Action::Pet { name: "Rex".into(), faces: Vec::new() }).await.unwrap();
        let report = library.forget_person(person).await.unwrap();
        assert!(report.media == [ids[0]] && people_in(&library, ids[0]).await.is_empty());
        assert!(library.keywords_with_animals().await.unwrap().is_empty(), "who was forgotten is not asked about");
    }
}
