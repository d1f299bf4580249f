//! What was measured, here and by the processes beside this one: each writes down its own, and reads the others'.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::JobError;
use super::metrics::KindMetrics;
use super::queue::Queue;
use crate::library::LibraryError;
use crate::library::jobs::JobKind;

impl Queue {
    /// What this process measured.
    pub fn metrics(&self) -> BTreeMap<JobKind, KindMetrics> {
        self.inner.metrics.all()
    }

    /// What this process and those beside it measured since the server began.
    pub async fn metrics_of_all(&self) -> Result<BTreeMap<JobKind, KindMetrics>, JobError> {
        let mut all = self.metrics();
        for (kind, measured) in self.inner.library.job_measures_beside(&self.inner.process).await? {
            // Another version of the program may measure something else.
            if let (Ok(kind), Ok(measured)) = (kind.parse::<JobKind>(), serde_json::from_str(&measured)) {
                all.entry(kind).or_default().join(&measured);
            }
        }
        Ok(all)
    }

    /// Writes what this process measured for those beside it, if there is anything new.
    pub(super) async fn tell_measures(&self) -> Result<(), JobError> {
        let metrics = self.metrics();
        let known = |held: &Mutex<_>| *held.lock().unwrap_or_else(PoisonError::into_inner) == metrics;
        if known(&self.inner.written) {
            return Ok(());
        }
        let text = |metrics: &KindMetrics| serde_json::to_string(metrics).map_err(LibraryError::from);
        let texts: Vec<(JobKind, String)> =
            metrics.iter().map(|(kind, metrics)| Ok((*kind, text(metrics)?))).collect::<Result<_, LibraryError>>()?;
        self.inner.library.store_job_measures(&self.inner.process, &texts).await?;
        *self.inner.written.lock().unwrap_or_else(PoisonError::into_inner) = metrics;
        Ok(())
    }
}
