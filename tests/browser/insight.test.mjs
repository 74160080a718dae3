// @ts-check
/** Who knows what, what has happened, and the story of a run, as the page shows them. */
import assert from 'node:assert/strict';
import { inEveryBrowser } from './browsers.mjs';
import { Timeline } from './timeline.mjs';

/** @typedef {import('./browsers.mjs').Visit} Visit */

/**
 * @param {Visit} visit
 * @param {string} link the fragment of a URL
 */
async function begin(visit, link) {
  await visit.open(link);
  return new Timeline(visit).ready();
}

/**
 * What the ledger says: of each row its name, and what each side's cell shows and is called.
 *
 * @param {Visit} visit
 */
async function ledger(visit) {
  const rows = await visit.page.evaluate(() => {
    const root = document.querySelector('tcp-timeline')?.shadowRoot;
    return [...(root?.querySelectorAll('.knows tr:has(button)') ?? [])].map((row) => {
      const cells = [...row.querySelectorAll('button')];
      return {
        name: row.querySelector('th')?.textContent ?? '',
        shown: cells.map((cell) => cell.textContent),
        called: cells.map((cell) => cell.ariaLabel),
        isChanged: cells.map((cell) => cell.classList.contains('changed')),
      };
    });
  });
  return new Map(rows.map(({ name, ...rest }) => [name, rest]));
}

/** @param {Visit} visit */
async function found(visit) {
  return visit.page.evaluate(() => {
    const part = document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.found');
    const story = part?.querySelector('.story:not([hidden])')?.textContent ?? '';
    return { story, told: [...(part?.querySelectorAll('li') ?? [])].map((each) => each.textContent ?? '') };
  });
}

/** @param {Visit} visit */
async function reasons(visit) {
  return visit.page.evaluate(() => {
    const root = document.querySelector('tcp-timeline')?.shadowRoot;
    return [...(root?.querySelectorAll('.knows .reason:not([hidden])') ?? [])].map((each) => each.textContent);
  });
}

inEveryBrowser('each segment of a handshake proves what the ledger says', {}, async (visit) => {
  const timeline = await begin(visit, '#story=handshake&step=3&lang=en');
  let rows = await ledger(visit);
  assert.equal(rows.size, 13);
  assert.deepEqual(rows.get('Client sends, server receives'), {
    shown: ['?', '#1'],
    called: ['Client unknown', 'Server seems so #1'],
    isChanged: [false, true],
  });
  assert.deepEqual(rows.get('It has my number')?.called, ['Client unknown', 'Server unknown']);
  await timeline.press('step');
  rows = await ledger(visit);
  assert.deepEqual(rows.get('It has my number')?.called, ['Client sure #2', 'Server unknown']);
  assert.deepEqual(rows.get('It has my number')?.isChanged, [true, false]);
  await timeline.press('step');
  rows = await ledger(visit);
  assert.deepEqual(rows.get('It has my number')?.called, ['Client sure #2', 'Server sure #3']);
  assert.deepEqual(rows.get('It knows that I have its number')?.called, ['Client unknown', 'Server sure #3']);

  // The reason is asked for, follows the run, and goes away.
  await timeline.click('.knows tbody:nth-of-type(2) tr:nth-of-type(4) td:nth-of-type(2) button');
  assert.deepEqual(await reasons(visit), ['ACK #3 acknowledges it. ACK seq=101 ack=301']);
  await timeline.click('.knows .reason .segment');
  assert.match((await timeline.read()).menu, /Number3/, 'the segment that proves it is shown');
  await visit.page.keyboard.press('Escape');
  await timeline.press('back');
  assert.deepEqual(await reasons(visit), ['Nobody has acknowledged it.']);
  await timeline.click('.knows [aria-expanded="true"]');
  assert.deepEqual(await reasons(visit), []);
});

inEveryBrowser('a segment that is lost is found, and the run has a story at its end', {}, async (visit) => {
  const timeline = await begin(visit, '#story=handshake&step=2&lang=en');
  assert.deepEqual(await found(visit), { story: '', told: [] });
  await timeline.choose('.in-flight', 'SYN seq=100');
  await timeline.press('drop');
  await timeline.press('end');
  await timeline.told(/./);
  await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.story:not([hidden])'));
  const end = await found(visit);
  assert.equal(
    end.story,
    'The client wanted a connection to the server. SYN #1 did not arrive. One segment was sent again. The last that the ' +
      "client's application heard was “connection established”, and the server's “connection established”. All in all it " +
      'took 1.15 s and 4 segments.',
  );
  assert.deepEqual(end.told, [
    '1 s! The client sent SYN #1 again as SYN #2, because it had been lost.1 s lost',
    "1.15 sThe client's connection is open at both ends, after a three-way handshake.in 1.15 s, 1.5 round trips",
  ]);
  // Each says when it was.
  await timeline.click('.found li:first-child button');
  assert.equal((await timeline.read()).time, '1 s');
  const then = await found(visit);
  assert.deepEqual(then, { story: '', told: end.told.slice(0, 1) });
  await timeline.press('reset');
  assert.deepEqual(await found(visit), { story: '', told: [] });
  await timeline.press('end');
  await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.story:not([hidden])'));
  assert.match((await found(visit)).story, /Nothing had to be repaired/, 'the words are there after a new start');
});

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  inEveryBrowser(`whoever is deceived is shown in red and in words, in ${scheme} colors`, { scheme }, async (visit) => {
    const timeline = await begin(visit, '#story=stale-syn-two-way&step=3&lang=en');
    const deceived = await ledger(visit);
    for (const name of ['Client sends, server receives', 'I have its number', 'It wants this connection now']) {
      assert.deepEqual(deceived.get(name)?.shown, ['?', '! #1'], name);
      assert.deepEqual(deceived.get(name)?.called, ['Client unknown', 'Server deceived #1'], name);
    }
    const colors = await visit.page.evaluate(() => {
      const root = document.querySelector('tcp-timeline')?.shadowRoot;
      const cell = /** @type {Element} */ (root?.querySelector('.level.deceived'));
      const mark = /** @type {Element} */ (root?.querySelector('.lab'));
      const probe = document.createElement('i');
      probe.style.color = 'var(--lost)';
      mark.append(probe);
      const red = getComputedStyle(probe).color;
      probe.remove();
      const style = getComputedStyle(cell);
      return { red, text: style.color, edge: style.borderTopColor };
    });
    assert.deepEqual([colors.text, colors.edge], [colors.red, colors.red]);
    await timeline.click('.knows .deceived');
    const [reason] = await reasons(visit);
    assert.match(reason ?? '', /^It rests on SYN #1, but a segment of a connection that is no more/);
    await visit.expectAccessible();
    await visit.shot('deceived');
  });
}

inEveryBrowser('the ledger and the story speak the language of the page', { width: 360 }, async (visit) => {
  const timeline = await begin(visit, '#story=lost-last-ack&step=99&lang=zh-Hant');
  assert.deepEqual((await ledger(visit)).get('對方有我的序號')?.called, ['客戶端 確定 #2', '伺服器 確定 #3']);
  assert.match((await found(visit)).story, /最後的確認 ACK #7 遺失了。/);
  await visit.page.select('#language', 'zh-Hans');
  await timeline.speaks('zh-Hans');
  assert.deepEqual((await ledger(visit)).get('对方有我的序列号')?.called, ['客户端 确定 #2', '服务器 确定 #3']);
  assert.match((await found(visit)).story, /最后的确认 ACK #7 丢失了。/);
  await visit.shot('ledger', { whole: true });
});
