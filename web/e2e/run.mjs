// `npm run e2e`: drives the app in a real browser against the server that RECOLLECT_URL names (on the demo library).

import { runSuite } from './suite.mjs';

const url = process.env.RECOLLECT_URL;
if (!url) {
  console.error('RECOLLECT_URL is not set: start a server (make run) and name its address, or use `npm run e2e:mock`.');
  process.exit(2);
}
process.exit((await runSuite(url.replace(/\/$/, ''), process.env.RECOLLECT_SERVER_GUEST_TOKEN)) ? 0 : 1);
