// @ts-check
/** What a person does on the page, in both browsers. */
import assert from 'node:assert/strict';
import { inEveryBrowser } from './browsers.mjs';
import { Timeline } from './timeline.mjs';

/** @typedef {import('./browsers.mjs').Visit} Visit */

/** What is sent in the story of the page, from the first SYN to the last ACK. */
const life = [
  'SYN seq=100',
  'SYN, ACK seq=300 ack=101',
  'ACK seq=101 ack=301',
  'PSH, ACK seq=101 ack=301 len=45',
  'ACK seq=301 ack=146',
  'PSH, ACK seq=301 ack=146 len=52',
  'ACK seq=146 ack=353',
  'FIN, ACK seq=146 ack=353',
  'ACK seq=353 ack=147',
  'PSH, ACK seq=353 ack=147 len=30',
  'ACK seq=147 ack=383',
  'FIN, ACK seq=383 ack=147',
  'ACK seq=147 ack=384',
];

const clientStates = ['CLOSED', 'SYN-SENT', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT', 'CLOSED'];
const serverStates = ['CLOSED', 'LISTEN', 'SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT', 'LAST-ACK', 'LISTEN'];

/**
 * Opens the page and waits for the module.
 *
 * @param {Visit} visit
 * @param {string} [path]
 */
async function begin(visit, path = '') {
  await visit.open(path);
  return new Timeline(visit).ready();
}

inEveryBrowser('the story is stepped through from SYN to FIN', {}, async (visit) => {
  const timeline = await begin(visit);
  assert.equal(await visit.page.title(), 'From SYN to FIN · synfin');
  let now = await timeline.read();
  assert.match(now.status, /Nothing has happened yet/);
  assert.deepEqual(now.client.values, {}, 'a closed connection has no variables');
  const states = { client: [now.client.state], server: [now.server.state] };
  for (let step = 1; ; step += 1) {
    const { time, status } = now;
    await timeline.press('step');
    now = await timeline.read();
    if (now.time === time && now.status === status) break;
    assert.equal(now.current, step, 'the list follows');
    assert.equal(now.entries[step].summary, now.status, 'the status line says the same as the list');
    assert.notDeepEqual(now.entries[step].reasons, [], `step ${step} has a reason`);
    if (states.client.at(-1) !== now.client.state) states.client.push(now.client.state);
    if (states.server.at(-1) !== now.server.state) states.server.push(now.server.state);
  }
  assert.deepEqual(now.sent, life);
  assert.deepEqual(states, { client: clientStates, server: serverStates });
  assert.equal(now.time, '240.75 s');
  await visit.shot('end');
});

inEveryBrowser('each step shows what it changed, and back undoes it', {}, async (visit) => {
  const timeline = await begin(visit);
  for (let step = 0; step < 6; step += 1) await timeline.press('step');
  const before = await timeline.read();
  await timeline.press('step');
  const after = await timeline.read();
  assert.deepEqual(after.server.changed, ['RCV.NXT', 'RCV.WND']);
  assert.equal(after.server.values['RCV.NXT'], '101 → 146');
  await timeline.press('back');
  const again = await timeline.read();
  assert.equal(again.status, before.status);
  assert.deepEqual(again.client, before.client);
  assert.deepEqual(again.server, before.server);
  assert.ok(again.entries[7].isFuture, 'what came after is still in the list');
  // Any entry goes where it says, also forward.
  await timeline.click('.steps [data-step="7"]');
  assert.deepEqual(await timeline.read(), { ...after, focus: (await timeline.read()).focus });
  await timeline.press('reset');
  const fresh = await timeline.read();
  assert.equal(fresh.entries.length, 1);
  assert.match(fresh.status, /Nothing has happened yet/);
});

inEveryBrowser('everything works with the keyboard', {}, async (visit) => {
  const timeline = await begin(visit);
  const { keyboard } = visit.page;
  // Nothing has the focus yet.
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowRight');
  assert.equal((await timeline.read()).current, 2);
  await keyboard.press('ArrowLeft');
  assert.equal((await timeline.read()).current, 1);
  await keyboard.press('End');
  assert.deepEqual((await timeline.read()).sent, life);
  await keyboard.press('Home');
  assert.equal((await timeline.read()).current, 0);
  await keyboard.press(' ');
  await timeline.told(/sends SYN seq=100/);
  await keyboard.press(' ');
  await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('[data-does="play"]'));

  // The skip link leads to the element; Tab goes through its buttons.
  await keyboard.press('Home');
  await visit.page.focus('.skip');
  await keyboard.press('Enter');
  await keyboard.press('Tab');
  assert.equal((await timeline.read()).focus, 'Start over');
  for (let tab = 0; tab < 3; tab += 1) await keyboard.press('Tab');
  assert.equal((await timeline.read()).focus, 'Step');
  await keyboard.press(' ');
  await keyboard.press('Enter');
  assert.equal((await timeline.read()).current, 2, 'Space and Enter press the button that has the focus');
  await keyboard.press('ArrowRight');
  assert.equal((await timeline.read()).current, 3);

  // A choice needs its keys itself.
  await visit.page.focus('#story');
  await keyboard.press('ArrowLeft');
  await keyboard.press('Home');
  assert.equal((await timeline.read()).current, 3);

  // The menu of a segment: in with Enter, around with the arrows, out with Escape, and the focus comes back.
  await keyboard.press('Escape');
  await visit.page.evaluate(() => {
    const root = document.querySelector('tcp-timeline')?.shadowRoot;
    /** @type {HTMLElement} */ (root?.querySelector('.in-flight .segment')).focus();
  });
  await keyboard.press('Enter');
  let now = await timeline.read();
  assert.match(now.menu, /SYN, ACK seq=300 ack=101.*On its way, arrives at 100 ms.*Lose it/);
  assert.equal(now.focus, 'Lose it');
  await keyboard.press('ArrowUp');
  assert.equal((await timeline.read()).focus, 'Hold it in the network');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  assert.match((await timeline.read()).focus, /Duplicate/);
  await keyboard.press('Escape');
  now = await timeline.read();
  assert.equal(now.menu, '');
  assert.match(now.focus, /SYN, ACK/);
  assert.equal(now.current, 3, 'nothing happened');
});

