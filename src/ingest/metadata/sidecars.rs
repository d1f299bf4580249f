//! Finds and reads the files that lie beside a medium and speak of it: `.xmp`, Google Takeout's `.json`, Picasa's
//! `.picasa.ini`.
//!
//! Finding is a function of the names in the folder and of the medium's name, so a folder is listed once for all its media.
//! A sidecar that cannot be read is a warning, never an error: the medium still counts.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::facts::Facts;
use super::input::{Input, Limits, Trouble};
use super::model::Source;
use super::{picasa, takeout, xmp};

/// Longest name that Takeout gives a `.json`, without the ending; longer ones are cut.
const TAKEOUT_NAME: usize = 46;
/// Endings that editing adds to a name in Takeout, in the languages of Google Photos.
const EDITED: [&str; 9] =
    ["-edited", "-bearbeitet", "-modifié", "-modificato", "-editado", "-bewerkt", "-edytowane", "-編集済み", "-已修改"];

/// The names of the files in one folder.
#[derive(Debug, Clone, Default)]
pub struct Siblings {
    folder: PathBuf,
    /// By lower-case name, because cases differ between a medium and its sidecar.
    names: HashMap<String, OsString>,
}

/// What sidecars say.
#[derive(Debug, Clone, Default)]
pub struct Sidecars {
    /// The files read.
    pub paths: Vec<PathBuf>,
    pub(super) facts: Facts,
}

impl Siblings {
    /// Lists a folder.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn list(folder: &Path) -> std::io::Result<Self> {
        let names = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.file_name()));
        Ok(Self::of(folder, names))
    }

    /// A folder whose names are known already.
    pub fn of(folder: &Path, names: impl IntoIterator<Item = OsString>) -> Self {
        let wanted = |name: &str| [".xmp", ".json", ".ini"].iter().any(|ending| name.ends_with(ending));
        let names = names.into_iter().filter_map(|name| {
            let lower = name.to_string_lossy().to_lowercase();
            wanted(&lower).then_some((lower, name))
        });
        Self { folder: folder.to_owned(), names: names.collect() }
    }

    /// The sidecars of the medium with this file name, those that win first.
    pub fn sidecars_of(&self, name: &str) -> Vec<PathBuf> {
        let candidates = xmp_names(name).into_iter().chain(self.takeout_names(name)).chain([".picasa.ini".to_owned()]);
        let mut found: Vec<PathBuf> = Vec::new();
        for candidate in candidates {
            if let Some(name) = self.names.get(&candidate.to_lowercase()) {
                let path = self.folder.join(name);
                if !found.contains(&path) {
                    found.push(path);
                }
            }
        }
        found
    }

    /// Names that Takeout may have given the sidecar: the first group that exists counts, so that a picture never takes
    /// that of a neighbour.
    fn takeout_names(&self, name: &str) -> Vec<String> {
        let original = unedited(name);
        for name in [Some(name.to_owned()), original].into_iter().flatten() {
            let exact: Vec<String> = takeout_candidates(&name)
                .into_iter()
                .filter(|name| self.names.contains_key(&name.to_lowercase()))
                .collect();
            if !exact.is_empty() {
                return exact;
            }
        }
        Vec::new()
    }
}

/// `IMG.JPG.xmp` and `IMG.xmp`.
fn xmp_names(name: &str) -> Vec<String> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    vec![format!("{name}.xmp"), format!("{stem}.xmp")]
}

/// The name before editing, if the name is that of an edited picture: `IMG-edited(1).jpg` → `IMG(1).jpg`.
fn unedited(name: &str) -> Option<String> {
    EDITED.iter().find_map(|edited| {
        let at = name.rfind(edited)?;
        let rest = &name[at + edited.len()..];
        rest.starts_with(['.', '(']).then(|| format!("{}{rest}", &name[..at]))
    })
}

