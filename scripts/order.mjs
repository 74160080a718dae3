// @ts-check
/**
 * Puts functions that are alike next to each other, because a module compresses better then. Each is followed by the one of those left
 * that has most in common with it: pieces of four octets.
 */
import binaryen from 'binaryen';

/** How long the pieces are that are compared, in octets. */
const piece = 4;
/** A piece that more functions have says nothing. */
const mostCommon = 200;

/** @param {import('binaryen').default.Module} module */
export function functionsOf(module) {
  return Array.from({ length: module.getNumFunctions() }, (_, index) => binaryen.getFunctionInfo(module.getFunctionByIndex(index)));
}

/**
 * The same module with its functions in a better order, and with their names as far as it has them.
 *
 * @param {Uint8Array} bytes
 */
export function ordered(bytes) {
  const module = binaryen.readBinary(bytes);
  const own = functionsOf(module).filter(({ base }) => !base);
  // A module has its functions in the order in which they were added.
  for (const index of inOrder(codes(Buffer.from(bytes)).map(pieces))) {
    const { name, params, results, vars, body } = own[index];
    module.removeFunction(name);
    module.addFunction(name, params, results, vars, body);
  }
  return module.emitBinary();
}

/**
 * The code of each function that is not imported.
 *
 * @param {Buffer} module
 */
function codes(module) {
  let at = 8;
  const number = () => {
    let [value, shift, octet] = [0, 0, 0];
    do {
      octet = module[at++];
      value |= (octet & 0x7f) << shift;
      shift += 7;
    } while (octet & 0x80);
    return value;
  };
  const codeSection = 10;
  for (;;) {
    const id = module[at++];
    const length = number();
    if (id === codeSection) break;
    at += length;
  }
  return Array.from({ length: number() }, () => {
    const length = number();
    at += length;
    return module.subarray(at - length, at);
  });
}

/** @param {Buffer} code */
function pieces(code) {
  return new Set(Array.from({ length: Math.max(0, code.length - piece + 1) }, (_, at) => code.readUInt32LE(at)));
}

/**
 * @param {Set<number>[]} all the pieces of each function
 * @returns {number[]}
 */
function inOrder(all) {
  /** Which functions have a piece. @type {Map<number, number[]>} */
  const owners = new Map();
  for (const [index, some] of all.entries()) {
    for (const each of some) {
      const known = owners.get(each);
      if (known) known.push(index);
      else owners.set(each, [index]);
    }
  }
  const left = new Set(all.keys());
  const order = [];
  for (let next = 0; left.size > 0; ) {
    left.delete(next);
    order.push(next);
    /** How much each has in common with it. @type {Map<number, number>} */
    const common = new Map();
    for (const each of all[next]) {
      const has = owners.get(each) ?? [];
      if (has.length > mostCommon) continue;
      for (const index of has) if (left.has(index)) common.set(index, (common.get(index) ?? 0) + 1);
    }
    let most = 0;
    const { size } = all[next];
    next = left.values().next().value ?? 0;
    for (const [index, shared] of common) {
      const likeness = shared / (size + all[index].size - shared);
      if (likeness > most) [most, next] = [likeness, index];
    }
  }
  return order;
}
