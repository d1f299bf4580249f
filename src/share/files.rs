//! Media as files: originals as they are, or copies, each with a sidecar that says what is said of it.

use super::copies::{self, lie};
use super::gather::Item;
use super::names::{Names, split};
use super::sidecar::{Lie, sidecar};
use super::sink::{Fault, Sink};
use super::{Course, Left, Pictures, ShareError, Shared, Sharing};

/// Puts every medium into a folder or an archive.
///
/// # Errors
/// When nothing can go on.
pub fn write(sharing: &Sharing, sink: &mut dyn Sink, course: &Course<'_>) -> Result<Shared, ShareError> {
    let mut shared = sharing.begun();
    let mut names = Names::default();
    for (at, item) in sharing.items.iter().enumerate() {
        course.check()?;
        let put = match sharing.order.pictures {
            Pictures::Originals => original(item, names.unique(&item.medium.name), sharing, sink, course),
            Pictures::Copies { edge } => copy(item, edge, &mut names, sharing, sink, course),
        };
        match put {
            Ok(()) => shared.media += 1,
            Err(Left::Out(reason)) => shared.leave_out(item, reason),
            Err(Left::Off(error)) => return Err(error),
        }
        (course.told)(at + 1, sharing.items.len());
    }
    Ok(shared)
}

fn original(
    item: &Item,
    name: String,
    sharing: &Sharing,
    sink: &mut dyn Sink,
    course: &Course<'_>,
) -> Result<(), Left> {
    let path = item.file().map_err(Left::Out)?;
    sink.put_file(&name, &path, course)?;
    if sharing.order.sidecars {
        let text = sidecar(item, lie(item, &path), sharing.order.location);
        sink.put_bytes(&format!("{name}.xmp"), text.as_bytes(), course)?;
    }
    // The moving part lies beside its still under the same name, as cameras put it.
    let Some(motion) = &item.motion else { return Ok(()) };
    let Ok(path) = motion.file() else { return Ok(()) };
    let name = format!("{}{}", split(&name).0, split(&super::safe_name(&motion.medium.name)).1);
    match sink.put_file(&name, &path, course) {
        Err(Fault::Ours(error)) => Err(error.into()),
        // The picture is there.
        Ok(()) | Err(Fault::Unreadable(_)) => Ok(()),
    }
}

fn copy(
    item: &Item,
    edge: u32,
    names: &mut Names,
    sharing: &Sharing,
    sink: &mut dyn Sink,
    course: &Course<'_>,
) -> Result<(), Left> {
    let safe = super::safe_name(&item.medium.name);
    let name = if item.is_video() {
        let name = names.unique(&format!("{}.mp4", split(&safe).0));
        put_video(item, &name, sink, course)?;
        name
    } else {
        let picture = copies::picture(item, &sharing.thumbnails, edge).map_err(Left::Out)?;
        let jpeg = copies::jpeg(&picture).map_err(Left::Out)?;
        let name = names.unique(&format!("{}.jpg", split(&safe).0));
        sink.put_bytes(&name, &jpeg.bytes, course)?;
        name
    };
    if sharing.order.sidecars {
        let text = sidecar(item, Lie::UPRIGHT, sharing.order.location);
        sink.put_bytes(&format!("{name}.xmp"), text.as_bytes(), course)?;
    }
    Ok(())
}

/// Puts a video as a copy that says nothing of itself.
///
/// # Errors
/// When it cannot be read, or nothing can go on.
pub fn put_video(item: &Item, name: &str, sink: &mut dyn Sink, course: &Course<'_>) -> Result<(), Left> {
    let path = item.file().map_err(Left::Out)?;
    let folder = tempfile::tempdir().map_err(ShareError::from)?;
    let made = folder.path().join("video.mp4");
    copies::video(&path, &made, course)?;
    Ok(sink.put_file(name, &made, course)?)
}
