//! How much of the machine other programs use.
//!
//! Our own programs and what they start are left out: otherwise work would stop itself by being done. Linux only
//! (`/proc/stat`, `/proc/PID/stat`, see proc(5)); elsewhere nothing is known and work goes on.

use std::collections::HashMap;
use std::time::Duration;

/// Our programs' names begin so.
const OURS: &str = "recollect";

/// How long the first look takes.
const FIRST_LOOK: Duration = Duration::from_secs(1);

/// Processor time spent so far, in clock ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ticks {
    /// What the processors had to give.
    all: u64,
    /// What nobody used.
    idle: u64,
    /// What our programs used.
    ours: u64,
}

/// Compares two looks at the processors.
#[derive(Debug, Default)]
pub(super) struct Load {
    last: Option<Ticks>,
}

impl Load {
    /// The share of the processors that other programs used since the last call, the first time within a second, 0–1;
    /// `None` where nothing is known. Blocks for so long, later for some milliseconds.
    pub fn of_others(&mut self) -> Option<f64> {
        if self.last.is_none() {
            self.last = Some(look()?);
            std::thread::sleep(FIRST_LOOK);
        }
        let now = look()?;
        let last = self.last.replace(now)?;
        share(last, now)
    }
}

fn share(last: Ticks, now: Ticks) -> Option<f64> {
    let all = now.all.checked_sub(last.all).filter(|all| *all > 0)?;
    let used = all.saturating_sub(now.idle.saturating_sub(last.idle));
    let others = used.saturating_sub(now.ours.saturating_sub(last.ours));
    Some(others as f64 / all as f64)
}

fn look() -> Option<Ticks> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let (all, idle) = read_total(&stat)?;
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    let processes = processes.filter(|entry| entry.file_name().to_string_lossy().bytes().all(|b| b.is_ascii_digit()));
    let read = processes.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    let processes: Vec<Process> = read.filter_map(|stat| read_process(&stat)).collect();
    Some(Ticks { all, idle, ours: ours(&processes) })
}

/// All ticks and idle ticks of the first line of `/proc/stat`.
fn read_total(stat: &str) -> Option<(u64, u64)> {
    let numbers: Vec<u64> =
        stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace().filter_map(|n| n.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal; time of guests is in the user's already.
    let idle = numbers.get(3)? + numbers.get(4)?;
    Some((numbers.iter().take(8).sum(), idle))
}

#[derive(Debug, PartialEq, Eq)]
struct Process {
    id: u64,
    parent: u64,
    ours: bool,
    ticks: u64,
}

/// A process by its `stat`: the name stands in brackets and may hold anything, so what follows the last bracket counts.
fn read_process(stat: &str) -> Option<Process> {
    let (head, rest) = stat.rsplit_once(')')?;
    let (id, name) = head.split_once(" (")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Process {
        id: id.trim().parse().ok()?,
        parent: number(1)?,
        ours: name.starts_with(OURS),
        ticks: number(11)? + number(12)?,
    })
}

/// Ticks of our programs and of all that they started.
fn ours(processes: &[Process]) -> u64 {
    let by_id: HashMap<u64, &Process> = processes.iter().map(|process| (process.id, process)).collect();
    let descends = |process: &Process| {
        let mut at = Some(process);
        // No process has so many ancestors; a cycle cannot be, but the list is not read in one moment.
        for _ in 0..64 {
            match at {
                Some(process) if process.ours => return true,
                Some(process) => at = by_id.get(&process.parent).copied(),
                None => return false,
            }
        }
        false
    };
    processes.iter().filter(|process| descends(process)).map(|process| process.ticks).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_work_is_no_load() {
        let processes: Vec<Process> = [
            "1 (init) S 0 1 1 0 -1 0 0 0 0 0 900 0 0 0",
            "10 (recollect) S 1 1 1 0 -1 0 0 0 0 0 30 5 0 0",
            "11 (recollect-encod) S 10 1 1 0 -1 0 0 0 0 0 200 0 0 0",
            "12 (ffmpeg (a) b) S 10 1 1 0 -1 0 0 0 0 0 50 0 0 0",
            "13 (game) S 1 1 1 0 -1 0 0 0 0 0 70 0 0 0",
        ]
        .iter()
        .filter_map(|stat| read_process(stat))
        .collect();
        assert_eq!(processes.len(), 5);
        assert_eq!(ours(&processes), 35 + 200 + 50);
        let (all, idle) = read_total("cpu  100 0 50 700 50 0 0 100 30 0\ncpu0 1 2 3").unwrap();
        assert_eq!((all, idle), (1000, 750));
        let before = Ticks { all: 0, idle: 0, ours: 0 };
        assert_eq!(share(before, Ticks { all: 1000, idle: 250, ours: 500 }), Some(0.25));
        assert_eq!(share(before, before), None, "no time has passed");
    }
}
