// @ts-check
/**
 * Cuts the module into parts, so that nobody waits for what is not needed yet: `node scripts/split.mjs FOLDER NAME`.
 *
 * | file in FOLDER | what |
 * |---|---|
 * | `NAME_named.wasm` | read: the module with the names of its functions |
 * | `NAME_first.wasm` | what the first picture needs, and what happens as somebody steps through it, back, and interferes with a segment |
 * | `NAME_rest.wasm` | all else that the page uses: it uses the memory, the tables and the functions of the first part |
 * | `NAME_asked.wasm` | what only questions need: it uses both |
 *
 * Which functions the first picture needs is tried: `trial.mjs` shows the first story, while each function tells that it is called. So
 * the cut follows the code, and nobody keeps a list. Where a part calls a function of the one that comes after it, it does so through a
 * table that the later one fills; as long as that is empty, an import is called before, which has to see to it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import binaryen from 'binaryen';
import { functionsOf, ordered } from './order.mjs';
import { trial } from './trial.mjs';

/**
 * @typedef {import('binaryen').default.Module} Module
 * @typedef {import('binaryen').default.FunctionInfo} FunctionInfo
 * @typedef {{kind: 'Function' | 'Global' | 'Table', inner: string, outer: string}} Shared something that a part takes of the one
 *   before: its name in the module, and the one by which it goes from part to part
 * @typedef {object} Seam where two parts meet
 * @property {string} part the name of the second one, and of the import that has to load it
 * @property {string} table the table that it fills
 */

const [, , folder, name] = process.argv;
/** What names.mjs calls the module from which JavaScript's functions come. The parts take all that they need from one too. */
const outside = 'a';
/** The methods that only questions need. */
const asking = ['lab_ask', 'lab_grade'];

// The second cut knows functions by their names too.
binaryen.setDebugInfo(true);
const whole = readFileSync(path('_named.wasm'));
/** By which name JavaScript's side calls a function. @type {Map<string, string>} */
const outer = new Map(JSON.parse(readFileSync(resolve(folder, 'names.json'), 'utf8')).exports);
const names = freshNames(new Set(exportsOf(binaryen.readBinary(whole)).map(({ name }) => name)));

const [first, others] = cut(whole, await neededFunctions(), { part: 'rest', table: 'between' });
const [rest, asked] = cut(others, withoutQuestions(), { part: 'asked', table: 'beyond' });
for (const [part, module] of Object.entries({ first, rest, asked })) {
  const file = path(`_${part}.wasm`);
  writeFileSync(file, ordered(module));
  const wasmOpt = fileURLToPath(new URL('../node_modules/.bin/wasm-opt', import.meta.url));
  // As scripts/bind does.
  execFileSync(wasmOpt, ['-ocimfs=0', '-lmu', '-Oz', '--strip-debug', '--strip-target-features', file, '-o', file]);
  console.log(`built ${file}: ${readFileSync(file).length} bytes`);
}

/** @param {string} end */
function path(end) {
  return resolve(folder, `${name}${end}`);
}

/**
 * @template Info
 * @param {number} count
 * @param {(index: number) => Info} info
 */
function listed(count, info) {
  return Array.from({ length: count }, (_, index) => info(index));
}

/** @param {Module} module */
function exportsOf(module) {
  return listed(module.getNumExports(), (index) => binaryen.getExportInfo(module.getExportByIndex(index)));
}

// What is needed --------------------------------------------------------------------------------------------------------------

/**
 * The names of all functions that the trial calls.
 *
 * @returns {Promise<Set<string>>}
 */
async function neededFunctions() {
  const module = binaryen.readBinary(whole);
  const own = functionsOf(module).filter(({ base }) => !base);
  module.addFunctionImport('called', outside, 'called', binaryen.i32, binaryen.none);
  for (const [index, { name, params, results, vars, body }] of own.entries()) {
    const tell = module.call('called', [module.i32.const(index)], binaryen.none);
    module.removeFunction(name);
    module.addFunction(name, params, results, vars, module.block(null, [tell, body], results));
  }
  /** @type {Set<number>} */
  const called = new Set();
  Object.assign(globalThis, { called: (/** @type {number} */ index) => called.add(index) });
  const script = path('_tried.js');
  const glue = readFileSync(path('.js'), 'utf8');
  writeFileSync(script, glue.replace('const import0 = {', 'const import0 = { called: globalThis.called,'));
  try {
    const synfin = await import(pathToFileURL(script).href);
    synfin.initSync({ module: module.emitBinary() });
    trial(synfin, folder);
  } finally {
    rmSync(script);
  }
  return new Set([...called].map((index) => own[index].name));
}

/** The names of all functions that are there if nobody can ask. */
function withoutQuestions() {
  const module = binaryen.readBinary(whole);
  for (const each of asking) {
    const name = outer.get(each);
    if (name === undefined) throw new Error(`the module has no ${each}`);
    module.removeExport(name);
  }
  module.runPasses(['remove-unused-module-elements']);
  return new Set(functionsOf(module).map(({ name }) => name));
}

