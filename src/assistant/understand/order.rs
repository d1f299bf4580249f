//! Reads the order and the number of results: "the oldest photo", "first 5", "newest first", "last time".
//!
//! "First" and "last" order only what they stand before: media, a time, a number. "First birthday" is content.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::reading::{Order, Role};
use super::sentence::Sentence;
use super::words::{MEDIA_NOUNS, is_stop_word};

static ORDERS: LazyLock<Phrases<Order>> = LazyLock::new(|| {
    Phrases::new([
        (
            "oldest|earliest|first|very first|first ever|allererste|allerersten|allererstes|toute première|primerísima|älteste|ältesten|ältestes|frühesten|früheste|erste|ersten|erstes|\
             plus ancienne|plus anciennes|plus vieille|plus vieilles|première|premières|premier|más antigua|más antiguas|\
             más vieja|primera|primeras|最早的|最早|最老的|最旧的|第一张|第一次",
            Order::Oldest,
        ),
        (
            "newest|latest|most recent|last|very last|recent|allerletzte|allerletzten|allerletztes|allerneueste|allerneuesten|toute dernière|neueste|neuesten|neuestes|letzte|letzten|letztes|jüngste|\
             plus récente|plus récentes|dernière|dernières|récentes|más reciente|más recientes|última|últimas|recientes|\
             最新的|最新|最近的|最近|最后一张|最后一次|最后一回|最后",
            Order::Newest,
        ),
    ])
});

static SORTS: LazyLock<Phrases<Order>> = LazyLock::new(|| {
    Phrases::new([
        (
            "newest first|latest first|most recent first|in reverse order|in reverse chronological order|from newest to oldest|\
             newest to oldest|backwards|neueste zuerst|die neuesten zuerst|vom neuesten zum ältesten|von neu nach alt|rückwärts|\
             les plus récentes d'abord|de la plus récente à la plus ancienne|más recientes primero|las más recientes primero|\
             de más reciente a más antigua|从新到旧|最新的在前|最新的先",
            Order::Newest,
        ),
        (
            "oldest first|earliest first|in order|in chronological order|chronologically|sorted by date|sort by date|by date|ordered by date|\
             from oldest to newest|oldest to newest|chronologisch|nach datum|älteste zuerst|die ältesten zuerst|vom ältesten zum neuesten|\
             von alt nach neu|par ordre chronologique|par date|les plus anciennes d'abord|de la plus ancienne à la plus récente|por fecha|\
             en orden cronológico|más antiguas primero|las más antiguas primero|de más antigua a más reciente|\
             按时间顺序|按日期|从旧到新|最旧的在前|最早的在前",
            Order::Oldest,
        ),
    ])
});

