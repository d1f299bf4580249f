//! What is demanded of media: conditions joined by "and", "or" and "not", each as a [`MediaFilter`].
//!
//! A filter alone knows only conditions that all hold; demands put filters together. No demand at all means every medium.

use sqlx::{QueryBuilder, Sqlite};

use super::media::Ordering;
use super::{Library, MediaFilter, MediaId, Result, select};

/// A demand on a medium: one of the alternatives holds, or none of them does.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand<T = MediaFilter> {
    /// None of the alternatives may hold.
    pub not: bool,
    /// Alternatives; of each all parts must hold.
    pub any: Vec<Vec<T>>,
}

impl Library {
    /// Identifiers of the media that meet every demand, in order.
    pub async fn select_meeting(
        &self,
        demands: &[Demand],
        order: Ordering,
        limit: Option<u32>,
    ) -> Result<Vec<MediaId>> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT m.id FROM media m WHERE ");
        self.push_filter(&mut query, &MediaFilter::default());
        for demand in demands {
            push_demand(&mut query, demand);
        }
        select::push_order(&mut query, order, limit);
        Ok(query.build_query_scalar().fetch_all(&self.read).await?)
    }
}

/// A condition on what is not known does not hold, and its opposite does.
fn push_demand(query: &mut QueryBuilder<Sqlite>, demand: &Demand) {
    query.push(if demand.not { " AND NOT COALESCE((" } else { " AND (" });
    if demand.any.is_empty() {
        query.push("FALSE");
    }
    for (position, all) in demand.any.iter().enumerate() {
        query.push(if position == 0 { "(" } else { " OR (" });
        for (position, filter) in all.iter().enumerate() {
            query.push(if position == 0 { "(" } else { " AND (" });
            select::push_filter(query, filter);
            query.push(")");
        }
        if all.is_empty() {
            query.push("TRUE");
        }
        query.push(")");
    }
    query.push(if demand.not { "), FALSE)" } else { ")" });
}