/// `IMG(1).jpg` is spoken of by `IMG.jpg(1).json` and `IMG.jpg.supplemental-metadata(1).json`; long names are cut anywhere.
fn takeout_candidates(name: &str) -> Vec<String> {
    const SUFFIX: &str = ".supplemental-metadata";
    let (stem, ending) =
        name.rsplit_once('.').map_or((name, String::new()), |(stem, ending)| (stem, format!(".{ending}")));
    let (base, copy) = copy_number(stem);
    let full = format!("{base}{ending}");
    let mut names = vec![format!("{full}{copy}.json"), format!("{full}{SUFFIX}{copy}.json"), format!("{name}.json")];
    // The suffix is cut so that the whole stays within the longest name; Google has changed how often, so any cut counts.
    for cut in (1..SUFFIX.len()).rev() {
        names.push(format!("{full}{}{copy}.json", &SUFFIX[..cut]));
    }
    if full.chars().count() > TAKEOUT_NAME {
        let short: String = full.chars().take(TAKEOUT_NAME).collect();
        names.push(format!("{short}{copy}.json"));
    }
    // The oldest exports leave the ending out.
    names.push(format!("{base}{copy}.json"));
    names
}

/// Divides `IMG(1)` into `IMG` and `(1)`.
fn copy_number(stem: &str) -> (&str, &str) {
    let split = stem.rfind('(').filter(|at| {
        let inner = stem[at + 1..].strip_suffix(')');
        inner.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    });
    split.map_or((stem, ""), |at| stem.split_at(at))
}

/// Reads the sidecars of the medium with this file name.
pub fn read_sidecars(paths: &[PathBuf], medium: &str, limits: &Limits) -> Sidecars {
    let mut sidecars = Sidecars::default();
    for path in paths {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().to_lowercase());
        let outcome = load(path, limits).and_then(|block| {
            if name.ends_with(".xmp") {
                xmp::read(&block, Source::SidecarXmp, &mut sidecars.facts)
            } else if name.ends_with(".ini") {
                picasa::read(&block, medium, &mut sidecars.facts);
                Ok(())
            } else if takeout::is_takeout(&block) {
                takeout::read(&block, &mut sidecars.facts)
            } else {
                // JSON of some other program.
                Ok(())
            }
        });
        match outcome {
            Ok(()) => sidecars.paths.push(path.clone()),
            Err(error) => sidecars.facts.warn(format!("sidecar {}: {error}", path.display())),
        }
    }
    sidecars
}

fn load(path: &Path, limits: &Limits) -> Result<Vec<u8>, Trouble> {
    let file = std::fs::File::open(path)?;
    let len = file.metadata()?.len();
    let mut input = Input::new(file, len, limits);
    input.bytes(0, usize::try_from(len).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str], medium: &str) -> Vec<String> {
        let siblings = Siblings::of(Path::new("f"), names.iter().map(OsString::from));
        let names = siblings.sidecars_of(medium).into_iter();
        names.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn sidecars_are_found_by_every_naming() {
        for (sidecar, medium) in [
            ("IMG_1.JPG.xmp", "IMG_1.JPG"),
            ("IMG_1.xmp", "IMG_1.JPG"),
            ("img_1.XMP", "IMG_1.JPG"),
            ("IMG_1.JPG.json", "IMG_1.JPG"),
            ("IMG_1.JPG.supplemental-metadata.json", "IMG_1.JPG"),
            ("IMG_1.JPG.supplemental-me.json", "IMG_1.JPG"),
            ("IMG_1.JPG.s.json", "IMG_1.JPG"),
            ("IMG_1.JPG(2).json", "IMG_1(2).JPG"),
            ("IMG_1.JPG.supplemental-metadata(2).json", "IMG_1(2).JPG"),
            ("IMG_1.JPG.json", "IMG_1-edited.JPG"),
            ("IMG_1.JPG(1).json", "IMG_1-bearbeitet(1).JPG"),
            (
                "a very long name that goes on and on and on an.json",
                "a very long name that goes on and on and on and on.jpg",
            ),
        ] {
            assert_eq!(found(&[sidecar, "other.json", "other.xmp"], medium), [sidecar], "{medium}");
        }
        assert!(found(&["IMG_1.JPG(2).json", "IMG_11.JPG.json", "IMG_2.xmp"], "IMG_1.JPG").is_empty());
        assert_eq!(found(&["IMG_1.xmp", "IMG_1.JPG.xmp"], "IMG_1.JPG"), ["IMG_1.JPG.xmp", "IMG_1.xmp"]);
    }
}
