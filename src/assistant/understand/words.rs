//! Words that carry no content of their own: function words, politeness, and the nouns for media and for occasions.
//!
//! Five languages, compared in folded form. Whether a noun restricts the media is left to the readers.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::language::Language;
use super::phrases::Phrases;
use super::tokens::fold;

/// What a noun for media says of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaNoun {
    /// Photos, pictures.
    Photo,
    /// Videos, clips.
    Video,
    /// Either: "media", "stuff", "everything".
    Any,
}

/// Nouns for media.
pub static MEDIA_NOUNS: LazyLock<Phrases<MediaNoun>> = LazyLock::new(|| {
    Phrases::new([
        (
            "photo|photos|picture|pictures|pic|pics|image|images|photograph|photographs|foto|fotos|shot|shots|snap|snaps|\
             snapshot|snapshots|pix|still|stills|photography|bild|bilder|bildern|bilds|aufnahme|aufnahmen|fotografie|\
             fotografien|schnappschuss|schnappschüsse|image|images|cliché|clichés|imagen|imágenes|fotografía|fotografías|\
             照片|图片|相片|图像|相",
            MediaNoun::Photo,
        ),
        (
            "video|videos|clip|clips|movie|movies|film|films|footage|video clip|video clips|videoclip|videoclips|\
             recordings|filme|filmen|filmaufnahmen|videoaufnahmen|videofilm|vidéo|vidéos|vídeo|vídeos|películas|\
             grabaciones|视频|录像|短片|影片|影像",
            MediaNoun::Video,
        ),
        (
            "media|stuff|things|thing|everything|anything|something|ones|one|results|material|files|items|memories|moments|\
             photos and videos|pictures and videos|photos or videos|videos and photos|pics and vids|alles|\
             erinnerungen|bilder und videos|fotos und videos|photos et vidéos|fotos y videos|fotos y vídeos|tout|todo|\
             照片和视频|所有东西",
            MediaNoun::Any,
        ),
    ])
});

/// Journeys of the person's own, whichever they are.
pub static ALL_JOURNEYS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "our holidays|our vacations|our trips|our travels|our journeys|my holidays|my vacations|my trips|my travels|my journeys|\
         all our holidays|all our vacations|all our trips|all our travels|all of our trips|all my trips|all my holidays|all trips|all holidays|\
         unsere reisen|unseren reisen|unserer reisen|unsere urlaube|unseren urlauben|unserer urlaube|unsere ferien|unseren ferien|unserer ferien|\
         meine reisen|meinen reisen|meiner reisen|meine urlaube|alle reisen|alle urlaube|alle unsere reisen|\
         nos voyages|nos vacances|mes voyages|mes vacances|tous nos voyages|toutes nos vacances|nuestros viajes|nuestras vacaciones|mis viajes|\
         mis vacaciones|todos nuestros viajes|todas nuestras vacaciones|我们的旅行|我们的假期|我的旅行|所有旅行",
        (),
    )])
});

/// Nouns for an occasion or a journey: what an event is called when it is not called by its name.
pub static EVENT_NOUNS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "trip|trips|road trip|roadtrip|road trips|day trip|holiday|holidays|vacation|vacations|vacay|tour|visit|visits|\
         journey|getaway|excursion|outing|break|city break|expedition|adventure|cruise|weekend|week|day|days|afternoon|\
         evening|night|morning|party|parties|celebration|celebrations|event|ceremony|reunion|gathering|meetup|get together|\
         festival|retreat|camp|stay|time|season|game|match|tournament|show|concert|lesson|session|class|workshop|fair|\
         parade|opening|dinner|brunch|lunch|picnic|barbecue|bbq|walk|hike|ride|drive|run|race|\
         reise|ausflug|urlaub|ferien|rundreise|tag|woche|wochenende|nachmittag|abend|feier|fest|party|besuch|tour|\
         wanderung|fahrt|spaziergang|\
         voyage|vacances|excursion|sortie|journée|semaine|week end|fête|soirée|visite|séjour|balade|randonnée|\
         viaje|vacaciones|excursión|caminata|senderismo|día|semana|fin de semana|fiesta|tarde|celebración|visita|paseo|escapada|\
         旅行|之旅|旅游|度假|聚会|派对|假期|周末|那天|一天|之行|庆祝|活动",
        (),
    )])
});

