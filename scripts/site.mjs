// @ts-check
/**
 * Builds the site, `dist`, from the sources of the page, `www`, and prints what each part weighs: `node scripts/site.mjs`.
 *
 * What only we name goes into `dist/assets` under a name that holds a hash of what is in it, and may be kept for ever. What others
 * name keeps its name: the pages, `register.js`, and the module with its JavaScript side (`synfin.js`). Beside each file
 * that compression makes smaller is its `.br` and its `.gz`.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, buildSync, transformSync } from 'esbuild';
import { compare, print, weigh } from './weights.mjs';

const top = fileURLToPath(new URL('..', import.meta.url));
const www = join(top, 'www');
const dist = join(top, 'dist');
/** Built here and then swapped in, so that an interrupted build leaves no half of a site. */
const fresh = join(top, 'target', 'site');

/**
 * The files that the page's modules ask for at run time, by `address()`: a file, or a folder with all that is in it.
 *
 * @type {readonly {name: string, when: 'first' | 'later'}[]} `first`: the first picture needs it, so the page asks for it early
 */
const runTime = [
  { name: 'tcp-timeline.css', when: 'first' },
  { name: 'panels.css', when: 'later' },
  // Our pages have it in them.
  { name: 'picture.css', when: 'later' },
  { name: 'pkg/synfin.js', when: 'first' },
  { name: 'pkg/synfin_first.wasm', when: 'first' },
  { name: 'pkg/synfin_rest.wasm', when: 'later' },
  { name: 'pkg/synfin_asked.wasm', when: 'later' },
  // Those of the reader's language, which no page knows before its modules run.
  { name: 'pkg/words/', when: 'later' },
  // That of the story that is shown first; and all of them.
  { name: 'pkg/stories/', when: 'later' },
  { name: 'pkg/stories.json', when: 'later' },
];

/**
 * What wasm-bindgen writes starts the module a second time when it is asked again before the first start has ended, and what came
 * of the first is then lost. An element and a page's own script may well do so.
 */
const startOnce = `
let __starting;
function __start_once(options) {
  __starting ??= __wbg_init(options).catch((error) => {
    __starting = undefined;
    throw error;
  });
  return __starting;
}
`;

/**
 * The module of the page is in parts. Whoever started the first may ask for the others; and they are fetched when they are called.
 *
 * @param {string} rest
 * @param {string} asked
 */
const inParts = (rest, asked) => `
import { Part } from '../../scripts/part.js';
const __first = { load: async () => {}, loadNow() {}, get given() { return wasm; } };
const __rest = new Part(new URL('${rest}', import.meta.url), 'between', __first, { asked: () => __asked.loadNow() });
const __asked = new Part(new URL('${asked}', import.meta.url), 'beyond', __rest);
function whole() {
  return __rest.load();
}
function withQuestions() {
  return __asked.load();
}
`;

/**
 * A page of others may give the lab an object instead of a line of script; our page has lines only. So what makes lines of objects
 * comes with `synfin.js`, which hands it over.
 */
const linesLater = `
let __line_of;
const lineOf = (deed) => __line_of(deed);
function __set_line_of(given) {
  __line_of = given;
}
`;

/** The module that others name to have the element. */
const register = 'register.js';
/** The module that the element asks for at run time. */
const later = 'timeline/panels/later.js';

/** What browsers the page is for; they all know nested rules, private methods and top-level `await`. */
const target = ['chrome114', 'firefox125', 'safari17'];

rmSync(fresh, { recursive: true, force: true });
mkdirSync(join(fresh, 'assets'), { recursive: true });

const places = placeRunTimeFiles();
const pages = readdirSync(www).filter((name) => name.endsWith('.html'));
/** Where the modules of the pages are, by their names in `www`. @type {Map<string, string>} */
const scripts = new Map();
for (const name of pages.flatMap((name) => moduleScripts(read(name)))) scripts.set(name, await bundle(name));
writeFileSync(join(fresh, register), `import './${await bundle(register)}';\n`);
for (const name of pages) writeFileSync(join(fresh, name), await page(read(name)));
nameTheModule();
compressAll();

rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);

const weights = weigh(dist);
print(weights);
for (const line of compare(weights)) console.log(line);

// Files that are asked for at run time -------------------------------------------------------------------------------------