/// Reads order and number of results: "the oldest photo", "first 5", "last time".
pub fn read(s: &mut Sentence, order: &mut Order, limit: &mut Option<u32>) {
    for at in 0..s.len() {
        if let Some((length, sort)) = SORTS.at(s.tokens(), at).map(|(length, sort)| (length, *sort))
            && s.is_free(at..at + length)
        {
            *order = sort;
            s.claim(at..at + length, Role::Order, if sort == Order::Newest { "newest first" } else { "oldest first" });
            continue;
        }
        if limit.is_none()
            && s.free_at(at)
            && MEDIA_NOUNS.is_at(s.tokens(), at + 1)
            && s.word_before(at) != "more"
            && let Some(count) = count_at(s, at)
        {
            *limit = Some(count);
            s.claim(at..at + 1, Role::Order, format!("{count} results"));
            continue;
        }
        let Some((length, found)) = ORDERS.at(s.tokens(), at).map(|(length, order)| (length, *order)) else { continue };
        if !s.is_free(at..at + length) {
            continue;
        }
        let counted = count_at(s, at + length);
        let counted_before = at.checked_sub(1).and_then(|before| count_at(s, before)).filter(|_| s.free_at(at - 1));
        let noun_at = at + length + usize::from(counted.is_some());
        let noun_at = noun_at + usize::from(matches!(s.word(noun_at), "dated" | "ever" | "的" | "few" | "known"));
        let superlative = !matches!(s.word(at), "first" | "last" | "erste" | "ersten" | "letzte" | "letzten" | "premiere" | "premier" | "recent" | "primera" | "ultima" | "erstes" | "letztes" | "derniere" | "最" if s.word(at) != "最");
        let media =
            MEDIA_NOUNS.is_at(s.tokens(), noun_at) || matches!(s.word(noun_at), "time" | "mal" | "fois" | "vez");
        let media_before = MEDIA_NOUNS.before(s.tokens(), at).is_some()
            || MEDIA_NOUNS.before(s.tokens(), at.saturating_sub(1)).is_some();
        if !(media
            || superlative
            || counted.is_some()
            || media_before && !matches!(s.word(at), "first" | "last" | "recent"))
        {
            continue;
        }
        *order = found;
        let single = matches!(
            s.word(noun_at),
            "photo"
                | "picture"
                | "pic"
                | "image"
                | "shot"
                | "video"
                | "clip"
                | "one"
                | "time"
                | "foto"
                | "bild"
                | "mal"
                | "fois"
                | "vez"
                | "imagen"
                | "photograph"
                | "snapshot"
                | "aufnahme"
                | "snap"
                | "movie"
                | "film"
        ) || s.word(at) == "第"
            || s.written(at..at + length).contains("一张")
            || MEDIA_NOUNS
                .before(s.tokens(), at)
                .is_some_and(|_| matches!(s.word(at.saturating_sub(1)), "la" | "photo" | "foto" | "imagen"));
        let start = at - usize::from(counted_before.is_some());
        *limit = counted.or(counted_before).or(single.then_some(1));
        let end = at + length + usize::from(counted.is_some());
        let label = match (found, *limit) {
            (Order::Newest, Some(1)) => "the latest".to_owned(),
            (Order::Newest, Some(count)) => format!("the latest {count}"),
            (Order::Newest, None) => "latest first".to_owned(),
            (_, Some(1)) => "the earliest".to_owned(),
            (_, Some(count)) => format!("the earliest {count}"),
            (_, None) => "earliest first".to_owned(),
        };
        s.claim(start..end, Role::Order, label);
    }
}

/// "When did we last go there": the latest time.
pub fn read_last(s: &mut Sentence, order: &mut Order, limit: &mut Option<u32>) {
    let last = (0..s.len()).find(|at| s.free_at(*at) && matches!(s.word(*at), "last" | "zuletzt" | "first"));
    if let Some(at) = last.filter(|_| *order == Order::Relevance) {
        let earliest = s.word(at) == "first";
        *order = if earliest { Order::Oldest } else { Order::Newest };
        *limit = Some(1);
        s.claim(at..at + 1, Role::Order, if earliest { "the earliest" } else { "the latest" });
    }
}

/// Verbs of putting in order.
const SORTING: [&str; 20] = [
    "sort",
    "sorted",
    "order",
    "ordered",
    "arrange",
    "put",
    "sortiere",
    "sortier",
    "sortiert",
    "ordne",
    "geordnet",
    "zuerst",
    "trie",
    "triez",
    "classe",
    "range",
    "ordena",
    "ordenalas",
    "ordenadas",
    "clasifica",
];

/// Whether an order is all that the question says: "oldest first", "sort them by date please".
pub fn is_all(s: &Sentence) -> bool {
    let mut rest = vec![true; s.len()];
    for at in 0..s.len() {
        if let Some((length, _)) = SORTS.at(s.tokens(), at) {
            rest[at..at + length].fill(false);
        }
    }
    let says_more = |at: usize| rest[at] && !SORTING.contains(&s.word(at)) && !is_stop_word(s.word(at));
    rest.contains(&false) && !(0..s.len()).any(|at| says_more(at) && !MEDIA_NOUNS.is_at(s.tokens(), at))
}

fn count_at(s: &Sentence, at: usize) -> Option<u32> {
    let word = s.word(at);
    let digits = !word.is_empty() && word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit());
    if digits {
        return word.parse().ok().filter(|count| *count > 0);
    }
    let index =
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"].iter().position(|name| *name == word);
    let german = ["zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn"]
        .iter()
        .position(|name| *name == word);
    index.or(german).and_then(|index| u32::try_from(index + 2).ok())
}
