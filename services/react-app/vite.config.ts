/// <reference types="vitest/config" />
/**
 * Development server, production build and tests of the React app.
 *
 * Development happens behind the gateway: the browser loads the page from Traefik, and Traefik
 * passes both HTTP and the hot-reload WebSocket on to this server. Vite's client connects back to
 * the address that the page came from, so no port of ours may be written into it.
 */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const { env } = process;

/** The TCP port of the development server; a wrong value stops the start instead of moving it. */
function developmentPort(): number {
  const text = env['PORT_REACT'] ?? env['REACT_PORT'] ?? '3000';
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`REACT_PORT must be a port number from 1 to 65535, not "${text}"`);
  }
  return port;
}

const server = {
  host: env['REACT_HOST'] ?? '127.0.0.1',
  port: developmentPort(),
  // The gateway looks for us on exactly this port: failing is better than silently taking another.
  strictPort: true,
  // Vite refuses unknown Host headers (DNS rebinding). localhost and IP addresses always pass; a
  // gateway under another name is listed in REACT_ALLOWED_HOSTS, separated by commas.
  allowedHosts: (env['REACT_ALLOWED_HOSTS'] ?? '').split(',').filter((name) => name !== ''),
  // Without the gateway (`npm run dev` alone) the API is reached through this server, under the
  // same path and with the prefix stripped as Traefik does it.
  proxy: {
    '^/api(?:/|$)': {
      target: `http://127.0.0.1:${env['API_PORT'] ?? '8000'}`,
      rewrite: (path: string) => path.replace(/^\/api/, ''),
    },
  },
};

export default defineConfig({
  // Elsewhere where the sources cannot be written (Dockerfile.dev).
  cacheDir: env['REACT_CACHE_DIR'] ?? 'node_modules/.vite',
  plugins: [react(), tailwindcss()],
  server,
  preview: server,
  build: {
    // The first browsers with `light-dark()`, on which the two colour schemes rest.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    sourcemap: true,
  },
  test: {
    restoreMocks: true,
    // Rendering whole pages in jsdom is slow while the machine also compiles C++.
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'app',
          environment: 'jsdom',
          setupFiles: ['src/test/setup.ts'],
          include: ['src/**/*.test.{ts,tsx}'],
        },
      },
      {
        extends: true,
        test: { name: 'scripts', environment: 'node', include: ['scripts/**/*.test.ts'] },
      },
    ],
  },
});