inEveryBrowser('it plays, pauses, and goes on to the end', {}, async (visit) => {
  const timeline = await begin(visit);
  await visit.page.evaluate(() => {
    /** @type {any} */ (window).told = [];
    document.addEventListener('tcp-step', (event) => {
      /** @type {any} */ (window).told.push(/** @type {CustomEvent} */ (event).detail);
    });
  });
  await timeline.press('play');
  await timeline.told(/SYN,ACK seq=300/);
  await timeline.press('pause');
  const paused = await timeline.read();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.deepEqual(await timeline.read(), paused, 'nothing moves during a pause');
  const speed = await visit.page.waitForSelector('tcp-timeline >>> select.speed');
  await speed?.select('4');
  await timeline.press('play');
  await timeline.told(/TIME-WAIT timer expires/);
  await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('[data-does="play"]'));
  const end = await timeline.read();
  assert.deepEqual(end.sent, life);
  const told = await visit.page.evaluate(() => /** @type {any} */ (window).told);
  assert.deepEqual(
    told.map((/** @type {{step: number}} */ { step }) => step),
    Array.from(told, (_, index) => index + 1),
    'each step was told once',
  );
  assert.equal(told.at(-1).summary, end.status);
  assert.equal(told.at(-1).timeMs, 240_750);
  // From the end it plays the story again; at this speed the status line shows a step for an instant only.
  await timeline.press('play');
  await visit.until((already) => {
    const { told } = /** @type {any} */ (window);
    return told.slice(already).some((/** @type {{summary: string}} */ { summary }) => /sends SYN seq=100/.test(summary));
  }, told.length);
});

