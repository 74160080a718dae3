// @ts-check
/** The page around the element: the choice of story and of language, the words, and keys pressed outside the element. */
import { load } from './timeline/loader.js';
import { TcpTimeline } from './tcp-timeline.js';

const storageKey = 'synfin-language';

const timeline = find('tcp-timeline');
const languageChoice = /** @type {HTMLSelectElement} */ (find('#language'));
const storyChoice = /** @type {HTMLSelectElement} */ (find('#story'));

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
  });
  storyChoice.addEventListener('change', () => {
    timeline.setAttribute('story', storyChoice.value);
    introduce(synfin);
  });
  document.addEventListener('keydown', (event) => {
    // What has the focus hears its own keys; the element hears those inside it.
    if (event.target === document.body && timeline instanceof TcpTimeline) timeline.press(event);
  });
  speak(synfin, synfin.bestLanguage([remembered(), ...navigator.languages].filter((tag) => tag !== '')));
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
  storyChoice.replaceChildren(...synfin.stories(language).map(({ id, title }) => new Option(title, id)));
  storyChoice.value = timeline.getAttribute('story') ?? '';
  introduce(synfin);
  timeline.lang = language;
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
