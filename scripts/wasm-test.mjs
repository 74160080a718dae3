// @ts-check
/**
 * Runs tests/web.rs inside a real browser: `node scripts/wasm-test.mjs chromium` or `firefox`.
 *
 * The flags of both browsers are in webdriver.json; this adds where the browser is, and uses the tools that are installed instead
 * of letting wasm-pack download its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { need } from './programs.mjs';

const top = fileURLToPath(new URL('..', import.meta.url));

/** @type {Record<string, () => {flags: string[], options: string, binary: string}>} */
const browsers = {
  chromium: () => ({
    flags: ['--chrome', '--chromedriver', need('chromedriver')],
    options: 'goog:chromeOptions',
    binary: need('chromium'),
  }),
  firefox: () => ({
    flags: ['--firefox', '--geckodriver', need('geckodriver')],
    options: 'moz:firefoxOptions',
    binary: need('firefox'),
  }),
};

try {
  process.exitCode = run(process.argv[2] ?? '');
} catch (error) {
  console.error(`wasm-test: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

/** @param {string} name */
function run(name) {
  const browser = browsers[name];
  if (!browser) throw new Error(`"${name}" is not a browser; expected ${Object.keys(browsers).join(' or ')}`);
  const { flags, options, binary } = browser();

  const capabilities = JSON.parse(readFileSync(`${top}/webdriver.json`, 'utf8'));
  capabilities[options].binary = binary;
  const folder = `${top}/target`;
  const webdriver = `${folder}/webdriver-${name}.json`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(webdriver, JSON.stringify(capabilities, undefined, 2));

  const { status, error } = spawnSync(
    'wasm-pack',
    ['--log-level', 'error', 'test', '--headless', ...flags, '--mode', 'no-install', '--', '--test', 'web'],
    {
      cwd: top,
      stdio: 'inherit',
      env: {
        ...process.env,
        WASM_BINDGEN_TEST_WEBDRIVER_JSON: webdriver,
        // Seconds, on a slow or busy machine: for all tests together, and for the driver to start.
        WASM_BINDGEN_TEST_TIMEOUT: '120',
        WASM_BINDGEN_TEST_DRIVER_TIMEOUT: '30',
      },
    },
  );
  if (error) throw new Error(`wasm-pack could not be started (${error.message}); run scripts/bootstrap test`);
  return status ?? 1;
}