inEveryBrowser('a segment is lost with a click on its arrow, and repaired', {}, async (visit) => {
  const timeline = await begin(visit);
  await timeline.press('step');
  await timeline.press('step');
  const { x, y } = await timeline.arrow(1);
  await visit.page.mouse.click(x, y);
  const open = await timeline.read();
  assert.match(open.menu, /^SYN seq=100.*On its way, arrives at 50 ms.*Lose it/);
  await visit.shot('menu');
  await visit.expectAccessible();
  await timeline.press('drop');
  const lost = await timeline.read();
  assert.match(lost.status, /SYN seq=100.* is lost/);
  assert.deepEqual(lost.inFlight, []);
  assert.equal(lost.menu, '');
  await timeline.press('step');
  assert.match((await timeline.read()).status, /retransmission timer expires/);
  await timeline.press('end');
  const { sent } = await timeline.read();
  assert.deepEqual(sent, ['SYN seq=100', ...life]);
});

inEveryBrowser('a segment says what its options are, and how much its window counts', {}, async (visit) => {
  const timeline = await begin(visit, '#story=options-agreed');
  await timeline.press('end');
  await timeline.choose('.steps', 'SYN, ACK seq=300');
  const synAck = (await timeline.read()).menu;
  assert.match(synAck, /^SYN, ACK seq=300 ack=101Number2Window65535Largest text \(MSS\)1460Window scale2Selective ACKpermitted/);
  assert.match(synAck, /Timestamp60Echoed timestamp10/);
  await visit.page.keyboard.press('Escape');
  await timeline.choose('.steps', 'ACK seq=301 ack=3101');
  assert.match((await timeline.read()).menu, /^ACK seq=301 ack=3101Number\d+Window50000 × 4 = 200000Timestamp210/);
  await visit.shot('options');
  await visit.expectAccessible();
});

inEveryBrowser('a segment of the past is lost in the list, and the run goes back to it', {}, async (visit) => {
  const timeline = await begin(visit);
  await timeline.press('end');
  await timeline.choose('.steps', 'ACK seq=147 ack=384');
  assert.match((await timeline.read()).menu, /It has arrived/);
  await timeline.press('drop');
  const lost = await timeline.read();
  assert.match(lost.status, /ACK seq=147 ack=384.* is lost/);
  assert.equal(lost.server.state, 'LAST-ACK');
  assert.equal(lost.entries.length - 1, lost.current, 'what came after is forgotten');
  await timeline.press('end');
  const { sent, server } = await timeline.read();
  assert.deepEqual(sent, [...life, 'FIN, ACK seq=383 ack=147', 'ACK seq=147 ack=384']);
  assert.equal(server.state, 'LISTEN');
});

inEveryBrowser('a segment is held, released, delayed, and arrives twice', {}, async (visit) => {
  const timeline = await begin(visit);
  await timeline.press('step');
  await timeline.press('step');
  await timeline.choose('.in-flight', 'SYN seq=100');
  await timeline.press('hold');
  let now = await timeline.read();
  assert.match(now.inFlight.join(), /SYN seq=100.*Held/);
  await timeline.press('step');
  now = await timeline.read();
  assert.equal(now.time, '1 s', 'it does not arrive');
  assert.equal(now.inFlight.length, 2, 'the held one and its retransmission');
  await timeline.click('.in-flight [data-segment="1"]');
  await timeline.press('release');
  now = await timeline.read();
  assert.doesNotMatch(now.inFlight.join(), /Held/);

  await timeline.press('reset');
  await timeline.press('step');
  await timeline.press('step');
  await timeline.choose('.in-flight', 'SYN seq=100');
  await timeline.press('delay');
  await timeline.choose('.in-flight', 'SYN seq=100');
  assert.match((await timeline.read()).menu, /arrives at 250 ms/);
  await timeline.press('duplicate');
  for (let step = 0; step < 2; step += 1) await timeline.press('step');
  const arrivals = async () =>
    (await timeline.read()).entries.filter(({ summary }) => /SYN seq=100 reaches the server/.test(summary)).length;
  await timeline.press('end');
  assert.ok((await arrivals()) >= 2, 'it arrives twice');
});

