//! Times that are to be left out: "but not in winter", "except on Sundays".

use super::Found;
use super::calendar::{complement, intersect};
use crate::library::filter::{DaySpan, MediaFilter, TimeSpan};

/// What time is to be left out.
#[derive(Debug, Default)]
pub(super) struct Excluded {
    spans: Vec<TimeSpan>,
    months: Vec<i8>,
    month_days: Vec<(i8, i8)>,
    weekdays: Vec<i8>,
    times: Vec<DaySpan>,
}

impl Excluded {
    /// Takes what was found in, if it can be left out.
    pub fn takes(&mut self, found: &Found) -> bool {
        match found {
            Found::Spans(spans) => self.spans.extend(spans),
            Found::Months(months) => self.months.extend(months),
            Found::MonthDays(days) => self.month_days.extend(days),
            Found::Weekdays(days) => self.weekdays.extend(days),
            Found::Time(span, _) => self.times.push(*span),
            Found::Dated(_) => return false,
        }
        true
    }

    /// Leaves what remains of what is wanted, or of all there is.
    pub fn leave_out(&self, filter: &mut MediaFilter) {
        if !self.spans.is_empty() {
            let rest = complement(&self.spans);
            filter.taken = if filter.taken.is_empty() { rest } else { intersect(&filter.taken, &rest) };
        }
        without(&mut filter.months, &self.months, || (1..=12).collect());
        without(&mut filter.weekdays, &self.weekdays, || (1..=7).collect());
        without(&mut filter.month_days, &self.month_days, || {
            // A leap year has every day.
            let first = jiff::civil::date(2000, 1, 1);
            let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
            days.take_while(|day| day.year() == 2000).map(|day| (day.month(), day.day())).collect()
        });
        if filter.times_of_day.is_empty() && !self.times.is_empty() {
            filter.times_of_day = rest_of_day(&self.times);
        }
    }
}

/// Takes what is left out from what is wanted, or from all where nothing is.
fn without<T: PartialEq>(wanted: &mut Vec<T>, left_out: &[T], all: impl FnOnce() -> Vec<T>) {
    if left_out.is_empty() {
        return;
    }
    if wanted.is_empty() {
        *wanted = all();
    }
    wanted.retain(|one| !left_out.contains(one));
}

/// The parts of a day that are in none of the spans; a span that ends before it begins goes past midnight.
fn rest_of_day(left_out: &[DaySpan]) -> Vec<DaySpan> {
    const DAY: u16 = 1440;
    let within = |minute: u16| {
        left_out.iter().any(|span| match span.from <= span.to {
            true => (span.from..span.to).contains(&minute),
            false => minute >= span.from || minute < span.to,
        })
    };
    let mut rest: Vec<DaySpan> = Vec::new();
    for minute in (0..DAY).filter(|minute| !within(*minute)) {
        match rest.last_mut().filter(|span| span.to == minute) {
            Some(span) => span.to = minute + 1,
            None => rest.push(DaySpan { from: minute, to: minute + 1 }),
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_leaves_the_rest_of_what_is_wanted() {
        let mut excluded = Excluded::default();
        for found in [Found::Months(vec![9, 10, 11]), Found::Weekdays(vec![6, 7]), Found::MonthDays(vec![(12, 24)])] {
            assert!(excluded.takes(&found));
        }
        let mut filter = MediaFilter { months: vec![8, 9], ..MediaFilter::default() };
        excluded.leave_out(&mut filter);
        assert_eq!((filter.months, filter.weekdays), (vec![8], vec![1, 2, 3, 4, 5]));
        assert_eq!(filter.month_days.len(), 365, "a leap day may be meant");
        assert!(!filter.month_days.contains(&(12, 24)));
    }

    #[test]
    fn a_night_left_out_leaves_the_day() {
        let span = |from: u16, to: u16| DaySpan { from: from * 60, to: to * 60 };
        assert_eq!(rest_of_day(&[span(20, 5)]), [span(5, 20)]);
        assert_eq!(rest_of_day(&[span(5, 12)]), [span(0, 5), span(12, 24)]);
    }
}
