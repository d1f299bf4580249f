//! Reads what is to be done with media: make an album or a film, add keywords, write a description.
//!
//! Names, keywords and descriptions are taken verbatim as the user wrote them and are read no further; the rest of the
//! sentence says which media are meant. What no tool does ("delete", "print") is recognised so that it can be said.

use std::ops::Range;
use std::sync::LazyLock;

use super::phrases::Phrases;
use super::reading::{Action, Role};
use super::sentence::Sentence;
use super::tokens::is_cjk;

static MAKE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "make|make me|create|create me|build|build me|start|new|put|add|collect|compile|generate|produce|save|gather|group|set up|cut|edit|turn|\
         erstelle|erstell|erstelle mir|mach|mache|mach mir|leg|lege|leg mir|baue|bau|füge|pack|packe|speichere|neues|schneide|produziere|\
         crée|créer|crée moi|créez|fais|fais moi|faites|faire|mets|mettre|mettez|ajoute|range|nouvel|\
         crea|créame|crear|haz|hazme|hacer|pon|poner|mete|añade|agrega|guarda|monta|nuevo|\
         创建|新建|做|制作|建立|建|生成|把|放|做一个|剪辑",
        (),
    )])
});

static ALBUM: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "album|photo album|picture album|an album|a new album|fotoalbum|álbum|álbum de fotos|album photo|album photos|相册|影集",
        (),
    )])
});

static FILM: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "film|movie|video|clip|slideshow|slide show|short film|highlight reel|montage|highlights video|video clip|diashow|filmchen|kurzfilm|videoclip|\
         vidéo|diaporama|película|vídeo|presentación de diapositivas|视频|影片|短片|电影|幻灯片",
        (),
    )])
});

static CALLED: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "called|named|titled|entitled|with the name|with the title|by the name of|name it|call it|title it|namens|mit dem namen|mit dem titel|genannt|nenn es|nenne es|\
         das heißt|appelé|appelée|nommé|nommée|intitulé|intitulée|qui s'appelle|llamado|llamada|titulado|titulada|con el nombre|con el título|que se llame|\
         叫做|叫|名为|名叫|命名为|标题为",
        (),
    )])
});

/// Words that end a name that is not quoted.
static NAME_ENDS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "from|with|out of|of|containing|using|for all|for the|for every|for my|for our|that has|which has|and add|and put|including|based on|about|\
         aus|mit|von|vom|für alle|avec|à partir|des|de toutes|pour|con|de|del|para|a partir|de todas|with all|\
         用|从|包含",
        (),
    )])
});

static TAG_NOUNS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "the keyword|the keywords|keyword|keywords|the tag|the tags|a tag|tag|tags|the label|label|labels|a keyword|stichwort|das stichwort|\
         die stichwörter|stichwörter|dem stichwort|den stichwörtern|das schlagwort|schlagwort|schlagwörter|die schlagwörter|schlagwörtern|\
         mot clé|le mot clé|mots clés|les mots clés|l'étiquette|étiquette|étiquettes|la etiqueta|etiqueta|las etiquetas|etiquetas|palabra clave|\
         la palabra clave|palabras clave|标签|关键词|关键字",
        (),
    )])
});

static TAG_VERBS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "tag|label|mark|keyword|verschlagworte|markiere|markier|tagge|beschrifte|étiquette|étiquetez|marque|tague|taguer|etiqueta|etiquetar|marca|标记|给",
        (),
    )])
});

static WITH_AS: LazyLock<Phrases<()>> =
    LazyLock::new(|| Phrases::new([("with|as|mit|als|avec|comme|con|como|为|成|加上", ())]));

static GIVE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "give|add|assign|apply|attach|put|set|gib|füge|setze|vergib|hänge|donne|ajoute|mets|attribue|da|dale|ponle|añade|agrega|pon|asigna|加|添加|加上|打上",
        (),
    )])
});

static DESCRIPTION_NOUNS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "description|caption|note|comment|the description|the caption|beschreibung|bildunterschrift|notiz|kommentar|la description|légende|\
         descripción|la descripción|leyenda|nota|pie de foto|描述|说明|备注|注释",
        (),
    )])
});

static DESCRIBE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([("describe|caption|annotate|beschreibe|beschreib|décris|légende|describe|描述", ())])
});

