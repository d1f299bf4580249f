//! Reads "abroad": outside the country in which the user lives.
//!
//! Where that cannot be told, the word stays unclear and nothing is guessed.

use std::sync::LazyLock;

use super::negation;
use super::phrases::Phrases;
use super::place_reader::skip_journey;
use super::reading::{Reading, Role};
use super::sentence::Sentence;
use crate::library::filter::PlaceRef;

static ABROAD: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "abroad|overseas|outside the country|outside our country|outside my country|out of the country|out of our country|in other countries|\
         to other countries|in foreign countries|to foreign countries|foreign countries|in a foreign country|im ausland|ins ausland|aus dem ausland|\
         auslandsreise|auslandsreisen|auslandsurlaub|ausland|in anderen ländern|in fremden ländern|außerhalb des landes|\
         à l'étranger|de l'étranger|dans d'autres pays|hors du pays|en el extranjero|al extranjero|del extranjero|por el extranjero|\
         en otros países|fuera del país|国外|在国外|出国|海外|去国外",
        (),
    )])
});

/// Reads "abroad" into the filter, `home` being the country in which the user lives.
pub(super) fn read(s: &mut Sentence, reading: &mut Reading, home: Option<&String>) {
    let Some((at, length, ())) = ABROAD.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length)) else {
        return;
    };
    skip_journey(s, at, at + length);
    let Some(country) = home else {
        reading.unclear.push(s.written(at..at + length).to_owned());
        s.claim(at..at + length, Role::Place, "abroad");
        return;
    };
    let home = PlaceRef { country_code: Some(country.clone()), ..PlaceRef::default() };
    match negation::start(s, at, &[]) {
        Some(from) => {
            reading.filter.places.push(home);
            s.claim(from..at + length, Role::Place, "not abroad");
        }
        None => {
            reading.filter.without_places.push(home);
            // Of what has no place nobody can say that it is abroad.
            reading.filter.located = Some(true);
            s.claim(at..at + length, Role::Place, "abroad");
        }
    }
}
