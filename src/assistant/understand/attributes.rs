//! Reads what kind of media is meant, how they are shaped and copied, and whether people are in them.
//!
//! "Videos" restricts; "photos" is how people say media, and restricts only where they set it against videos or count.
//! "Portraits of X" is about people, "portrait format" about shape.

use std::sync::LazyLock;

use super::negation;
use super::phrases::Phrases;
use super::reading::Role;
use super::sentence::Sentence;
use super::words::{MEDIA_NOUNS, MediaNoun, is_stop_word};
use crate::library::filter::{Copies, MediaFilter, MediaKind, Shape};

static KINDS: LazyLock<Phrases<MediaKind>> = LazyLock::new(|| {
    Phrases::new([
        (
            "screenshot|screenshots|screen shot|screen shots|screen capture|screen captures|screen grabs|screengrab|\
             bildschirmfoto|bildschirmfotos|bildschirmaufnahme|capture d'écran|captures d'écran|captura de pantalla|\
             capturas de pantalla|截图|截屏|屏幕截图",
            MediaKind::Screenshot,
        ),
        (
            "panorama|panoramas|panoramic|panos|pano|panoramic shots|panoramic photos|panoramabild|panoramabilder|\
             panoramafotos|panoramique|panoramiques|panorámica|panorámicas|panoramas|全景|全景照|全景图|全景照片",
            MediaKind::Panorama,
        ),
        (
            "live photo|live photos|motion photo|motion photos|livefoto|livefotos|live foto|live fotos|photo live|\
             photos live|fotos live|实况照片|动态照片|实况",
            MediaKind::LivePhoto,
        ),
        (
            "raw|raws|raw files|raw photos|raw pictures|raw images|raw file|raw format|rohdaten|fichiers raw",
            MediaKind::Raw,
        ),
    ])
});

static ONLY_PHOTOS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "only photos|only pictures|only pics|only images|just photos|just pictures|just the photos|just the pictures|\
         only the photos|only the pictures|photos only|pictures only|images only|still photos|stills only|just stills|\
         only stills|no videos|no video|no clips|without videos|not videos|not the videos|but no videos|excluding videos|\
         nur fotos|nur bilder|nur die fotos|nur die bilder|keine videos|ohne videos|seulement des photos|seulement les photos|\
         uniquement les photos|pas de vidéos|sans vidéos|sans les vidéos|solo fotos|solo las fotos|sin vídeos|sin videos|\
         只要照片|只看照片|不要视频|只有照片",
        (),
    )])
});

static BOTH: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "photos and videos|pictures and videos|photos or videos|pictures or videos|videos and photos|videos or photos|\
         pics and vids|photos and clips|pictures and clips|photos and movies|videos and pictures|images and videos|\
         fotos und videos|bilder und videos|videos und fotos|fotos oder videos|photos et vidéos|photos ou vidéos|\
         photos et les vidéos|fotos y vídeos|fotos y videos|fotos o vídeos|照片和视频|照片或视频|视频和照片",
        (),
    )])
});

/// Nouns after which "video" and "film" name a thing in the picture.
const VIDEO_THINGS: &str = " game games console call calls calling camera cameras theater theatre poster star set screen conference \
     store club projector night director crew reel gaming gamer player ";

static SHAPES: LazyLock<Phrases<Shape>> = LazyLock::new(|| {
    Phrases::new([
        (
            "portrait format|portrait orientation|portrait mode|portrait oriented|in portrait|vertical|vertical format|\
             vertically|upright format|taller than wide|hochformat|im hochformat|hochkant|format portrait|en portrait|\
             verticales|vertical|formato vertical|en vertical|竖幅|竖版|竖屏|竖拍|纵向",
            Shape::Portrait,
        ),
        (
            "landscape format|landscape orientation|landscape mode|landscape oriented|horizontal|horizontal format|\
             wide format|wider than tall|querformat|im querformat|format paysage|horizontales|formato horizontal|\
             en horizontal|横幅|横版|横屏|横拍|横向",
            Shape::Landscape,
        ),
        (
            "square|square format|square photos|quadratisch|quadratische|carré|carrées|format carré|cuadradas|cuadrado|方形|正方形",
            Shape::Square,
        ),
    ])
});

