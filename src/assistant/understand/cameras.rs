//! Finds the cameras that a question names: by maker, by model, or as "my phone" and "the drone".
//!
//! A maker that is known but not in the library is still a camera, and finds nothing. A maker's name that is an everyday word
//! ("apple") needs a cue.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::phrases::Phrases;
use super::reading::Role;
use super::sentence::Sentence;
use super::tokens::words;
use super::words::MEDIA_NOUNS;
use crate::library::filter::MediaFilter;
use crate::library::vocabulary::Vocabulary;

/// Makers of cameras and phones: the word people say, and how it is written.
const MAKERS: [(&str, &str); 30] = [
    ("canon", "Canon"),
    ("nikon", "Nikon"),
    ("sony", "Sony"),
    ("fuji", "Fujifilm"),
    ("fujifilm", "Fujifilm"),
    ("olympus", "Olympus"),
    ("panasonic", "Panasonic"),
    ("lumix", "Panasonic"),
    ("leica", "Leica"),
    ("pentax", "Pentax"),
    ("ricoh", "Ricoh"),
    ("hasselblad", "Hasselblad"),
    ("kodak", "Kodak"),
    ("casio", "Casio"),
    ("minolta", "Minolta"),
    ("sigma", "Sigma"),
    ("gopro", "GoPro"),
    ("dji", "DJI"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("pixel", "Pixel"),
    ("samsung", "Samsung"),
    ("galaxy", "Galaxy"),
    ("huawei", "Huawei"),
    ("xiaomi", "Xiaomi"),
    ("oneplus", "OnePlus"),
    ("nokia", "Nokia"),
    ("motorola", "Motorola"),
    ("htc", "HTC"),
    ("apple", "Apple"),
];

/// Makers and lines that are telephones.
const PHONES: &str = " iphone pixel galaxy huawei xiaomi redmi oneplus nokia motorola moto htc oppo vivo honor realme lg sm apple samsung ";

#[derive(Debug, Clone)]
struct Entry {
    label: String,
    words: BTreeSet<String>,
    /// Model words run together: "epm1", "70d".
    joined: String,
    phone: bool,
    drone: bool,
}

/// The cameras of a library, ready for lookup.
#[derive(Debug, Clone, Default)]
pub struct Cameras {
    entries: Vec<Entry>,
}

static WITH: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "taken with|taken on|taken by|taken using|shot with|shot on|shot using|made with|photographed with|captured with|\
         captured on|snapped with|filmed with|filmed on|recorded with|using|with|on|from|by|via|\
         aufgenommen mit|fotografiert mit|gemacht mit|geschossen mit|gefilmt mit|mit|von|prises avec|prise avec|prises par|faites avec|\
         filmées avec|avec|hechas con|tomadas con|sacadas con|con|用|使用",
        (),
    )])
});

static PHONE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "my phone|the phone|a phone|phone|my mobile|cell phone|my cell phone|smartphone|mobile phone|handy|dem handy|meinem handy|\
         telefon|mon téléphone|le téléphone|téléphone|portable|el móvil|mi móvil|móvil|el celular|mi celular|celular|手机",
        (),
    )])
});

static DRONE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([("drone|the drone|my drone|our drone|drohne|der drohne|drone|le drone|dron|el dron|无人机", ())])
});

