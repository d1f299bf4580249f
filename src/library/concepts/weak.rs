//! What the library says already for the built-in concepts: screenshots by their metadata, documents by keywords and
//! labels, nudity by the safety model, quality by stars. Such labels are weak: often right, and enough to begin with.

use crate::library::{Library, MediaId, Result};

/// A built-in concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builtin {
    /// Sharp and beautiful.
    Quality,
    /// Pictures of screens.
    Screenshots,
    /// Receipts, letters, forms.
    Documents,
    /// What is not for everybody's eyes.
    Nudity,
}

impl Builtin {
    /// Every one, as they are listed.
    pub const ALL: [Self; 4] = [Self::Quality, Self::Screenshots, Self::Documents, Self::Nudity];

    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Quality => "quality",
            Self::Screenshots => "screenshots",
            Self::Documents => "documents",
            Self::Nudity => "nudity",
        }
    }

    /// The one of that [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|builtin| builtin.name() == name)
    }

    /// What it is called until the user calls it otherwise.
    pub fn title(self) -> &'static str {
        match self {
            Self::Quality => "Sharp and beautiful",
            Self::Screenshots => "Screenshots",
            Self::Documents => "Documents",
            Self::Nudity => "Nudity",
        }
    }

    /// What it is learned from, to be said when there is too little of it.
    pub fn source(self) -> &'static str {
        match self {
            Self::Quality => "pictures rated four stars or more",
            Self::Screenshots => "pictures marked as screenshots",
            Self::Documents => "pictures labelled or tagged as documents",
            Self::Nudity => "pictures that the safety model marks",
        }
    }

    /// The condition that a medium `m` belongs, as far as the library can tell.
    pub(in crate::library) fn belongs(self) -> &'static str {
        self.conditions().0
    }

    /// The condition that a medium `m` belongs, and that it does not, as far as the library can tell.
    fn conditions(self) -> (&'static str, &'static str) {
        match self {
            Self::Quality => ("m.rating >= 4", "m.rating BETWEEN 1 AND 2"),
            Self::Screenshots => ("m.screenshot = 1", "m.camera IS NOT NULL AND m.screenshot = 0"),
            Self::Documents => (
                "m.id IN (SELECT t.media_id FROM media_tags t WHERE t.folded IN ('document', 'documents', \
                 'receipt', 'receipts', 'invoice', 'letter', 'dokument', 'dokumente', 'beleg', 'quittung', 'rechnung', \
                 'facture', 'recu', 'recibo', 'factura', 'documento', 'documentos', '收据', '文件')) \
                 OR m.id IN (SELECT l.media_id FROM media_labels l WHERE l.score >= 0.6 AND l.label IN \
                 ('menu', 'envelope', 'crossword puzzle, crossword', 'crossword puzzle', 'web site', 'book jacket'))",
                "FALSE",
            ),
            Self::Nudity => (
                // Of what is seen first: the picture, or the poster of a video.
                "(SELECT SUM(f.score) FROM media_safety f WHERE f.media_id = m.id AND f.frame_ms IS NULL \
                 AND f.class IN ('porn', 'hentai')) >= 0.8",
                "(SELECT SUM(f.score) FROM media_safety f WHERE f.media_id = m.id AND f.frame_ms IS NULL \
                 AND f.class IN ('porn', 'hentai', 'sexy')) < 0.1",
            ),
        }
    }
}

impl Library {
    /// Media that belong to a built-in concept and that do not, as far as the library can tell; at most `limit` of each.
    pub async fn weak_examples(&self, builtin: Builtin, limit: u32) -> Result<(Vec<MediaId>, Vec<MediaId>)> {
        let (belonging, others) = builtin.conditions();
        let ids = async |condition: &str| -> Result<Vec<MediaId>> {
            // Content hashes are in no order that says anything, so that the first are a fair sample.
            let sql =
                format!("SELECT m.id FROM media m WHERE m.live_of IS NULL AND ({condition}) ORDER BY m.hash LIMIT $1");
            Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(i64::from(limit)).fetch_all(&self.read).await?)
        };
        Ok((ids(belonging).await?, ids(others).await?))
    }
}
