// @ts-check
/**
 * What can be done to a run, as an object with names, becomes the line of script that says it. The line is what the lab reads:
 * here only the kinds and types of the values are looked at, their ranges are the script's.
 */

/** @typedef {import('./injection.d.ts').Deed} Deed */
/** @typedef {import('./injection.d.ts').UserCall} UserCall */
/** @typedef {'number' | 'string' | 'boolean' | 'object' | 'array' | 'number or mark'} Type */
/** @typedef {Record<string, Type | `${Type}?`>} Shape the fields, those with a question mark may be left out */

/** @type {Shape} */
const intruder = {
  to: 'string',
  seq: 'number or mark',
  ack: 'number or mark?',
  flags: 'array?',
  length: 'number?',
  text: 'string?',
  window: 'number?',
  mss: 'number?',
  windowScale: 'number?',
  sackPermitted: 'boolean?',
  timestamp: 'number?',
  timestampEcho: 'number?',
  fromAddress: 'string?',
  fromPort: 'number?',
  toPort: 'number?',
};

/** @type {Record<string, Shape>} */
const deeds = {
  drop: { segment: 'number' },
  duplicate: { segment: 'number', afterMs: 'number?' },
  delay: { segment: 'number', byMs: 'number' },
  corrupt: { segment: 'number' },
  hold: { segment: 'number' },
  release: { segment: 'number' },
  call: { side: 'string', call: 'object', connection: 'number?', port: 'number?' },
  crash: { side: 'string' },
  reboot: { side: 'string' },
  wait: { untilMs: 'number' },
  old: intruder,
  forge: intruder,
};

/** @type {Record<string, Shape>} */
const calls = {
  open: { fromPort: 'number?', toPort: 'number?', timeoutMs: 'number?' },
  listen: { port: 'number', fromAddress: 'string?', fromPort: 'number?', timeoutMs: 'number?' },
  send: { octets: 'number?', text: 'string?', timeoutMs: 'number?', andClose: 'boolean?' },
  receive: { octets: 'number?' },
  close: { all: 'boolean?' },
  abort: {},
  status: {},
  accept: { port: 'number?' },
};

/**
 * @param {unknown} value
 * @returns {string}
 */
export function lineOf(value) {
  const deed = /** @type {Deed} */ (checked(value, deeds, 'kind'));
  switch (deed.kind) {
    case 'drop':
    case 'corrupt':
    case 'hold':
    case 'release':
      return `${deed.kind} segment ${deed.segment}`;
    case 'duplicate':
      return words(`duplicate segment ${deed.segment}`, ['after', span(deed.afterMs)]);
    case 'delay':
      return words(`delay segment ${deed.segment}`, ['by', span(deed.byMs)]);
    case 'crash':
    case 'reboot':
      return `${word(deed.side)} ${deed.kind}`;
    case 'call': {
      const call = /** @type {UserCall} */ (checked(deed.call, calls, 'call.kind'));
      return words(`${word(deed.side)} ${callWords(call)}`, ['on connection', deed.connection], ['on port', deed.port]);
    }
    case 'wait':
      return `wait ${span(deed.untilMs)}`;
    case 'old':
    case 'forge':
      return intruderWords(deed);
  }
}

/** @param {UserCall} call */
function callWords(call) {
  switch (call.kind) {
    case 'open':
      return words('open', ['from', call.fromPort], ['to', call.toPort], ['timeout', span(call.timeoutMs)]);
    case 'listen':
      return words(`listen ${call.port}`, ['from', socket(call)], ['timeout', span(call.timeoutMs)]);
    case 'send':
      if ((call.octets === undefined) === (call.text === undefined)) throw bad('send', 'either octets or text');
      return words(
        `send ${call.text === undefined ? call.octets || '""' : quoted(call.text)}`,
        ['timeout', span(call.timeoutMs)],
        ['', call.andClose ? 'and close' : undefined],
      );
    case 'receive':
      return words('receive', ['', call.octets]);
    case 'accept':
      return words('accept', ['', call.port]);
    case 'close':
      return call.all ? 'close all' : 'close';
    case 'abort':
    case 'status':
      return call.kind;
  }
}