// The cut ---------------------------------------------------------------------------------------------------------------------

/**
 * Cuts a module in two.
 *
 * @param {Uint8Array} source
 * @param {ReadonlySet<string>} needed the functions of the first part, by name
 * @param {Seam} seam
 * @returns {[Uint8Array, Uint8Array]}
 */
function cut(source, needed, seam) {
  const all = functionsOf(binaryen.readBinary(source));
  const moving = all.filter(({ name, base }) => !base && !needed.has(name));
  // What can be reached of the second part, only the first one tells.
  const left = new Set(functionsOf(firstPart(source, moving, [], seam)).map(({ name }) => name));
  const reached = moving.filter(({ name }) => left.has(name));
  const { module, shared } = secondPart(source, new Set(moving.map(({ name }) => name)), reached, seam);
  return [firstPart(source, reached, shared, seam).emitBinary(), module.emitBinary()];
}

/**
 * @param {Uint8Array} source
 * @param {FunctionInfo[]} far the functions of the second part, in the order in which they stand in the table
 * @param {Shared[]} shared what the second part takes
 * @param {Seam} seam
 */
function firstPart(source, far, shared, { part, table }) {
  const module = binaryen.readBinary(source);
  const ready = `${part} is ready`;
  module.addTable(table, far.length, far.length);
  module.addFunctionImport(part, outside, part, binaryen.none, binaryen.none);
  const isEmpty = module.ref.is_null(module.table.get(table, module.i32.const(0), binaryen.funcref));
  module.addFunction(ready, binaryen.none, binaryen.none, [], module.if(isEmpty, module.call(part, [], binaryen.none)));
  for (const [slot, { name, params, results }] of far.entries()) {
    const given = binaryen.expandType(params).map((type, index) => module.local.get(index, type));
    const call = module.call_indirect(table, module.i32.const(slot), given, params, results);
    module.removeFunction(name);
    module.addFunction(name, params, results, [], module.block(null, [module.call(ready, [], binaryen.none), call], results));
  }
  for (const { kind, inner, outer } of shared) module[`add${kind}Export`](inner, outer);
  module.runPasses(['remove-unused-module-elements']);
  return module;
}

/**
 * The second part, and what it takes of the first one. What that has from a part before it stays an import.
 *
 * @param {Uint8Array} source
 * @param {ReadonlySet<string>} moving its functions
 * @param {FunctionInfo[]} reached those that the first part calls, in the order in which they stand in the table
 * @param {Seam} seam
 */
function secondPart(source, moving, reached, { table }) {
  const module = binaryen.readBinary(source);
  const exports = exportsOf(module);
  // A module that goes out has its imports from JavaScript's side, which gives them to nobody else.
  const isFirst = exports.length > 0;
  for (const { name } of exports) module.removeExport(name);
  for (const { name } of listed(module.getNumElementSegments(), (index) => binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(index)))) {
    module.removeElementSegment(name);
  }
  const staying = functionsOf(module).filter(({ name, base }) => !moving.has(name) && (isFirst || !base));
  for (const { name, params, results } of staying) {
    module.removeFunction(name);
    module.addFunctionImport(name, outside, '', params, results);
  }
  module.addTable(table, reached.length, reached.length);
  module.addActiveElementSegment(table, table, reached.map(({ name }) => name), module.i32.const(0));
  // Whatever is in a table that goes out is used.
  module.addTableExport(table, table);
  module.runPasses(['remove-memory-init', 'remove-unused-module-elements']);
  module.removeExport(table);
  /** @type {Shared[]} */
  const shared = [];
  const share = (/** @type {Shared['kind']} */ kind, /** @type {string} */ inner) => {
    const known = exports.find((it) => it.kind === binaryen[`External${kind}`] && it.value === inner)?.name;
    // The table keeps its name: JavaScript's side looks whether there is one.
    const outer = known ?? (inner === table ? table : /** @type {string} */ (names.next().value));
    if (!known) shared.push({ kind, inner, outer });
    return outer;
  };
  const used = new Set(functionsOf(module).map(({ name }) => name));
  for (const { name, params, results } of staying.filter(({ name }) => used.has(name))) {
    module.addFunctionImport(name, outside, share('Function', name), params, results);
  }
  for (const { name, base, type, mutable } of listed(module.getNumGlobals(), (index) => binaryen.getGlobalInfo(module.getGlobalByIndex(index)))) {
    if (!base) module.addGlobalImport(name, outside, share('Global', name), type, mutable);
  }
  for (const { name, base } of listed(module.getNumTables(), (index) => binaryen.getTableInfo(module.getTableByIndex(index)))) {
    if (!base) module.addTableImport(name, outside, share('Table', name));
  }
  const memory = exports.find(({ kind }) => kind === binaryen.ExternalMemory);
  if (memory) module.addMemoryImport(memory.value, outside, memory.name);
  return { module, shared };
}

/**
 * Short names that are not taken.
 *
 * @param {ReadonlySet<string>} taken
 */
function* freshNames(taken) {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  for (const one of letters) for (const other of letters) if (!taken.has(one + other)) yield one + other;
}
