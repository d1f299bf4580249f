//! Conditions as the vector table checks them: SQL predicates over its columns.
//!
//! A predicate lets everything pass that the condition lets pass; it may let more pass, and what it lets through is
//! checked again. Values are quoted; none is trusted.

use super::rows::{self, columns};
use crate::library::filter::{MediaFilter, MediaKind};
use crate::library::ids::MediaId;
use crate::search::document::AllowedSet;

/// Most identifiers written into one predicate.
pub(super) const IDS: usize = 500;

/// The predicate for an allowed set: its identifiers when they are few, otherwise what its own predicate says.
pub(super) fn predicate_of(allowed: &AllowedSet) -> Option<String> {
    if allowed.ids.len() <= IDS {
        let mut ids: Vec<MediaId> = allowed.ids.iter().copied().collect();
        ids.sort_unstable();
        return Some(among(&ids));
    }
    allowed.predicate.clone()
}

/// The rows of these media.
pub(super) fn among(ids: &[MediaId]) -> String {
    let ids: Vec<String> = ids.iter().map(MediaId::to_string).collect();
    format!("{} IN ({})", columns::MEDIA, quoted(&ids))
}

/// Values as SQL literals.
pub(super) fn quoted(values: &[String]) -> String {
    values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect::<Vec<_>>().join(", ")
}

/// The part of a filter that the table's columns can check, as an SQL predicate; `None` when they can check nothing. It
/// lets every medium pass that the filter lets pass, given that [`crate::search::document::Facts`] are those of the
/// library.
pub fn pushed_down(filter: &MediaFilter) -> Option<String> {
    let mut conditions = Vec::new();
    if !filter.taken.is_empty() {
        let seconds = |time: jiff::civil::DateTime| jiff::tz::TimeZone::UTC.to_timestamp(time).map(|t| t.as_second());
        let spans: Result<Vec<String>, _> = filter
            .taken
            .iter()
            .map(|span| {
                Ok::<_, jiff::Error>(format!("(taken >= {} AND taken < {})", seconds(span.start)?, seconds(span.end)?))
            })
            .collect();
        conditions.extend(spans.ok().map(|spans| format!("({})", spans.join(" OR "))));
    }
    let kind = |kind: &MediaKind| rows::kind_name(*kind).map(str::to_owned);
    if !filter.kinds.is_empty()
        && let Some(kinds) = filter.kinds.iter().map(kind).collect::<Option<Vec<String>>>()
    {
        conditions.push(format!("kind IN ({})", quoted(&kinds)));
    }
    if !filter.places.is_empty()
        && let Some(codes) = filter.places.iter().map(|p| p.country_code.clone()).collect::<Option<Vec<String>>>()
    {
        conditions.push(format!("country_code IN ({})", quoted(&codes)));
    }
    conditions.extend(filter.min_rating.map(|least| format!("rating >= {least}")));
    conditions.extend(filter.max_rating.map(|most| format!("rating <= {most}")));
    (!conditions.is_empty()).then(|| conditions.join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::filter::{PlaceRef, TimeSpan};

    #[test]
    fn what_the_columns_know_is_pushed_down() {
        let day = |d| jiff::civil::date(1970, 1, d).at(0, 0, 0, 0);
        let filter = MediaFilter {
            taken: vec![TimeSpan { start: day(1), end: day(2) }],
            kinds: vec![MediaKind::Video],
            places: vec![PlaceRef { city: Some("O'Fallon".into()), region: None, country_code: Some("US".into()) }],
            min_rating: Some(4),
            ..MediaFilter::default()
        };
        let predicate =
            "((taken >= 0 AND taken < 86400)) AND kind IN ('video') AND country_code IN ('US') AND rating >= 4";
        assert_eq!(pushed_down(&filter).as_deref(), Some(predicate));
    }

    #[test]
    fn what_they_do_not_know_is_left_to_the_library() {
        let places = vec![PlaceRef { city: Some("Rome".into()), ..PlaceRef::default() }];
        let filter =
            MediaFilter { places, kinds: vec![MediaKind::Screenshot], months: vec![7], ..MediaFilter::default() };
        assert_eq!(pushed_down(&filter), None);
        assert_eq!(pushed_down(&MediaFilter::default()), None);
    }

    #[test]
    fn quotes_end_no_literal() {
        assert_eq!(quoted(&["a' OR 'b".to_owned()]), "'a'' OR ''b'");
    }
}
