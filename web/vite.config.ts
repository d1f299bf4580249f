// How the app is built: one bundle under /assets with hashed names, nothing inlined as data: URLs, so that a
// content security policy of `default-src 'self'` holds. `RECOLLECT_URL` names the server `npm run dev` proxies to.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/api': { target: process.env['RECOLLECT_URL'] ?? 'http://127.0.0.1:4173', changeOrigin: false } },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
