//! Reads what the user wants to know of the media: how many, when, where, who, which most.
//!
//! A question word that only opens a clause ("when they opened the shop", "photos where Ben laughs") asks for nothing.
//! What is to be done with media is read by `actions`.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::reading::{Intent, Listed, Pick};
use super::sentence::Sentence;
use super::words::MEDIA_NOUNS;
use crate::library::filter::Grouping;

/// Nouns by which media are grouped.
static GROUPS: LazyLock<Phrases<Grouping>> = LazyLock::new(|| {
    Phrases::new([
        ("year|years|jahr|jahre|jahren|année|années|an|ans|año|años|年|年份", Grouping::Year),
        ("month|months|monat|monate|monaten|mois|mes|meses|个月|月|月份", Grouping::Month),
        ("day|days|date|dates|tag|tage|tagen|datum|jour|jours|día|días|fecha|天|日子|日期", Grouping::Day),
        (
            "weekday|weekdays|day of the week|wochentag|wochentage|jour de la semaine|día de la semana|星期几",
            Grouping::Weekday,
        ),
        ("person|people|persons|personen|menschen|leute|personne|personnes|gens|persona|personas|人", Grouping::Person),
        ("country|countries|land|länder|ländern|pays|país|países|国家|个国家", Grouping::Country),
        (
            "state|states|region|regions|province|provinces|bundesland|bundesländer|région|régions|provincia|región|省",
            Grouping::Region,
        ),
        (
            "city|cities|town|towns|place|places|village|villages|location|locations|stadt|städte|städten|ort|orte|orten|\
             ville|villes|endroit|endroits|lieu|lieux|ciudad|ciudades|lugar|lugares|城市|地方|个城市|个地方",
            Grouping::City,
        ),
        (
            "camera|cameras|device|devices|phone|kamera|kameras|gerät|appareil|appareils|cámara|cámaras|相机|设备",
            Grouping::Camera,
        ),
        (
            "event|events|trip|trips|ereignis|ereignisse|reise|reisen|voyage|voyages|viaje|viajes|événement|evento|eventos|活动|旅行",
            Grouping::Event,
        ),
        (
            "tag|tags|keyword|keywords|stichwort|stichwörter|schlagwort|mot clé|mots clés|etiqueta|etiquetas|标签|关键词",
            Grouping::Tag,
        ),
    ])
});

static COUNTS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "how many|how many times|how often|the number of|number of|total number of|amount of|what number of|count|count of|count up|\
         wie viele|wie vielen|auf wie vielen|in wie vielen|sur combien de|dans combien de|en cuántas|wieviele|wie viel|wie oft|wie häufig|anzahl|anzahl der|zähl|zähle|combien de|combien d|combien de fois|combien|\
         nombre de|nombre d|compte|compter|cuántas|cuántos|cuánta|cuántas veces|cuenta|número de|cantidad de|\
         多少|有多少|多少张|多少个|多少次|几张|几个|几次|数一下|数量",
        (),
    )])
});

static DIFFERENT: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "different|distinct|various|separate|unique|verschiedene|verschiedenen|unterschiedliche|unterschiedlichen|différents|différentes|diferentes|distintos|distintas|不同的|不同|个不同的|个不同",
        (),
    )])
});

static MOST: LazyLock<Phrases<Pick>> = LazyLock::new(|| {
    Phrases::new([
        (
            "has most|has the most|have the most|had the most|with the most|the most|most often|most frequently|most photographed|most pictured|\
             most|has the highest number of|am meisten|die meisten|meisten|am häufigsten|häufigsten|meistfotografierte|meistfotografierten|le plus|le plus de|le plus souvent|\
             la plus|les plus|más|el más|la más|más veces|con más|最多|最常",
            Pick::Most,
        ),
        (
            "has the fewest|has fewest|the fewest|fewest|the least|least often|am wenigsten|wenigsten|le moins|le moins de|menos|con menos|最少",
            Pick::Least,
        ),
    ])
});

static PER: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "per|by|for each|for every|in each|in every|each|grouped by|group by|broken down by|pro|je|nach|par|por|por cada|按|每",
        (),
    )])
});

static WHICH: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "which|what|in which|in what|on which|on what|from which|from what|at which|at what|with which|with what|to which|\
         welche|welcher|welches|welchen|welchem|in welchem|in welcher|in welchen|an welchem|mit welcher|aus welchem|\
         quel|quelle|quels|quelles|dans quel|dans quelle|en quelle|quel est le|quelle est la|avec quel|de quel|\
         cuál|qué|en qué|de qué|con qué|a qué|cuál es el|cuál es la|哪个|哪|什么|哪一个|哪一|在哪个|用哪个|用什么",
        (),
    )])
});