/// Nouns that name a kind of occasion: naming one alone means the events of that kind.
pub static OCCASIONS: LazyLock<Phrases<&'static str>> = LazyLock::new(|| {
    Phrases::new([
        (
            "birthday|birthdays|birthday party|birthday parties|bday|b day|geburtstag|geburtstage|geburtstagen|\
             geburtstagsfeier|geburtstagsparty|anniversaire|anniversaires|cumpleaños|生日|生日会|生日派对",
            "birthday",
        ),
        (
            "wedding|weddings|marriage|nuptials|getting married|got married|get married|tie the knot|tied the knot|geheiratet|heiraten|heirateten|heiratete|se casó|se casaron|casarse|se sont mariés|mariés|se sont mariées|s'est marié|s'est mariée|se marier|hochzeit|hochzeiten|hochzeitsfeier|mariage|mariages|noces|boda|bodas|\
             casamiento|婚礼|结婚",
            "wedding",
        ),
        ("wedding anniversary|anniversary|hochzeitstag|jubiläum|anniversaire de mariage|aniversario", "anniversary"),
        (
            "graduation|graduations|graduated|graduating|commencement|abschlussfeier|abschluss|remise des diplômes|graduación|毕业典礼|毕业",
            "graduation",
        ),
        ("christening|baptism|taufe|baptême|bautizo|洗礼", "christening"),
        (
            "conference|conferences|congress|convention|summit|konferenz|kongress|tagung|conférence|congrès|conferencia|congreso|会议",
            "conference",
        ),
        ("funeral|funerals|beerdigung|beisetzung|enterrement|funérailles|funeral|葬礼", "funeral"),
        ("baby shower|babyparty", "baby shower"),
        ("engagement|engagement party|verlobung|fiançailles|pedida|订婚", "engagement"),
        ("housewarming|housewarming party|einweihung|crémaillère", "housewarming"),
        ("hen party|stag party|bachelor party|bachelorette|stag do|hen do|junggesellenabschied", "bachelor party"),
        (
            "family reunion|reunion|reunions|familientreffen|klassentreffen|réunion de famille|reunión familiar|家庭聚会",
            "reunion",
        ),
        ("concert|concerts|gig|konzert|konzerte|concert|concierto|conciertos|演唱会|音乐会", "concert"),
        ("festival|festivals|music festival|open air", "festival"),
        ("bar mitzvah|bat mitzvah", "bar mitzvah"),
        ("prom|prom night|abschlussball|abiball|bal de promo", "prom"),
        ("sports day|school sports day|sportfest|bundesjugendspiele|journée sportive|运动会", "sports day"),
        ("first day of school|einschulung|rentrée|rentrée scolaire|primer día de clase|开学", "first day of school"),
        ("marathon|half marathon|maratón|马拉松", "marathon"),
        ("retirement|retirement party|ruhestand|pensionierung|pot de départ|jubilación|退休", "retirement"),
        ("communion|first communion|kommunion|erstkommunion|konfirmation|confirmation|comunión", "communion"),
        ("safari|safaris", "safari"),
        ("honeymoon|flitterwochen|hochzeitsreise|lune de miel|voyage de noces|luna de miel|蜜月", "honeymoon"),
        ("zoo|tierpark|zoologischer garten|动物园", "zoo"),
        ("camping trip|camping|zelten|露营", "camping"),
        ("exhibition|vernissage|ausstellung|exposición|展览", "exhibition"),
        ("move|moving day|umzug|déménagement|mudanza|搬家", "move"),
    ])
});

