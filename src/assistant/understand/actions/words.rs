//! The words of doing: make, album, film, called, tag, describe; in five languages.
//!
//! Only the words; what they ask for is decided by the files beside.

use std::sync::LazyLock;

use super::super::phrases::Phrases;

/// Verbs of making.
pub(super) static MAKE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "make|make me|create|create me|build|build me|start|new|put|add|collect|compile|generate|produce|save|gather|group|set up|cut|edit|turn|\
         erstelle|erstell|erstelle mir|mach|mache|mach mir|leg|lege|leg mir|baue|bau|füge|pack|packe|speichere|neues|schneide|produziere|\
         crée|créer|crée moi|créez|fais|fais moi|faites|faire|mets|mettre|mettez|ajoute|range|nouvel|\
         crea|créame|crear|haz|hazme|hacer|pon|poner|mete|añade|agrega|guarda|monta|nuevo|\
         创建|新建|做|制作|建立|建|生成|把|放|做一个|剪辑",
        (),
    )])
});

/// Verbs of keeping: what fits later belongs, too.
pub(super) static KEEP: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "keep|keep me|maintain|keep up|führe|führ|halte|pflege|garde|gardez|tiens|maintiens|mantén|manten|lleva|保持|维护",
        (),
    )])
});

/// What stands before an album that keeps itself.
pub(super) static SMART: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "smart|live|automatic|dynamic|self updating|auto updating|intelligentes|automatisches|lebendes|dynamisches|intelligent|automatique|\
         dynamique|inteligente|automático|dinámico|智能|自动",
        (),
    )])
});

/// Nouns for an album.
pub(super) static ALBUM: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "album|photo album|picture album|an album|a new album|fotoalbum|álbum|álbum de fotos|album photo|album photos|新相册|新的相册|一个新相册|相册|相簿|影集",
        (),
    )])
});

/// Nouns for a film.
pub(super) static FILM: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "film|movie|video|clip|slideshow|slide show|short film|highlight reel|montage|highlights video|video clip|diashow|filmchen|kurzfilm|videoclip|\
         vidéo|diaporama|película|vídeo|presentación de diapositivas|视频|影片|短片|电影|幻灯片",
        (),
    )])
});

/// What stands before a name.
pub(super) static CALLED: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "called|named|titled|entitled|with the name|with the title|by the name of|name it|call it|title it|namens|mit dem namen|mit dem titel|genannt|nenn es|nenne es|\
         das heißt|appelé|appelée|nommé|nommée|intitulé|intitulée|qui s'appelle|llamado|llamada|titulado|titulada|con el nombre|con el título|que se llame|\
         叫做|叫|名为|名叫|命名为|标题为",
        (),
    )])
});

/// Words that end a name that is not quoted.
pub(super) static NAME_ENDS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "from|with|out of|of|containing|using|for all|for the|for every|for my|for our|that has|which has|and add|and put|including|based on|about|\
         aus|mit|von|vom|für alle|avec|à partir|des|de toutes|pour|con|de|del|para|a partir|de todas|with all|\
         用|从|包含",
        (),
    )])
});

/// Nouns for a keyword.
pub(super) static TAG_NOUNS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "the keyword|the keywords|keyword|keywords|the tag|the tags|a tag|tag|tags|the label|label|labels|a keyword|stichwort|das stichwort|\
         die stichwörter|stichwörter|dem stichwort|den stichwörtern|das schlagwort|schlagwort|schlagwörter|die schlagwörter|schlagwörtern|\
         mot clé|le mot clé|mots clés|les mots clés|l'étiquette|étiquette|étiquettes|la etiqueta|etiqueta|las etiquetas|etiquetas|palabra clave|\
         la palabra clave|palabras clave|标签|关键词|关键字",
        (),
    )])
});

/// Verbs of tagging.
pub(super) static TAG_VERBS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "tag|label|mark|keyword|verschlagworte|markiere|markier|tagge|beschrifte|étiquette|étiquetez|marque|tague|taguer|etiqueta|etiquetar|marca|标记|给",
        (),
    )])
});

/// What stands before the keywords after such a verb.
pub(super) static WITH_AS: LazyLock<Phrases<()>> =
    LazyLock::new(|| Phrases::new([("with|as|mit|als|avec|comme|con|como|为|成|加上", ())]));

/// Verbs of giving, before a noun for a keyword.
pub(super) static GIVE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "give|add|assign|apply|attach|put|set|gib|füge|setze|vergib|hänge|donne|ajoute|mets|attribue|da|dale|ponle|añade|agrega|pon|asigna|加|添加|加上|打上",
        (),
    )])
});

/// Nouns for a description.
pub(super) static DESCRIPTION_NOUNS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "description|caption|note|comment|the description|the caption|beschreibung|bildunterschrift|notiz|kommentar|la description|légende|\
         descripción|la descripción|leyenda|nota|pie de foto|描述|说明|备注|注释",
        (),
    )])
});

/// Verbs of describing.
pub(super) static DESCRIBE: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([("describe|caption|annotate|beschreibe|beschreib|décris|légende|describe|描述", ())])
});

/// Verbs for what no tool does.
pub(super) static UNSUPPORTED: LazyLock<Phrases<&'static str>> = LazyLock::new(|| {
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
