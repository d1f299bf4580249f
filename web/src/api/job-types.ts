// The shapes of the work in the background, as `/api/v1/jobs` sends them.

export interface JobCounts {
  queued: number;
  running: number;
  done: number;
  failed: number;
  cancelled: number;
}

/** One kind of job, or an index. */
export interface KindActivity extends JobCounts {
  kind: string;
  paused: boolean;
  /** It can be paused; indexes cannot. */
  steerable: boolean;
  /** Why it does not get on. */
  obstacle: { code: string; message: string } | null;
  rate_per_s: number | null;
  eta_s: number | null;
}

export type Hold = 'person_asks' | 'quiet_hours' | 'machine_busy';

/** What is going on. */
export interface Activity {
  counts: JobCounts;
  by_kind: KindActivity[];
  paused: boolean;
  /** Why looking at pictures does not begin at the moment. */
  held: Hold | null;
  rate_per_s: number | null;
  eta_s: number | null;
}

export interface RunningJob {
  id: string;
  kind: string;
  path: string;
  progress: number;
}

export interface FailedJob {
  id: string;
  kind: string;
  path: string;
  code: string;
  message: string;
  attempts: number;
}

export interface Jobs extends Activity {
  running: RunningJob[];
  failed: FailedJob[];
}
