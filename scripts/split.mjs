// @ts-check
/**
 * Cuts the module in two, so that the first picture need not wait for all of it: `node scripts/split.mjs FOLDER NAME`.
 *
 * | file in FOLDER | what |
 * |---|---|
 * | `NAME_named.wasm` | read: the module with the names of its functions |
 * | `NAME_first.wasm` | what the first picture needs, and what happens as somebody steps through it, back, and interferes with a segment |
 * | `NAME_rest.wasm` | all other functions: they use the memory, the tables and the functions of the first part |
 *
 * Which functions these are is tried: `trial.mjs` shows the first story, while each function tells that it is called. So the cut
 * follows the code, and nobody keeps a list. Where the first part calls a function of the second one, it does so through a table that
 * the second one fills; as long as that is empty, the import `rest` is called before, which has to see to it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import binaryen from 'binaryen';
import { trial } from './trial.mjs';

/**
 * @typedef {import('binaryen').default.Module} Module
 * @typedef {import('binaryen').default.FunctionInfo} FunctionInfo
 * @typedef {{kind: 'Function' | 'Global' | 'Memory' | 'Table', inner: string, outer: string}} Shared something that the second part
 *   takes of the first: its name in the module, and the one by which it goes from part to part
 */

const [, , folder, name] = process.argv;
/** What names.mjs calls the module from which JavaScript's functions come. The second part takes all that it needs from one too. */
const outside = 'a';
/** The table by which the first part calls functions of the second. */
const between = 'between';
const whole = readFileSync(path('_named.wasm'));
const needed = await neededFunctions();
const all = functions(read());
const [staying, moving] = [all.filter(({ name }) => needed.has(name)), all.filter(({ name }) => !needed.has(name))];
// What can be reached of the second part, only the first one tells.
const left = new Set(functions(firstPart(moving, [])).map(({ name }) => name));
const reached = moving.filter(({ name }) => left.has(name));
const { module: rest, shared } = secondPart();
write('first', firstPart(reached, shared));
write('rest', rest);

/** @param {string} end */
function path(end) {
  return resolve(folder, `${name}${end}`);
}

function read() {
  return binaryen.readBinary(whole);
}

/**
 * @param {string} part
 * @param {Module} module
 */
function write(part, module) {
  const file = path(`_${part}.wasm`);
  writeFileSync(file, module.emitBinary());
  const wasmOpt = fileURLToPath(new URL('../node_modules/.bin/wasm-opt', import.meta.url));
  // As scripts/bind does.
  execFileSync(wasmOpt, ['--strip-debug', '--strip-target-features', file, '-o', file]);
  console.log(`built ${file}: ${readFileSync(file).length} bytes`);
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
function functions(module) {
  return listed(module.getNumFunctions(), (index) => binaryen.getFunctionInfo(module.getFunctionByIndex(index)));
}

/**
 * What the first part consists of: all functions that the trial calls, by name, and all imports.
 *
 * @returns {Promise<Set<string>>}
 */
async function neededFunctions() {
  const module = read();
  const imported = functions(module).filter(({ base }) => base);
  const own = functions(module).filter(({ base }) => !base);
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
  return new Set([...imported.map(({ name }) => name), ...[...called].map((index) => own[index].name)]);
}

/**
 * @param {FunctionInfo[]} far the functions of the second part, in the order in which they stand in the table
 * @param {Shared[]} shared what the second part takes
 */
function firstPart(far, shared) {
  const module = read();
  module.addTable(between, far.length, far.length);
  module.addFunctionImport('rest', outside, 'rest', binaryen.none, binaryen.none);
  const isEmpty = module.ref.is_null(module.table.get(between, module.i32.const(0), binaryen.funcref));
  module.addFunction('ready', binaryen.none, binaryen.none, [], module.if(isEmpty, module.call('rest', [], binaryen.none)));
  for (const [slot, { name, params, results }] of far.entries()) {
    const given = binaryen.expandType(params).map((type, index) => module.local.get(index, type));
    const call = module.call_indirect(between, module.i32.const(slot), given, params, results);
    module.removeFunction(name);
    module.addFunction(name, params, results, [], module.block(null, [module.call('ready', [], binaryen.none), call], results));
  }
  for (const { kind, inner, outer } of shared) module[`add${kind}Export`](inner, outer);
  module.runPasses(['remove-unused-module-elements']);
  return module;
}

/** The second part, and what it takes of the first one. */
function secondPart() {
  const module = read();
  const exports = listed(module.getNumExports(), (index) => binaryen.getExportInfo(module.getExportByIndex(index)));
  const names = freshNames(new Set(exports.map(({ name }) => name)));
  for (const { name } of exports) module.removeExport(name);
  for (const { name } of listed(module.getNumElementSegments(), (index) => binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(index)))) {
    module.removeElementSegment(name);
  }
  for (const { name, params, results } of staying) {
    module.removeFunction(name);
    module.addFunctionImport(name, outside, '', params, results);
  }
  module.addTable(between, reached.length, reached.length);
  module.addActiveElementSegment(between, between, reached.map(({ name }) => name), module.i32.const(0));
  // Whatever is in a table that goes out is used.
  module.addTableExport(between, between);
  module.runPasses(['remove-memory-init', 'remove-unused-module-elements']);
  module.removeExport(between);
  /** @type {Shared[]} */
  const shared = [];
  const share = (/** @type {Shared['kind']} */ kind, /** @type {string} */ inner) => {
    // The table between keeps its name: JavaScript's side looks whether there is one.
    const known = exports.find((it) => it.kind === binaryen[`External${kind}`] && it.value === inner)?.name;
    const outer = known ?? (inner === between ? between : /** @type {string} */ (names.next().value));
    if (!known) shared.push({ kind, inner, outer });
    return outer;
  };
  // In the order in which the first part has them: so these names and the numbers of functions grow together, and compress.
  const used = new Set(functions(module).filter(({ name }) => needed.has(name)).map(({ name }) => name));
  for (const { name, params, results } of staying.filter(({ name }) => used.has(name))) {
    module.addFunctionImport(name, outside, share('Function', name), params, results);
  }
  for (const { name, type, mutable } of listed(module.getNumGlobals(), (index) => binaryen.getGlobalInfo(module.getGlobalByIndex(index)))) {
    module.addGlobalImport(name, outside, share('Global', name), type, mutable);
  }
  for (const { name } of listed(module.getNumTables(), (index) => binaryen.getTableInfo(module.getTableByIndex(index)))) {
    module.addTableImport(name, outside, share('Table', name));
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
