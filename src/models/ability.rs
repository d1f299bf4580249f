//! What models are for, as a person sees it: one ability may take several roles, such as finding faces and telling whose.

use serde::{Deserialize, Serialize};

use super::catalogue::Role;

/// Something that models add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ability {
    /// Talking, and questions that rules cannot read.
    Chat,
    /// Looking at a picture and saying what is in it.
    Vision,
    /// Search by the meaning of words.
    TextEmbedding,
    /// Search by what is seen.
    ImageEmbedding,
    /// Hearing.
    Speech,
    /// People.
    Faces,
    /// Things.
    Objects,
    /// Text in pictures.
    TextInPictures,
}

impl Ability {
    /// All, in the order in which a list shows them.
    pub const ALL: [Self; 8] = [
        Self::Chat,
        Self::Vision,
        Self::TextEmbedding,
        Self::ImageEmbedding,
        Self::Speech,
        Self::Faces,
        Self::Objects,
        Self::TextInPictures,
    ];

    /// What a role is part of; `None` for models that only the user knows a use for.
    pub fn of(role: Role) -> Option<Self> {
        match role {
            Role::Language => Some(Self::Chat),
            Role::Vision => Some(Self::Vision),
            Role::TextEncoder => Some(Self::TextEmbedding),
            Role::ImageEncoder => Some(Self::ImageEmbedding),
            Role::Speech | Role::VoiceActivity => Some(Self::Speech),
            Role::FaceDetector | Role::FaceEncoder => Some(Self::Faces),
            Role::ObjectDetector => Some(Self::Objects),
            Role::TextDetector | Role::TextReader => Some(Self::TextInPictures),
            Role::Classifier | Role::Other => None,
        }
    }

    /// Its name on the command line, in addresses and in the names of the catalogue's files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Vision => "vision",
            Self::TextEmbedding => "text-embedding",
            Self::ImageEmbedding => "image-embedding",
            Self::Speech => "speech",
            Self::Faces => "faces",
            Self::Objects => "objects",
            Self::TextInPictures => "text-in-pictures",
        }
    }

    /// The ability of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ability| ability.name() == name)
    }

    /// Whether a server that runs takes such a model into use at once; the others are when it starts again.
    pub fn is_used_at_once(self) -> bool {
        matches!(self, Self::Chat | Self::Vision | Self::Speech)
    }

    /// What these models are for, in one sentence.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Chat => "Questions in your own words, beyond what rules can read.",
            Self::Vision => "Descriptions of pictures, and questions about a single one.",
            Self::TextEmbedding => "Finding pictures by the meaning of what is written about them.",
            Self::ImageEmbedding => "Finding pictures by what is seen in them, and pictures that look alike.",
            Self::Speech => "Asking by voice.",
            Self::Faces => "Finding faces, and which of them are the same person.",
            Self::Objects => "Finding things and animals in pictures.",
            Self::TextInPictures => {
                "Finding signs, tickets and letters in pictures; tesseract, a program of the system, reads where no model does."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Catalogue;

    #[test]
    fn every_ability_is_found_by_its_name_and_has_a_model() {
        let catalogue = Catalogue::embedded().unwrap();
        for ability in Ability::ALL {
            assert_eq!(Ability::named(ability.name()), Some(ability));
            assert!(catalogue.models.iter().any(|model| Ability::of(model.role) == Some(ability)), "{ability:?}");
        }
        assert_eq!(Ability::named("flying"), None);
    }

    #[test]
    fn the_names_are_those_that_json_has() {
        for ability in Ability::ALL {
            assert_eq!(serde_json::to_value(ability).unwrap(), ability.name());
        }
    }
}
