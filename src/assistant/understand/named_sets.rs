//! Reads concepts, themes, keywords and albums that a question names: "our cabin", "tagged beach", "with the keyword
//! x", "in the album Best of".
//!
//! A word that merely equals a keyword is left as content; only a cue or a hash sign makes it a condition. A keyword or
//! album that the library lacks is still a condition, and finds nothing. The name of a concept or of a theme, which the
//! user gave it, needs no cue; "our cabin" is also meant by "my cabin" and "the cabin".

use std::sync::LazyLock;

use super::negation;
use super::phrases::Phrases;
use super::reading::Role;
use super::sentence::Sentence;
use super::stem::stem;
use super::tokens::words;
use crate::library::filter::MediaFilter;
use crate::library::ids::{AlbumId, ConceptId, ThemeId};
use crate::library::vocabulary::Vocabulary;

static TAGGED: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "tagged|tagged with|tagged as|with the tag|with the tags|with the keyword|with the keywords|with tag|with keyword|keyword|keywords|tag|hashtag|labelled|labeled|labelled as|\
         having the keyword|that have the keyword|verschlagwortet mit|getaggt mit|mit dem stichwort|mit dem schlagwort|mit stichwort|mit schlagwort|stichwort|schlagwort|\
         étiquetées|étiquetés|avec le mot clé|avec l'étiquette|mot clé|taguées|etiquetadas|etiquetadas con|etiquetadas como|con la etiqueta|con la palabra clave|\
         标签为|标签是|标签|关键词为|关键词",
        (),
    )])
});

static ALBUM: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "album|the album|album called|album named|fotoalbum|album namens|álbum|álbum llamado|album appelé|相册",
        (),
    )])
});

/// Words that say whose something is, and which: one stands for another before what belongs to the family.
const WHOSE: &str = " my our your the this that mein meine meinem meinen meiner unser unsere unserem unseren unserer der die das dem \
     den mon ma mes notre nos le la les mi mis nuestro nuestra nuestros nuestras el los las 我的 我们的 ";

/// Albums, keywords, concepts and themes of a library, ready for lookup.
#[derive(Debug, Clone, Default)]
pub struct NamedSets {
    tags: Vec<(Vec<String>, String)>,
    albums: Vec<(Vec<String>, AlbumId, String)>,
    concepts: Vec<(Vec<String>, ConceptId, String)>,
    themes: Vec<(Vec<String>, ThemeId, String)>,
}

