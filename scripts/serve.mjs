// @ts-check
/** Serves the page for a person: `PORT=8080 node scripts/serve.mjs`. Ctrl-C ends it. */
import process from 'node:process';
import { serve } from './static.mjs';

const port = readPort(process.env.PORT);
const server = await serve({ port }).catch((error) => fail(explain(error)));

console.log(`\nsynfin is at ${server.address}   (Ctrl-C ends it)`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await server.close();
    process.exit(0);
  });
}

/** @param {string | undefined} text */
function readPort(text) {
  if (!text) return 8080;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 65535) return number;
  return fail(`PORT=${text} is not a port; expected a number from 1 to 65535, as in: make serve PORT=8081`);
}

/** @param {NodeJS.ErrnoException} error */
function explain(error) {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} is taken; choose another, as in: make serve PORT=${port === 65535 ? 8080 : port + 1}`;
    case 'EACCES':
      return `port ${port} is not allowed for this user; choose one above 1023, as in: make serve PORT=8080`;
    default:
      return `cannot serve on port ${port}: ${error.message}`;
  }
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(`serve: ${message}`);
  process.exit(1);
}
