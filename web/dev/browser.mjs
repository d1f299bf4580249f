// Starts headless Chromium (CHROMIUM, the one that scripts/setup fetched, or the system's) with what keeps it quiet and a microphone that beeps, for the browser
// test and the screenshots.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const data = process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
const tools = process.env.RECOLLECT_TOOLS || join(data, 'recollect', 'tools');
const CANDIDATES = [process.env.CHROMIUM, join(tools, 'chromium', 'chromium'), '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function launchBrowser() {
  const executablePath = CANDIDATES.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('No Chromium found. Install it (apt-get install chromium) or name it in CHROMIUM.');
  return chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
}