inEveryBrowser('the user of a side acts, and what is not possible is said and changes nothing', {}, async (visit) => {
  const timeline = await begin(visit);
  for (let step = 0; step < 5; step += 1) await timeline.press('step');
  await timeline.click('.endpoint.client [data-call="close"]');
  let now = await timeline.read();
  assert.equal(now.client.state, 'FIN-WAIT-1');
  await timeline.click('.endpoint.server [data-call="abort"]');
  now = await timeline.read();
  assert.match(now.sent.at(-1) ?? '', /RST/);
  // A lost segment cannot be released.
  await timeline.press('reset');
  const choice = await visit.page.waitForSelector('#story');
  await choice?.select('lost-syn');
  await timeline.ready();
  await timeline.press('step');
  await timeline.press('step');
  const before = await timeline.read();
  await timeline.choose('.steps', 'SYN seq=100');
  assert.match((await timeline.read()).menu, /It is lost/);
  await timeline.press('drop');
  now = await timeline.read();
  assert.notEqual(now.alert, '');
  assert.deepEqual([now.current, now.status, now.client], [before.current, before.status, before.client]);
  await timeline.press('step');
  assert.equal((await timeline.read()).alert, '');
});

inEveryBrowser('it speaks three languages, keeps its place, and remembers', { language: 'zh-TW' }, async (visit) => {
  let timeline = await begin(visit);
  assert.equal(await visit.page.title(), '從 SYN 到 FIN · synfin');
  for (let step = 0; step < 4; step += 1) await timeline.press('step');
  const traditional = await timeline.read();
  await visit.expectAccessible();
  await visit.shot('zh-Hant');
  await visit.page.select('#language', 'zh-Hans');
  await timeline.speaks('zh-Hans');
  const simplified = await timeline.read();
  assert.equal(simplified.current, 4);
  assert.equal(simplified.time, traditional.time);
  assert.notEqual(simplified.status, traditional.status);
  assert.equal(await visit.page.title(), '从 SYN 到 FIN · synfin');
  assert.equal(await visit.page.evaluate(() => document.documentElement.lang), 'zh-Hans');
  await visit.shot('zh-Hans');
  await visit.open();
  timeline = await new Timeline(visit).ready();
  assert.equal(await visit.page.title(), '从 SYN 到 FIN · synfin');
  await visit.page.select('#language', 'en');
  await timeline.speaks('en');
  assert.match((await timeline.read()).status, /Nothing has happened yet/);
});

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  inEveryBrowser(`axe finds nothing in ${scheme} colors`, { scheme }, async (visit) => {
    const timeline = await begin(visit);
    await visit.expectAccessible();
    for (let step = 0; step < 7; step += 1) await timeline.press('step');
    await visit.expectAccessible();
    await visit.shot('middle');
    await timeline.press('back');
    await timeline.choose('.steps', 'SYN seq=100');
    await visit.expectAccessible();
  });
}

inEveryBrowser('with reduced motion there are only discrete steps', { reducedMotion: true }, async (visit) => {
  const timeline = await begin(visit);
  await visit.page.evaluate(() => {
    const root = document.querySelector('tcp-timeline')?.shadowRoot;
    const seen = (/** @type {any} */ (window).seen = new Set());
    const clock = /** @type {Element} */ (root?.querySelector('.clock'));
    new MutationObserver(() => seen.add(clock.textContent)).observe(clock, { childList: true, characterData: true, subtree: true });
  });
  const speed = await visit.page.waitForSelector('tcp-timeline >>> select.speed');
  await speed?.select('4');
  await timeline.press('play');
  await timeline.told(/SYN,ACK seq=300 ack=101 reaches the client/);
  await timeline.press('pause');
  const seen = await visit.page.evaluate(() => [.../** @type {any} */ (window).seen]);
  assert.deepEqual(
    seen.filter((/** @type {string} */ time) => !['0 ms', '50 ms', '100 ms', '150 ms'].includes(time)),
    [],
    'the clock shows no times between steps',
  );
});