static WHEN: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "when|when was|when did|when were|how long ago|since when|wann|wann war|seit wann|quand|quand est ce que|c'était quand|cuándo|什么时候|何时|哪天|哪一天|几号",
        (),
    )])
});

static WHERE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "where|wo|woher|où|où est ce que|dónde|en dónde|de dónde|哪里|在哪里|在哪儿|在哪|哪儿|什么地方",
        (),
    )])
});

static WHO: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "who|who's|with whom|whom|wer|mit wem|wen|qui|avec qui|quién|quiénes|con quién|谁|有谁|和谁|都有谁",
        (),
    )])
});

static WHOSE: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::new([("whose|wessen|à qui|de qui|de quién|谁的", ())]));

static SUMMARIZE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "summarize|summarise|sum up|summary of|a summary of|give me a summary of|recap|recap of|tell me about|tell me the story of|tell the story of|\
         what happened|what did we do|what did i do|what did they do|what was i doing|what were we doing|highlights of|\
         fasse|fass|zusammenfassung|erzähl mir von|erzähl von|erzähle|was haben wir gemacht|was ist passiert|\
         résume|résumé de|raconte|raconte moi|qu'avons nous fait|que s'est il passé|resume|resumen de|cuéntame|qué hicimos|qué pasó|\
         总结|概括|讲讲|介绍一下",
        (),
    )])
});

static SIMILAR: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "similar to this|similar to these|similar to that|more like this|more like that|more like these|like this one|like that one|like these|looks like this|\
         similar photos|similar pictures|similar ones|similar images|something similar|ähnliche|ähnliche bilder|ähnliche fotos|similaires|\
         photos similaires|parecidas|parecidos|similares|fotos similares|类似的|相似的",
        (),
    )])
});

static LISTS: LazyLock<Phrases<Listed>> = LazyLock::new(|| {
    Phrases::new([
        (
            "who do you know|list people|list all people|list the people|which people are in my library|which people do you know|which people are there|who is in my library|\
             whom do you know|everyone you know|all the people you know|wen kennst du|welche personen kennst du|welche personen gibt es|qui connais tu|\
             quelles personnes|a quién conoces|qué personas hay|你认识谁|有哪些人",
            Listed::People,
        ),
        (
            "which pets|what pets|list pets|list all pets|list my pets|welche haustiere|quels animaux de compagnie|qué mascotas|有哪些宠物",
            Listed::Pets,
        ),
        (
            "list events|list all events|list my events|list trips|list all trips|list our trips|list my trips|which events are there|what events are there|what events do i have|\
             which trips did we make|which trips did we take|what trips did we take|what trips have we taken|which trips have we made|what trips did we make|\
             welche reisen haben wir gemacht|welche ereignisse gibt es|quels voyages avons nous faits|qué viajes hicimos|qué viajes hemos hecho|有哪些活动|有哪些旅行",
            Listed::Events,
        ),
        (
            "list albums|list all albums|list my albums|show my albums|show all albums|which albums|what albums|welche alben|quels albums|qué álbumes|有哪些相册",
            Listed::Albums,
        ),
        (
            "list tags|list all tags|list my tags|list keywords|list all keywords|which tags|which keywords|what tags|what keywords|welche stichwörter|welche schlagwörter|quels mots clés|qué etiquetas|有哪些标签",
            Listed::Tags,
        ),
        (
            "list places|list all places|list my places|which places are there|list countries|list all countries|list cities|welche orte gibt es|有哪些地方",
            Listed::Places,
        ),
        (
            "list cameras|list all cameras|list my cameras|which cameras are there|which cameras do i have|what cameras do i have|welche kameras gibt es|有哪些相机",
            Listed::Cameras,
        ),
    ])
});

static CHAT: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "hello|hi|hey|hello there|hi there|good morning|good evening|thanks|thank you|thank you very much|thanks a lot|ok thanks|great thanks|great|cool|nice|\
         what can you do|what can i ask|what can i ask you|help|who are you|how are you|how does this work|hallo|guten morgen|danke|vielen dank|\
         was kannst du|hilfe|bonjour|salut|merci|merci beaucoup|que sais tu faire|aide|hola|buenos días|gracias|muchas gracias|qué puedes hacer|ayuda|\
         你好|谢谢|你能做什么|帮助",
        (),
    )])
});