/** Puts them into `assets` and returns where each is, from a folder in there. */
function placeRunTimeFiles() {
  /** @type {Record<string, string>} */
  const places = {};
  for (const { name } of runTime) {
    if (name.endsWith('/')) places[name] = `../${placeFolder(name)}/`;
    // Its JavaScript side names the module, so that comes later.
    else if (name !== 'pkg/synfin.js') places[name] = `../${placeFile(name)}`;
  }
  const glue = read('pkg/synfin.js');
  const [first, rest, asked] = ['first', 'rest', 'asked'].map((part) => basename(places[`pkg/synfin_${part}.wasm`]));
  const bound = replaceOnce(glue, "'synfin_bg.wasm'", `'${first}'`);
  const called = replaceOnce(bound, 'const import0 = {', 'const import0 = { rest: () => __rest.loadNow(),');
  const shared =
    replaceOnce(called, '__wbg_init as default', '__start_once as default, __set_line_of, whole, withQuestions') +
    startOnce +
    inParts(rest, asked);
  places['pkg/synfin.js'] = `../${place('synfin.js', glued(replaceOnce(shared, importOfLines(), linesLater)))}`;
  return places;
}

/** How the module's JavaScript side imports what makes lines of objects. */
function importOfLines() {
  const [line] = /^import \{ lineOf \} from .*\n/m.exec(read('pkg/synfin.js')) ?? fail('no import of lineOf');
  return line;
}

/**
 * A module with what it imports of `pkg`, which the module asks of JavaScript (`snippets`).
 *
 * @param {string} contents
 * @param {string[]} [external] what it only names
 */
function glued(contents, external = []) {
  const stdin = { contents, resolveDir: join(www, 'pkg'), sourcefile: 'synfin.js' };
  const { outputFiles } = buildSync({ stdin, bundle: true, format: 'esm', minify: true, target, external, write: false });
  return outputFiles[0].text;
}

/**
 * @param {string} name
 * @returns {string} its name in `assets`
 */
function placeFile(name) {
  const content = readFileSync(join(www, name));
  switch (extname(name)) {
    case '.css':
      return place(name, transformSync(content.toString(), { loader: 'css', minify: true, target }).code);
    case '.svg':
      return place(name, lean(content.toString()));
    default:
      return place(name, content);
  }
}

/**
 * All files of a folder keep their names in it; the folder's name has the hash of them all.
 *
 * @param {string} name
 * @param {string} [from] where it is
 * @returns {string} its name in `assets`
 */
function placeFolder(name, from = join(www, name)) {
  const all = createHash('sha256');
  for (const file of filesIn(from)) all.update(relative(from, file)).update(readFileSync(file));
  const folder = `${basename(name)}-${all.digest('hex').slice(0, 8)}`;
  cpSync(from, join(fresh, 'assets', folder), { recursive: true });
  return folder;
}

// Modules ------------------------------------------------------------------------------------------------------------------

/**
 * Bundles a module into one file, and the panels that its element asks for at run time into another one beside it. What both use is
 * in the first, from where the second takes it.
 *
 * @param {string} name
 * @returns {Promise<string>} where it is, below `dist`
 */
async function bundle(name) {
  const made = join(top, 'target', 'bundles', stem(name));
  rmSync(made, { recursive: true, force: true });
  const mine = new Set(Object.keys((await build({ ...bundled(made, name), write: false })).metafile.inputs));
  /** What the panels take from the module, as the metafile names it. @type {Set<string>} */
  const taken = new Set();
  await build({
    ...bundled(made, later),
    plugins: [
      {
        name: 'taken',
        setup(build) {
          build.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
            const file = relative(top, join(resolveDir, path));
            if (!mine.has(file)) return undefined;
            taken.add(file);
            return { path: `./${basename(name)}`, external: true };
          });
        },
      },
    ],
  });
  const files = [...taken].map((file) => `export * from './${relative(www, join(top, file))}';`);
  const stdin = { contents: [`import './${name}';`, ...files].join('\n'), resolveDir: www };
  await build({ ...bundled(made, name), entryPoints: undefined, stdin, outdir: undefined, outfile: join(made, basename(name)) });
  return join('assets', placeFolder(stem(name), made), basename(name));
}

/**
 * How a module is bundled.
 *
 * @param {string} outdir
 * @param {string} name
 */