static UNSUPPORTED: LazyLock<Phrases<&'static str>> = LazyLock::new(|| {
    Phrases::new([
        (
            "delete|remove|erase|trash|get rid of|throw away|lösche|lösch|entferne|supprime|supprimer|efface|borra|elimina|删除|删掉",
            "delete",
        ),
        (
            "share|send|email|mail|post|upload|teile|schicke|schick|sende|partage|envoie|comparte|envía|分享|发送",
            "share",
        ),
        ("print|drucke|druck|imprime|imprimer|打印", "print"),
        ("rotate|crop|enhance|drehe|recadre|rota|recorta|旋转|裁剪", "edit"),
        (
            "rename|move|copy|benenne|verschiebe|kopiere|renomme|déplace|copie|renombra|mueve|copia|重命名|移动|复制",
            "move",
        ),
    ])
});

/// Reads an action and accounts for the words that say it.
pub fn read(s: &mut Sentence) -> Option<Action> {
    skip_lead_in(s);
    annotate(s)
        .or_else(|| add_tags(s))
        .or_else(|| create_album(s))
        .or_else(|| create_film(s))
        .or_else(|| unsupported(s))
}

/// "Please", "can you", "I'd like you to".
fn skip_lead_in(s: &mut Sentence) {
    static LEAD_IN: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([(
            "please|pls|can you|could you|would you|can you please|could you please|i want you to|i'd like you to|i would like you to|let's|now|and|then|\
             bitte|kannst du|könntest du|kannst du bitte|jetzt|und|s'il te plaît|s'il vous plaît|peux tu|pourrais tu|maintenant|et|por favor|puedes|podrías|ahora|y|\
             请|请你|帮我|请帮我|能不能",
            (),
        )])
    });
    let mut at = 0;
    while let Some((length, ())) = LEAD_IN.at(s.tokens(), at) {
        s.skip(at..at + length);
        at += length;
    }
}

/// First word that is not filler.
fn start(s: &Sentence) -> usize {
    s.claims.iter().position(|claim| *claim == super::sentence::Claim::Free).unwrap_or(0)
}

/// The words within the first quotation that is still free: its number and their range.
fn quoted(s: &Sentence) -> Option<(usize, Range<usize>)> {
    (0..s.text.quotes.len()).find_map(|quote| {
        let inside: Vec<usize> =
            (0..s.len()).filter(|at| s.tokens()[*at].quote == Some(quote) && s.free_at(*at)).collect();
        Some((quote, *inside.first()?..inside.last()? + 1))
    })
}

/// The text of a quotation, verbatim.
fn quote_text(s: &Sentence, quote: usize) -> String {
    s.text.source[s.text.quotes[quote].clone()].trim().to_owned()
}

fn create_album(s: &mut Sentence) -> Option<Action> {
    let (at, length, ()) = ALBUM.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length))?;
    let begin = start(s);
    let verb = MAKE.at(s.tokens(), begin).map(|(length, ())| length);
    let verb_last =
        (at..s.len()).any(|index| matches!(s.word(index), "an" | "erstellen" | "anlegen" | "machen" | "hinzu"));
    let bare = begin == at && quoted(s).is_some();
    if verb.is_none() && !bare && !verb_last {
        return None;
    }
    let named = name_of(s, at + length);
    let end_of_verb = begin + verb.unwrap_or(0);
    s.skip(begin..end_of_verb);
    let name = named.map(|(range, name)| {
        s.claim(range, Role::Action, format!("album “{name}”"));
        name
    });
    for index in [at.wrapping_sub(1), at.wrapping_sub(2), at.wrapping_sub(3)] {
        if matches!(
            s.word(index),
            "an" | "a"
                | "the"
                | "new"
                | "into"
                | "in"
                | "to"
                | "ein"
                | "neues"
                | "das"
                | "dem"
                | "un"
                | "une"
                | "nouvel"
                | "l"
                | "dans"
                | "nuevo"
                | "el"
                | "al"
                | "zum"
                | "zu"
        ) {
            s.skip(index..index + 1);
        }
    }
    s.claim(at..at + length, Role::Action, "make an album");
    for index in at..s.len() {
        if matches!(s.word(index), "an" | "erstellen" | "anlegen" | "machen" | "hinzu" | "里" | "中")
            && s.free_at(index)
            && (index + 1 == s.len() || index == at + length)
        {
            s.skip(index..index + 1);
        }
    }
    Some(Action::CreateAlbum { name })
}

