// @ts-check
/**
 * The page around the element: the choice of story and of language, the words, the address, and keys pressed outside the
 * element.
 *
 * The fragment of the address holds the whole run, with `lang` and, while two runs are compared, `compare`. It is never sent
 * to a server. What changes the run is a new entry of the browser's history; what only moves in it changes the present one.
 */
import { load } from './timeline/loader.js';
import { TcpTimeline } from './tcp-timeline.js';

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

load()
  .then(begin, () => {
    // The element says so itself.
  })
  // Not before its language is known: then it is built once.
  .finally(() => customElements.define('tcp-timeline', TcpTimeline));

/** @param {import('./timeline/loader.js').Parts} parts */
function begin({ synfin }) {
  languageChoice.addEventListener('change', () => {
    remember(languageChoice.value);
    speak(synfin, languageChoice.value);
    write(false);
  });
  storyChoice.addEventListener('change', () => {
    isNew = true;
    timeline.setAttribute('story', storyChoice.value);
    introduce(synfin);
  });
  timeline.addEventListener('tcp-step', (event) => write(/** @type {CustomEvent} */ (event).detail.isDeed));
  timeline.addEventListener('tcp-compare', () => write(true));
  timeline.addEventListener('tcp-ready', () => {
    if (isReading) arrive(synfin);
    else if (isNew) write(true);
  });
  addEventListener('popstate', () => read(synfin));
  find('#link').addEventListener('click', () => void copy(synfin));
  document.addEventListener('keydown', (event) => {
    // What has the focus hears its own keys; the element hears those inside it.
    if (event.target === document.body && timeline instanceof TcpTimeline) timeline.press(event);
  });
  const said = parts(location.hash).get('lang') ?? '';
  speak(synfin, synfin.bestLanguage([said, remembered(), ...navigator.languages].filter((tag) => tag !== '')));
  if (location.hash.length > 1) read(synfin);
  find('.choices').removeAttribute('inert');
}

/**
 * Says everything in a language.
 *
 * @param {import('./timeline/loader.js').Synfin} synfin
 * @param {string} language
 */
function speak(synfin, language) {
  const words = synfin.words(language);
  document.documentElement.lang = language;
  document.title = `${words.title} · synfin`;
  for (const element of document.querySelectorAll('[data-word]')) {
    element.textContent = words[element.getAttribute('data-word') ?? ''];
  }
  languageChoice.value = language;
  const chosen = storyChoice.value || (timeline.hasAttribute('link') ? '' : (timeline.getAttribute('story') ?? ''));
  storyChoice.replaceChildren(...chapters(synfin.stories(language)));
  storyChoice.value = chosen;
  introduce(synfin);
  timeline.lang = language;
}

/**
 * Shows the run that the address names; the first story if it names none.
 *
 * @param {import('./timeline/loader.js').Synfin} synfin
 */
function read(synfin) {
  const named = parts(location.hash);
  const language = named.get('lang');
  if (language !== null && synfin.bestLanguage([language]) === language && language !== languageChoice.value) {
    speak(synfin, language);
  }
  clearTimeout(writing);
  [writing, isNew, isReading] = [0, false, true];
  const isRun = named.has('story') || named.has('run');
  const link = isRun ? location.hash.slice(1) : `story=${synfin.stories('en')[0].id}`;
  if (timeline instanceof TcpTimeline) timeline.open(link);
  else timeline.setAttribute('link', link);
  storyChoice.value = named.get('story') ?? (named.has('run') ? '' : synfin.stories('en')[0].id);
  introduce(synfin);
}

/**
 * The run that the address named is there.
 *
 * @param {import('./timeline/loader.js').Synfin} synfin
 */
function arrive(synfin) {
  isReading = false;
  if (!(timeline instanceof TcpTimeline)) return;
  timeline.compare(parts(location.hash).get('compare') ?? undefined);
  // A link that could not be opened shows the first story.
  const story = parts(timeline.permalink).get('story');
  storyChoice.value = story ?? '';
  introduce(synfin);
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
  writing = setTimeout(writeNow, settling);
}

function writeNow() {
  clearTimeout(writing);
  writing = 0;
  if (!(timeline instanceof TcpTimeline)) return;
  const world = timeline.world;
  const address = `#${timeline.permalink}&lang=${languageChoice.value}${world === undefined ? '' : `&compare=${world}`}`;
  if (address === location.hash) return;
  if (isNew) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  isNew = false;
}

/**
 * Copies the address of the run as it is now.
 *
 * @param {import('./timeline/loader.js').Synfin} synfin
 */
async function copy(synfin) {
  writeNow();
  const words = synfin.words(languageChoice.value);
  const said = find('#link-said');
  try {
    await navigator.clipboard.writeText(location.href);
    said.textContent = words['link-copied'];
  } catch {
    said.textContent = words['link-not-copied'];
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
  for (const { id, title, chapter } of stories) {
    const group = groups.get(chapter) ?? document.createElement('optgroup');
    group.label = chapter;
    group.append(new Option(title, id));
    groups.set(chapter, group);
  }
  return groups.values();
}

/** @param {string} fragment */
function parts(fragment) {
  return new URLSearchParams(fragment.replace(/^#/, ''));
}

/** @param {import('./timeline/loader.js').Synfin} synfin */
function introduce(synfin) {
  const story = synfin.stories(languageChoice.value).find(({ id }) => id === storyChoice.value);
  find('.intro').textContent = story?.intro ?? '';
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
