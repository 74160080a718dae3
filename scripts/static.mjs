// @ts-check
/**
 * Serves the built site as a host with compression would; for people by `scripts/serve.mjs`, for the browser tests by their
 * harness.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

/** The folder that holds the built site. */
export const dist = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * Serves `folder` on the loopback address and resolves once it listens. A file that has its compressed form beside it is
 * sent in that form, to who takes it. What is in `assets` has a hash in its name and may be kept for ever; of everything else
 * the browser asks each time whether it is still the same. Files are looked up anew for each request, so that a reload shows
 * the last build.
 *
 * @param {object} [options]
 * @param {string} [options.folder] what to serve; the site if not given
 * @param {number} [options.port] 0, the default, takes any free port
 * @param {Record<string, string>} [options.headers] sent with every file, for example a content security policy
 * @returns {Promise<{address: string, close: () => Promise<void>}>} `address` is an absolute URL that ends in a slash
 */
export async function serve({ folder = dist, port = 0, headers = {} } = {}) {
  const files = sirv(folder, {
    dev: true,
    etag: true,
    brotli: true,
    gzip: true,
    setHeaders(response, pathname) {
      const type = textType(pathname);
      if (type) response.setHeader('Content-Type', type);
      if (pathname.startsWith('/assets/')) response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    },
  });
  const server = createServer((request, response) => {
    // A folder's page refers to its neighbors, so its address must end in a slash.
    const [path, query] = (request.url ?? '/').replace(/^\/+/, '/').split('?', 2);
    if (!path.endsWith('/') && existsSync(join(folder, path, 'index.html'))) {
      response.writeHead(301, { Location: query ? `${path}/?${query}` : `${path}/` }).end();
      return;
    }
    files(request, response, () => {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${bound.port}/`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * The type of text files, whose encoding is always UTF-8; `undefined` leaves the type to the library.
 *
 * @param {string} pathname
 */
function textType(pathname) {
  const ending = /\.([a-z]+)$/.exec(pathname)?.[1];
  switch (ending) {
    case 'css':
      return 'text/css; charset=utf-8';
    case 'js':
    case 'mjs':
      return 'text/javascript; charset=utf-8';
    case 'json':
      return 'application/json; charset=utf-8';
    case 'svg':
      return 'image/svg+xml; charset=utf-8';
    case 'tcp':
    case 'ts':
    case 'txt':
      return 'text/plain; charset=utf-8';
    default:
      return undefined;
  }
}