/** @param {Extract<Deed, {to: unknown}>} deed */
function intruderWords(deed) {
  const flags = (deed.flags ?? []).map((flag) => word(flag).toLowerCase());
  const ack = deed.ack ?? (flags.includes('ack') ? 0 : undefined);
  const { timestamp, timestampEcho } = deed;
  const hasTimestamps = timestamp !== undefined || timestampEcho !== undefined;
  if (deed.length !== undefined && deed.text !== undefined) throw bad(deed.kind, 'either length or text');
  return words(
    [deed.kind, 'to', word(deed.to), ...flags.filter((flag) => flag !== 'ack'), 'seq', deed.seq].join(' '),
    ['ack', ack],
    ['length', deed.text === undefined ? deed.length : quoted(deed.text)],
    ['window', deed.window],
    ['mss', deed.mss],
    ['window-scale', deed.windowScale],
    ['', deed.sackPermitted ? 'sack-permitted' : undefined],
    ['timestamps', hasTimestamps ? `${timestamp ?? 0} ${timestampEcho ?? 0}` : undefined],
    ['from', socket(deed)],
    ['to', deed.toPort],
  );
}

/** Where something comes from, as far as it is said. @param {{fromAddress?: string, fromPort?: number}} of */
function socket({ fromAddress, fromPort }) {
  const address = fromAddress === undefined ? undefined : `[${word(fromAddress)}]`;
  return [address, fromPort].filter((part) => part !== undefined).join(':') || undefined;
}

/**
 * A line with those of its parts that are there.
 *
 * @param {string} start
 * @param {...[string, string | number | undefined]} parts
 */
function words(start, ...parts) {
  const there = parts.filter(([, value]) => value !== undefined);
  return [start, ...there.flatMap(([name, value]) => [name, value])].filter((it) => it !== '').join(' ');
}

/** Scripts are exact to the microsecond. @param {number | undefined} ms */
function span(ms) {
  return ms === undefined ? undefined : `${Math.round(ms * 1000)}us`;
}

/** What must not be two words. @param {string} text */
function word(text) {
  if (typeof text !== 'string' || !/^[\w.:-]+$/.test(text)) throw bad(show(text), 'one word');
  return text;
}

/** @param {string} text */
function quoted(text) {
  const escapes = { '\n': '\\n', '\r': '\\r', '"': '\\"', '\\': '\\\\' };
  return `"${text.replace(/[\n\r"\\]/g, (it) => escapes[/** @type {keyof typeof escapes} */ (it)])}"`;
}

/**
 * The object, if its kind is known, every field has its type and none is one too many. What is `undefined` or `null` is left out.
 *
 * @param {unknown} value
 * @param {Record<string, Shape>} shapes
 * @param {string} name of the kind, for the message
 */
function checked(value, shapes, name) {
  if (typeof value !== 'object' || value === null) throw bad(show(value), 'a line of script or an object');
  const there = Object.entries(value).filter(([, it]) => it !== undefined && it !== null);
  const { kind, ...fields } = Object.fromEntries(there);
  if (!Object.hasOwn(shapes, kind)) throw bad(`${name} ${show(kind)}`, `one of ${Object.keys(shapes).join(', ')}`);
  const shape = shapes[kind];
  for (const [field, type] of Object.entries(shape)) {
    if (!(field in fields) && !type.endsWith('?')) throw bad(`${kind} without ${field}`, a(type));
  }
  for (const [field, it] of Object.entries(fields)) {
    if (!Object.hasOwn(shape, field)) throw bad(`${kind} with ${field}`, `only ${Object.keys(shape).join(', ') || 'its kind'}`);
    const type = shape[field].replace('?', '');
    const is = Array.isArray(it) ? 'array' : typeof it;
    const isMark = is === 'string' && /^(isn|una|nxt)([+-]\d+)?$/.test(it);
    if (type === 'number or mark' ? is !== 'number' && !isMark : is !== type) throw bad(`${field} ${show(it)}`, a(type));
  }
  return { kind, ...fields };
}

/** @param {unknown} value of any kind */
function show(value) {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' || typeof value === 'function' ? a(typeof value) : String(value);
}

/** @param {string} type */
function a(type) {
  if (type.startsWith('number or mark')) return 'a number, or isn, una or nxt with an offset';
  return `${/^[aeo]/.test(type) ? 'an' : 'a'} ${type}`;
}

/**
 * @param {string} found
 * @param {string} expected
 */
function bad(found, expected) {
  return Object.assign(new Error(`found ${found}, expected ${expected}`), { code: 'bad-argument' });
}
