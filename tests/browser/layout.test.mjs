// @ts-check
/**
 * The page in windows of every size: nothing is cut off, everything can be reached. Usually in two windows and in English; with
 * `MATRIX=full`, as `make check` has it, in every width, language and color scheme.
 */
import assert from 'node:assert/strict';
import process from 'node:process';
import { inEveryBrowser } from './browsers.mjs';
import { Timeline } from './timeline.mjs';

/** @typedef {import('./browsers.mjs').Surroundings} Surroundings */

/** Zoomed to 200 % is half the width at twice the scale. @type {[string, Partial<Surroundings>][]} */
const usual = [
  ['on a phone', { width: 360, height: 740, scale: 2 }],
  ['zoomed to 200 %', { width: 640, height: 400, scale: 2 }],
];

/** @returns {[string, Partial<Surroundings>][]} */
function full() {
  const widths = [320, 360, 390, 640, 768, 1024, 1280, 1920];
  const languages = ['en-US', 'zh-TW', 'zh-CN'];
  const schemes = /** @type {const} */ (['light', 'dark']);
  return widths.flatMap((width) =>
    languages.flatMap((language) =>
      schemes.map((scheme) => /** @type {[string, Partial<Surroundings>]} */ ([
        `${width} pixels wide, in ${language} and ${scheme} colors`,
        { width, height: 740, language, scheme },
      ])),
    ),
  );
}

for (const [what, surroundings] of process.env.MATRIX === 'full' ? full() : usual) {
  inEveryBrowser(`${what}, nothing is cut off and everything can be reached`, surroundings, async (visit) => {
    await visit.open();
    const timeline = await new Timeline(visit).ready();
    const fits = async (/** @type {string} */ when) => {
      const { page, wide } = await visit.page.evaluate(() => {
        const root = document.querySelector('tcp-timeline')?.shadowRoot;
        const all = [...document.querySelectorAll('body *'), ...(root?.querySelectorAll(':not(svg *)') ?? [])];
        return {
          page: document.documentElement.scrollWidth <= innerWidth,
          wide: all
            .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5)
            .map((each) => `${each.tagName}.${each.className}`),
        };
      });
      assert.ok(page, `${when}: the page does not scroll sideways`);
      assert.deepEqual(wide, [], `${when}: nothing reaches beyond the edge`);
    };
    await fits('at the start');
    for (let step = 0; step < 6; step += 1) await timeline.press('step');
    await fits('in the middle');
    await visit.shot(`middle ${surroundings.language ?? ''}`);
    await visit.page.keyboard.press('End');
    await fits('at the end');
    await visit.shot(`whole ${surroundings.language ?? ''}`, { whole: true });
    await timeline.choose('.steps', 'FIN, ACK seq=383');
    await fits('with a menu');
    const small = await visit.page.evaluate(() => {
      const root = document.querySelector('tcp-timeline')?.shadowRoot;
      const targets = root?.querySelectorAll('button, select') ?? [];
      return [...targets]
        .map((each) => ({ text: each.textContent, box: each.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 24 || box.height < 24)
        .map(({ text }) => text);
    });
    assert.deepEqual(small, [], 'every target is large enough');
    const { current, status } = await timeline.read();
    await timeline.press('drop');
    const now = await timeline.read();
    assert.ok(now.current !== current && now.status !== status, 'the run goes back to where it is lost');
    if (!surroundings.language?.startsWith('zh')) assert.match(now.status, /is lost/);
  });
}