inEveryBrowser('what is printed is the whole picture', {}, async (visit) => {
  const timeline = await begin(visit);
  await visit.page.select('#language', 'zh-Hans');
  await timeline.speaks('zh-Hans');
  await visit.page.select('#language', 'en');
  await timeline.speaks('en');
  await timeline.press('end');
  const shows = (/** @type {string} */ words, /** @type {boolean} */ isWanted) => {
    const picture = document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.sheet svg');
    return picture?.textContent?.includes(words) === isWanted;
  };
  await visit.until(shows, 'ack=384', true);
  await visit.until(shows, 'seq=100', false);
  await visit.page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await visit.until(shows, 'seq=100', true);
  await visit.until(shows, 'ack=384', true);
  await visit.page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await visit.until(shows, 'seq=100', false);
});

inEveryBrowser('whatever a script can say happens when it is typed', {}, async (visit) => {
  const timeline = await begin(visit, '#story=life&step=7');
  const { keyboard } = visit.page;
  const prompt = () =>
    visit.page.evaluate(() => {
      const root = document.querySelector('tcp-timeline')?.shadowRoot;
      const input = /** @type {HTMLInputElement} */ (root?.querySelector('.prompt input'));
      return {
        line: input.value,
        isFocused: root?.activeElement === input,
        mistake: root?.querySelector('.prompt .mistake:not([hidden])')?.textContent ?? '',
        outcome: root?.querySelector('.prompt .outcome:not([hidden])')?.textContent ?? '',
      };
    });
  const before = await timeline.read();
  await timeline.click('.prompt input');
  await keyboard.type('forge to server syn se 5000');
  await keyboard.press('Enter');
  const line = 'forge to server syn se 5000';
  const parts = 'ack, length, window, mss, window-scale, sack-permitted, timestamps, from, times';
  const mistake = `column 21: found "se", expected one of to, seq, fin, rst, psh, urg, ece, cwr, ${parts} (did you mean "seq"?)`;
  assert.deepEqual(await prompt(), { line, isFocused: true, mistake, outcome: '' }, 'nothing that was typed is lost');
  let now = await timeline.read();
  assert.deepEqual([now.current, now.alert], [before.current, ''], 'neither the space nor the mistake moves the run');

  // The server expects 146, and no text is on its way to it: a reset with that number counts.
  await timeline.click('.prompt .calls button:nth-child(3)');
  const reset = 'forge to server rst seq 146';
  assert.deepEqual(await prompt(), { line: reset, isFocused: true, mistake: '', outcome: '' });
  await keyboard.press('Enter');
  await timeline.told(/forged RST seq=146/);
  const outcome = (await timeline.read()).status;
  assert.deepEqual(await prompt(), { line: '', isFocused: true, mistake: '', outcome });
  await keyboard.press('Enter');
  assert.deepEqual(await prompt(), { line: '', isFocused: true, mistake: '', outcome }, 'nothing is asked for');
  await keyboard.type('drop segment 99');
  await keyboard.press('Enter');
  const refused = { line: 'drop segment 99', isFocused: true, mistake: 'There is no segment 99.', outcome: '' };
  assert.deepEqual(await prompt(), refused, 'segments are counted as in scripts');
  await timeline.press('step');
  assert.deepEqual(await prompt(), { ...refused, isFocused: false, mistake: '' }, 'that was then');
  await visit.page.select('#language', 'zh-Hant');
  await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.lab')?.getAttribute('lang') === 'zh-Hant');
  assert.equal((await prompt()).line, 'drop segment 99', 'another language changes nothing of it');
  await visit.page.select('#language', 'en');
  await timeline.speaks('en');
  await timeline.click('.prompt input');
  await keyboard.press('End');
  for (let count = 0; count < 20; count += 1) await keyboard.press('Backspace');
  await keyboard.type('server set user-timeout 5s');
  await timeline.click('.prompt form button');
  await timeline.told(/server.*user timeout/);
  await timeline.press('end');
  await timeline.told(/./);
  now = await timeline.read();
  const arrival = now.entries.findIndex(({ summary }) => summary.includes('RST seq=146 reaches the server'));
  assert.match(now.entries[arrival].summary, /ESTABLISHED to CLOSED/);
  assert.ok(!now.sent.some((segment) => segment?.startsWith('FIN') && segment.includes('seq=383')), 'it closes no more');
});
