// @ts-check
/** The object that `Lab.inject` takes becomes the line of script that says the same. It needs no browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineOf } from '../../src/wasm/deed.js';

/** @typedef {import('../../src/wasm/injection.d.ts').Deed} Deed */

/** @type {[Deed, string][]} */
const lines = [
  [{ kind: 'drop', segment: 7 }, 'drop segment 7'],
  [{ kind: 'corrupt', segment: 7 }, 'corrupt segment 7'],
  [{ kind: 'hold', segment: 7 }, 'hold segment 7'],
  [{ kind: 'release', segment: 7 }, 'release segment 7'],
  [{ kind: 'duplicate', segment: 7 }, 'duplicate segment 7'],
  [{ kind: 'duplicate', segment: 7, afterMs: 0.5 }, 'duplicate segment 7 after 500us'],
  [{ kind: 'delay', segment: 7, byMs: 200 }, 'delay segment 7 by 200000us'],
  [{ kind: 'crash', side: 'client' }, 'client crash'],
  [{ kind: 'reboot', side: 'server' }, 'server reboot'],
  [{ kind: 'call', side: 'client', call: { kind: 'open' } }, 'client open'],
  [{ kind: 'call', side: 'client', call: { kind: 'open', fromPort: 50000, toPort: 81 } }, 'client open from 50000 to 81'],
  [{ kind: 'call', side: 'server', call: { kind: 'listen', port: 81 } }, 'server listen 81'],
  [{ kind: 'call', side: 'client', call: { kind: 'send', octets: 45 } }, 'client send 45'],
  [{ kind: 'call', side: 'client', call: { kind: 'send', octets: 0 } }, 'client send ""'],
  [{ kind: 'call', side: 'client', call: { kind: 'send', text: 'a "b"\\\r\n#, c' } }, 'client send "a \\"b\\"\\\\\\r\\n#, c"'],
  [{ kind: 'call', side: 'client', call: { kind: 'send', text: '' } }, 'client send ""'],
  [{ kind: 'call', side: 'client', call: { kind: 'receive' } }, 'client receive'],
  [{ kind: 'call', side: 'client', call: { kind: 'receive', octets: 9 } }, 'client receive 9'],
  [{ kind: 'call', side: 'client', call: { kind: 'close' }, connection: 1 }, 'client close on connection 1'],
  [{ kind: 'call', side: 'client', call: { kind: 'close', all: true } }, 'client close all'],
  [{ kind: 'call', side: 'client', call: { kind: 'close', all: false } }, 'client close'],
  [{ kind: 'call', side: 'server', call: { kind: 'close' }, port: 81 }, 'server close on port 81'],
  [{ kind: 'call', side: 'client', call: { kind: 'send', octets: 45, andClose: true } }, 'client send 45 and close'],
  [
    { kind: 'call', side: 'client', call: { kind: 'send', text: 'a', timeoutMs: 5000, andClose: true } },
    'client send "a" timeout 5000000us and close',
  ],
  [{ kind: 'call', side: 'client', call: { kind: 'open', timeoutMs: 1.5 } }, 'client open timeout 1500us'],
  [
    { kind: 'call', side: 'server', call: { kind: 'listen', port: 81, fromAddress: '192.0.2.1', fromPort: 9, timeoutMs: 1 } },
    'server listen 81 from [192.0.2.1]:9 timeout 1000us',
  ],
  [{ kind: 'wait', untilMs: 2000 }, 'wait 2000000us'],
  [{ kind: 'call', side: 'client', call: { kind: 'abort' } }, 'client abort'],
  [{ kind: 'call', side: 'client', call: { kind: 'status' } }, 'client status'],
  [{ kind: 'call', side: 'server', call: { kind: 'accept' } }, 'server accept'],
  [{ kind: 'call', side: 'server', call: { kind: 'accept', port: 80 } }, 'server accept 80'],
  [{ kind: 'forge', to: 'server', seq: 90 }, 'forge to server seq 90'],
  [{ kind: 'old', to: 'server', seq: 90, flags: ['SYN'], fromPort: 4000 }, 'old to server syn seq 90 from 4000'],
  [{ kind: 'forge', to: 'server', seq: 90, flags: ['ACK', 'FIN'] }, 'forge to server fin seq 90 ack 0'],
  [{ kind: 'forge', to: 'server', seq: 90, flags: ['ACK'], ack: 7 }, 'forge to server seq 90 ack 7'],
  [{ kind: 'forge', to: 'server', seq: 'nxt+1', flags: ['RST'] }, 'forge to server rst seq nxt+1'],
  [{ kind: 'forge', to: 'server', seq: 'isn', ack: 'una-5' }, 'forge to server seq isn ack una-5'],
  [{ kind: 'forge', to: 'server', seq: 'nxt', ack: 'nxt', text: 'a b' }, 'forge to server seq nxt ack nxt length "a b"'],
  [{ kind: 'forge', to: 'server', seq: 90, timestampEcho: 7 }, 'forge to server seq 90 timestamps 0 7'],
  [{ kind: 'forge', to: 'server', seq: 90, fromPort: 4000 }, 'forge to server seq 90 from 4000'],
  [{ kind: 'forge', to: 'server', seq: 90, fromAddress: '198.51.100.7' }, 'forge to server seq 90 from [198.51.100.7]'],
  [
    {
      kind: 'forge',
      to: 'client',
      seq: 90,
      ack: 4,
      flags: ['SYN', 'RST'],
      length: 3,
      window: 100,
      mss: 536,
      windowScale: 255,
      sackPermitted: true,
      timestamp: 5,
      timestampEcho: 6,
      fromAddress: '2001:db8::7',
      fromPort: 4000,
      toPort: 81,
    },
    'forge to client syn rst seq 90 ack 4 length 3 window 100 mss 536 window-scale 255 sack-permitted timestamps 5 6 ' +
      'from [2001:db8::7]:4000 to 81',
  ],
];

