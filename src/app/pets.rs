//! Whether keywords are the names of pets: what is asked, put together of how a name looks and of the animals beside it.

use std::collections::HashSet;

use super::App;
use crate::assistant::understand::keywords_like_names;
use crate::library::people::keywords::{KeywordAnimals, KeywordExamples};
use crate::library::{LibraryError, fold};
use crate::perception::faces::pets::may_be_pets;

impl App {
    /// Keywords that may be the names of pets, each with the animals that it would be known by, those of most pictures first.
    /// Who is named already is none of them, nor what the user has answered.
    ///
    /// # Errors
    /// [`LibraryError`] when the library cannot be read.
    pub async fn pet_questions(&self) -> Result<Vec<(KeywordAnimals, KeywordExamples)>, LibraryError> {
        let keywords = self.library.keywords_with_animals().await?;
        if keywords.is_empty() {
            return Ok(Vec::new());
        }
        let vocabulary = self.library.vocabulary().await?;
        let names: HashSet<String> = keywords_like_names(&vocabulary).iter().map(|name| fold(name)).collect();
        let found = may_be_pets(keywords, &names);
        let folded: Vec<String> = found.iter().map(|keyword| keyword.folded.clone()).collect();
        let mut examples = self.library.animals_beside(&folded).await?;
        let with = |keyword: KeywordAnimals| Some((examples.remove(&keyword.folded)?, keyword));
        let asked = found.into_iter().filter_map(with).map(|(examples, keyword)| (keyword, examples));
        // Two names on the same pictures: which animal is whose, nobody could say.
        Ok(asked.filter(|(_, examples)| !examples.animals.is_empty()).collect())
    }
}
