//! Reads people whom nobody has named: "photos of people I haven't named", "unbekannte Gesichter".

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::reading::Role;
use super::sentence::Sentence;
use crate::library::filter::MediaFilter;

static UNNAMED: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "people i haven't named|people i have not named|people i didn't name|people we haven't named|people nobody has named|people that are not named|\
         people who are not named|people that i haven't named|people whom i haven't named|people not named|people without a name|people without names|\
         people with no name|faces without a name|faces without names|faces i haven't named|unnamed people|unnamed persons|unnamed faces|untagged faces|\
         untagged people|unknown people|unknown persons|unknown person|unknown faces|unidentified people|unidentified faces|strangers|a stranger|\
         people i don't know|people we don't know|somebody i don't know|someone i don't know|somebody unknown|someone unknown|\
         unbekannte gesichter|unbekannten gesichtern|unbekannte personen|unbekannten personen|unbekannte menschen|unbekannten menschen|unbekannte leute|\
         unbekannten leuten|einem unbekannten|einer unbekannten|unbekannten|unbekannte|personen ohne namen|gesichter ohne namen|gesichtern ohne namen|\
         menschen ohne namen|leute ohne namen|unbenannte personen|unbenannten personen|unbenannte gesichter|unbenannten gesichtern|\
         leute die ich nicht benannt habe|leuten die ich nicht benannt habe|personen die ich nicht benannt habe|leute die ich nicht kenne|\
         leuten die ich nicht kenne|fremden|fremden leuten|fremde leute|fremde menschen|\
         visages inconnus|personnes inconnues|gens inconnus|inconnus|des inconnus|un inconnu|une inconnue|personnes sans nom|visages sans nom|\
         gens sans nom|gens que je n'ai pas nommés|personnes que je n'ai pas nommées|gens que je ne connais pas|personnes que je ne connais pas|\
         caras desconocidas|rostros desconocidos|personas desconocidas|gente desconocida|desconocidos|un desconocido|una desconocida|\
         personas sin nombre|caras sin nombre|rostros sin nombre|gente sin nombre|gente que no conozco|personas que no conozco|personas que no he nombrado|\
         陌生人|没有名字的人|没命名的人|未命名的人|未命名的人脸|不认识的人|未知的人脸|未知人物",
        (),
    )])
});

/// Reads people without a name into the filter.
pub(super) fn read(s: &mut Sentence, filter: &mut MediaFilter) {
    let Some((at, length, ())) = UNNAMED.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length)) else {
        return;
    };
    filter.somebody_unnamed = true;
    s.claim(at..at + length, Role::Person, "people without a name");
}