test('each object becomes the line that says the same', () => {
  for (const [deed, line] of lines) assert.equal(lineOf(deed), line);
});

test('what is undefined or null is left out', () => {
  assert.equal(lineOf({ kind: 'duplicate', segment: 7, afterMs: undefined }), 'duplicate segment 7');
  assert.equal(lineOf({ kind: 'forge', to: 'server', seq: 9, fromAddress: null, mss: null }), 'forge to server seq 9');
});

/** @type {[unknown, RegExp][]} */
const mistakes = [
  [null, /found an object, expected a line of script or an object/],
  [7, /found 7, expected a line/],
  [{}, /kind undefined, expected one of drop, /],
  [{ kind: 'explode' }, /kind "explode", expected one of drop, /],
  [{ kind: 'toString' }, /kind "toString"/],
  [{ kind: 'drop' }, /drop without segment, expected a number/],
  [{ kind: 'drop', segment: '7' }, /segment "7", expected a number/],
  [{ kind: 'drop', segment: 7n }, /segment 7, expected a number/],
  [{ kind: 'drop', segment: 7, hard: true }, /drop with hard, expected only segment/],
  [{ kind: 'crash', side: 'client crash #' }, /"client crash #", expected one word/],
  [{ kind: 'call', side: 'client', call: 'close' }, /call "close", expected an object/],
  [{ kind: 'call', side: 'client', call: { kind: 'shut' } }, /call.kind "shut", expected one of open, /],
  [{ kind: 'call', side: 'client', call: { kind: 'abort', hard: true } }, /abort with hard, expected only its kind/],
  [{ kind: 'call', side: 'client', call: { kind: 'close', hard: true } }, /close with hard, expected only all/],
  [{ kind: 'call', side: 'client', call: { kind: 'send' } }, /send, expected either octets or text/],
  [{ kind: 'call', side: 'client', call: { kind: 'send', octets: 1, text: 'a' } }, /send, expected either octets or text/],
  [{ kind: 'forge', to: 'server', seq: 9, fromAddress: '198.51.100.7 to 9' }, /expected one word/],
  [{ kind: 'forge', to: 'server', seq: 9, flags: ['SYN seq 1 #'] }, /expected one word/],
  [{ kind: 'forge', to: 'server', seq: 9, flags: [7] }, /found 7, expected one word/],
  [{ kind: 'forge', to: 'server', seq: 'nxt rst' }, /seq "nxt rst", expected a number, or isn, una or nxt with an offset/],
  [{ kind: 'forge', to: 'server', seq: true }, /seq true, expected a number, or/],
  [{ kind: 'forge', to: 'server' }, /forge without seq, expected a number, or/],
  [{ kind: 'forge', to: 'server', seq: 9, length: 1, text: 'a' }, /forge, expected either length or text/],
  [{ kind: 'call', side: 'client', call: { kind: 'close', all: 1 } }, /all 1, expected a boolean/],
  [{ kind: 'forge', to: 'server', seq: 9, flags: 'SYN' }, /flags "SYN", expected an array/],
];

test('an object that is none says why', () => {
  for (const [deed, message] of mistakes) assert.throws(() => lineOf(deed), { code: 'bad-argument', message });
});