static COPIES: LazyLock<Phrases<Copies>> = LazyLock::new(|| {
    Phrases::new([
        (
            "duplicate|duplicates|exact duplicates|exact copies|identical|identical files|identical copies|exist twice|\
             as identical files|as identical copies|exist more than once|more than once|stored twice|saved twice|\
             exist several times|exact same file|same file twice|copies of the same|copies|redundant|\
             duplikat|duplikate|doppelt|doppelte|doppelten|mehrfach|doppelt vorhanden|identische|identisch|mehr als einmal|\
             doublon|doublons|en double|identiques|plus d'une fois|plusieurs fois|\
             duplicado|duplicados|duplicadas|repetidas|repetidos|idénticas|idénticos|más de una vez|\
             重复|重复的|相同的文件|一模一样|完全相同",
            Copies::Exact,
        ),
        (
            "near duplicates|near duplicate|nearly identical|almost identical|near identical|almost the same|look alike|\
             similar copies|resized copies|edited copies|fast identisch|fast identische|beinahe gleich|presque identiques|\
             casi idénticas|casi iguales|几乎相同|近似重复|差不多一样",
            Copies::Near,
        ),
        (
            "burst|bursts|burst shots|burst photos|burst mode|in bursts|rapid fire|serienbild|serienbilder|\
             serienaufnahme|serienaufnahmen|serienfotos|rafale|rafales|en rafale|ráfaga|ráfagas|en ráfaga|连拍",
            Copies::Burst,
        ),
    ])
});

static UNNAMED_PEOPLE: LazyLock<Phrases<bool>> = LazyLock::new(|| {
    Phrases::new([
        (
            "no people|no people in them|no people in it|without people|without any people|with no people|nobody in it|\
             nobody in them|with nobody in it|with nobody|no persons|without anyone|without anybody|no one in it|\
             no people portraits|no portraits of people|people free|not people|no humans|\
             ohne personen|ohne menschen|ohne leute|keine personen|keine menschen|menschenleer|\
             sans personnes|sans personne|sans gens|sin personas|sin gente|没有人|没人|没有人物|无人",
            false,
        ),
        ("any people i know|people i know|named people|known people|with named people|with known faces", true),
    ])
});

/// Reads the kind of media. `counting` makes "how many photos" mean photos.
pub fn read_kinds(s: &mut Sentence, filter: &mut MediaFilter, counting: Option<usize>) {
    let mut at = 0;
    while at < s.len() {
        let step = kind_at(s, at, filter, counting);
        at += step.max(1);
    }
    // What is said of a length is said of videos already.
    filter.kinds.dedup();
}

fn kind_at(s: &mut Sentence, at: usize, filter: &mut MediaFilter, counting: Option<usize>) -> usize {
    if !s.free_at(at) {
        return 1;
    }
    if let Some((length, ())) = BOTH.at(s.tokens(), at) {
        s.skip(at..at + length);
        return length;
    }
    if let Some((length, ())) = ONLY_PHOTOS.at(s.tokens(), at).filter(|(length, ())| s.is_free(at..at + length)) {
        // "Only pictures of Ben" is said of Ben; a photo against a video is meant where nothing follows.
        let of = matches!(
            s.word(at + length),
            "of" | "with" | "from" | "in" | "von" | "mit" | "de" | "avec" | "con" | "where" | "that" | "taken"
        );
        let told = !matches!(s.word(at), "only" | "just" | "nur" | "seulement" | "solo" | "uniquement") || !of;
        if told {
            filter.kinds = vec![MediaKind::Photo];
            s.claim(at..at + length, Role::Kind, "photos only");
            return length;
        }
    }
    if let Some((length, kind)) = KINDS.at(s.tokens(), at).map(|(length, kind)| (length, *kind)) {
        if s.word(at) == "raw" && length == 1 && !MEDIA_NOUNS.is_at(s.tokens(), at + 1) && s.len() > 1 {
            return 1;
        }
        filter.kinds.push(kind);
        let label = match kind {
            MediaKind::Screenshot => "screenshots",
            MediaKind::Panorama => "panoramas",
            MediaKind::LivePhoto => "live photos",
            _ => "raw files",
        };
        s.claim(at..at + length, Role::Kind, label);
        return length;
    }
    let Some((length, noun)) = MEDIA_NOUNS.at(s.tokens(), at).map(|(length, noun)| (length, *noun)) else { return 1 };
    if !s.is_free(at..at + length) || s.tokens()[at].quote.is_some() {
        return 1;
    }
    match noun {
        MediaNoun::Video => {
            let thing = VIDEO_THINGS.contains(&format!(" {} ", s.word_after(at + length - 1)))
                && !s.word_after(at + length - 1).is_empty();
            let playing = matches!(s.word_before(at), "paper" | "hair" | "playing" | "watching" | "money" | "tie");
            if thing || playing {
                return length;
            }
            if negation::start(s, at, &[]).is_some() {
                filter.kinds = vec![MediaKind::Photo];
                s.claim(at..at + length, Role::Kind, "photos only");
            } else {
                filter.kinds.push(MediaKind::Video);
                s.claim(at..at + length, Role::Kind, "videos");
            }
        }
        MediaNoun::Photo if counting.is_some_and(|end| at <= end + 1) && filter.kinds.is_empty() => {
            filter.kinds = vec![MediaKind::Photo];
            s.claim(at..at + length, Role::Kind, "photos");
        }
        // "A picture on the wall" is content only where the noun has an adjective of its own; leave the noun out.
        MediaNoun::Photo if names_a_thing(s, at) => {}
        _ if is_empty_noun(s, at) => s.skip(at..at + length),
        _ => {}
    }
    length
}

