//! Words for relatives in five languages, each brought to one class.
//!
//! "Opa Otto", "grandpa Otto" and "abuelo Otto" are compared as the same name. A relative of one's relative
//! ("great-grandmother") is another person and never matches.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::tokens::Token;

/// The class of a word for a relative, as it stands in a compared name.
pub type Kin = &'static str;

static KIN: LazyLock<Phrases<Kin>> = LazyLock::new(|| {
    Phrases::new([
        (
            "grandma|grandmother|granny|gran|nan|nana|nanna|grannie|gramma|grandmom|grammy|oma|omi|großmutter|grossmutter|mamie|mémé|mamy|\
             grand mère|grandmère|abuela|abuelita|yaya|奶奶|外婆|姥姥|祖母|外祖母|nonna",
            "grandmother",
        ),
        (
            "grandpa|grandfather|grandad|granddad|gramps|grandpapa|opa|opi|großvater|grossvater|papi|papy|pépé|grand père|\
             grandpère|abuelo|abuelito|爷爷|外公|姥爷|祖父|外祖父|nonno",
            "grandfather",
        ),
        ("mom|mum|mommy|mummy|mama|mother|momma|mutter|mutti|mami|maman|mère|mamá|madre|妈妈|母亲|妈", "mother"),
        ("dad|daddy|papa|father|pop|pops|vater|vati|papi|père|papá|padre|爸爸|父亲|爸", "father"),
        ("aunt|auntie|aunty|tante|tata|tatie|tía|阿姨|姑姑|姨妈|姑妈|舅妈|婶婶", "aunt"),
        ("uncle|onkel|oncle|tonton|tío|叔叔|舅舅|伯伯|伯父|姑父|姨父", "uncle"),
        ("sister|sis|schwester|sœur|soeur|hermana|姐姐|妹妹", "sister"),
        ("brother|bro|bruder|frère|hermano|哥哥|弟弟", "brother"),
        ("cousin|cousine|vetter|kusine|primo|prima|表哥|表弟|表姐|表妹|堂哥|堂弟|堂姐|堂妹", "cousin"),
        ("son|sohn|fils|hijo|儿子", "son"),
        ("daughter|tochter|fille|hija|女儿", "daughter"),
        ("husband|hubby|ehemann|mari|marido|esposo|老公|丈夫", "husband"),
        ("wife|ehefrau|femme|esposa|老婆|妻子", "wife"),
        ("nephew|neffe|neveu|sobrino|侄子|外甥", "nephew"),
        ("niece|nichte|nièce|sobrina|侄女|外甥女", "niece"),
        ("grandson|enkel|petit fils|nieto|孙子", "grandson"),
        ("granddaughter|enkelin|petite fille|nieta|孙女", "granddaughter"),
        ("godmother|patentante|marraine|madrina|教母", "godmother"),
        ("godfather|patenonkel|parrain|padrino|教父", "godfather"),
    ])
});

/// Plural words for several relatives: the classes that they cover.
static KIN_GROUPS: LazyLock<Phrases<&'static [Kin]>> = LazyLock::new(|| {
    Phrases::new([
        (
            "grandparents|großeltern|grosseltern|grands parents|abuelos|祖父母|外祖父母",
            &["grandmother", "grandfather"][..],
        ),
        ("parents|eltern|padres|父母", &["mother", "father"]),
        ("grandmas|grandmothers|omas|abuelas|mamies", &["grandmother"]),
        ("grandpas|grandfathers|opas|papis", &["grandfather"]),
        ("aunts|tanten|tías|tantes", &["aunt"]),
        ("uncles|tíos|oncles", &["uncle"]),
    ])
});

/// Nouns that say what a person is to somebody, written before the name: "our friend Carlos", "the dog Rex".
static RELATION_NOUNS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "friend|best friend|family friend|neighbour|neighbor|colleague|coworker|boss|teacher|girlfriend|boyfriend|partner|\
         fiancé|fiancée|baby|little|big|old|the kids|classmate|roommate|buddy|dog|cat|puppy|kitten|pet|horse|pony|rabbit|hamster|parrot|\
         freund|freundin|nachbar|nachbarin|kollege|kollegin|hund|katze|kater|welpe|ami|amie|voisin|voisine|chien|chienne|\
         chat|amigo|amiga|vecino|vecina|perro|perra|gato|gata|朋友|邻居|同事|狗|猫|小狗|小猫",
        (),
    )])
});

/// Nouns that may follow a pet's or person's name after "the" or "our": "Pip the puppy".
pub const APPOSITIONS: [&str; 44] = [
    "dog",
    "cat",
    "puppy",
    "pup",
    "kitten",
    "kitty",
    "doggy",
    "doggo",
    "hound",
    "horse",
    "pony",
    "rabbit",
    "bunny",
    "hamster",
    "parrot",
    "bird",
    "tortoise",
    "turtle",
    "goldfish",
    "corgi",
    "poodle",
    "retriever",
    "labrador",
    "terrier",
    "shepherd",
    "spaniel",
    "dachshund",
    "beagle",
    "baby",
    "hund",
    "katze",
    "welpe",
    "kater",
    "hundin",
    "pferd",
    "hase",
    "chien",
    "chienne",
    "chat",
    "chatte",
    "perro",
    "perra",
    "gato",
    "gata",
];

/// The class of the relative at word `at`, with its number of words. "great-grandmother" has none.
pub fn at(tokens: &[Token], at: usize) -> Option<(usize, Kin)> {
    let removed = at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|before| {
        matches!(before.fold.as_str(), "great" | "step" | "ur" | "arriere" | "bis" | "half" | "god" | "曾" | "太")
    });
    let (length, kin) = KIN.at(tokens, at)?;
    let in_law = tokens.get(at + length).is_some_and(|next| next.fold == "in" && next.glue == Some('-'));
    (!removed && !in_law).then_some((length, kin))
}

/// Whether the folded word alone is a word for a relative.
pub fn is_relative(word: &str) -> bool {
    KIN.exact(&[word.to_owned()]).is_some()
}

/// The classes of a plural at word `at`, with its number of words.
pub fn group_at(tokens: &[Token], at: usize) -> Option<(usize, &'static [Kin])> {
    KIN_GROUPS.at(tokens, at).map(|(length, kin)| (length, *kin))
}

/// Number of words of a noun of relation that ends just before word `end`.
pub fn relation_before(tokens: &[Token], end: usize) -> Option<usize> {
    RELATION_NOUNS
        .before(tokens, end)
        .map(|(length, ())| length)
        .or_else(|| KIN.before(tokens, end).map(|(length, _)| length))
}

/// The words of a name with relatives brought to their class.
pub fn compared(tokens: &[Token]) -> Vec<String> {
    let mut compared = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        if let Some((length, kin)) = at(tokens, index) {
            compared.push(class(kin));
            index += length;
        } else {
            compared.push(tokens[index].fold.clone());
            index += 1;
        }
    }
    compared
}

/// The compared form of a class of relatives; no word of a question looks like it.
pub fn class(kin: Kin) -> String {
    format!("kin:{kin}")
}