/// An intent and, for "how many", where the words that ask end.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What is wanted.
    pub intent: Intent,
    /// The first word past "how many".
    pub counting: Option<usize>,
}

/// Reads the intent and accounts for the words that say it.
pub fn read(s: &mut Sentence) -> Found {
    let of = |intent| Found { intent, counting: None };
    if s.len() > 0 && CHAT.at(s.tokens(), 0).is_some_and(|(length, ())| length == s.len()) {
        s.skip(0..s.len());
        return of(Intent::Chat);
    }
    if let Some((at, length, what)) = LISTS.find(s.tokens()).map(|(at, length, what)| (at, length, *what))
        && s.is_free(at..at + length)
    {
        s.skip(at..at + length);
        return of(Intent::List { what });
    }
    if let Some(found) = count(s) {
        return found;
    }
    if let Some(found) = SUMMARIZE.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length)) {
        s.skip(found.0..found.0 + found.1);
        return of(Intent::Summarize);
    }
    if let Some((at, length, ())) = SIMILAR.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length)) {
        s.skip(at..at + length);
        return of(Intent::Similar);
    }
    group(s).or_else(|| question_word(s)).map_or(of(Intent::Find), of)
}

fn count(s: &mut Sentence) -> Option<Found> {
    let (at, length, ()) = COUNTS.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length))?;
    if matches!(s.word(at), "count" | "compte" | "cuenta") && at > 2 {
        return None;
    }
    let mut next = at + length;
    let different = DIFFERENT.at(s.tokens(), next).map_or(0, |(length, ())| length);
    next += different;
    let grouping = GROUPS.at(s.tokens(), next).map(|(length, by)| (length, *by));
    // "How many people are in the kitchen" asks for content; "how many different people" does not.
    let distinct = grouping.filter(|(_, by)| {
        different > 0
            || matches!(
                by,
                Grouping::Country
                    | Grouping::Region
                    | Grouping::City
                    | Grouping::Camera
                    | Grouping::Event
                    | Grouping::Tag
                    | Grouping::Year
                    | Grouping::Day
                    | Grouping::Month
            )
            || *by == Grouping::Person && asks_of_library(s, next + 1)
    });
    let end = next + distinct.map_or(0, |(length, _)| length);
    s.skip(at..end);
    if distinct.is_none()
        && let Some((_, length, by)) = per(s)
    {
        let _ = length;
        return Some(Found { intent: Intent::Group { by, pick: Pick::All }, counting: Some(end) });
    }
    Some(Found { intent: Intent::Count { distinct: distinct.map(|(_, by)| by) }, counting: Some(end) })
}

/// "How many people do I have", "… do you know": the library, not a picture.
fn asks_of_library(s: &Sentence, at: usize) -> bool {
    matches!(s.word(at), "do" | "did" | "have" | "appear" | "kennst" | "" | "hay" | "connais")
}

/// "per year", "by month": the grouping at the end.
fn per(s: &mut Sentence) -> Option<(usize, usize, Grouping)> {
    for at in 0..s.len() {
        let Some((length, ())) = PER.at(s.tokens(), at) else { continue };
        let Some((group_length, by)) = GROUPS.at(s.tokens(), at + length).map(|(length, by)| (length, *by)) else {
            continue;
        };
        let end = at + length + group_length;
        let ends = end == s.len()
            || s.tokens()[end].mark.is_some()
            || MEDIA_NOUNS.is_at(s.tokens(), end)
            || matches!(s.word(end), "in" | "from" | "since" | "do" | "did");
        let plain = s.is_free(at..end) && ends && !(s.word(at) == "by" && matches!(s.word(at + 1), "date"));
        if plain {
            s.skip(at..end);
            return Some((at, length + group_length, by));
        }
    }
    None
}