/// "Class photo" and "group picture" say what is seen.
fn names_a_thing(s: &Sentence, at: usize) -> bool {
    let before = s.word_before(at);
    !before.is_empty()
        && s.free_at(at - 1)
        && super::general::General::get().related_at(&[before, s.word(at)]).is_some_and(|(length, _)| length == 2)
}

/// "Things", "ones" and the like stay content after a word that says what they are: "shiny things" is kept whole.
fn is_empty_noun(s: &Sentence, at: usize) -> bool {
    !matches!(s.word(at), "things" | "thing" | "items" | "material" | "moments")
        || s.word_before(at).is_empty()
        || is_stop_word(s.word_before(at))
}

/// Reads "no people" and the like. Returns the words for what must not be seen.
pub fn read_peopleless(s: &mut Sentence, filter: &mut MediaFilter) -> bool {
    let mut absent = false;
    for at in 0..s.len() {
        let Some((length, named)) = UNNAMED_PEOPLE.at(s.tokens(), at).map(|(length, named)| (length, *named)) else {
            continue;
        };
        if s.is_free(at..at + length) {
            let length = length + usize::from(!named && s.word_after(at + length - 1) == "portraits");
            filter.has_people = Some(named);
            absent |= !named;
            s.claim(at..at + length, Role::Without, if named { "known people" } else { "no people" });
        }
    }
    absent
}

/// Reads shape and copies.
pub fn read_shape_and_copies(s: &mut Sentence, filter: &mut MediaFilter) {
    for at in 0..s.len() {
        if let Some((length, shape)) = SHAPES.at(s.tokens(), at).map(|(length, shape)| (length, *shape))
            && s.is_free(at..at + length)
            && shape_is_meant(s, at, length)
        {
            filter.shapes.push(shape);
            let label = match shape {
                Shape::Portrait => "upright format",
                Shape::Landscape => "wide format",
                Shape::Square => "square",
            };
            s.claim(at..at + length, Role::Shape, label);
        }
        if let Some((length, copies)) = COPIES.at(s.tokens(), at).map(|(length, copies)| (length, *copies))
            && s.is_free(at..at + length)
            && copies_are_meant(s, at, length)
        {
            // "Duplicates: … as identical files": all of it says the same once.
            filter.copies.get_or_insert(copies);
            let label = match copies {
                Copies::Exact => "identical copies",
                Copies::Near => "near duplicates",
                Copies::Burst => "bursts",
            };
            s.claim(at..at + length, Role::Copies, label);
        }
    }
    if filter.copies.is_some() {
        s.skip_all(&COPY_FILLER);
    }
}

static COPY_FILLER: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "exist|exists|existing|stored|saved|files|file|there are|that are|vorhanden|existieren|existent|existen|twins|的文件|文件",
        (),
    )])
});

/// A bare "vertical" or "square" is a shape only beside a word for media: "town square" is none.
fn shape_is_meant(s: &Sentence, at: usize, length: usize) -> bool {
    let bare =
        length == 1 && matches!(s.word(at), "vertical" | "horizontal" | "square" | "carre" | "vertically" | "cuadrado");
    let media = MEDIA_NOUNS.is_at(s.tokens(), at + length) || MEDIA_NOUNS.before(s.tokens(), at).is_some();
    let in_portrait = s.word(at) == "in" && length == 2;
    (!bare || media || s.len() == 1) && (!in_portrait || at + length == s.len() || media)
}

/// "Identical twins" is content, "copies of the book" too; alone or beside a word for media they are duplicates.
fn copies_are_meant(s: &Sentence, at: usize, length: usize) -> bool {
    let word = s.word(at);
    if matches!(word, "identical" | "copies" | "redundant" | "identische" | "identisch" | "burst" | "mehrfach")
        && length == 1
    {
        let media = MEDIA_NOUNS.is_at(s.tokens(), at + 1) || MEDIA_NOUNS.before(s.tokens(), at).is_some();
        return media || at + 1 == s.len();
    }
    true
}
