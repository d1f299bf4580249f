//! What a models folder shows, and what it does when it is damaged, locked or not there.

use super::*;
use crate::models::manifest::InstalledFile;

fn manifest(id: &str) -> Manifest {
    Manifest {
        id: id.to_owned(),
        role: Role::TextEncoder,
        version: "v".to_owned(),
        entry: String::new(),
        mmproj: None,
        dimensions: Some(3),
        base: false,
        licence: None,
        source: "a test".to_owned(),
        // SHA-256 of "abc" (FIPS 180-4, example B.1).
        files: vec![InstalledFile {
            path: "sub/w.bin".to_owned(),
            size: 3,
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned(),
        }],
    }
}

fn install(folder: &ModelFolder, id: &str) -> InstalledModel {
    let lock = folder.lock().unwrap();
    let staging = folder.staging(id);
    fs::create_dir_all(staging.join("sub")).unwrap();
    fs::write(staging.join("sub/w.bin"), "abc").unwrap();
    folder.install(&lock, &staging, manifest(id)).unwrap()
}

fn fresh() -> (tempfile::TempDir, ModelFolder) {
    let home = tempfile::tempdir().unwrap();
    let folder = ModelFolder::at(home.path().join("models"));
    (home, folder)
}

#[test]
fn a_folder_that_is_not_there_has_no_models() {
    let (_home, folder) = fresh();
    assert_eq!(folder.installed().unwrap(), []);
    assert!(matches!(folder.get("m").unwrap_err(), ModelError::NotInstalled { .. }));
    assert!(matches!(folder.get("../m").unwrap_err(), ModelError::Name { .. }));
    let catalogue = Catalogue::embedded().unwrap();
    let list = folder.list(&catalogue).unwrap();
    assert_eq!(list.len(), catalogue.models.len());
    assert!(list.iter().all(|model| model.installed.is_none() && model.size > 0));
}

#[test]
fn what_is_installed_is_listed_verified_and_removed() {
    let (_home, folder) = fresh();
    let model = install(&folder, "m");
    assert_eq!(folder.installed().unwrap(), std::slice::from_ref(&model));
    assert_eq!(folder.verify("m").unwrap(), model);
    assert_eq!(folder.first_with(Role::TextEncoder, &Catalogue::embedded().unwrap()).unwrap(), Some(model.clone()));
    assert!(folder.list(&Catalogue::embedded().unwrap()).unwrap().iter().any(|listed| listed.id == "m"));
    assert_eq!(folder.remove("m").unwrap(), 3);
    assert!(!model.folder.exists());
    assert_eq!(folder.installed().unwrap(), []);
}

#[test]
fn damage_is_found_by_verify_and_a_broken_manifest_hides_no_other_model() {
    let (_home, folder) = fresh();
    let model = install(&folder, "m");
    let path = model.folder.join("sub/w.bin");
    fs::write(&path, "abd").unwrap();
    assert!(folder.verify("m").unwrap_err().to_string().contains("SHA-256"));
    fs::write(&path, "ab").unwrap();
    assert!(folder.verify("m").unwrap_err().to_string().contains("2 bytes instead of 3"));
    fs::remove_file(&path).unwrap();
    assert!(folder.verify("m").unwrap_err().to_string().contains("missing"));
    install(&folder, "n");
    fs::write(model.folder.join(super::super::manifest::MANIFEST), "{").unwrap();
    assert_eq!(folder.installed().unwrap().len(), 1);
}

#[test]
fn a_manifest_cannot_point_out_of_its_folder() {
    let (_home, folder) = fresh();
    let model = install(&folder, "m");
    let mut manifest = manifest("m");
    manifest.files[0].path = "../../secret".to_owned();
    manifest.write(&model.folder).unwrap();
    assert!(matches!(folder.get("m").unwrap_err(), ModelError::Content { .. }));
}

#[test]
fn one_process_at_a_time_changes_the_folder() {
    let (_home, folder) = fresh();
    install(&folder, "m");
    let lock = folder.lock().unwrap();
    assert!(matches!(folder.remove("m").unwrap_err(), ModelError::Locked { .. }));
    drop(lock);
    install(&folder, "m");
    folder.remove("m").unwrap();
}
