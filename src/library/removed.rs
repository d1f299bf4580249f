//! What is gone from the library and may still be elsewhere: in the indexes, and on the disk as thumbnails and crops.
//!
//! It is noted in the transaction that removes it and forgotten when it is taken out everywhere, so that nothing stays
//! behind when the program is killed between.

use sqlx::FromRow;

use super::{FaceId, Library, MediaId, Result, Tx};

/// A medium that is gone.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RemovedMedium {
    /// Its identifier.
    pub id: MediaId,
    /// BLAKE3 of its content, hex; empty when it is not known any more.
    pub hash: String,
}

impl Library {
    /// Media that are gone but may still be in the indexes and on the disk.
    pub async fn removed_media(&self) -> Result<Vec<RemovedMedium>> {
        Ok(sqlx::query_as("SELECT id, hash FROM removed_media ORDER BY id").fetch_all(&self.read).await?)
    }

    /// Records that nothing holds these media any more.
    pub async fn forget_removed(&self, ids: &[MediaId]) -> Result<()> {
        let mut tx = self.begin().await?;
        for id in ids {
            sqlx::query("DELETE FROM removed_media WHERE id = $1").bind(id).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Faces that are gone but of which there may be crops.
    pub async fn removed_faces(&self) -> Result<Vec<FaceId>> {
        Ok(sqlx::query_scalar("SELECT id FROM removed_faces ORDER BY id").fetch_all(&self.read).await?)
    }

    /// Records that there are no crops of these faces any more.
    pub async fn forget_removed_faces(&self, ids: &[FaceId]) -> Result<()> {
        let mut tx = self.begin().await?;
        for id in ids {
            sqlx::query("DELETE FROM removed_faces WHERE id = $1").bind(id).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Notes a medium that is about to be removed, and its faces.
pub(super) async fn note(tx: &mut Tx<'_>, id: MediaId) -> Result<()> {
    let sql = "INSERT INTO removed_media (id, hash) SELECT id, hash FROM media WHERE id = $1 ON CONFLICT DO NOTHING";
    sqlx::query(sql).bind(id).execute(&mut **tx).await?;
    let sql = "INSERT INTO removed_faces (id) SELECT id FROM faces WHERE media_id = $1 ON CONFLICT DO NOTHING";
    sqlx::query(sql).bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Notes a face that is about to be removed.
pub(super) async fn note_face(tx: &mut Tx<'_>, id: FaceId) -> Result<()> {
    let sql = "INSERT INTO removed_faces (id) VALUES ($1) ON CONFLICT DO NOTHING";
    sqlx::query(sql).bind(id).execute(&mut **tx).await?;
    Ok(())
}