/// The name after "called", in quotation marks, or right after the noun at the end: its words and text.
fn name_of(s: &Sentence, after_noun: usize) -> Option<(Range<usize>, String)> {
    if let Some((quote, words)) = quoted(s) {
        let name = quote_text(s, quote);
        let called = CALLED.before(s.tokens(), words.start).map_or(0, |(length, ())| length);
        return Some((words.start - called..words.end, name));
    }
    if let Some((at, length, ())) = CALLED.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length)) {
        let end = name_end(s, at + length);
        return (end > at + length).then(|| (at..end, s.written(at + length..end).to_owned()));
    }
    // "… into an album Summer": what is left at the end, if it begins with a capital.
    let colon = s.tokens().get(after_noun).is_some_and(|token| token.mark == Some(':'));
    let capital = s.tokens().get(after_noun).is_some_and(|token| token.capital && (token.mark.is_none() || colon));
    let end = name_end(s, after_noun);
    (capital && end > after_noun).then(|| (after_noun..end, s.written(after_noun..end).to_owned()))
}

/// Where a name that begins at `from` ends: before a preposition that goes on to the media, or at the end.
fn name_end(s: &Sentence, from: usize) -> usize {
    let mut end = from;
    while end < s.len() {
        let token = &s.tokens()[end];
        let boundary = end > from
            && (token.mark.is_some_and(|mark| !matches!(mark, '.' | '&' | '/' | '-' | '–')) || ends_name(s, end));
        if boundary {
            break;
        }
        end += 1;
    }
    end
}

/// "of" and "from" end a name only where the media follow: "Best of 2019" is a name.
fn ends_name(s: &Sentence, at: usize) -> bool {
    let Some((length, ())) = NAME_ENDS.at(s.tokens(), at) else { return false };
    let rest = at + length..s.len();
    let media = rest.clone().any(|index| super::words::MEDIA_NOUNS.is_at(s.tokens(), index));
    let article = matches!(
        s.word(at + length),
        "them"
            | "these"
            | "those"
            | "this"
            | "that"
            | "ihnen"
            | "diesen"
            | "the"
            | "all"
            | "every"
            | "my"
            | "our"
            | "everything"
            | "den"
            | "allen"
            | "meinen"
            | "les"
            | "toutes"
            | "las"
            | "todas"
            | "los"
    );
    media || article
}

fn create_film(s: &mut Sentence) -> Option<Action> {
    let begin = start(s);
    let (verb, ()) = MAKE.at(s.tokens(), begin)?;
    let turned = s.word(begin) == "turn";
    let (at, length, ()) = (begin..s.len())
        .find_map(|at| FILM.at(s.tokens(), at).map(|(length, ())| (at, length, ())))
        .filter(|(at, length, ())| s.is_free(*at..at + length))?;
    let near = turned || at <= begin + verb + 7 || s.language == super::language::Language::Chinese;
    // "Put the videos into …" is about videos; a film is made in the singular.
    if !near || matches!(s.word(begin), "put" | "add" | "pon" | "mets" | "fuge" | "放" | "start" | "new" | "save") {
        return None;
    }
    let seconds = duration(s);
    let title = CALLED
        .find(s.tokens())
        .map(|(called, ..)| called)
        .or_else(|| quoted(s).map(|(_, words)| words.start))
        .and_then(|_| name_of(s, s.len()));
    let title = title.map(|(range, title)| {
        s.claim(range, Role::Action, format!("titled “{title}”"));
        title
    });
    s.skip(begin..begin + verb);
    let mut first = at;
    while first > begin + verb
        && matches!(
            s.word(first - 1),
            "a" | "an"
                | "the"
                | "short"
                | "nice"
                | "little"
                | "into"
                | "ein"
                | "einen"
                | "eine"
                | "kurzen"
                | "kurzes"
                | "schonen"
                | "un"
                | "une"
                | "petit"
                | "petite"
                | "pequeno"
                | "corto"
                | "me"
                | "mir"
                | "一"
                | "个"
                | "long"
                | "second"
                | "minute"
        )
        && s.free_at(first - 1)
    {
        first -= 1;
    }
    s.claim(first..at + length, Role::Action, "make a film");
    for phrase in [&["out", "of"][..], &["aus"], &["from"], &["about"], &["a", "partir", "de"], &["成"]] {
        let end = at + length + phrase.len();
        if (at + length..end.min(s.len())).map(|index| s.word(index)).eq(phrase.iter().copied()) && end <= s.len() {
            s.skip(at + length..end);
        }
    }
    Some(Action::CreateFilm { title, seconds })
}

