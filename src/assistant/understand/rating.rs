//! Reads ratings: "five star", "at least 4 stars", "top rated", "favourites".
//!
//! A number of stars means exactly that many, except that five is the most there is; "at least" and "or more" open it
//! upwards.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::reading::{Order, Role};
use super::sentence::Sentence;
use super::words::MEDIA_NOUNS;
use crate::library::filter::MediaFilter;

static STARS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "star|stars|star rating|star rated|stars only|stars rating|sterne|stern|sternen|étoile|étoiles|estrella|estrellas|\
         颗星|星|星级|星好评",
        (),
    )])
});

static NUMBERS: LazyLock<Phrases<u8>> = LazyLock::new(|| {
    Phrases::new([
        ("1|one|ein|einem|une|una|一", 1),
        ("2|two|zwei|deux|dos|二|两", 2),
        ("3|three|drei|trois|tres|三", 3),
        ("4|four|vier|quatre|cuatro|四", 4),
        ("5|five|fünf|cinq|cinco|五", 5),
    ])
});

static AT_LEAST: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "at least|minimum|min|more than or equal to|mindestens|wenigstens|au moins|al menos|como mínimo|至少",
        (),
    )])
});

static AT_MOST: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([("at most|up to|no more than|maximum|höchstens|maximal|au plus|maximum|como máximo|最多", ())])
});

static OR_MORE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "or more|or better|or above|or higher|and up|and above|plus|oder mehr|oder besser|ou plus|o más|以上|及以上",
        (),
    )])
});

static OR_LESS: LazyLock<Phrases<()>> =
    LazyLock::new(|| Phrases::new([("or less|or fewer|or below|or worse|oder weniger|ou moins|o menos|以下", ())]));

/// Words for the best, with the fewest stars that they stand for; 0 where they only say what comes first.
static BEST: LazyLock<Phrases<u8>> = LazyLock::new(|| {
    Phrases::new([
        (
            "top rated|highest rated|best rated|top rating|favourites|favorites|favourite|favorite|my favourites|\
             my favorites|favs|faves|starred|bestbewertet|bestbewertete|bestbewerteten|am besten bewertet|\
             am besten bewerteten|lieblingsfotos|lieblingsbilder|favoriten|les mieux notées|mieux notées|favoris|favorites|\
             préférées|mejor valoradas|mejor puntuadas|favoritas|favoritos|preferidas|最高评分|评分最高|收藏|最喜欢",
            5,
        ),
        (
            "best|very best|nicest|most beautiful|prettiest|besten|beste|schönsten|schönste|plus belles|plus belle|les plus belles|más bonitas|las más bonitas|最美的|\
             meilleures|meilleure|les meilleures|mejores|mejor|las mejores|最好的|最佳|最好",
            0,
        ),
        ("highly rated|well rated|good ratings|gut bewertet|gut bewertete|bien notées|bien valoradas", 4),
    ])
});

/// Reads ratings into the filter.
pub fn read(s: &mut Sentence, filter: &mut MediaFilter, order: &mut Order) {
    let mut at = 0;
    while at < s.len() {
        at += stars(s, at, filter).or_else(|| best(s, at, filter, order)).unwrap_or(1);
    }
}

fn stars(s: &mut Sentence, at: usize, filter: &mut MediaFilter) -> Option<usize> {
    let at_least = AT_LEAST.at(s.tokens(), at).map(|(length, ())| length);
    let at_most = AT_MOST.at(s.tokens(), at).map(|(length, ())| length);
    let rated = usize::from(matches!(s.word(at), "rated" | "rating" | "bewertet" | "notees"));
    let lead = at_least.or(at_most).unwrap_or(rated);
    let (number_length, count) = NUMBERS.at(s.tokens(), at + lead).map(|(length, count)| (length, *count))?;
    let number_at = at + lead;
    let after = number_at + number_length;
    let plus = s.text.source[s.tokens()[number_at].range.end..].starts_with('+');
    let more = OR_MORE.at(s.tokens(), after).map(|(length, ())| length);
    let less = OR_LESS.at(s.tokens(), after).map(|(length, ())| length);
    let stars_at = after + more.or(less).unwrap_or(0);
    let star_length = match STARS.at(s.tokens(), stars_at) {
        Some((length, ())) => length,
        None if rated > 0 => 0,
        None => return None,
    };
    let end = stars_at + star_length;
    let more_after = OR_MORE.at(s.tokens(), end).map(|(length, ())| length);
    let less_after = OR_LESS.at(s.tokens(), end).map(|(length, ())| length);
    let end = end + more_after.or(less_after).unwrap_or(0);
    if !s.is_free(at..end) {
        return None;
    }
    // "A five star hotel" is a hotel.
    if matches!(s.word(end), "hotel" | "restaurant" | "resort") {
        return None;
    }
    let upwards = at_least.or(more).or(more_after).is_some() || plus;
    let downwards = at_most.or(less).or(less_after).is_some();
    let label = if upwards {
        filter.min_rating = Some(count);
        format!("at least {count} stars")
    } else if downwards {
        filter.max_rating = Some(count);
        format!("at most {count} stars")
    } else {
        filter.min_rating = Some(count);
        filter.max_rating = (count < 5).then_some(count);
        format!("{count} stars")
    };
    s.claim(at..end, Role::Rating, label);
    Some(end - at)
}

fn best(s: &mut Sentence, at: usize, filter: &mut MediaFilter, order: &mut Order) -> Option<usize> {
    let (length, least) = BEST.at(s.tokens(), at).map(|(length, least)| (length, *least))?;
    if !s.is_free(at..at + length) {
        return None;
    }
    // "Best" and "favourite" speak of media only: "my favourite mug" and "best friend" are content.
    let single = length == 1;
    let next = s.word(at + length);
    let media = next.is_empty() || MEDIA_NOUNS.is_at(s.tokens(), at + length) || super::words::is_stop_word(next);
    let media_before = MEDIA_NOUNS.before(s.tokens(), at).is_some();
    if single && !media && !media_before && !matches!(next, "5" | "five") {
        return None;
    }
    // "The best" need not be rated: it says what comes first.
    if filter.min_rating.is_none() && least > 0 {
        filter.min_rating = Some(least);
    }
    *order = Order::Rating;
    s.claim(
        at..at + length,
        Role::Rating,
        match least {
            5 => "top rated",
            0 => "best first",
            _ => "highly rated",
        },
    );
    Some(length)
}