/// Function words and general verbs of asking, by language; they never count as content on their own.
const STOP_WORDS: [(Language, &str); 5] = [
    (
        Language::English,
        "a an the this that these those of in on at to from for with by about into onto as is are was were be been am \
         do does did done doing have has had having i me my mine we us our ours you your yours he him his she her \
         hers it its they them their theirs and or but so then than also too please pls plz kindly thanks thank hey \
         hi hello ok okay well just only all any some every each both either no not nor none there here what which \
         who whom whose when where why how can could would should will shall may might must let lets get got give \
         find show see look search display bring pull open list view want wanna need like love id ill ive im youre \
         theyre theres whats wheres whos whens dont doesnt didnt isnt arent wasnt havent hasnt cant couldnt wont if \
         because while during up out more most again really very quite maybe perhaps actually basically such ever \
         never now taken took take takes taking shot shoot made make makes making appear appears appearing appeared \
         contain contains containing feature features featuring featured depict depicts depicting depicted showing \
         shows shown include includes including involving around near within via per lol haha mean something anything \
         everything thats s came come comes went go goes going gone saw seen visited visit stayed own many much few \
         lot lots other others whole time times ones total altogether overall w else use used everyone everybody photographed filmed captured pictured \
         snapped im thats hes shes weve youve got ours wherever whichever whose round",
    ),
    (
        Language::German,
        "der die das den dem des ein eine einen einem einer eines und oder aber mit von vom aus im am zum zur bei auf \
         fur in an zu zeig zeige zeigt zeigen mir mich uns wir ich du ihr sie er es man alle alles allen aller jede \
         jedes jeden bitte mal doch denn kannst konntest finde finden such suche suchen gib gibt sind ist war waren \
         wird wurde wurden kommt kommen vorkommt vorkommen haben hat habe hatte hatten sein meine mein meinen meiner meinem unser unsere unserer \
         unserem unseren unseres dein deine sich nicht kein keine keinen nur auch noch schon jetzt hier dort da wo \
         wann wer wen wem wessen welche welcher welches welchen welchem wie viele viel was warum als wenn ob uber \
         unter um dass diese dieser dieses diesen diesem jene jener gemacht aufgenommen geschossen sehen gesehen \
         dabei drauf darauf davon mag mochte will wollen gerne gern hallo danke so dann ganz etwas einige paar ihrem \
         ihren seine seinen fotografiert gefilmt hab hast hattest hatten gehabt jemals je irgendwann geknipst knipsen knipste halt eben eigentlich \
         sowieso verschiedene verschiedenen verschiedener",
    ),
    (
        Language::French,
        "le la les l un une des du de d et ou mais avec dans en sur au aux chez pour par a ce cet cette ces mon ma \
         mes notre nos votre vos ton ta tes son sa ses leur leurs je j tu il elle on nous vous ils elles me m te t se \
         s y qui que qu quoi quel quelle quels quelles quand comment combien pourquoi est sont etait etaient ete ai \
         as avons avez ont avait ne n pas plus tout toute tous toutes montre montrez montrer moi cherche trouve donne \
         voir veux voudrais aimerais peux pouvez s'il plait stp svp merci bonjour prises prise pris prendre faites \
         fait c'est cest ya photographié photographiée filmé sommes étions étiez fois vu vus vues comme jamais déjà différents différentes",
    ),
    (
        Language::Spanish,
        "la el los las una unos unas y o pero con del al por para mi mis nuestro nuestra nuestros nuestras tu tus su \
         sus yo nosotros ella ellos ellas se lo le les me nos que quien quienes cual cuales cuando donde como cuanto \
         cuantos cuanta cuantas es son fue fueron era eran ser estar esta estan estaba hay he ha hemos han habia no \
         si ya muy mas todo toda todos todas muestrame muestra mostrar ensename ensena dame busca buscar encuentra \
         encontrar ver quiero quisiera puedes podrias favor gracias hola este estos estas ese esa esos esas aquel \
         tomadas tomada hechas hecha tome hicimos sacamos tengo tenemos salen sale aparecen aparece fotografiado \
         fotografiada estuvimos estábamos fuimos vimos vez veces hice hicieron jamás alguna distintos distintas diferentes",
    ),
    (
        Language::Chinese,
        "的 了 是 在 有 我 你 他 她 它 们 和 与 或 吗 呢 啊 请 给 看 找 把 被 从 到 这 那 里 都 个 张 些 对 也 就 还 想 要 会 能 出 中 拍 所 全 部 各 种 显 示 哪 几 什 么 \
         谁 时 候 多 少 所有",
    ),
];

static STOP_SETS: LazyLock<HashMap<Language, HashSet<String>>> = LazyLock::new(|| {
    let set = |words: &str| words.split_whitespace().map(|word| fold(word).replace('\'', "")).collect();
    STOP_WORDS.iter().map(|(language, words)| (*language, set(words))).collect()
});

/// Whether the folded word is a function word or a general verb of asking in any language.
pub fn is_stop_word(word: &str) -> bool {
    STOP_SETS.values().any(|set| set.contains(word))
}

/// Whether the folded word is one in this language.
pub fn is_stop_word_of(language: Language, word: &str) -> bool {
    STOP_SETS.get(&language).is_some_and(|set| set.contains(word))
}

/// Prepositions that place something in time or space, articles and possessives: what stands before a name.
pub fn is_link(word: &str) -> bool {
    const LINKS: &str = " a an the this that these those of in on at to from for with by about any some my our your his her their its \
        der die das den dem des ein eine einen einem einer von vom aus im am zum zur bei auf fur mein meine meiner meinem unser unsere \
        unserer unserem le la les l un une des du de d en sur au aux chez dans mon ma mes notre nos ce cette el los las del al mi mis \
        nuestro nuestra nuestros nuestras con avec mit it them where ones one taken shot made \
        在 的 里 从 我 们 有 ";
    LINKS.contains(&format!(" {word} "))
}