/// "30 seconds", "two-minute", "1 Minute": the length of a film.
fn duration(s: &mut Sentence) -> Option<u32> {
    for at in 0..s.len() {
        let count: Option<u32> = s.word(at).parse().ok().or_else(|| match s.word(at) {
            "one" | "a" | "eine" | "une" | "un" => Some(1),
            "two" | "zwei" | "deux" | "dos" => Some(2),
            "three" | "drei" | "trois" | "tres" => Some(3),
            "thirty" => Some(30),
            "sixty" => Some(60),
            _ => None,
        });
        let factor = match s.word(at + 1) {
            "second" | "seconds" | "sec" | "sekunden" | "sekunde" | "secondes" | "seconde" | "segundos" | "秒" => 1,
            "minute" | "minutes" | "min" | "minuten" | "minutos" | "minuto" | "分" => 60,
            _ => continue,
        };
        if let Some(count) = count.filter(|count| (1..=3600).contains(count)) {
            let tail = usize::from(matches!(s.word(at + 2), "long" | "lang" | "钟"));
            s.skip(at..at + 2 + tail);
            return Some(count * factor);
        }
    }
    None
}

fn add_tags(s: &mut Sentence) -> Option<Action> {
    let begin = start(s);
    let words = tag_words(s, begin)?;
    let tags = split_tags(s, words.clone());
    if tags.is_empty() {
        return None;
    }
    s.claim(words, Role::Action, format!("add keyword {}", tags.join(", ")));
    Some(Action::AddTags { tags })
}

/// The words that are the keywords, with what introduces them claimed as filler.
fn tag_words(s: &mut Sentence, begin: usize) -> Option<Range<usize>> {
    // "give the zoo photos the keyword animals", "add the tags a, b to all photos of …"
    let give = GIVE.at(s.tokens(), begin).map(|(length, ())| length);
    let verb = TAG_VERBS.at(s.tokens(), begin).map(|(length, ())| length);
    let noun = (begin..s.len())
        .filter_map(|at| TAG_NOUNS.at(s.tokens(), at).map(|(length, ())| (at, length)))
        .find(|(at, _)| *at > begin || verb.is_none());
    if let (Some(give), Some((at, length))) = (give.or(verb), noun) {
        let mut first = at + length;
        first += usize::from(matches!(s.word(first), "of" | "named" | "called" | "namens" | "de" | "为"));
        let end = tags_end(s, first);
        if end > first {
            s.skip(begin..begin + give);
            let mut from = at;
            while from > begin + give
                && matches!(
                    s.word(from - 1),
                    "the"
                        | "with"
                        | "as"
                        | "mit"
                        | "le"
                        | "la"
                        | "el"
                        | "avec"
                        | "con"
                        | "als"
                        | "dem"
                        | "den"
                        | "das"
                        | "die"
                )
            {
                from -= 1;
            }
            s.skip(from..first);
            if matches!(s.word(end), "to" | "zu" | "hinzu" | "a" | "aux") && s.free_at(end) {
                s.skip(end..end + 1);
            }
            return Some(first..end);
        }
    }
    // "tag these with 'x' and 'y'", "mark … as favourite"
    let verb = verb.filter(|_| s.len() > begin + 1)?;
    let with = (begin + verb..s.len()).rev().find(|at| WITH_AS.is_at(s.tokens(), *at) && s.free_at(*at))?;
    let (length, ()) = WITH_AS.at(s.tokens(), with)?;
    let quoted_first = quoted(s).map(|(_, words)| words.start);
    let with =
        quoted_first.and_then(|first| (begin..first).rev().find(|at| WITH_AS.is_at(s.tokens(), *at))).unwrap_or(with);
    let first = with + length;
    let end = tags_end(s, first);
    (end > first).then(|| {
        s.skip(begin..begin + verb);
        s.skip(with..first);
        first..end
    })
}

/// Where a list of keywords ends: past the last quotation, or before "to", or at the end.
fn tags_end(s: &Sentence, first: usize) -> usize {
    let quoted_here = s.tokens().get(first).is_some_and(|token| token.quote.is_some());
    let mut end = first;
    while end < s.len() {
        let token = &s.tokens()[end];
        let joint = matches!(token.fold.as_str(), "and" | "&" | "und" | "et" | "y" | "e" | "和");
        if quoted_here && token.quote.is_none() && !joint {
            break;
        }
        if !quoted_here
            && end > first
            && (matches!(
                token.fold.as_str(),
                "to" | "for" | "zu" | "hinzu" | "a" | "aux" | "fur" | "para" | "pour" | "on" | "please" | "bitte"
            ) || token.mark.is_some_and(|mark| matches!(mark, '.' | ';' | '?' | '!' | '(')))
        {
            break;
        }
        end += 1;
    }
    while end > first && matches!(s.word(end - 1), "and" | "und" | "et" | "y" | "和") {
        end -= 1;
    }
    end
}

