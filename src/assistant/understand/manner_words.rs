//! The words that say how something is to be told, in five languages.
//!
//! Only the words; whether they speak of the telling where they stand is decided by `manner`.

use std::sync::LazyLock;

use super::language::Language;
use super::phrases::Phrases;
use crate::assistant::summary::{Length, Tone};

/// What a word says of the telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// How it sounds.
    Tone(Tone),
    /// How much is told.
    Length(Length),
    /// In which language.
    Language(Language),
}

const PLAYFUL: Meaning = Meaning::Tone(Tone::Playful);
const WARM: Meaning = Meaning::Tone(Tone::Warm);
const PLAIN: Meaning = Meaning::Tone(Tone::Plain);
const SHORT: Meaning = Meaning::Length(Length::Line);
const LONG: Meaning = Meaning::Length(Length::Page);

/// German adjectives, which say how when nothing is added to them, and what kind of thing when something is.
const GERMAN: [(&str, Meaning); 5] = [
    ("fröhlich|heiter|lustig|humorvoll|verspielt|locker|witzig|vergnügt|unbeschwert|augenzwinkernd|launig", PLAYFUL),
    ("herzlich|warmherzig|liebevoll|nostalgisch|gefühlvoll|wehmütig|zärtlich|innig|rührend", WARM),
    ("förmlich|formell|sachlich|nüchtern|neutral|objektiv|schlicht|seriös|ernsthaft", PLAIN),
    ("knapp|bündig", SHORT),
    ("ausführlich|detailliert|eingehend", LONG),
];

/// Chinese adjectives, which say how with 地 after them, and of a text or a tone with 的.
const CHINESE: [(&str, Meaning); 5] = [
    ("轻松|欢快|幽默|愉快|活泼|俏皮|诙谐|风趣", PLAYFUL),
    ("温暖|温馨|深情|怀旧|亲切|感人", WARM),
    ("正式|客观|严肃|平实|朴实", PLAIN),
    ("简短|简要|简洁|简单", SHORT),
    ("详细|详尽", LONG),
];

/// Each of these words with each of these endings.
fn with_endings(words: &str, endings: &[&str]) -> String {
    let forms = |word: &str| endings.iter().map(|ending| format!("{word}{ending}")).collect::<Vec<_>>();
    words.split('|').flat_map(forms).collect::<Vec<_>>().join("|")
}

/// What says it wherever it stands; nothing of what only begins like it.
pub(super) static SAID: LazyLock<Phrases<Option<Meaning>>> = LazyLock::new(|| {
    let fixed = [
        (
            "cheerfully|playfully|humorously|humourously|wittily|lightheartedly|light heartedly|jokingly|merrily|happily|joyfully|amusingly|\
             with humour|with humor|with a wink|with a smile|in a fun way|mit humor|mit einem augenzwinkern|mit einem lächeln|\
             gaiement|joyeusement|avec humour|avec un clin d'œil|avec légèreté|alegremente|con humor|con gracia|con una sonrisa",
            PLAYFUL,
        ),
        (
            "warmly|lovingly|fondly|tenderly|nostalgically|affectionately|sentimentally|with love|from the heart|von herzen|mit gefühl|\
             chaleureusement|tendrement|affectueusement|avec nostalgie|avec tendresse|avec émotion|avec amour|\
             cálidamente|cariñosamente|con cariño|con nostalgia|con ternura|con emoción",
            WARM,
        ),
        (
            "formally|soberly|factually|plainly|objectively|neutrally|seriously|matter of factly|\
             formellement|sobrement|objectivement|sérieusement|formalmente|sobriamente|objetivamente|seriamente",
            PLAIN,
        ),
        (
            "briefly|concisely|in brief|in a nutshell|in a few words|as short as possible|keep it short|make it short|keep it brief|kurz|in kürze|kurz und knapp|kurz und bündig|in wenigen worten|\
             so kurz wie möglich|brièvement|en bref|en quelques mots|succinctement|brevemente|en breve|en pocas palabras|简短|简要|一句话|用一句话",
            SHORT,
        ),
        (
            "in detail|in full detail|at length|in depth|in allen einzelheiten|in aller ausführlichkeit|en détail|longuement|en detalle|con detalle|\
             detalladamente|详细",
            LONG,
        ),
        ("in english|auf englisch|en anglais|en inglés|用英语|用英文", Meaning::Language(Language::English)),
        ("in german|auf deutsch|en allemand|en alemán|用德语|用德文", Meaning::Language(Language::German)),
        ("in french|auf französisch|en français|en francés|用法语|用法文", Meaning::Language(Language::French)),
        ("in spanish|auf spanisch|en espagnol|en español|用西班牙语|用西班牙文", Meaning::Language(Language::Spanish)),
        ("in chinese|auf chinesisch|en chinois|en chino|用中文|用汉语", Meaning::Language(Language::Chinese)),
    ];
    let chinese = CHINESE.map(|(words, meaning)| (with_endings(words, &["地"]), Some(meaning)));
    let german = GERMAN.map(|(words, meaning)| (words.to_owned(), Some(meaning)));
    let of_time = "kurz vor|kurz nach|kurz bevor|kurz davor|kurz danach|kurz darauf|knapp vor|knapp nach".to_owned();
    let all = fixed.map(|(words, meaning)| (words.to_owned(), Some(meaning)));
    let all: Vec<_> = all.into_iter().chain(chinese).chain(german).chain([(of_time, None)]).collect();
    Phrases::new(all.iter().map(|(words, meaning)| (words.as_str(), *meaning)))
});

