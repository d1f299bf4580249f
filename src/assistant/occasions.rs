//! When it was and how often: dated media as occasions.
//!
//! Days that follow each other, a few quiet ones between them, are one occasion; so is what belongs to one journey, however
//! long nobody took a picture on it. Where somebody lives there are no occasions, only days. What is said of them is left
//! to `compose`.

use std::collections::{BTreeSet, HashMap};

use jiff::ToSpan;
use jiff::civil::Date;

use super::compose::dates::Exact;
use super::compose::{self, DatedClaim, Finding, Tally};
use super::direct::{self, Outcome};
use super::reasons::conditions;
use super::tools::{Scored, ToolCall, ToolContext, ToolError};
use super::understand::{Reading, Unit, is_only_time};
use crate::library::filter::{Grouping, MediaFilter, PlaceRef};
use crate::library::media::Medium;
use crate::library::{EventId, MediaId};

/// Days without a picture that do not part one occasion from the next.
const QUIET_DAYS: i32 = 3;
/// The same within one journey. What lies further apart is none, however it is filed.
const QUIET_DAYS_AWAY: i32 = 21;

/// The first and the last moment of an occasion.
pub(super) type Occasion = (DatedClaim, DatedClaim);

/// The journeys that media belong to.
#[derive(Debug, Default)]
pub(super) struct Journeys(HashMap<MediaId, Vec<EventId>>);

impl Journeys {
    /// The journeys of these media.
    pub(super) async fn of(context: &ToolContext, media: &[Medium]) -> Result<Self, ToolError> {
        let ids: Vec<MediaId> = media.iter().map(|medium| medium.id).collect();
        let mut journeys: HashMap<MediaId, Vec<EventId>> = HashMap::new();
        for (medium, journey) in context.library.trips_of(&ids).await? {
            journeys.entry(medium).or_default().push(journey);
        }
        Ok(Self(journeys))
    }

    fn share(&self, a: MediaId, b: MediaId) -> bool {
        let of = |id| self.0.get(&id).map(Vec::as_slice).unwrap_or_default();
        of(a).iter().any(|journey| of(b).contains(journey))
    }
}

/// Dated media as occasions.
pub(super) fn occasions(media: &[Medium], unit: Option<Grouping>, journeys: &Journeys) -> Vec<Occasion> {
    let exact = |medium: &Medium| match unit {
        Some(Grouping::Year) => Exact::Year,
        Some(Grouping::Month) => exactness(medium).min(Exact::Month),
        _ => exactness(medium),
    };
    parted(media.iter().filter_map(|m| m.taken().map(|taken| (taken, exact(m), m.id))).collect(), journeys)
}

/// Moments as occasions, in the order of time.
fn parted(mut dated: Vec<DatedClaim>, journeys: &Journeys) -> Vec<Occasion> {
    dated.sort_by_key(|(taken, ..)| *taken);
    let mut occasions: Vec<Occasion> = Vec::new();
    for claim in dated {
        let same = |from: &DatedClaim, to: &DatedClaim| match claim.1 {
            Exact::Year => from.0.year() == claim.0.year(),
            Exact::Month => (from.0.year(), from.0.month()) == (claim.0.year(), claim.0.month()),
            Exact::Day => is_near(to, &claim, journeys),
        };
        match occasions.last_mut() {
            Some((from, to)) if from.1 == claim.1 && same(from, to) => *to = claim,
            _ => occasions.push((claim, claim)),
        }
    }
    occasions
}

/// How exactly it is known when a medium was taken.
pub(super) fn exactness(medium: &Medium) -> Exact {
    match medium.taken_precision.as_deref() {
        Some("year") => Exact::Year,
        Some("month") => Exact::Month,
        _ => Exact::Day,
    }
}

/// Whether nothing parts a moment from the next.
fn is_near(before: &DatedClaim, after: &DatedClaim, journeys: &Journeys) -> bool {
    let quiet = after.0.date().since(before.0.date()).map_or(i32::MAX, |span| span.get_days());
    quiet <= QUIET_DAYS || quiet <= QUIET_DAYS_AWAY && journeys.share(before.2, after.2)
}

/// Dated media as stays: of what only a month or a year is known nothing can be said.
pub(super) fn stays(media: &[Medium], journeys: &Journeys) -> Vec<Occasion> {
    let known = |medium: &&Medium| exactness(medium) == Exact::Day;
    let known: Vec<Medium> = media.iter().filter(known).cloned().collect();
    occasions(&known, None, journeys)
}

