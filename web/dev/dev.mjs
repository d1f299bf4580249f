// `npm run dev`: Vite with hot reload, in front of a real server (RECOLLECT_URL) or, without one, of the mock server.

import { createServer } from 'vite';
import { startMock } from './mock-server.mjs';

process.env.RECOLLECT_URL ??= (await startMock({ port: 0 })).url;
const server = await createServer({ root: new URL('..', import.meta.url).pathname });
await server.listen();
console.log(`api: ${process.env.RECOLLECT_URL}`);
server.printUrls();
