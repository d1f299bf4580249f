//! `/metrics`: the queue in the text format of Prometheus
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::Api;
use super::error::ApiError;
use crate::jobs::activity::Activity;
use crate::jobs::metrics::KindMetrics;
use crate::jobs::{JobError, JobKind};

/// Where it is served.
pub(super) const PATH: &str = "/metrics";

/// Gauges of the queue by kind and state, durations and errors by kind.
pub(super) async fn get_metrics(State(api): State<Api>) -> Result<Response, ApiError> {
    let text = text(&api).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

async fn text(api: &Api) -> Result<String, JobError> {
    let activity = api.app.indexer.activity().await?;
    let failures = api.library().failures_by_code().await?;
    let media = api.library().numbers().await?.media;
    let mut page = Page::default();
    gauges(&mut page, &activity);
    page.head("recollect_jobs_given_up", "gauge", "Jobs given up, by code of the reason");
    for (kind, code, number) in &failures {
        page.line("recollect_jobs_given_up", &[("kind", kind), ("code", code)], *number as f64);
    }
    let metrics = api.app.indexer.queue().metrics_of_all().await?;
    page.head("recollect_job_errors_total", "counter", "Failures of jobs, passing ones too, by code");
    for (kind, metrics) in &metrics {
        for (code, number) in &metrics.errors {
            page.line("recollect_job_errors_total", &[("kind", kind.name()), ("code", code)], *number as f64);
        }
    }
    durations(&mut page, &metrics);
    page.head("recollect_media", "gauge", "Photos and videos in the library");
    page.line("recollect_media", &[], media as f64);
    Ok(page.0)
}

fn gauges(page: &mut Page, activity: &Activity) {
    page.head("recollect_jobs", "gauge", "Jobs by kind and state");
    for kind in &activity.by_kind {
        let counts = &kind.counts;
        for (state, number) in [
            ("queued", counts.queued),
            ("running", counts.running),
            ("done", counts.done),
            ("failed", counts.failed),
            ("cancelled", counts.cancelled),
        ] {
            page.line("recollect_jobs", &[("kind", &kind.kind), ("state", state)], number as f64);
        }
    }
    page.head("recollect_jobs_paused", "gauge", "1: the user holds the kind back");
    for kind in activity.by_kind.iter().filter(|kind| kind.steerable) {
        page.line("recollect_jobs_paused", &[("kind", &kind.kind)], f64::from(u8::from(kind.paused)));
    }
    page.head("recollect_jobs_rate", "gauge", "Jobs finished each second within the last minute");
    for kind in &activity.by_kind {
        if let Some(rate) = kind.rate_per_s {
            page.line("recollect_jobs_rate", &[("kind", &kind.kind)], rate);
        }
    }
}

fn durations(page: &mut Page, metrics: &std::collections::BTreeMap<JobKind, KindMetrics>) {
    const HISTOGRAM: &str = "recollect_job_duration_seconds";
    const QUANTILES: &str = "recollect_job_duration_quantile_seconds";
    page.head(HISTOGRAM, "histogram", "How long jobs took, those of workers beside the server too");
    for (kind, KindMetrics { durations, .. }) in metrics {
        let kind = kind.name();
        for (bound, number) in durations.cumulative() {
            let bucket = [("kind", kind), ("le", &*format!("{bound:.4}"))];
            page.line("recollect_job_duration_seconds_bucket", &bucket, number as f64);
        }
        let all = durations.count as f64;
        page.line("recollect_job_duration_seconds_bucket", &[("kind", kind), ("le", "+Inf")], all);
        page.line("recollect_job_duration_seconds_sum", &[("kind", kind)], durations.sum_s);
        page.line("recollect_job_duration_seconds_count", &[("kind", kind)], all);
    }
    page.head(QUANTILES, "gauge", "Time that the share of the jobs took no longer than");
    for (kind, KindMetrics { durations, .. }) in metrics {
        for (name, q) in [("0.5", 0.5), ("0.95", 0.95), ("0.99", 0.99)] {
            if let Some(seconds) = durations.quantile(q) {
                page.line(QUANTILES, &[("kind", kind.name()), ("quantile", name)], seconds);
            }
        }
    }
}

/// A page of metrics.
#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}.\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.0.push_str(name);
        for (index, (label, text)) in labels.iter().enumerate() {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(self.0, "{}{label}=\"{text}\"", if index == 0 { '{' } else { ',' });
        }
        let _ = writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped() {
        let mut page = Page::default();
        page.head("a", "gauge", "What it is");
        page.line("a", &[("kind", "x"), ("code", "say \"no\"\\\n")], 1.5);
        page.line("a", &[], 2.0);
        assert_eq!(
            page.0,
            "# HELP a What it is.\n# TYPE a gauge\na{kind=\"x\",code=\"say \\\"no\\\"\\\\\\n\"} 1.5\na 2\n"
        );
    }
}