function bundled(outdir, name) {
  return /** @satisfies {import('esbuild').BuildOptions} */ ({
    absWorkingDir: top,
    entryPoints: [{ in: join(www, name), out: stem(name) }],
    outdir,
    bundle: true,
    format: 'esm',
    minify: true,
    target,
    charset: 'utf8',
    metafile: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'places',
        setup(build) {
          build.onLoad({ filter: /[\\/]www[\\/]timeline[\\/]places\.js$/ }, () => ({
            contents: `export const places = ${JSON.stringify({ ...places, [later]: `./${basename(later)}` })};`,
          }));
        },
      },
    ],
  });
}

/** Others name the module's JavaScript side, the module, the words, the stories, the picture's style; the page and they share the first two. */
function nameTheModule() {
  const glue = `./assets/${basename(places['pkg/synfin.js'])}`;
  const named = `${importOfLines()}import start, { __set_line_of, withQuestions } from '${glue}';
__set_line_of(lineOf);
export default async function (given) {
  const exports = await start(given);
  await withQuestions();
  return exports;
}
export { ${[...read('pkg/synfin.js').matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name)}, initSync } from '${glue}';
`;
  writeFileSync(join(fresh, 'synfin.js'), glued(named, [glue]));
  for (const name of ['synfin_bg.wasm', 'synfin.d.ts', 'words', 'stories']) cpSync(join(www, 'pkg', name), join(fresh, name), { recursive: true });
  cpSync(join(www, 'picture.css'), join(fresh, 'picture.css'));
}

// Pages --------------------------------------------------------------------------------------------------------------------

/** @param {string} html */
function moduleScripts(html) {
  return [...html.matchAll(/<script type="module" src="([^"]+)"/g)].map(([, name]) => name);
}

/**
 * A page as it is served: its style sheets stand in it, so that it shows as soon as it is there; and it asks at once
 * for all that its first picture needs. Its policy names the styles by their hashes. Where a host's own policy forbids them
 * all the same, `guard.js` loads them as the file that `data-file` names. The live picture takes its style from the page.
 *
 * @param {string} html
 */
