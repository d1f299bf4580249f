//! The words that ask: how many, which, when, where, who, the most, tell me about; in five languages.
//!
//! Only the words; whether they ask anything where they stand is decided by `intent`.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::reading::{Listed, Pick};
use crate::library::filter::Grouping;

/// Nouns by which media are grouped.
pub(super) static GROUPS: LazyLock<Phrases<Grouping>> = LazyLock::new(|| {
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

/// "How many".
pub(super) static COUNTS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "how many|the number of|number of|total number of|amount of|what number of|count|count of|count up|\
         wie viele|wie vielen|auf wie vielen|in wie vielen|sur combien de|dans combien de|en cuántas|wieviele|wie viel|anzahl|anzahl der|zähl|zähle|combien de|combien d|combien|\
         nombre de|nombre d|compte|compter|cuántas|cuántos|cuánta|cuenta|número de|cantidad de|\
         多少|有多少|多少张|多少个|几张|几个|数一下|数量",
        (),
    )])
});

/// "How often": so many times, and not so many of something.
pub(super) static TIMES: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "how many times|how often|how frequently|the number of times|on how many occasions|how many occasions|wie oft|wie häufig|wie viele male|wieviele male|\
         bei wie vielen gelegenheiten|combien de fois|à combien d'occasions|cuántas veces|con qué frecuencia|en cuántas ocasiones|多少次|几次|多少回|几回",
        (),
    )])
});

/// Verbs of being, going and meeting, which say nothing of a picture once it is clear that they are asked about.
pub(super) static BEING_THERE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "visit|travel|travelled|traveled|travel to|meet|celebrate|celebrated|besucht|besuchten|gewesen|gereist|gefahren|geflogen|gegangen|\
         getroffen|gefeiert|gesehen|schon|schon mal|schon einmal|mal|jemals|visité|visités|visitée|allé|allée|allés|allées|avons nous été|avez vous été|as tu été|ont été|a été|voyagé|\
         rencontré|fêté|déjà|jamais|visitado|visitamos|visitó|estado|estuvo|ido|viajado|viajamos|celebrado|celebramos|alguna vez|\
         去过|到过|见过|来过|去了|曾经",
        (),
    )])
});

/// "Different", after "how many".
pub(super) static DIFFERENT: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "different|distinct|various|separate|unique|verschiedene|verschiedenen|unterschiedliche|unterschiedlichen|différents|différentes|diferentes|distintos|distintas|不同的|不同|个不同的|个不同",
        (),
    )])
});

/// "The most", "the fewest".
pub(super) static MOST: LazyLock<Phrases<Pick>> = LazyLock::new(|| {
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

/// "Per", before a noun to group by.
pub(super) static PER: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "per|by|for each|for every|in each|in every|each|grouped by|group by|broken down by|pro|je|nach|par|por|por cada|按|每",
        (),
    )])
});

/// "Which", "in what".
pub(super) static WHICH: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "which|what|in which|in what|on which|on what|from which|from what|at which|at what|with which|with what|to which|\
         welche|welcher|welches|welchen|welchem|in welchem|in welcher|in welchen|an welchem|mit welcher|aus welchem|\
         quel|quelle|quels|quelles|dans quel|dans quelle|en quelle|quel est le|quelle est la|avec quel|de quel|\
         cuál|qué|en qué|de qué|con qué|a qué|cuál es el|cuál es la|哪个|哪|什么|哪一个|哪一|在哪个|用哪个|用什么",
        (),
    )])
});

/// "When".
pub(super) static WHEN: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "when|when was|when did|when were|how long ago|since when|wann|wann war|seit wann|quand|quand est ce que|c'était quand|cuándo|什么时候|何时|哪天|哪一天|几号",
        (),
    )])
});

/// "How long", with the words that then say no more.
pub(super) static HOW_LONG: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "how long|for how long|wie lange|combien de temps|cuánto tiempo|cuánto duró|cuánto dura|多久|多长时间|多长",
        (),
    )])
});

/// Verbs of lasting, after "how long".
pub(super) static LASTING: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "go on for|go on|stay|stayed|take|spend|spent|stay there|gedauert|dauerte|dauert|geblieben|verbracht|duré|durait|dura|restés|passé|duró|estuvimos|持续",
        (),
    )])
});

/// "How old".
pub(super) static AGE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "how old|what age|at what age|wie alt|quel âge|quel âge avait|quel âge a|à quel âge|qué edad|qué edad tenía|qué edad tiene|cuántos años tenía|\
         cuántos años tiene|a qué edad|多大|几岁",
        (),
    )])
});

/// "Where".
pub(super) static WHERE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "where|wo|woher|où|où est ce que|dónde|en dónde|de dónde|哪里|在哪里|在哪儿|在哪|哪儿|什么地方",
        (),
    )])
});

/// "Who".
pub(super) static WHO: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "who|who's|whos|whos that|who's that|who is that|who all|with whom|whom|which of us|who of us|which one of us|which family members|name everybody|name everyone|name all the people|\
         name the people|list everybody|list everyone|tell me everybody|wer|wer alles|wer von uns|nenne alle|nenn alle|mit wem|wen|qui|qui d'entre nous|avec qui|\
         quién|quiénes|quién de nosotros|quiénes de nosotros|con quién|谁|有谁|和谁|都有谁|我们中谁",
        (),
    )])
});

/// "Whose".
pub(super) static WHOSE: LazyLock<Phrases<()>> =
    LazyLock::new(|| Phrases::new([("whose|wessen|à qui|de qui|de quién|谁的", ())]));