/// "Which month has the most pictures", "who appears most", "which camera took …", "which countries".
fn group(s: &mut Sentence) -> Option<Intent> {
    let most = (0..s.len()).find_map(|at| MOST.at(s.tokens(), at).map(|(length, pick)| (at, length, *pick)));
    let most = most.filter(|(at, length, _)| {
        s.is_free(*at..at + length)
            && !matches!(
                s.word(at + length),
                "recent" | "beautiful" | "anciennes" | "recientes" | "antigua" | "ancienne" | "recente" | "reciente"
            )
    });
    if let Some((at, length, ())) =
        (0..s.len().min(4)).find_map(|at| WHICH.at(s.tokens(), at).map(|(length, ())| (at, length, ())))
    {
        let mut noun_at = at + length;
        noun_at += usize::from(matches!(s.word(noun_at), "different" | "other" | "all"));
        let found = GROUPS.at(s.tokens(), noun_at).map(|(length, by)| (length, *by));
        let plain = found.is_some_and(|(length, _)| s.is_free(at..noun_at + length));
        if let Some((group_length, by)) = found.filter(|_| plain) {
            let end = noun_at + group_length;
            let noun = s.word(end - 1).to_owned();
            let plural = noun.ends_with('s')
                || matches!(noun.as_str(), "people" | "lander" | "stadte" | "orte" | "personen" | "leute");
            if let Some((most_at, most_length, pick)) = most {
                s.skip(at..end);
                s.skip(most_at..most_at + most_length);
                return Some(Intent::Group { by, pick });
            }
            return which(s, at..end, by, plural);
        }
    }
    let (at, length, pick) = most?;
    if let Some((who, who_length, ())) = WHO.find(s.tokens())
        && who < at
    {
        s.skip(who..who + who_length);
        s.skip(at..at + length);
        return Some(Intent::Group { by: Grouping::Person, pick });
    }
    if let Some((place, place_length, ())) = WHERE.find(s.tokens()).filter(|(place, ..)| *place < 2 && *place < at) {
        s.skip(place..place + place_length);
        s.skip(at..at + length);
        return Some(Intent::Group { by: Grouping::City, pick });
    }
    if let Some((when, when_length, ())) = WHEN.find(s.tokens()).filter(|(when, ..)| *when < 2 && *when < at) {
        s.skip(when..when + when_length);
        s.skip(at..at + length);
        return Some(Intent::Group { by: Grouping::Month, pick });
    }
    let noun_at = at + length;
    let photographed = s.written(at..at + length).to_lowercase().contains("photograph")
        || s.word(noun_at) == "photographed"
        || s.word(noun_at).starts_with("meistfot");
    let (group_length, by) = GROUPS
        .at(s.tokens(), noun_at + usize::from(s.word(noun_at) == "photographed"))
        .map(|(length, by)| (length, *by))?;
    photographed.then(|| {
        s.skip(at..noun_at + group_length + usize::from(s.word(noun_at) == "photographed"));
        Intent::Group { by, pick }
    })
}

/// "Which camera took the photos", "which city is that", "what day was it", "which countries did we visit".
fn which(s: &mut Sentence, words: std::ops::Range<usize>, by: Grouping, plural: bool) -> Option<Intent> {
    let after = s.word(words.end).to_owned();
    let intent = match by {
        Grouping::Camera => Intent::Group { by, pick: if plural { Pick::All } else { Pick::Most } },
        Grouping::Country | Grouping::Region | Grouping::City if plural => Intent::Group { by, pick: Pick::All },
        Grouping::Country | Grouping::Region | Grouping::City => Intent::Where { level: Some(by) },
        Grouping::Year | Grouping::Month | Grouping::Day | Grouping::Weekday if plural => {
            Intent::Group { by, pick: Pick::All }
        }
        Grouping::Year | Grouping::Month | Grouping::Day | Grouping::Weekday => Intent::When { unit: Some(by) },
        Grouping::Person if plural => Intent::Who,
        Grouping::Person => Intent::Who,
        Grouping::Event | Grouping::Tag if plural => Intent::Group { by, pick: Pick::All },
        _ => return None,
    };
    // "What day trips …" asks for trips.
    if GROUPS.is_at(s.tokens(), words.end) && !after.is_empty() && matches!(by, Grouping::Day) {
        return None;
    }
    s.skip(words);
    Some(intent)
}

/// "…? Just the day": only the date is wanted.
fn just_the_date(s: &mut Sentence) -> Option<Intent> {
    static JUST: LazyLock<Phrases<Grouping>> = LazyLock::new(|| {
        Phrases::new([
            (
                "just the day|only the day|just the date|only the date|nur das datum|nur den tag|juste la date|solo la fecha|只要日期",
                Grouping::Day,
            ),
            ("just the year|only the year|nur das jahr|juste l'année|solo el año|只要年份", Grouping::Year),
            ("just the month|only the month|nur den monat|juste le mois|solo el mes|只要月份", Grouping::Month),
        ])
    });
    let (at, length, unit) = JUST.find(s.tokens()).map(|(at, length, unit)| (at, length, *unit))?;
    s.skip(at..at + length);
    Some(Intent::When { unit: Some(unit) })
}