/// What is said of a text, a tone or a sentence.
pub(super) static LIKE: LazyLock<Phrases<Meaning>> = LazyLock::new(|| {
    let fixed = [
        (
            "cheerful|playful|funny|humorous|humourous|witty|lighthearted|light hearted|light|happy|merry|joyful|jolly|amusing|fun|cheery|upbeat|\
             gai|gaie|joyeux|joyeuse|drôle|humoristique|léger|légère|enjoué|enjouée|amusant|amusante|\
             alegre|divertido|divertida|gracioso|graciosa|humorístico|humorística|ligero|ligera|jovial",
            PLAYFUL,
        ),
        (
            "warm|loving|tender|nostalgic|fond|heartfelt|affectionate|emotional|gentle|sentimental|touching|personal|warme|warmen|warmer|warmes|\
             chaleureux|chaleureuse|tendre|nostalgique|affectueux|affectueuse|émouvant|émouvante|\
             cálido|cálida|cariñoso|cariñosa|nostálgico|nostálgica|tierno|tierna|emotivo|emotiva",
            WARM,
        ),
        (
            "formal|plain|sober|factual|objective|neutral|serious|simple|dry|matter of fact|official|professional|\
             formel|formelle|sobre|neutre|sérieux|sérieuse|factuel|factuelle|objectif|officiel|officielle|\
             sobrio|sobria|serio|seria|objetivo|objetiva|sencillo|sencilla|oficial",
            PLAIN,
        ),
        (
            "short|brief|concise|very short|kurz|kurze|kurzen|kurzer|kurzes|kurzem|court|courte|bref|brève|concis|concise|corto|corta|breve|conciso|concisa",
            SHORT,
        ),
        (
            "long|longer|detailed|thorough|extensive|lang|lange|langen|langer|langes|langem|longue|détaillé|détaillée|largo|larga|detallado|detallada",
            LONG,
        ),
    ];
    let german = GERMAN.map(|(words, meaning)| (with_endings(words, &["", "e", "em", "en", "er", "es"]), meaning));
    let chinese = CHINESE.map(|(words, meaning)| (words.to_owned(), meaning));
    let all = fixed.map(|(words, meaning)| (words.to_owned(), meaning));
    let all: Vec<_> = all.into_iter().chain(german).chain(chinese).collect();
    Phrases::new(all.iter().map(|(words, meaning)| (words.as_str(), *meaning)))
});

/// What is told is called so, with how much of it there then is.
pub(super) static FORM: LazyLock<Phrases<Option<Length>>> = LazyLock::new(|| {
    Phrases::new([
        (
            "summary|recap|tone|tone of voice|style|manner|way|words|version|zusammenfassung|ton|tonfall|stil|art|weise|worten|fassung|\
             résumé|style|manière|façon|mots|resumen|tono|estilo|manera|forma|palabras|versión|语气|口吻|风格|总结|摘要|概括",
            None,
        ),
        ("sentence|line|one liner|satz|zeile|phrase|ligne|frase|línea", Some(Length::Line)),
        (
            "text|paragraph|report|account|letter|absatz|bericht|texte|paragraphe|compte rendu|lettre|texto|párrafo|informe|carta|文字|短文",
            Some(Length::Paragraph),
        ),
        ("page|full page|seite|ganze seite|página|文章", Some(Length::Page)),
    ])
});

/// What leads to a form.
pub(super) static ABOUT: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "as|in|on|with|using|give me|write|write me|make it|als|in|im|auf|mit|gib mir|schreib|schreib mir|schreibe|en|sous forme de|sous la forme de|comme|\
         sur|dans|d'|avec|de|donne moi|écris|como|con|en|de|dame|escribe|用|以|写成|写|给我",
        (),
    )])
});

/// Articles, and what joins adjectives.
pub(super) static JOINING: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "a|an|one|a single|the|and|but|very|rather|ein|eine|einen|einem|einer|eines|einzigen|und|aber|sehr|eher|recht|\
         un|une|seule|et|mais|très|plutôt|una|uno|sola|solo|y|e|pero|muy|一段|一个|一篇|的|而|又|、",
        (),
    )])
});
