//! Looks after the faces that are found, as background work asks for it.

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::crops::FaceCrops;
use super::identify::{Identifier, IdentifyError};
use crate::jobs::FaceKeeper;
use crate::library::{FaceId, LibraryError};

/// Whose faces are, and their pictures.
pub struct Faces {
    /// Says whose they are.
    pub identifier: Identifier,
    /// Their small pictures.
    pub crops: FaceCrops,
}

impl FaceKeeper for Faces {
    fn place_arrivals(&self) -> BoxFuture<'_, Result<(), LibraryError>> {
        let placed = async {
            match self.identifier.place_arrivals().await {
                Ok(_) => Ok(()),
                Err(IdentifyError::Library(error)) => Err(error),
                Err(error) => {
                    tracing::warn!(%error, "faces are placed later");
                    Ok(())
                }
            }
        };
        placed.boxed()
    }

    fn forget<'a>(&'a self, gone: &'a [FaceId]) -> BoxFuture<'a, ()> {
        let (crops, gone) = (self.crops.clone(), gone.to_vec());
        async move { drop(tokio::task::spawn_blocking(move || crops.forget(&gone)).await) }.boxed()
    }
}
