// @ts-check
/**
 * Lets the JavaScript side of a module call it by the short names that wasm-opt has given it: `node scripts/names.mjs FOLDER NAME`.
 * `FOLDER/names.json` says which these are. The long ones hold hashes, which do not compress.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const [, , folder, name] = process.argv;
/** @type {{imports: [module: string, long: string, short: string][], exports: [long: string, short: string][]}} */
const { imports, exports } = JSON.parse(readFileSync(join(folder, 'names.json'), 'utf8'));

edit(`${name}.js`, (text) => {
  const shortened = new Map(imports.map(([, long, short]) => [long, short]));
  let named = 0;
  text = text
    .replace(`"./${name}_bg.js":`, 'a:')
    .replace(/^( +)(\w+)(: function\()/gm, (whole, before, long, after) => {
      const short = shortened.get(long);
      named += short === undefined ? 0 : 1;
      return short === undefined ? whole : `${before}${short}${after}`;
    });
  if (named !== imports.length) throw new Error(`${name}.js has ${named} of ${imports.length} imports`);
  for (const [long, short] of exports) text = text.replaceAll(new RegExp(`\\bwasm\\.${long}\\b`, 'g'), `wasm.${short}`);
  return text;
});
edit(`${name}.d.ts`, (text) => {
  for (const [long, short] of exports) text = text.replace(`readonly ${long}:`, `readonly ${short}:`);
  return text;
});
// The same as in `NAME.d.ts`, by the long names.
rmSync(join(folder, `${name}_bg.wasm.d.ts`));

/**
 * @param {string} file
 * @param {(text: string) => string} change
 */
function edit(file, change) {
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