fn split_tags(s: &Sentence, words: Range<usize>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let mut from = words.start;
    let mut flush = |range: Range<usize>| {
        if range.start < range.end {
            let text = s.written(range.clone());
            let quote = s.tokens()[range.start].quote;
            tags.push(quote.map_or_else(|| text.to_owned(), |quote| quote_text(s, quote)));
        }
    };
    for at in words.clone() {
        let token = &s.tokens()[at];
        let joint = matches!(token.fold.as_str(), "and" | "&" | "und" | "et" | "y" | "和") && token.quote.is_none();
        let apart = at > from
            && (token.mark.is_some_and(|mark| matches!(mark, ',' | '、' | ';')) && token.quote.is_none()
                || token.quote != s.tokens()[at - 1].quote);
        if joint || apart {
            flush(from..at);
            from = if joint { at + 1 } else { at };
        }
    }
    flush(from..words.end);
    tags.retain(|tag| !tag.is_empty());
    tags.dedup();
    tags
}

fn annotate(s: &mut Sentence) -> Option<Action> {
    let (quote, words) = quoted(s)?;
    let noun = DESCRIPTION_NOUNS
        .find(s.tokens())
        .filter(|(at, length, ())| s.is_free(*at..at + length) && s.tokens()[*at].quote.is_none());
    let begin = start(s);
    let verb = DESCRIBE.at(s.tokens(), begin).map(|(length, ())| length);
    if noun.is_none() && verb.is_none() {
        return None;
    }
    let description = quote_text(s, quote);
    if let Some((at, length, ())) = noun {
        let mut first = at;
        while first > 0
            && matches!(
                s.word(first - 1),
                "as" | "the" | "a" | "an" | "to" | "als" | "die" | "der" | "comme" | "la" | "le" | "como" | "una"
            )
            && s.free_at(first - 1)
        {
            first -= 1;
        }
        let tail =
            usize::from(matches!(s.word(at + length), "of" | "for" | "to" | "von" | "fur" | "de" | "para" | "pour"));
        s.skip(first..at + length + tail);
    }
    let opener = if verb.is_some() {
        verb.unwrap_or(1)
    } else {
        usize::from(begin < words.start && is_writing_verb(s.word(begin)))
    };
    s.skip(begin..begin + opener);
    if let Some(before) = words.start.checked_sub(1)
        && WITH_AS.is_at(s.tokens(), before)
    {
        s.skip(before..before + 1);
    }
    s.claim(words, Role::Action, format!("describe as “{description}”"));
    Some(Action::Annotate { description })
}

fn is_writing_verb(word: &str) -> bool {
    matches!(
        word,
        "write"
            | "add"
            | "set"
            | "put"
            | "use"
            | "save"
            | "give"
            | "note"
            | "store"
            | "enter"
            | "schreib"
            | "schreibe"
            | "setze"
            | "fuge"
            | "ecris"
            | "ecrire"
            | "ajoute"
            | "mets"
            | "escribe"
            | "pon"
            | "anade"
            | "写"
            | "添加"
            | "attach"
            | "insert"
            | "type"
    )
}

fn unsupported(s: &mut Sentence) -> Option<Action> {
    let begin = start(s);
    let (length, verb) = UNSUPPORTED.at(s.tokens(), begin).map(|(length, verb)| (length, *verb))?;
    let object = s.word(begin + length);
    let cjk = object.chars().any(is_cjk);
    let imperative = cjk
        || matches!(
            object,
            "the"
                | "all"
                | "every"
                | "these"
                | "those"
                | "this"
                | "them"
                | "my"
                | "our"
                | "it"
                | "any"
                | "die"
                | "alle"
                | "das"
                | "diese"
                | "les"
                | "toutes"
                | "cette"
                | "las"
                | "los"
                | "todas"
                | "estas"
                | "duplicates"
                | "blurry"
                | "photos"
                | "pictures"
        );
    imperative.then(|| {
        s.claim(begin..begin + length, Role::Action, verb);
        Action::Unsupported { verb: verb.to_owned() }
    })
}