/// On how many occasions it was.
pub(super) async fn how_often(context: &ToolContext, reading: &Reading) -> Result<Outcome, ToolError> {
    let (found, media, call) = direct::counted(context, reading).await?;
    if found.is_empty() {
        let finding = Finding::Never(conditions(reading));
        return Ok(Outcome { count: Some(0), calls: vec![call], ..Outcome::of(finding) });
    }
    let tally = direct::tally(&media);
    let (finding, count) = match at_home(context, reading, &media, &tally).await? {
        Some((finding, days)) => (finding, days),
        None => {
            let mut occasions = occasions(&media, None, &Journeys::of(context, &media).await?);
            drop_what_days_tell(&mut occasions);
            let count = occasions.len() as u64;
            (Finding::HowOften(occasions, tally), count)
        }
    };
    Ok(Outcome { finding, media: found, count: Some(count).filter(|count| *count > 0), calls: vec![call] })
}

/// A picture of which the year alone is known may be of an occasion in that year that is known to the day.
fn drop_what_days_tell(occasions: &mut Vec<Occasion>) {
    let days: BTreeSet<(i16, i8)> = occasions
        .iter()
        .filter(|(from, _)| from.1 == Exact::Day)
        .flat_map(|(from, to)| [from, to].map(|claim| (claim.0.year(), claim.0.month())))
        .collect();
    occasions.retain(|(from, _)| match from.1 {
        Exact::Day => true,
        Exact::Month => !days.contains(&(from.0.year(), from.0.month())),
        Exact::Year => !days.iter().any(|(year, _)| *year == from.0.year()),
    });
}

/// What is said instead of occasions when nothing but the place where somebody lives is asked for; with the number of days.
pub(super) async fn at_home(
    context: &ToolContext,
    reading: &Reading,
    media: &[Medium],
    tally: &Tally,
) -> Result<Option<(Finding, u64)>, ToolError> {
    let vocabulary = context.library.vocabulary().await?;
    let Some(home) = vocabulary.home.as_ref() else { return Ok(None) };
    let rest =
        MediaFilter { places: Vec::new(), place_events: Vec::new(), taken: Vec::new(), ..reading.filter.clone() };
    let only_place = rest.is_empty() && reading.content.is_none() && reading.limit.is_none();
    if !only_place || !reading.filter.places.iter().any(|place| holds(place, home)) {
        return Ok(None);
    }
    let claims = stays(media, &Journeys::default());
    let days: BTreeSet<_> = media.iter().filter_map(|medium| Some(medium.taken()?.date())).collect();
    let (Some((first, _)), Some((_, last))) = (claims.first(), claims.last()) else { return Ok(None) };
    let days = days.len() as u64;
    Ok(Some((Finding::AtHome { days, from: *first, to: *last, tally: tally.clone() }, days)))
}

/// Whether a place is or holds another.
fn holds(large: &PlaceRef, small: &PlaceRef) -> bool {
    let within = |a: &Option<String>, b: &Option<String>| a.is_none() || a == b;
    within(&large.city, &small.city)
        && within(&large.region, &small.region)
        && within(&large.country_code, &small.country_code)
}

/// A stretch of days, each end with a medium that shows it where one does.
struct Stretch {
    from: (Date, Option<MediaId>),
    to: (Date, Option<MediaId>),
}

/// How much time lies between two things: from the end of the earlier to the beginning of the later. Of things that were
/// more than once those that are nearest to each other are meant.
pub(super) async fn between(context: &ToolContext, reading: &Reading, unit: Unit) -> Result<Outcome, ToolError> {
    let (mut sides, mut media, mut calls) = (Vec::new(), Vec::new(), Vec::new());
    for end in &reading.ends {
        let stretches =
            if is_only_time(end) { spans(end) } else { found(context, end, &mut media, &mut calls).await? };
        if stretches.is_empty() {
            return Ok(Outcome { calls, ..Outcome::of(Finding::Nothing(conditions(end))) });
        }
        sides.push(stretches);
    }
    let [first, second] = &sides[..] else { return Ok(Outcome::of(Finding::Nothing(conditions(reading)))) };
    let pairs = first.iter().flat_map(|a| second.iter().map(move |b| if a.from <= b.from { (a, b) } else { (b, a) }));
    let days = |(a, b): &(&Stretch, &Stretch)| b.from.0.since(a.to.0).map_or(0, |span| span.get_days().max(0));
    let Some((earlier, later)) = pairs.min_by_key(days) else { return Ok(Outcome::of(Finding::Nothing(Vec::new()))) };
    let (from, to) = (earlier.to, later.from);
    let finding = Finding::Between { unit, from, to: if to.0 < from.0 { from } else { to } };
    let count = compose::time_between(from.0, to.0, unit);
    Ok(Outcome { finding, media, count: Some(count), calls })
}

