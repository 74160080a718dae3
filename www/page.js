// @ts-check
/**
 * The page around the element: the choice of story and of language, the words, the address, and keys pressed outside the
 * element.
 *
 * The fragment of the address holds the whole run, with `lang` and, while two runs are compared, `compare`. It is never sent
 * to a server. What changes the run is a new entry of the browser's history; what only moves in it changes the present one.
 */
import { bestLanguage } from './timeline/language.js';
import { load } from './timeline/loader.js';
import { expect } from './timeline/stories.js';
import { ofStories, speech } from './timeline/words.js';
import { TcpTimeline } from './tcp-timeline.js';

/** What our other languages call themselves. With these in it, the page would not show before it has a font for them. */
const otherLanguages = { 'zh-Hans': '简体中文', 'zh-Hant': '繁體中文' };

const storageKey = 'synfin-language';
/** How long the address waits for the run to stand still, in milliseconds. */
const settling = 200;

const timeline = find('tcp-timeline');
const languageChoice = /** @type {HTMLSelectElement} */ (find('#language'));
const storyChoice = /** @type {HTMLSelectElement} */ (find('#story'));

/** Until when the address waits, and whether what it will say is a new entry. */
let writing = 0;
let isNew = false;
/** Whether the run comes from the address, which then says so already. */
let isReading = false;
/** The words of the page, as soon as they are there. @type {import('./timeline/words.js').Words | undefined} */
let words;
/** What the stories are called and what to watch in them, as soon as it is there. @type {Partial<OfStories>} */
let told = {};
/** Whether it was asked for; without an answer the stories go by their ids. */
let isTold = false;

for (const [tag, name] of Object.entries(otherLanguages)) {
  const option = new Option(name, tag);
  option.lang = tag;
  languageChoice.prepend(option);
}

// What the first picture needs comes first.
const isShown = new Promise((resolve) => timeline.addEventListener('tcp-ready', resolve, { once: true }));
const said = parts(location.hash).get('lang') ?? '';
const language = bestLanguage([said, remembered(), ...navigator.languages].filter((tag) => tag !== ''));
speech(language).catch(() => {
  // The element says so itself.
});
// The first picture waits for it, so it comes with the module, not after it.
expect(parts(location.hash).get('story') ?? (location.hash.length > 1 ? null : timeline.getAttribute('story')));
load()
  .then(begin, () => {
    // The element says so itself.
  })
  // Not before its language is known: then it is built once.
  .finally(() => customElements.define('tcp-timeline', TcpTimeline));

/** @typedef {import('./timeline/words.js').OfStories} OfStories */

/** @param {import('./timeline/loader.js').Parts} parts */
function begin({ synfin }) {
  languageChoice.addEventListener('change', () => {
    remember(languageChoice.value);
    void speak(synfin, /** @type {Language} */ (languageChoice.value));
    write(false);
  });
  storyChoice.addEventListener('change', () => {
    isNew = true;
    timeline.setAttribute('story', storyChoice.value);
    introduce();
  });
  timeline.addEventListener('tcp-step', (event) => write(/** @type {CustomEvent} */ (event).detail.isDeed));
  timeline.addEventListener('tcp-compare', () => write(true));
  timeline.addEventListener('tcp-ready', () => {
    if (isReading) void arrive();
    else if (isNew) write(true);
  });
  addEventListener('popstate', () => read(synfin));
  find('#link').addEventListener('click', () => void copy());
  document.addEventListener('keydown', (event) => {
    // What has the focus hears its own keys; the element hears those inside it.
    if (event.target === document.body && timeline instanceof TcpTimeline) timeline.press(event);
  });
  void speak(synfin, language);
  if (location.hash.length > 1) read(synfin);
  find('.choices').removeAttribute('inert');
}

/** @typedef {import('./timeline/language.js').Language} Language */

/**
 * Says everything in a language.
 *
 * @param {import('./timeline/loader.js').Synfin} synfin
 * @param {Language} language
 */
async function speak(synfin, language) {
  timeline.lang = language;
  languageChoice.value = language;
  offer(synfin);
  const isOvertaken = () => languageChoice.value !== language;
  try {
    const said = await speech(language);
    if (isOvertaken()) return;
    words = said.words;
  } catch {
    // The element says so itself.
    return;
  }
  document.documentElement.lang = language;
  document.title = `${words.title} · synfin`;
  for (const element of document.querySelectorAll('[data-word]')) {
    element.textContent = words[/** @type {keyof typeof words} */ (element.getAttribute('data-word'))];
  }
  await isShown;
  /** @type {Partial<OfStories>} */
  const titles = await ofStories(language).catch(() => ({}));
  if (isOvertaken()) return;
  told = titles;
  isTold = true;
  offer(synfin);
}

