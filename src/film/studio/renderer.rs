//! Renders films one after the other, as they were asked for, and says how far it is.

use std::path::Path;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{FilmError, Studio};
use crate::film::render::{
    Codec, Coder, Encoding, Order, Progress, Quality, RenderError, Rendered, Stop, choose, render,
};
use crate::film::storyboard::Storyboard;
use crate::library::films::FilmRender;
use crate::library::{FilmId, LibraryError};

/// How often a render says how far it is.
const TELLS: Duration = Duration::from_millis(700);
/// When the library cannot be asked what comes next, it is asked again after so long.
const AGAIN: Duration = Duration::from_secs(10);

impl Quality {
    /// The name stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Medium => "medium",
            Self::Full => "full",
        }
    }
}

impl Studio {
    /// Has a film rendered in the background; what counts is its storyboard as it is now.
    ///
    /// # Errors
    /// When there is no such film, or ffmpeg has no encoder for the codec.
    pub async fn queue(&self, id: FilmId, Encoding { quality, codec }: Encoding) -> Result<(), FilmError> {
        let film = self.library.film(id).await?;
        self.can_encode(codec).await?;
        let made = self.library.renders(id).await?;
        let same = made.iter().find(|render| {
            render.quality == quality.name() && render.version == film.version && render.codec == codec.name()
        });
        match same.map(|render| render.state.as_str()) {
            Some("queued" | "running") => return Ok(()),
            Some("done") if self.output(id, quality).is_file() => return Ok(()),
            _ => {}
        }
        // What renders an older version has nobody waiting for it.
        self.stop(id, quality);
        self.library.queue_render(id, quality.name(), codec.name(), film.version).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Whether there is an encoder for a codec, and ffmpeg's name for it.
    ///
    /// # Errors
    /// [`RenderError::NoCoder`] when there is none.
    pub async fn can_encode(&self, codec: Codec) -> Result<&'static Coder, FilmError> {
        let allowed = self.allowed;
        let chosen = tokio::task::spawn_blocking(move || choose(codec, allowed)).await;
        Ok(chosen.map_err(|error| RenderError::Encoder(error.to_string()))??)
    }

    /// Stops the rendering of a film, whether it has begun or not.
    pub async fn cancel(&self, id: FilmId, quality: Quality) -> Result<(), FilmError> {
        for render in self.library.renders(id).await?.iter().filter(|render| render.quality == quality.name()) {
            self.library.end_render(render, "cancelled", None).await?;
        }
        self.stop(id, quality);
        Ok(())
    }

    /// Renders what is asked for until `ended`.
    pub async fn run(&self, ended: CancellationToken) {
        while !ended.is_cancelled() {
            let pause = match self.library.begin_render().await {
                Ok(Some(next)) => {
                    if let Err(error) = self.work(&next, &ended).await {
                        tracing::error!(film = %next.film_id, %error, "a render could not be stored");
                    }
                    continue;
                }
                Ok(None) => Duration::from_secs(3600),
                Err(error) => {
                    tracing::error!(%error, "the films that wait cannot be read");
                    AGAIN
                }
            };
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
                () = ended.cancelled() => {}
            }
        }
    }

    /// Renders one film and stores what came of it. When the process is to end, the render waits for the next one.
    async fn work(&self, next: &FilmRender, ended: &CancellationToken) -> Result<(), LibraryError> {
        let quality = Quality::ALL.into_iter().find(|quality| quality.name() == next.quality).unwrap_or_default();
        let stop = Arc::new(Stop::default());
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some((next.film_id, quality, Arc::clone(&stop)));
        let counted = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        let encoding = Encoding { quality, codec: Codec::of(&next.codec).unwrap_or_default() };
        let making = self.make(next, encoding, Arc::clone(&stop), Arc::clone(&counted));
        tokio::pin!(making);
        let done = loop {
            tokio::select! {
                done = &mut making => break done,
                () = tokio::time::sleep(TELLS) => {
                    let (made, of) = (counted.0.load(Ordering::Relaxed), counted.1.load(Ordering::Relaxed));
                    self.library.note_render(next, made, of).await?;
                }
                () = ended.cancelled(), if !stop.is_asked() => stop.interrupt(),
            }
        };
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
        match done {
            Ok(rendered) => {
                self.library.note_render(next, rendered.frames, rendered.frames).await?;
                if let Some(notice) = &rendered.notice {
                    self.library.remark_render(next, notice).await?;
                }
                self.library.end_render(next, "done", None).await
            }
            // The process ends, or another version is wanted: whoever begins next goes on.
            Err(FilmError::Render(RenderError::Cancelled | RenderError::Interrupted)) => Ok(()),
            Err(error) => {
                tracing::warn!(film = %next.film_id, %error, "a film could not be rendered");
                self.library.end_render(next, "failed", Some(&error.to_string())).await
            }
        }
    }

    async fn make(
        &self,
        next: &FilmRender,
        encoding: Encoding,
        stop: Arc<Stop>,
        counted: Arc<(AtomicUsize, AtomicUsize)>,
    ) -> Result<Rendered, FilmError> {
        let board = super::read(&self.library.film_storyboard(next.film_id, next.version).await?)?;
        let (id, quality) = (next.film_id, encoding.quality);
        let (pieces, output) = (self.pieces(id, quality), self.output(id, quality));
        let told = move |progress: Progress| {
            counted.0.store(progress.done, Ordering::Relaxed);
            counted.1.store(progress.of, Ordering::Relaxed);
        };
        self.render_to(board, encoding, &pieces, &output, told, stop).await
    }

    /// Renders a storyboard to a file at once; `told` hears how far it is.
    ///
    /// # Errors
    /// [`FilmError::Render`] with the reason.
    pub async fn render_to(
        &self,
        board: Storyboard,
        Encoding { quality, codec }: Encoding,
        pieces: &Path,
        output: &Path,
        told: impl Fn(Progress) + Send + 'static,
        stop: Arc<Stop>,
    ) -> Result<Rendered, FilmError> {
        let (files, allowed) = (self.files(&board).await?, self.allowed);
        let (pieces, output) = (pieces.to_owned(), output.to_owned());
        let making = tokio::task::spawn_blocking(move || {
            let (board, files, pieces, output) = (&board, &files, &pieces, &output);
            let order = Order { board, files, quality, codec, allowed, pieces, output };
            render(&order, &told, &stop)
        });
        let made = making.await.map_err(|error| RenderError::Encoder(error.to_string()))?;
        Ok(made?)
    }

    /// Renders a film of the library at once, keeping its pieces for the next time.
    ///
    /// # Errors
    /// [`FilmError::Render`] with the reason.
    pub async fn render_now(
        &self,
        id: FilmId,
        encoding: Encoding,
        output: &Path,
        told: impl Fn(Progress) + Send + 'static,
    ) -> Result<Rendered, FilmError> {
        let (_, board) = self.film(id).await?;
        let pieces = self.pieces(id, encoding.quality);
        self.render_to(board, encoding, &pieces, output, told, Arc::default()).await
    }
}