impl Cameras {
    /// Indexes the cameras of a library.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let entries = vocabulary
            .cameras
            .iter()
            .map(|camera| {
                let texts = [Some(&camera.label), camera.make.as_ref(), camera.model.as_ref()];
                let words_of: BTreeSet<String> = texts.into_iter().flatten().flat_map(|text| words(text)).collect();
                let joined = words(camera.model.as_ref().unwrap_or(&camera.label)).concat();
                let phone = words_of.iter().any(|word| PHONES.contains(&format!(" {word} ")));
                let drone = words_of.iter().any(|word| matches!(word.as_str(), "dji" | "mavic" | "phantom" | "parrot"));
                Entry { label: camera.label.clone(), words: words_of, joined, phone, drone }
            })
            .collect();
        Self { entries }
    }

    /// Reads every camera of the sentence into the filter.
    pub fn read(&self, s: &mut Sentence, filter: &mut MediaFilter) {
        let mut at = 0;
        while at < s.len() {
            let found = s.free_at(at).then(|| self.at(s, at)).flatten();
            let Some((length, labels, label)) = found.filter(|(length, ..)| s.is_free(at..at + length)) else {
                at += 1;
                continue;
            };
            let lead = self.lead(s, at);
            filter
                .cameras
                .extend(labels.into_iter().filter(|label| !filter.cameras.contains(label)).collect::<Vec<_>>());
            let closing = usize::from(
                matches!(s.word(at + length), "camera" | "phone" | "kamera" | "camara" | "dslr")
                    && s.free_at(at + length),
            );
            s.claim(lead..at + length + closing, Role::Camera, label);
            at += length + closing;
        }
    }

    fn at(&self, s: &Sentence, at: usize) -> Option<(usize, Vec<String>, String)> {
        let with = self.lead(s, at) < at;
        for (phrases, pick) in [(&*PHONE, 0), (&*DRONE, 1)] {
            if let Some((length, ())) = phrases.at(s.tokens(), at)
                && (instrument(s, at) || MEDIA_NOUNS.is_at(s.tokens(), at + length))
            {
                let wanted = |entry: &&Entry| if pick == 0 { entry.phone } else { entry.drone };
                let labels: Vec<String> = self.entries.iter().filter(wanted).map(|entry| entry.label.clone()).collect();
                let label = if pick == 0 { "phone" } else { "drone" };
                return Some((
                    length,
                    if labels.is_empty() { vec![label.to_owned()] } else { labels },
                    format!("camera: {label}"),
                ));
            }
        }
        let maker = MAKERS.iter().find(|(word, _)| *word == s.word(at));
        let media = MEDIA_NOUNS.is_at(s.tokens(), at + 1) || s.word(at + 1) == "camera";
        let model = self.model(s, at);
        if let Some((length, labels)) =
            model.filter(|(length, _)| maker.is_some() || with || *length > 1 || media || s.len() == *length)
        {
            let label = labels.join(" or ");
            return Some((length, labels, label));
        }
        let (word, written) = maker?;
        let cue = with
            || media
            || s.len() == 1
            || matches!(
                s.word_before(at),
                "the" | "my" | "our" | "mit" | "der" | "meiner" | "le" | "mon" | "la" | "mi"
            );
        if matches!(*word, "apple" | "pixel" | "galaxy" | "sigma") && !(instrument(s, at) || media && *word != "apple")
        {
            return None;
        }
        cue.then(|| (1, vec![(*written).to_owned()], (*written).to_owned()))
    }

    /// The cameras of the library that the words from `at` name: number of words and labels.
    fn model(&self, s: &Sentence, at: usize) -> Option<(usize, Vec<String>)> {
        let known = |word: &str| {
            self.entries.iter().any(|entry| entry.words.contains(word) || (word.len() > 2 && entry.joined == word))
        };
        let first = s.word(at);
        if first.is_empty()
            || super::words::is_stop_word(first)
            || !known(first)
            || first.len() < 2 && !first.starts_with(|c: char| c.is_alphabetic())
        {
            return None;
        }
        if first.bytes().all(|b| b.is_ascii_digit())
            || (first.len() == 1 && s.tokens().get(at + 1).is_none_or(|next| next.glue.is_none()))
        {
            return None;
        }
        let matching = |entry: &&Entry, length: usize| {
            (at..at + length).all(|index| entry.words.contains(s.word(index)) || entry.joined == s.word(index))
        };
        let mut best = None;
        for length in 1..=4.min(s.len() - at) {
            if length > 1 && s.tokens()[at + length - 1].mark.is_some_and(|mark| mark != '.') {
                break;
            }
            let labels: Vec<String> =
                self.entries.iter().filter(|entry| matching(entry, length)).map(|entry| entry.label.clone()).collect();
            if labels.is_empty() {
                break;
            }
            best = Some((length, labels));
        }
        best
    }

    /// Where "taken with the" before word `at` starts.
    fn lead(&self, s: &Sentence, at: usize) -> usize {
        let mut start = at;
        while start > 0
            && matches!(
                s.word(start - 1),
                "the"
                    | "my"
                    | "our"
                    | "a"
                    | "an"
                    | "old"
                    | "new"
                    | "der"
                    | "dem"
                    | "meiner"
                    | "meinem"
                    | "le"
                    | "la"
                    | "l"
                    | "mon"
                    | "ma"
                    | "el"
                    | "mi"
                    | "his"
                    | "her"
            )
            && s.free_at(start - 1)
        {
            start -= 1;
        }
        match WITH.before(s.tokens(), start) {
            Some((length, ())) if s.is_free(start - length..start) => start - length,
            _ => at,
        }
    }
}

/// Whether the word is said to be what the media were taken with, and not what they show.
fn instrument(s: &Sentence, at: usize) -> bool {
    let mut start = at;
    while start > 0
        && matches!(
            s.word(start - 1),
            "the" | "my" | "our" | "a" | "an" | "his" | "her" | "meinem" | "dem" | "der" | "mon" | "le" | "mi" | "el"
        )
    {
        start -= 1;
    }
    let verb = matches!(
        s.word(start.saturating_sub(2)),
        "taken"
            | "shot"
            | "made"
            | "photographed"
            | "captured"
            | "snapped"
            | "filmed"
            | "recorded"
            | "aufgenommen"
            | "fotografiert"
            | "gemacht"
            | "prises"
            | "prise"
            | "faites"
            | "hechas"
            | "tomadas"
            | "took"
            | "take"
    );
    let media = start >= 2
        && MEDIA_NOUNS.before(s.tokens(), start - 1).is_some()
        && matches!(s.word(start - 1), "on" | "from" | "by" | "mit" | "von");
    start >= 1 && (verb || media || s.word(start - 1) == "using" || s.word(start - 1) == "用")
}