/**
 * Offers the stories, and says what the chosen one is about.
 *
 * @param {import('./timeline/loader.js').Synfin} synfin
 */
function offer(synfin) {
  const chosen = storyChoice.value || (timeline.hasAttribute('link') ? '' : (timeline.getAttribute('story') ?? ''));
  storyChoice.replaceChildren(...chapters(synfin.stories()));
  storyChoice.value = chosen;
  introduce();
}

/**
 * Shows the run that the address names; the first story if it names none.
 *
 * @param {import('./timeline/loader.js').Synfin} synfin
 */
function read(synfin) {
  const named = parts(location.hash);
  const language = named.get('lang');
  if (language !== null && bestLanguage([language]) === language && language !== languageChoice.value) {
    void speak(synfin, language);
  }
  clearTimeout(writing);
  [writing, isNew, isReading] = [0, false, true];
  const isRun = named.has('story') || named.has('run');
  const link = isRun ? location.hash.slice(1) : `story=${synfin.stories()[0].id}`;
  if (timeline instanceof TcpTimeline) timeline.open(link);
  else timeline.setAttribute('link', link);
  storyChoice.value = named.get('story') ?? (named.has('run') ? '' : synfin.stories()[0].id);
  introduce();
}

/** The run that the address named is there. */
async function arrive() {
  isReading = false;
  if (!(timeline instanceof TcpTimeline)) return;
  timeline.compare(parts(location.hash).get('compare') ?? undefined);
  // A link that could not be opened shows the first story.
  const story = parts(await timeline.permalink).get('story');
  if (isReading) return;
  storyChoice.value = story ?? '';
  introduce();
}

/**
 * Lets the address say where the run is, once it stands still.
 *
 * @param {boolean} isDeed whether it is another run now
 */
function write(isDeed) {
  if (isReading) return;
  isNew ||= isDeed;
  clearTimeout(writing);
  // An address that cannot be had stays as it was.
  writing = setTimeout(() => void writeNow().catch(() => {}), settling);
}

async function writeNow() {
  clearTimeout(writing);
  writing = 0;
  if (!(timeline instanceof TcpTimeline)) return;
  const link = await timeline.permalink;
  // Meanwhile the reader may have gone to another address, or on; then that is what the address says.
  if (isReading || writing !== 0) return;
  const world = timeline.world;
  const address = `#${link}&lang=${languageChoice.value}${world === undefined ? '' : `&compare=${world}`}`;
  if (address === location.hash) return;
  if (isNew) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  isNew = false;
}

/** Copies the address of the run as it is now. */
async function copy() {
  const said = find('#link-said');
  try {
    await writeNow();
    await navigator.clipboard.writeText(location.href);
    said.textContent = words?.['link-copied'] ?? '';
  } catch {
    said.textContent = words?.['link-not-copied'] ?? '';
  }
}

/**
 * The stories as a choice, by chapters.
 *
 * @param {import('./pkg/synfin.js').StoryView[]} stories
 */
function chapters(stories) {
  /** @type {Map<string, HTMLOptGroupElement>} */
  const groups = new Map();
  for (const { id, chapter } of stories) {
    const group = groups.get(chapter) ?? document.createElement('optgroup');
    group.label = toldOf(`chapter.${chapter}`);
    group.append(new Option(toldOf(`${id}.title`) || (isTold ? id : ''), id));
    groups.set(chapter, group);
  }
  return groups.values();
}

/** @param {string} fragment */
function parts(fragment) {
  return new URLSearchParams(fragment.replace(/^#/, ''));
}

function introduce() {
  find('.intro').textContent = toldOf(`${storyChoice.value}.intro`);
}

/** @param {`${string}.title` | `${string}.intro` | `chapter.${string}`} name of a text about the stories */
function toldOf(name) {
  return told[/** @type {keyof OfStories} */ (name)] ?? '';
}

function remembered() {
  try {
    return localStorage.getItem(storageKey) ?? '';
  } catch {
    return '';
  }
}

/** @param {string} language */
function remember(language) {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Then the browser's language is taken next time.
  }
}

/** @param {string} selector of what index.html is sure to have */
function find(selector) {
  return /** @type {HTMLElement} */ (document.querySelector(selector));
}
