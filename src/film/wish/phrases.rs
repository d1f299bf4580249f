//! What is said of films: phrases, folded, and what they mean.

use crate::film::storyboard::{Format, Mood, Pace};

/// What a phrase means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    Format(Format),
    Pace(Pace),
    Mood(Mood),
    NoCaptions,
    NoMusic,
    Life,
    First,
    Last,
    /// No picture in particular: a film shows the best of what it is of anyway.
    Everything,
    /// Nothing is meant but the language.
    German,
}

/// The longest phrase that fits counts.
pub(super) const PHRASES: &[(&str, Meaning)] = &[
    (
        "vertical|upright|portrait format|in portrait|for the phone|for my phone|for a phone|for phones|vertical for the phone|9:16|\
         hochkant|hochformat|im hochformat|furs handy|fur das handy|vertikal|pour le telephone|para el movil",
        Meaning::Format(Format::Tall),
    ),
    ("square|1:1|quadratisch|quadratischen|quadratisches|carre|cuadrado", Meaning::Format(Format::Square)),
    (
        "widescreen|landscape format|for the tv|16:9|querformat|im querformat|fur den fernseher",
        Meaning::Format(Format::Wide),
    ),
    (
        "calm|slow|slowly|unhurried|relaxed|ruhig|ruhigen|ruhiger|ruhiges|langsam|langsamen|gemachlich|lent|calme|lento|tranquilo",
        Meaning::Pace(Pace::Calm),
    ),
    (
        "lively|fast|quick|snappy|fast-paced|fast paced|schnell|schnellen|schnelles|flott|flotten|rapide|rapido",
        Meaning::Pace(Pace::Lively),
    ),
    (
        "gentle|gently|soft|tender|warm|sanft|sanften|sanftes|zart|zarten|liebevoll|doux|douce|suave",
        Meaning::Mood(Mood::Gentle),
    ),
    (
        "happy|cheerful|joyful|bright|playful|fun|funny|froh|frohlich|frohlichen|frohliches|heiter|lustig|lustigen|lustiges|joyeux|alegre",
        Meaning::Mood(Mood::Happy),
    ),
    (
        "nostalgic|sentimental|wistful|melancholic|nostalgisch|nostalgischen|wehmutig|nostalgique|nostalgico",
        Meaning::Mood(Mood::Nostalgic),
    ),
    ("epic|grand|cinematic|majestic|episch|epischen|episches|grandios|epique|epico", Meaning::Mood(Mood::Epic)),
    (
        "energetic|upbeat|exciting|action|energiegeladen|mitreissend|mitreissenden|schwungvoll|schwungvollen|energique|energico",
        Meaning::Mood(Mood::Energetic),
    ),
    (
        "without captions|no captions|without text|no text|without titles|without words|ohne text|ohne texte|ohne untertitel|ohne beschriftung|\
         ohne bildunterschriften|sans texte|sin texto",
        Meaning::NoCaptions,
    ),
    ("without music|no music|silent|ohne musik|keine musik|stumm|sans musique|sin musica", Meaning::NoMusic),
    (
        "life|the life|lifetime|through the years|over the years|all through the years|growing up|leben|das leben|lebens|uber die jahre|\
         durch die jahre|im lauf der jahre|la vie|la vida",
        Meaning::Life,
    ),
    (
        "start with|starting with|begin with|beginning with|open with|beginne mit|fang an mit|anfangen mit|beginnend mit|commence par",
        Meaning::First,
    ),
    (
        "end with|ending with|finish with|close with|ende mit|am ende|zum schluss|endend mit|schluss mit|finis par|termina con",
        Meaning::Last,
    ),
    (
        "best moments|our best moments|finest moments|beautiful moments|most beautiful moments|special moments|highlights|highlight reel|\
         the highlights of|highlights of|the best of|best of|the best moments of|best moments of|the best|\
         our family|my family|the family|the whole family|all of us|us all|everybody|everyone|family life|\
         schonste momente|schonsten momente|unsere schonsten momente|unserer schonsten momente|beste momente|besten momente|hohepunkte|hohepunkte von|das beste|das beste von|das beste aus|\
         unsere familie|unserer familie|meine familie|meiner familie|uns allen|wir alle|alle zusammen|\
         meilleurs moments|nos meilleurs moments|plus beaux moments|notre famille|ma famille|nous tous|\
         mejores momentos|nuestros mejores momentos|nuestra familia|mi familia|todos nosotros",
        Meaning::Everything,
    ),
    ("mach|mache|erstelle|einen film|ein video|film uber|film von|aus", Meaning::German),
];
