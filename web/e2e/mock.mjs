// `npm run e2e:mock`: the same browser test against the mock server, with 100,000 media. Needs `npm run build` first.

import { startMock } from '../dev/mock-server.mjs';
import { runSuite } from './suite.mjs';

const mock = await startMock();
const passed = await runSuite(mock.url, 'guest');
await mock.close();
process.exit(passed ? 0 : 1);