impl NamedSets {
    /// Indexes the albums and keywords of a library.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let tags = vocabulary
            .tags
            .iter()
            .map(|tag| (words(&tag.name), tag.name.clone()))
            .filter(|(words, _)| !words.is_empty())
            .collect();
        let albums = vocabulary
            .albums
            .iter()
            .map(|album| (words(&album.name), album.id, album.name.clone()))
            .filter(|(words, ..)| !words.is_empty())
            .collect();
        let mut concepts: Vec<_> = vocabulary
            .concepts
            .iter()
            .map(|concept| (words(&concept.name), concept.id, concept.name.clone()))
            .filter(|(words, ..)| !words.is_empty())
            .collect();
        concepts.sort_by_key(|(words, ..)| std::cmp::Reverse(words.len()));
        let mut themes: Vec<_> = vocabulary
            .themes
            .iter()
            .map(|theme| (words(&theme.name), theme.id, theme.name.clone()))
            .filter(|(words, ..)| !words.is_empty())
            .collect();
        themes.sort_by_key(|(words, ..)| std::cmp::Reverse(words.len()));
        Self { tags, albums, concepts, themes }
    }

    /// Reads "tagged …" and "album …" into the filter.
    pub fn read(&self, s: &mut Sentence, filter: &mut MediaFilter) {
        let mut at = 0;
        while at < s.len() {
            let found = self.tag(s, at, filter).or_else(|| self.album(s, at, filter));
            let found = found.or_else(|| self.concept(s, at, filter)).or_else(|| self.theme(s, at, filter));
            at += found.unwrap_or(1);
        }
    }

    fn theme(&self, s: &mut Sentence, at: usize, filter: &mut MediaFilter) -> Option<usize> {
        let (words, id, name) = self.themes.iter().find(|(words, ..)| stands(s, at, words))?;
        filter.themes.push(*id);
        s.claim(at..at + words.len(), Role::Theme, name.clone());
        Some(words.len())
    }

    fn concept(&self, s: &mut Sentence, at: usize, filter: &mut MediaFilter) -> Option<usize> {
        let (words, id, name) = self.concepts.iter().find(|(words, ..)| stands(s, at, words))?;
        let length = words.len();
        let from = negation::start(s, at, &[]);
        let label = if from.is_some() {
            filter.without_concepts.push(*id);
            format!("not {name}")
        } else {
            filter.concepts.push(*id);
            name.clone()
        };
        s.claim(from.unwrap_or(at)..at + length, Role::Concept, label);
        Some(length)
    }

    fn tag(&self, s: &mut Sentence, at: usize, filter: &mut MediaFilter) -> Option<usize> {
        let hash = s.text.source[..s.tokens()[at].range.start].ends_with('#');
        let lead =
            if hash { 0 } else { TAGGED.at(s.tokens(), at).filter(|(length, ())| s.is_free(at..at + length))?.0 };
        let first = at + lead;
        let (length, name) = self.longest_tag(s, first).or_else(|| {
            let token = s.tokens().get(first).filter(|token| !super::words::is_stop_word(&token.fold))?;
            Some((1, s.text.source[token.range.clone()].to_owned()))
        })?;
        if !s.is_free(at..first + length) {
            return None;
        }
        let from = negation::start(s, at, &[]);
        let label = if from.is_some() {
            filter.without_tags.push(name.clone());
            format!("not keyword {name}")
        } else {
            filter.tags.push(name.clone());
            format!("keyword {name}")
        };
        s.claim(from.unwrap_or(at)..first + length, Role::Tag, label);
        Some(lead + length)
    }

    fn longest_tag(&self, s: &Sentence, at: usize) -> Option<(usize, String)> {
        let stands = |words: &Vec<String>| words.iter().enumerate().all(|(offset, word)| s.word(at + offset) == word);
        self.tags
            .iter()
            .filter(|(words, _)| stands(words))
            .max_by_key(|(words, _)| words.len())
            .map(|(words, name)| (words.len(), name.clone()))
    }

    fn album(&self, s: &mut Sentence, at: usize, filter: &mut MediaFilter) -> Option<usize> {
        let (length, ()) = ALBUM.at(s.tokens(), at).filter(|(length, ())| s.is_free(at..at + length))?;
        let after = at + length;
        let stands = |words: &Vec<String>, from: usize| {
            words.iter().enumerate().all(|(offset, word)| s.word(from + offset) == word)
                && s.is_free(from..from + words.len())
        };
        let following =
            self.albums.iter().filter(|(words, ..)| stands(words, after)).max_by_key(|(words, ..)| words.len());
        let preceding = self
            .albums
            .iter()
            .filter(|(words, ..)| words.len() <= at && stands(words, at - words.len()))
            .max_by_key(|(words, ..)| words.len());
        let (range, id, name) = match (following, preceding) {
            (Some((words, id, name)), _) => (at..after + words.len(), *id, name.clone()),
            (None, Some((words, id, name))) => (at - words.len()..after, *id, name.clone()),
            _ => return None,
        };
        let next = range.end - at;
        filter.albums.push(id);
        s.claim(range, Role::Album, format!("album {name}"));
        Some(next)
    }
}

/// Whether a name stands at a word: as it is written, inflected, or with somebody else's way to say whose it is.
fn stands(s: &Sentence, at: usize, name: &[String]) -> bool {
    let whose = |word: &str| WHOSE.contains(&format!(" {word} "));
    at + name.len() <= s.len()
        && s.is_free(at..at + name.len())
        && name.iter().enumerate().all(|(offset, word)| {
            let said = s.word(at + offset);
            said == word || stem(said) == stem(word) || offset == 0 && name.len() > 1 && whose(word) && whose(said)
        })
}