async function page(html) {
  const early = runTime.filter(({ when }) => when === 'first').map(({ name }) => join('assets', basename(places[name])));
  const sheets = /(?:^ *<link rel="stylesheet" href="[^"]+" \/>\n)+/m;
  const [links] = sheets.exec(html) ?? fail('a page without style sheets');
  const names = [...links.matchAll(/href="([^"]+)"/g)].map(([, name]) => name);
  const styles = await Promise.all(names.map((name) => styleSheet([name])));
  const file = `assets/${place('page.css', await styleSheet(names))}`;
  const empty = names.map((name) => (name === 'picture.css' ? '<style data-picture></style>' : `<style data-file="${file}"></style>`));
  const link = `<noscript><link rel="stylesheet" href="${file}" /></noscript>`;
  const shape = lean(
    html
      .replace(sheets, [...empty, link, ...early.map(preload), ''].join('\n'))
      .replace(/(<script type="module" src=")([^"]+)"/g, (_, begin, name) => `${begin}${scripts.get(name)}"`)
      .replace(/(<script src=")([^"]+)"/g, (_, begin, name) => `${begin}assets/${classicScript(name)}"`)
      .replace(/(<link rel="icon" href=")([^"]+)"/g, (_, begin, name) => `${begin}assets/${placeFile(name)}"`),
  );
  const hashes = styles.map((style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  const allowed = replaceOnce(shape, "style-src 'self'", `style-src 'self' ${hashes.join(' ')}`);
  return allowed.replaceAll('></style>', () => `>${styles.shift()}</style>`);
}

/** @param {string} path */
function preload(path) {
  switch (extname(path)) {
    case '.js':
      return `<link rel="modulepreload" href="${path}" />`;
    case '.wasm':
      return `<link rel="preload" href="${path}" as="fetch" type="application/wasm" crossorigin />`;
    default:
      return `<link rel="preload" href="${path}" as="fetch" crossorigin />`;
  }
}

/**
 * Several style sheets as one.
 *
 * @param {string[]} names
 */
async function styleSheet(names) {
  const { outputFiles } = await build({
    stdin: { contents: names.map((name) => `@import './${name}';`).join('\n'), resolveDir: www, loader: 'css' },
    bundle: true,
    minify: true,
    target,
    write: false,
  });
  return outputFiles[0].text.trim();
}

/**
 * A script for browsers that know no modules: what it is written in is kept.
 *
 * @param {string} name
 */
function classicScript(name) {
  return place(name, transformSync(read(name), { loader: 'js', minify: true, target: 'es5' }).code);
}

/**
 * Markup without what only its authors read: comments and indentation.
 *
 * @param {string} markup
 */
function lean(markup) {
  return markup
    .replace(/<!--[^]*?-->/g, '')
    .replace(/<svg[^]*?<\/svg>/g, leanPicture)
    .replace(/\s+/g, ' ')
    .replace(/ ?\/>/g, '/>')
    .trim();
}

/**
 * A static picture without the numbers of what is drawn and the names that have no color, which only a live one needs. What begins a
 * line in it is no text. The places of lines are told from one to the next, so that shapes that are alike are written alike.
 *
 * @param {string} picture
 */
function leanPicture(picture) {
  const style = read('page.css') + read('picture.css');
  const isStyled = (/** @type {string} */ name) => style.includes(`.${name}`);
  return picture
    .replace(/>\n\s*</g, '><')
    .replace(/ data-(?:event|step|segment)="\d+"/g, '')
    .replace(/ class="([^"]+)"/g, (_, names) => {
      const styled = names.split(' ').filter(isStyled);
      return styled.length > 0 ? ` class="${styled.join(' ')}"` : '';
    })
    .replace(/<poly(line|gon)( class="[^"]+")? points="([^"]+)"/g, (_, kind, names = '', points) => {
      return `<path${names} d="${steps(points)}${kind === 'gon' ? 'z' : ''}"`;
    });
}

/**
 * The path through points, `M98 51l133.6 61.1`, in tenths.
 *
 * @param {string} points `98,51 231.63,112.09`
 */
function steps(points) {
  let [x, y] = [0, 0];
  const moves = points.split(' ').map((point) => {
    const [right, down] = point.split(',').map((number) => Math.round(Number(number) * 10));
    const move = [right - x, down - y].map((tenths) => String(tenths / 10).replace(/^(-?)0\./, '$1.'));
    [x, y] = [right, down];
    return move.join(' ');
  });
  return `M${moves[0]}l${moves.slice(1).join(' ')}`;
}

// Compression --------------------------------------------------------------------------------------------------------------

function compressAll() {
  for (const path of filesIn(fresh)) {
    const content = readFileSync(path);
    // What has a hash in its name was compressed by the last build.
    const before = relative(fresh, path).startsWith('assets') ? join(dist, relative(fresh, path)) : undefined;
    for (const [ending, compress] of /** @type {const} */ ([
      ['.br', brotli],
      ['.gz', (/** @type {Buffer} */ content) => gzipSync(content, { level: 9 })],
    ])) {
      const known = before && existsSync(before + ending) ? readFileSync(before + ending) : undefined;
      const small = known ?? compress(content);
      if (small.length < content.length) writeFileSync(path + ending, small);
    }
  }
}

/** @param {Buffer} content */
function brotli(content) {
  return brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
}

// Helpers ------------------------------------------------------------------------------------------------------------------

/**
 * Writes a file into `assets` under a name with the hash of its content, and returns that name.
 *
 * @param {string} name
 * @param {string | Uint8Array} content
 */
function place(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  const hashed = `${stem(name)}-${hash}${extname(name)}`;
  writeFileSync(join(fresh, 'assets', hashed), content);
  return hashed;
}

/** @param {string} name */
function stem(name) {
  return basename(name, extname(name));
}

/** @param {string} name */
function read(name) {
  return readFileSync(join(www, name), 'utf8');
}

/**
 * @param {string} folder
 * @returns {string[]} all files in it and below, in an order that is always the same
 */
function filesIn(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
}

/**
 * @param {string} text
 * @param {string} old
 * @param {string} now
 */
function replaceOnce(text, old, now) {
  const pieces = text.split(old);
  if (pieces.length !== 2) fail(`expected ${old} once, found it ${pieces.length - 1} times`);
  return pieces.join(now);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(`site: ${message}`);
  process.exit(1);
}