/// "Tell me about".
pub(super) static SUMMARIZE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "summarize|summarise|sum up|summary|summary of|a summary of|give me a summary of|recap|recap of|tell me about|describe our|describe my|tell me the story of|tell the story of|\
         what happened|what did we do|what did i do|what did they do|what was i doing|what were we doing|highlights of|\
         fasse|fass|zusammenfassung|erzähl mir von|erzähl von|erzähle|was haben wir gemacht|was ist passiert|\
         résume|résumé de|raconte|raconte moi|qu'avons nous fait|que s'est il passé|resume|resumen|resumen de|cuéntame|qué hicimos|qué pasó|\
         总结|概括|讲讲|介绍一下",
        (),
    )])
});

/// "More like this".
pub(super) static SIMILAR: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "similar to this|similar to these|like this but|like that but|like this one but|like that one but|like this only|more like this but|more like this only|similar to that|more like this|more like that|more like these|like this one|like that one|like these|looks like this|\
         similar photos|similar pictures|similar ones|similar images|something similar|ähnliche|ähnliche bilder|ähnliche fotos|so wie das aber|wie dieses aber|mehr davon aber|similaires|comme ça mais|comme celle ci mais|\
         photos similaires|parecidas|parecidos|similares|fotos similares|como esta pero|como este pero|类似的|相似的|像这张但是|像这样但是",
        (),
    )])
});

/// Whole questions that ask for a list.
pub(super) static LISTS: LazyLock<Phrases<Listed>> = LazyLock::new(|| {
    Phrases::new([
        (
            "who do you know|list people|list all people|list the people|which people are in my library|which people do you know|which people are there|who is in my library|\
             whom do you know|everyone you know|all the people you know|wen kennst du|welche personen kennst du|welche personen gibt es|qui connais tu|\
             quelles personnes|a quién conoces|qué personas hay|你认识谁|有哪些人",
            Listed::People,
        ),
        (
            "which pets|what pets|which animals do we have as pets|what animals do we have as pets|which animals do we keep as pets|what animals do we keep as pets|\
             which animals have we got as pets|which animals are our pets|what animals are our pets|which of our animals are pets|what kind of pets do we have|what sort of pets do we have|\
             welche tiere haben wir als haustiere|welche tiere halten wir|welche tiere gehören uns|welche tiere leben bei uns|quels animaux avons nous|quels animaux vivent chez nous|\
             qué animales tenemos|qué animales viven con nosotros|我们养了哪些动物|我们养了哪些宠物|我们有哪些宠物|list pets|list all pets|list my pets|list our pets|name our pets|names of our pets|names of my pets|names of the pets|what are our pets called|\
             what are the names of our pets|who are our pets|do we have pets|do we have any pets|welche haustiere|wie heißen unsere haustiere|wie heissen unsere haustiere|haben wir haustiere|\
             quels animaux de compagnie|comment s'appellent nos animaux|qué mascotas|cómo se llaman nuestras mascotas|tenemos mascotas|有哪些宠物|宠物叫什么",
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
            "list places|list all places|list my places|which places are there|list cities|list all cities|welche orte gibt es|有哪些地方",
            Listed::Places,
        ),
        (
            "list countries|list all countries|list the countries|list all the countries|all countries we have been to|all the countries we have been to|\
             all countries we have visited|all the countries we have visited|which countries are there|welche länder gibt es|liste des pays|有哪些国家",
            Listed::Countries,
        ),
        (
            "list cameras|list all cameras|list my cameras|which cameras are there|which cameras do i have|what cameras do i have|welche kameras gibt es|有哪些相机",
            Listed::Cameras,
        ),
    ])
});

/// Thanks and praise.
pub(super) static THANKS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "thanks|thank you|thank you very much|thank you so much|thanks a lot|many thanks|ok thanks|okay thanks|great thanks|great thank you|great|cool|nice|perfect|\
         danke|danke schön|dankeschön|vielen dank|besten dank|super danke|super|perfekt|toll|merci|merci beaucoup|merci bien|parfait|super merci|\
         gracias|muchas gracias|perfecto|genial|谢谢|谢谢你|多谢|太好了",
        (),
    )])
});

/// What a question for a fact begins with: "what is …", as one asks a dictionary.
pub(super) static FACTS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "what is|what's|what are|how is|how's|how are|how do|how does|how can|who is|who was|why|was ist|was sind|wie ist|wie wird|wie macht man|wie geht|\
         wer ist|wer war|warum|wieso|qu'est ce que|qu'est ce qu'est|quel est|quelle est|quels sont|quelles sont|comment|pourquoi|qui est|\
         qué es|qué son|cuál es|cuáles son|cómo|por qué|quién es|什么是|为什么|怎么|谁是",
        (),
    )])
});

/// Whole questions that ask for no media.
pub(super) static CHAT: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "hello|hi|hey|hello there|hi there|good morning|good evening|\
         what can you do|what can i ask|what can i ask you|help|who are you|how are you|how does this work|hallo|guten morgen|guten tag|guten abend|wie geht's|wie geht es dir|\
         was kannst du|hilfe|bonjour|bonsoir|salut|ça va|comment ça va|que sais tu faire|aide|hola|hola qué tal|cómo estás|buenos días|buenas tardes|buenas noches|qué puedes hacer|ayuda|\
         你好|你能做什么|帮助",
        (),
    )])
});
