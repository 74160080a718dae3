// @ts-check
/** What somebody does with the first picture, for split.mjs: with the run as the page has it, and a picture that nobody sees. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Run } from '../www/timeline/run.js';

/** The lab whose picture is shown. @type {import('../www/timeline/run.js').Lab | undefined} */
let mounted;
/** The widths of the picture on a phone and on a desk, in pixels. */
const widths = [340, 680];
const height = 500;

/** Whether the element has anything in it. */
let isEmpty = true;
/**
 * An element with which everything can be done. It only remembers whether it is empty.
 *
 * @type {any}
 */
const nothing = new Proxy(() => nothing, {
  get: (_, name) => {
    if (name === 'lastChild') return isEmpty ? null : nothing;
    if (name === 'appendChild' || name === 'removeChild') isEmpty = name === 'removeChild';
    return nothing;
  },
});

/**
 * Shows the first story, does to each segment what the page offers, and steps through it and back in each language.
 *
 * @param {import('../www/timeline/loader.js').Synfin} synfin
 * @param {string} folder where the words are
 */
export function trial(synfin, folder) {
  const [{ id }] = synfin.stories();
  const script = readFileSync(fileURLToPath(new URL(`../scenarios/${id}.tcp`, import.meta.url)), 'utf8');
  const [first, ...others] = ['en', 'zh-Hant', 'zh-Hans'].map((language) => {
    const core = readFileSync(join(folder, 'words', language, 'core.txt'), 'utf8');
    return /** @type {import('../www/timeline/words.js').Speech} */ ({ language, core });
  });
  const run = new Run(synfin, { script, story: id }, first, { speed: 1, hasPoster: false });
  for (const [line, step] of walk(run)) {
    run.restart();
    run.goTo(step);
    run.say(line);
    walk(run);
    run.goTo(step);
    run.forward(Infinity);
  }
  run.restart();
  run.forward(Infinity);
  for (const speech of [...others, first]) {
    run.setSpeech(speech);
    draw(run);
    while (position(run) > 0) {
      run.goTo(position(run) - 1);
      draw(run);
    }
    walk(run);
  }
  run.free();
}

/** @param {Run} run */
function position(run) {
  return run.store.state.now.step;
}

/**
 * Steps to the end of a run. Returns what is offered for its segments, with the number of steps after which it first is.
 *
 * @param {Run} run
 */
function walk(run) {
  /** @type {Map<string, number>} */
  const offers = new Map();
  for (;;) {
    draw(run);
    const { now, steps } = run.store.state;
    for (const { id } of steps.flatMap(({ sent }) => sent)) {
      for (const { line } of run.lab.segment(id)?.offers ?? []) if (!offers.has(line)) offers.set(line, now.step);
    }
    if (now.atEnd) return offers;
    run.step();
  }
}

/**
 * Draws where a run is. What is drawn already is drawn anew only where it has changed, unless it is another lab's; and what was told
 * of a width is told anew only for another one.
 *
 * @param {Run} run
 */
function draw(run) {
  if (mounted !== run.lab) run.lab.mount(nothing);
  mounted = run.lab;
  for (const width of widths) for (const top of [0, 0, height]) run.lab.draw({ width, top, height });
}
