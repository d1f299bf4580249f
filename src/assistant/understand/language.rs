//! Tells which language a question is in, by its script and its function words.
//!
//! A question without any telling word counts as English. Names and places never tell.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::general::General;
use super::tokens::Token;
use crate::calendar;

/// A language that questions are read in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
    /// Chinese.
    #[serde(rename = "zh")]
    Chinese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::English, Self::German, Self::French, Self::Spanish, Self::Chinese];

    /// Its code: `en`, `de` …
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Chinese => "zh",
        }
    }

    /// The language with this code, whatever its country: `de-AT` is German.
    pub fn of(code: &str) -> Option<Self> {
        let code = code.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// What it calls months and weekdays.
    pub fn calendar(self) -> calendar::Names {
        match self {
            Self::English => calendar::ENGLISH,
            Self::German => calendar::GERMAN,
            Self::French => calendar::FRENCH,
            Self::Spanish => calendar::SPANISH,
            Self::Chinese => calendar::CHINESE,
        }
    }
}

/// Words that tell a language; a word of several languages stands in each.
const TELLING: [(Language, &str); 4] = [
    (
        Language::English,
        "the a an of and or with without from in on at by for to my our your their his her its show me find get give all any \
         every some pictures pics shots what when where who whose which how many much did do does is are was \
         were have has had i we you they it this that these those not no only just last first please can could would like \
         want see look there them ones one same but taken took take called since before after between during about during \
         years ago during most more next picture make create put tag add write everything anything",
    ),
    (
        Language::German,
        "der die das den dem des ein eine einen einem einer und oder mit ohne von vom aus im am zum zur bei auf fur in zeig \
         zeige zeigt mir mich uns alle alles bilder bild aufnahmen wann wo wer wen wem wessen welche welcher \
         welches welchem wie viele viel gibt es ist sind war waren haben hat habe ich wir du ihr sie nicht kein keine nur \
         letzten letztes letzte letzter bitte kannst finde such suche seit vor nach zwischen wahrend jahren jahre meine mein \
         unser unsere unserer unserem als erstelle mach mache leg lege fuge schreib dort noch auch jetzt aber gemacht \
         aufgenommen zeigen wurde wurden sind's gerade diese diesen dieses zuletzt mehr weitere beim sommer winter \
         hallo danke guten abend",
    ),
    (
        Language::French,
        "le la les l un une des du de d et ou avec sans dans en sur au aux chez pour par montre montrez moi nous toutes tous \
         toute tout quand qui quel quelle quels quelles combien y a t il elle est sont etait ai as \
         avons ont j je tu on ne pas seulement dernier derniere ete il s'il plait cherche trouve depuis avant apres entre \
         pendant ans mes mon ma notre nos ce cette ces cree creer fais mets ajoute ecris plus encore maintenant mais prises \
         pris prise prends que qu c quoi donne voir juste uniquement suivantes merci bonjour bonsoir salut",
    ),
    (
        Language::Spanish,
        "el la los las un una unos unas y o con sin de del en al por para a muestrame muestra ensename ensena dame busca \
         todas todos toda todo cuando donde quien quienes cual cuales cuantas cuantos hay es son \
         fue era he hemos ha tomo tome yo nosotros no solo pasado pasada ultimo ultima favor encuentra desde antes despues \
         entre durante hace anos mis mi nuestro nuestra nuestras nuestros este esta estas estos crea haz pon anade etiqueta \
         escribe mas ahora pero tomadas hechas que ver quiero cuales unicamente siguientes tengo tenemos estabamos \
         hola gracias buenos buenas",
    ),
];

/// The language that most words speak for; English when none does.
pub fn detect(tokens: &[Token], general: &General) -> Language {
    let cjk = tokens.iter().filter(|token| token.cjk).count();
    if cjk > 0 && cjk * 2 >= tokens.len().saturating_sub(2) {
        return Language::Chinese;
    }
    let own = || tokens.iter().filter(|token| token.quote.is_none());
    // A function word says twice as much as a word of content.
    let votes = |language: Language, words: &str| -> usize {
        own()
            .map(|token| match words.split(' ').any(|word| word == token.fold) {
                true => 2,
                false if language == Language::English => usize::from(general.is_concept(&token.fold)),
                false => usize::from(!general.is_concept(&token.fold) && general.speaks(language, &token.fold)),
            })
            .sum()
    };
    let mut best = (Language::English, votes(Language::English, TELLING[0].1));
    for (language, words) in &TELLING[1..] {
        let count = votes(*language, words);
        if count > best.1 {
            best = (*language, count);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    #[test]
    fn function_words_tell() {
        let of = |text: &str| detect(&tokenize(text).tokens, General::get());
        assert_eq!(of("show me the photos of Anna in Paris"), Language::English);
        assert_eq!(of("zeig mir die Bilder von Anna"), Language::German);
        assert_eq!(of("montre-moi les photos de ski"), Language::French);
        assert_eq!(of("fotos de gatos"), Language::Spanish);
        assert_eq!(of("¿cuándo fue la boda?"), Language::Spanish);
        assert_eq!(of("Fotos aus Kenia"), Language::German);
        assert_eq!(of("有多少个视频？"), Language::Chinese);
        assert_eq!(of("Benedikt"), Language::English);
        assert_eq!(of("árboles de navidad"), Language::Spanish);
        assert_eq!(of("nur Videos"), Language::German);
        assert_eq!(of("Regenschirme"), Language::German);
        assert_eq!(of("dogs in Lisbon"), Language::English);
        assert_eq!(of("photos de noël 2022"), Language::French);
        assert_eq!(of("merci beaucoup"), Language::French);
        assert_eq!(of("Hallo"), Language::German);
        assert_eq!(of("hola, ¿qué tal?"), Language::Spanish);
    }
}
