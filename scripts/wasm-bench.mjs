// @ts-check
/**
 * Runs the bench as WebAssembly in V8, which Node has: `node scripts/wasm-bench.mjs -O3 FOLDER/bench.wasm`.
 *
 * The first argument is what wasm-opt optimizes for. `make bench` has cargo call this with the module that it compiled.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [level, compiled] = process.argv.slice(2);
if (!level || !compiled) {
  console.error('wasm-bench: expected what wasm-opt optimizes for, and a module, as in: -O3 FOLDER/bench.wasm');
  process.exit(1);
}

const module = resolve(compiled);
const name = basename(module, '.wasm');
const folder = join(dirname(module), name);
const bind = fileURLToPath(new URL('bind', import.meta.url));
const { status, error } = spawnSync(bind, [module, folder, level], { stdio: 'inherit' });
if (error || status) {
  console.error(`wasm-bench: ${error?.message ?? 'the module could not be made ready'}; run scripts/bootstrap serve`);
  process.exit(1);
}

console.log(`V8 ${process.versions.v8} in Node.js ${process.versions.node}`);
const { default: init } = await import(pathToFileURL(join(folder, `${name}.js`)).href);
const exports = await init({ module_or_path: readFileSync(join(folder, `${name}_bg.wasm`)) });
/** @type {{exports: [long: string, short: string][]}} */
const names = JSON.parse(readFileSync(join(folder, 'names.json'), 'utf8'));
// The library has a start function, so the program's is not called by itself.
exports[new Map(names.exports).get('main') ?? 'main'](0, 0);
