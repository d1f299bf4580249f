//! Which file of a model is its graph, what the model is called, which version it is, and what its labels are.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use recollect::models::{Manifest, characters, folder::sha256_of, labels};

/// A model's graph and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphFile {
    /// The ONNX file.
    pub path: PathBuf,
    /// What the model is called.
    pub name: String,
    /// First 16 hexadecimal digits of the SHA-256 of the file.
    pub version: String,
}

impl GraphFile {
    /// The graph at `path`: a file, or a folder with one.
    pub fn find(path: &Path, name: Option<&str>) -> anyhow::Result<Self> {
        let path = fs::canonicalize(path).with_context(|| format!("there is no model at {}", path.display()))?;
        let path = if path.is_dir() { only_graph_in(&path)? } else { path };
        ensure!(
            path.extension().is_some_and(|ending| ending == "onnx"),
            "{} is neither .onnx nor a model's folder",
            path.display()
        );
        let folder = path.parent().unwrap_or(&path);
        let manifest = Manifest::read(folder).ok();
        let folder = folder.to_owned();
        let found = Self::within(&folder, path, manifest.as_ref())?;
        Ok(match name {
            Some(name) => Self { name: name.to_owned(), ..found },
            None => found,
        })
    }

    /// The graph at `path` in a model's folder, which the manifest is about.
    pub fn within(folder: &Path, path: PathBuf, manifest: Option<&Manifest>) -> anyhow::Result<Self> {
        // A manifest is about its own folder's files only.
        let listed = manifest.and_then(|manifest| {
            let file = manifest.files.iter().find(|file| folder.join(&file.path) == path)?;
            let size = fs::metadata(&path).ok()?.len();
            Some((manifest.id.clone(), (file.size == size).then(|| file.sha256.get(..16).map(str::to_owned))?))
        });
        let stem = || path.file_stem().map_or_else(|| "model".to_owned(), |stem| stem.to_string_lossy().into_owned());
        let (id, version) = listed.map_or((None, None), |(id, version)| (Some(id), version));
        let version = match version {
            Some(version) => version,
            None => sha256_of(&path)?.chars().take(16).collect(),
        };
        Ok(Self { name: id.unwrap_or_else(stem), version, path })
    }

    /// The labels of a model with so many outputs.
    pub fn labels(&self, outputs: usize) -> Option<Vec<String>> {
        labels::of(self.path.parent()?, outputs)
    }

    /// The characters of a model with so many outputs.
    pub fn characters(&self, outputs: usize) -> Option<Vec<String>> {
        characters::of(self.path.parent()?, outputs)
    }
}

fn only_graph_in(folder: &Path) -> anyhow::Result<PathBuf> {
    if let Ok(manifest) = Manifest::read(folder)
        && manifest.entry.ends_with(".onnx")
    {
        return Ok(folder.join(manifest.entry));
    }
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let graphs: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|ending| ending == "onnx")).collect();
    match &graphs[..] {
        [graph] => Ok(graph.clone()),
        [] => bail!("{} holds no .onnx file", folder.display()),
        _ => bail!("{} holds {} .onnx files; name one of them", folder.display(), graphs.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_graph_and_its_content_is_the_version() {
        let folder = tempfile::tempdir().unwrap();
        assert!(GraphFile::find(folder.path(), None).unwrap_err().to_string().contains("no .onnx"));
        fs::write(folder.path().join("eye.onnx"), "weights").unwrap();
        let graph = GraphFile::find(folder.path(), None).unwrap();
        // SHA-256 of "weights".
        assert_eq!((graph.name.as_str(), graph.version.as_str()), ("eye", &sha256_of(&graph.path).unwrap()[..16]));
        fs::write(folder.path().join("other.onnx"), "weights").unwrap();
        assert!(GraphFile::find(folder.path(), None).unwrap_err().to_string().contains("name one"));
        assert_eq!(GraphFile::find(&folder.path().join("eye.onnx"), Some("me")).unwrap().name, "me");
    }
}
