// @ts-check
/**
 * Puts the scripts of the stories beside the module, as the page asks for them: each as a file, for the first one, and all in one
 * file for whoever looks at more: `node scripts/stories.mjs FOLDER`.
 */
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const scenarios = fileURLToPath(new URL('../scenarios', import.meta.url));
const [, , folder] = process.argv;
if (folder === undefined) throw new Error('which folder?');

rmSync(join(folder, 'stories'), { recursive: true, force: true });
cpSync(scenarios, join(folder, 'stories'), { recursive: true });
const files = readdirSync(scenarios).filter((name) => name.endsWith('.tcp'));
const all = files.sort().map((name) => [basename(name, '.tcp'), readFileSync(join(scenarios, name), 'utf8')]);
writeFileSync(join(folder, 'stories.json'), JSON.stringify(Object.fromEntries(all)));
