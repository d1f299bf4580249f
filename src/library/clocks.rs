//! Clocks that were off, put right by the user: how far each medium's time is from what its file says.
//!
//! Files are never touched. The shift is kept beside the medium and applied whenever its file is read.

use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::{MediaId, Result, Tx};

/// The shift of a medium in seconds; zero without one, `None` without such a medium.
pub(super) async fn shift(tx: &mut Tx<'_>, id: MediaId) -> Result<Option<i64>> {
    let sql = "SELECT COALESCE((SELECT c.shift_s FROM clock_shifts c WHERE c.media_id = m.id), 0) FROM media m WHERE m.id = $1";
    Ok(sqlx::query_scalar(sql).bind(id).fetch_optional(&mut **tx).await?)
}

/// Shifts the time of a medium to so many seconds from what its file says; returns how many it was before.
pub(super) async fn set(tx: &mut Tx<'_>, id: MediaId, shift_s: i64) -> Result<i64> {
    let Some(before) = shift(tx, id).await? else {
        return Err(super::LibraryError::NotFound { what: "medium", key: id.to_string() });
    };
    if before == shift_s {
        return Ok(before);
    }
    if shift_s == 0 {
        sqlx::query("DELETE FROM clock_shifts WHERE media_id = $1").bind(id).execute(&mut **tx).await?;
    } else {
        sqlx::query(
            "INSERT INTO clock_shifts (media_id, shift_s) VALUES ($1, $2) \
             ON CONFLICT (media_id) DO UPDATE SET shift_s = excluded.shift_s",
        )
        .bind(id)
        .bind(shift_s)
        .execute(&mut **tx)
        .await?;
    }
    let taken: Option<(Option<String>, Option<i64>)> =
        sqlx::query_as("SELECT taken, taken_instant FROM media WHERE id = $1 AND taken_minute IS NOT NULL")
            .bind(id)
            .fetch_optional(&mut **tx)
            .await?;
    if let Some((Some(taken), instant)) = taken
        && let Some(taken) = taken.parse().ok().and_then(|taken| shifted(taken, shift_s - before))
    {
        write(tx, id, taken, instant.map(|instant| instant + shift_s - before)).await?;
    }
    Ok(before)
}

/// A local time so many seconds later.
pub(super) fn shifted(taken: DateTime, seconds: i64) -> Option<DateTime> {
    taken.checked_add(SignedDuration::from_secs(seconds)).ok()
}

async fn write(tx: &mut Tx<'_>, id: MediaId, taken: DateTime, instant: Option<i64>) -> Result<()> {
    sqlx::query(
        "UPDATE media SET taken = $2, taken_instant = $3, taken_year = $4, taken_month = $5, taken_day = $6, \
         taken_weekday = $7, taken_minute = $8, version = version + 1 WHERE id = $1",
    )
    .bind(id)
    .bind(taken.strftime("%Y-%m-%dT%H:%M:%S").to_string())
    .bind(instant)
    .bind(i64::from(taken.year()))
    .bind(i64::from(taken.month()))
    .bind(i64::from(taken.day()))
    .bind(i64::from(taken.date().weekday().to_monday_one_offset()))
    .bind(i64::from(taken.hour()) * 60 + i64::from(taken.minute()))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