fn question_word(s: &mut Sentence) -> Option<Intent> {
    if let Some(intent) = just_the_date(s) {
        return Some(intent);
    }
    for at in 0..s.len().min(3) {
        if let Some((length, ())) = WHOSE.at(s.tokens(), at) {
            s.skip(at..at + length);
            return Some(Intent::Whose);
        }
    }
    let (mut at, limit) = (0, 4.min(s.len()));
    while at < limit {
        let opens = at == 0
            || s.tokens()[at].mark.is_some()
            || (0..at).all(|before| is_lead_in(s.word(before)))
            || s.tokens()[at].cjk;
        if opens {
            if let Some((length, ())) = WHEN.at(s.tokens(), at)
                && asks(s, at, length)
            {
                s.skip(at..at + length);
                return Some(Intent::When { unit: None });
            }
            if let Some((length, ())) = WHERE.at(s.tokens(), at)
                && asks(s, at, length)
                && !in_our_pictures(s)
            {
                s.skip(at..at + length);
                return Some(Intent::Where { level: None });
            }
            if let Some((length, ())) = WHO.at(s.tokens(), at)
                && !in_our_pictures(s)
                && !matches!(s.word(at + length), "est" if s.word(at + length + 1) == "ce")
            {
                s.skip(at..at + length);
                return Some(Intent::Who);
            }
        }
        at += 1;
    }
    chinese_question(s)
}

/// Chinese question words stand where the answer would.
fn chinese_question(s: &mut Sentence) -> Option<Intent> {
    if s.language != super::language::Language::Chinese {
        return None;
    }
    for (phrases, intent) in
        [(&*WHEN, Intent::When { unit: None }), (&*WHERE, Intent::Where { level: None }), (&*WHO, Intent::Who)]
    {
        if let Some((at, length, ())) = phrases.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length))
        {
            s.skip(at..at + length);
            return Some(intent);
        }
    }
    None
}

/// Words that may stand before a question word: "and where", "tell me who", "do you know when".
fn is_lead_in(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "so"
            | "but"
            | "tell"
            | "me"
            | "do"
            | "you"
            | "know"
            | "can"
            | "say"
            | "remember"
            | "und"
            | "et"
            | "y"
            | "sag"
            | "mir"
            | "ok"
            | "since"
            | "from"
            | "de"
            | "con"
            | "mit"
            | "avec"
            | "c"
            | "cest"
            | "with"
            | "weisst"
            | "du"
    )
}

/// Whether a question word asks: an auxiliary follows, or nothing.
fn asks(s: &Sentence, at: usize, length: usize) -> bool {
    let first = s.word(at);
    if !matches!(first, "when" | "where" | "quand" | "cuando" | "ou" | "donde" | "wo") || length > 1 {
        return true;
    }
    let marked = s.text.source.trim_end().ends_with('?');
    let next = s.word(at + length);
    let auxiliary = matches!(
        next,
        "was"
            | "were"
            | "did"
            | "is"
            | "are"
            | "has"
            | "have"
            | "had"
            | "do"
            | "does"
            | "can"
            | "could"
            | "exactly"
            | ""
            | "est"
            | "etait"
            | "a"
            | "as"
            | "ont"
            | "avons"
            | "sommes"
            | "fut"
            | "etions"
            | "ai"
            | "sont"
            | "etaient"
            | "avez"
            | "on"
            | "nous"
            | "fue"
            | "es"
            | "era"
            | "fuimos"
            | "estuvimos"
            | "hicimos"
            | "estaba"
            | "estan"
            | "esta"
            | "se"
            | "tomamos"
            | "tome"
            | "visitamos"
            | "fueron"
            | "son"
            | "ist"
            | "sind"
            | "war"
            | "waren"
            | "haben"
            | "habe"
            | "hat"
            | "wurde"
            | "wurden"
            | "steht"
            | "genau"
    ) || s.tokens().get(at).is_some_and(|token| token.possessive);
    auxiliary || (marked && at == 0 && !matches!(next, "we" | "they" | "i" | "he" | "she" | "the" | "my" | "our"))
}

/// "Where is Anna in our pictures" asks for the pictures.
fn in_our_pictures(s: &Sentence) -> bool {
    static PHRASES: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([(
            "in our pictures|in our photos|in my pictures|in my photos|in the pictures|in the photos|in these photos|in our library|in my library|in our albums|\
             auf unseren bildern|auf unseren fotos|auf meinen fotos|auf den bildern|auf den fotos|sur nos photos|sur mes photos|sur les photos|en nuestras fotos|en mis fotos|en las fotos",
            (),
        )])
    });
    let place_word = WHERE.at(s.tokens(), 0).is_some();
    place_word && PHRASES.find(s.tokens()).is_some()
}
