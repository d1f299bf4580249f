//! Who looks at the library: the one seam at which what is off limits is kept from others.
//!
//! A [`Library`] is a handle with a view. Through [`View::Guarded`] a medium that is off limits is not there: no list, count,
//! search result, timeline or single look shows it. What is off limits: what the safety model marks, and what belongs to a
//! concept that hides (`concepts.hides`). A concept's counter-example is what the user said of it: nothing it says keeps
//! that picture away. Writing, indexing and everything that works in the background sees everything.

use sqlx::{QueryBuilder, Sqlite};

use super::Library;

/// What is seen of the library.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum View {
    /// Everything.
    #[default]
    Everything,
    /// What is fit for others' eyes.
    Guarded {
        /// Certainty of the safety model from which a picture is off limits, 0–1.
        least: f64,
    },
}

impl View {
    /// Appends the condition on a row `m` of `media`, beginning with ` AND`; nothing when everything is seen.
    pub(super) fn push(self, query: &mut QueryBuilder<Sqlite>) {
        let Self::Guarded { least } = self else { return };
        // The user's word on the built-in concept of nudity outweighs the safety model.
        query.push(
            " AND NOT EXISTS (SELECT 1 FROM concept_scores s JOIN concepts c ON c.id = s.concept_id AND c.hides <> 0 \
             AND s.certainty >= c.threshold WHERE s.media_id = m.id) \
             AND (NOT EXISTS (SELECT 1 FROM media_safety f WHERE f.media_id = m.id AND f.class IN ('porn', 'hentai') \
             GROUP BY f.frame_ms HAVING SUM(f.score) >= ",
        );
        // One frame of a video is enough.
        query.push_bind(least).push(
            ") OR EXISTS (SELECT 1 FROM concept_examples e JOIN concepts c ON c.id = e.concept_id AND c.builtin = 'nudity' \
             WHERE e.hash = m.hash AND e.belongs = 0))",
        );
    }
}

impl Library {
    /// The same library as it is seen through a view.
    #[must_use]
    pub fn seen_through(&self, view: View) -> Self {
        Self { view, ..self.clone() }
    }

    /// How it is seen.
    pub fn view(&self) -> View {
        self.view
    }
}