/// The days that a reading of nothing but dates names.
fn spans(reading: &Reading) -> Vec<Stretch> {
    let last = |end: jiff::civil::DateTime| end.checked_sub(1.second()).unwrap_or(end).date();
    let spans = reading.filter.taken.iter();
    spans.map(|span| Stretch { from: (span.start.date(), None), to: (last(span.end), None) }).collect()
}

/// The stays that a reading finds; the media and the call are added to those of the answer.
async fn found(
    context: &ToolContext,
    reading: &Reading,
    media: &mut Vec<Scored>,
    calls: &mut Vec<ToolCall>,
) -> Result<Vec<Stretch>, ToolError> {
    let (scored, known, call) = direct::searched(context, reading).await?;
    let stays = stays(&direct::telling(reading, &known), &Journeys::of(context, &known).await?);
    media.extend(scored.into_iter().filter(|new| !media.iter().any(|old| old.id == new.id)).collect::<Vec<_>>());
    calls.push(call);
    let stretch = |(from, to): Occasion| Stretch { from: (from.0.date(), Some(from.2)), to: (to.0.date(), Some(to.2)) };
    Ok(stays.into_iter().map(stretch).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(day: &str, exact: Exact) -> DatedClaim {
        (format!("{day}T12:00:00").parse().unwrap(), exact, MediaId::new())
    }

    /// The first and the last day of each occasion.
    fn days(occasions: &[Occasion]) -> Vec<(String, String)> {
        let day = |claim: &DatedClaim| claim.0.date().to_string();
        occasions.iter().map(|(from, to)| (day(from), day(to))).collect()
    }

    fn spans(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
    }

    #[test]
    fn quiet_days_do_not_part_an_occasion_and_longer_ones_do() {
        let claims = ["2019-06-11", "2019-06-07", "2019-06-08", "2023-01-19"].map(|day| claim(day, Exact::Day));
        let found = parted(claims.to_vec(), &Journeys::default());
        assert_eq!(days(&found), spans(&[("2019-06-07", "2019-06-11"), ("2023-01-19", "2023-01-19")]));
    }

    #[test]
    fn a_journey_is_one_occasion_however_quiet() {
        let claims = ["2019-06-01", "2019-06-12", "2019-09-01"].map(|day| claim(day, Exact::Day));
        let journey = EventId::new();
        let all = claims.iter().map(|claim| (claim.2, vec![journey])).collect();
        let found = parted(claims.to_vec(), &Journeys(all));
        assert_eq!(days(&found), spans(&[("2019-06-01", "2019-06-12"), ("2019-09-01", "2019-09-01")]));
    }

    #[test]
    fn a_year_tells_of_no_other_occasion_than_its_days_do() {
        let mut claims = vec![claim("2016-02-14", Exact::Day), claim("2016-01-01", Exact::Year)];
        claims.push(claim("1934-01-01", Exact::Year));
        let mut found = parted(claims, &Journeys::default());
        drop_what_days_tell(&mut found);
        assert_eq!(days(&found), spans(&[("1934-01-01", "1934-01-01"), ("2016-02-14", "2016-02-14")]));
    }

    #[test]
    fn a_country_holds_its_cities() {
        let place = |city: Option<&str>, country: &str| PlaceRef {
            city: city.map(str::to_owned),
            country_code: Some(country.to_owned()),
            ..PlaceRef::default()
        };
        let home = place(Some("Freiburg"), "DE");
        assert!(holds(&place(None, "DE"), &home) && holds(&home, &home));
        assert!(!holds(&place(Some("Berlin"), "DE"), &home) && !holds(&place(None, "FR"), &home));
    }
}
