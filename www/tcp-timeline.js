// @ts-check
/**
 * `<tcp-timeline>`: a TCP connection that can be stepped through and interfered with. Importing this module registers
 * nothing; `register.js` does.
 *
 * Attributes
 * - `story`: the name of a story of the catalogue; the first one if left out.
 * - `link`: a whole run, as `permalink` gives it; it goes before `story`.
 * - `lang`: `en`, `zh-Hant` or `zh-Hans`; if left out, that of the nearest element around it, else the browser's.
 * - `speed`: 0.25, 0.5, 1, 2 or 4; 1 if left out.
 *
 * Without `story`, a child `<script type="text/x-tcp">`, else the element's own text, is the story's script. All other
 * children, such as a picture of the story, are shown until the module is there and the first step is taken, and instead of
 * it where it cannot run. Of those among them that are marked `data-when="unavailable"` and `hidden`, the one in the
 * reader's language is shown then. While the module is there, the element has the attribute `data-ready`.
 *
 * Events, all of which bubble and are composed
 * - `tcp-ready`: the element can be used.
 * - `tcp-step` `{step, timeMs, summary, isDeed}`: the run went somewhere; `isDeed` if what happens in it was changed.
 * - `tcp-compare` `{world}`: another run is shown beside it, or no longer (`undefined`).
 * - `tcp-error` `{code, message}`: something was refused, or failed.
 */
import { Comparison } from './timeline/comparison.js';
import { isRefusal, Session } from './timeline/session.js';
import { bestLanguage, inLanguage, writing } from './timeline/language.js';
import { load, loadAfresh } from './timeline/loader.js';
import { make } from './timeline/build.js';
import { speeds } from './timeline/player.js';
import { scriptOf } from './timeline/stories.js';
import { speech } from './timeline/words.js';
import { View } from './timeline/view.js';

/** How long an element that was taken out of the document keeps its run, in milliseconds. */
const grace = 500;

export class TcpTimeline extends HTMLElement {
  static observedAttributes = ['story', 'link', 'lang', 'speed'];

  #root = this.attachShadow({ mode: 'open' });
  /** @type {import('./timeline/loader.js').Parts | undefined} */
  #parts;
  /** In which language it is said, and with what words. @type {import('./timeline/words.js').Speech | undefined} */
  #speech;
  /** @type {Session | undefined} */
  #session;
  /** @type {View | undefined} */
  #view;
  /** Two runs, while they are shown instead. @type {Comparison | undefined} */
  #comparison;
  /** With what the run is compared. @type {import('./timeline/comparison.js').Other | undefined} */
  #other;
  /** Ends what listens while the element is in the document. */
  #connection = new AbortController();
  /** Ends what listens for the present view. */
  #viewing = new AbortController();
  /** Where the next start takes the module from. */
  #source = load;
  /** Counts the starts, so that one that was overtaken by another ends. */
  #start = 0;
  #leaving = 0;
  /** Whether the children show the story that is told, and nothing of it has happened yet. */
  #hasPoster = false;

  constructor() {
    super();
    this.#root.append(make('slot'));
  }

  connectedCallback() {
    clearTimeout(this.#leaving);
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.addEventListener('keydown', (event) => this.press(event), { signal });
    if (this.#session) {
      this.#watch();
    } else {
      this.#hasPoster = this.querySelector('svg, img') !== null;
      void this.#begin();
    }
  }

  disconnectedCallback() {
    this.#connection.abort();
    this.#viewing.abort();
    this.pause();
    // A node that is only moved keeps its run.
    this.#leaving = setTimeout(() => this.#end(), grace);
  }

  /**
   * @param {string} name
   * @param {string | null} old
   * @param {string | null} now
   */
  attributeChangedCallback(name, old, now) {
    if (old === now || !this.#session) return;
    if (name === 'story' || name === 'link') {
      // What the element now shows is what was set last.
      if (name === 'story' && now !== null && this.hasAttribute('link')) {
        this.removeAttribute('link');
        return;
      }
      if (name === 'link' && now === null && !this.hasAttribute('story')) return;
      this.#hasPoster = false;
      void this.#begin();
    } else if (name === 'lang') void this.#translate();
    else this.#setSpeed(this.speed);
  }

  /** The name of the story. */
  get story() {
    return this.getAttribute('story') ?? '';
  }

  set story(name) {
    this.setAttribute('story', name);
  }

  /**
   * The whole run, for the fragment of a URL: story, branches, what was done, and where it is. It is a promise, because the
   * browser compresses it meanwhile.
   */
  get permalink() {
    let link = Promise.resolve('');
    this.#session?.attempt(() => (link = this.#session?.run.lab.permalink() ?? link));
    return link;
  }

  /** Shows a run that `permalink` gave, whatever is shown now. @param {string} link */
  open(link) {
    if (this.getAttribute('link') === link) void this.#begin();
    else this.setAttribute('link', link);
  }

  /** In which world the run beside this one is, if one is shown. */
  get world() {
    return this.#other && 'world' in this.#other ? this.#other.world : undefined;
  }

  /**
   * Shows the run beside what it would be in another world, one of those that the module's `worlds` names; or alone.
   *
   * @param {string | undefined} world
   */
  compare(world) {
    const worlds = this.#parts?.synfin.worlds() ?? [];
    const known = worlds.find((each) => each === world);
    if (world === undefined) this.#leave();
    else if (known) this.#compare({ world: known });
    else this.#warn('compare', world, worlds.join(', '), undefined);
  }

  /** How fast it plays. */
  get speed() {
    const text = this.getAttribute('speed');
    if (text === null) return 1;
    const speed = Number(text);
    if (text.trim() !== '' && speeds.includes(speed)) return speed;
    return this.#warn('speed', text, speeds.join(', '), 1);
  }

  set speed(speed) {
    this.setAttribute('speed', String(speed));
  }

  /** How many steps have happened. */
  get position() {
    return this.#session?.run.cursor ?? 0;
  }

  /** Takes the next step. */
  step() {
    this.#session?.step();
  }

  /** Undoes the last step. */
  back() {
    this.#session?.back();
  }

  /** Goes to just after a step. @param {number} step */
  seek(step) {
    this.#session?.goTo(step);
  }

  /** Steps go on by themselves. */
  play() {
    if (!this.#session?.player.isPlaying) this.#session?.toggle();
  }

  /** They stop. */
  pause() {
    this.#session?.player.pause();
  }

  /** To the start, without what was done to the run. */
  reset() {
    this.#session?.reset();
  }

  /** To the last step. */
  runToEnd() {
    this.#session?.hurry();
  }

  /**
   * Does what a key stands for, unless what has the focus needs the key itself. The element hears what is pressed inside
   * it; a page with one element may pass on what is pressed elsewhere.
   *
   * @param {KeyboardEvent} event
   */
  press(event) {
    const session = this.#session;
    if (!session || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const [target] = event.composedPath();
    if (target instanceof Element) {
      if (target.closest('select, input, textarea, [contenteditable], [popover]')) return;
      if (event.key === ' ' && target.closest('button, a, summary')) return;
    }
    if (this.#comparison) {
      if (event.key === 'Escape') this.#leave();
      else if (!this.#comparison.press(event.key)) return;
      event.preventDefault();
      return;
    }
    switch (event.key) {
      case ' ':
        session.toggle();
        break;
      case 'ArrowLeft':
        session.back();
        break;
      case 'ArrowRight':
        session.step();
        break;
      case 'Home':
        session.reset();
        break;
      case 'End':
        session.hurry();
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  async #begin() {
    this.#start += 1;
    const start = this.#start;
    const source = this.#source;
    this.#source = load;
    try {
      let [parts, said] = await Promise.all([source(), speech(this.#language())]);
      if (document.readyState === 'loading') {
        await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
      }
      /** @type {import('./timeline/run.js').Source} */
      let run = { script: '' };
      let isStill = false;
      while (start === this.#start && !isStill) {
        const [link, story] = [this.getAttribute('link'), this.getAttribute('story')];
        run = link === null ? await this.#told(parts) : await linked(parts, link);
        said = await speech(this.#language());
        // Meanwhile another language, link or story may have been set.
        isStill =
          said.language === this.#language() &&
          link === this.getAttribute('link') &&
          story === this.getAttribute('story');
      }
      if (start !== this.#start || !this.isConnected) return;
      const badLink = this.#open(parts, said, run);
      if (!badLink) return;
      // Never a blank page: the first story, and why.
      const first = await firstStory(parts);
      if (start === this.#start && this.isConnected) this.#open(parts, said, first, badLink);
    } catch (error) {
      if (start === this.#start) this.#giveUp(error);
    }
  }

  /**
   * @param {import('./timeline/loader.js').Parts} parts
   * @param {import('./timeline/words.js').Speech} said
   * @param {import('./timeline/run.js').Source} run
   * @param {Error & {code: string}} [badLink] why it is shown instead of the run of a link
   * @returns {(Error & {code: string}) | undefined} why the run of a link cannot be shown; then nothing has changed
   */
  #open(parts, said, run, badLink) {
    this.#parts = parts;
    this.#speech = said;
    this.#checkLanguage(said.language);
    /** @type {Session} */
    let session;
    try {
      session = new Session(parts.synfin, run, said, {
        changed: (isDeed) => this.#changed(isDeed),
        played: () => this.#view?.updatePlaying(),
        waited: (ms) => this.#view?.showTime(ms),
        refused: (error) => {
          this.#view?.refuse(error);
          this.#tell('tcp-error', { code: error.code, message: error.message });
        },
        broke: (error) => this.#break(error),
      });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (error.code === 'link') return error;
      this.#refuseScript(error);
      return undefined;
    }
    this.#session?.free();
    this.#session = session;
    this.#other = undefined;
    this.#show();
    if (badLink) {
      this.#view?.warn(`${said.words['bad-link']} ${badLink.message}`);
      this.#tell('tcp-error', { code: badLink.code, message: badLink.message });
    }
    this.#tell('tcp-ready', {});
    return undefined;
  }

  #show() {
    const session = this.#session;
    if (!this.#parts || !this.#speech || !session) return;
    const { sheets } = this.#parts;
    const view = new View(
      this.#speech,
      session,
      this.#hasPoster,
      (speed) => (this.speed = speed),
      (other) => this.#compare(other),
    );
    this.#view = view;
    this.#comparison?.free();
    this.#comparison = undefined;
    this.#root.adoptedStyleSheets = sheets;
    this.#root.replaceChildren(view.element);
    this.toggleAttribute('data-ready', true);
    this.#setSpeed(this.speed);
    this.#watch();
    session.attempt(() => view.update());
    if (this.#other) this.#compare(this.#other);
  }

  /** @param {import('./timeline/comparison.js').Other} other */
  #compare(other) {
    const session = this.#session;
    if (!this.#parts || !this.#speech || !session) return;
    const { synfin } = this.#parts;
    const { language, words } = this.#speech;
    session.player.pause();
    session.attempt(() => {
      const { lab, branches } = session.run;
      const here = branches.find(({ current }) => current);
      const there = 'branch' in other ? branches.find(({ id }) => id === other.branch) : undefined;
      const pair =
        'world' in other ? synfin.Pair.under(lab, other.world) : synfin.Pair.ofBranches(lab, here?.id ?? 0, other.branch);
      /** @type {[string, string]} */
      const names =
        'world' in other ? [words['as-the-rfc-says'], words[other.world]] : [here?.name ?? '', there?.name ?? ''];
      this.#comparison?.free();
      this.#comparison = new Comparison(
        words,
        language,
        pair,
        names,
        (action) => session.attempt(action),
        () => this.#leave(),
      );
      this.#other = other;
      this.#root.replaceChildren(this.#comparison.element);
      this.#watch();
      this.#comparison.begin();
    });
    this.#tell('tcp-compare', { world: this.world });
  }

  #leave() {
    if (!this.#comparison) return;
    this.#other = undefined;
    this.#show();
    this.#tell('tcp-compare', { world: undefined });
  }

  #watch() {
    this.#viewing.abort();
    this.#viewing = new AbortController();
    if (this.#comparison) this.#comparison.connect(this.#viewing.signal);
    else this.#view?.picture.connect(this.#viewing.signal);
  }

  async #translate() {
    const language = this.#language();
    this.#checkLanguage(language);
    try {
      const said = await speech(language);
      // Meanwhile another language may have been set.
      if (language !== this.#language() || !this.#session?.setSpeech(said)) return;
      this.#speech = said;
      this.#show();
    } catch (error) {
      this.#view?.warn(String(error));
      this.#tell('tcp-error', { code: 'unavailable', message: String(error) });
    }
  }

  /** @param {boolean} isDeed */
  #changed(isDeed) {
    const view = this.#view;
    const run = this.#session?.run;
    if (!view || !run) return;
    this.#hasPoster = false;
    view.update();
    this.#tell('tcp-step', { step: run.cursor, timeMs: run.time, summary: view.sentence, isDeed });
  }

  /** @param {number} speed */
  #setSpeed(speed) {
    if (this.#session) this.#session.player.speed = speed;
    this.#view?.controls.showSpeed(speed);
  }

  #end() {
    this.#viewing.abort();
    this.#comparison?.free();
    this.#comparison = undefined;
    this.#session?.free();
    this.#session = undefined;
    this.#view = undefined;
    this.toggleAttribute('data-ready', false);
    this.#root.replaceChildren(make('slot'));
  }

  /** @param {unknown} error */
  #break(error) {
    console.error(String(error), error);
    this.#source = loadAfresh;
    this.#tell('tcp-error', { code: 'broken', message: String(error) });
    this.#view?.breakDown(() => void this.#begin());
  }

  /**
   * The module is not to be had: the children stay, with a message in the reader's language.
   *
   * @param {unknown} error
   */
  #giveUp(error) {
    this.#end();
    const messages = [...this.querySelectorAll('[data-when="unavailable"]')];
    const message = inLanguage(messages, [this.lang, ...navigator.languages]);
    if (message instanceof HTMLElement) message.hidden = false;
    else this.#root.prepend(make('p', { role: 'alert' }, `⚠ ${String(error)}`));
    this.#tell('tcp-error', { code: 'unavailable', message: String(error) });
  }

  /** @param {Error & {code: string}} error */
  #refuseScript(error) {
    this.#end();
    const { language, words } = this.#speech ?? {};
    this.#root.adoptedStyleSheets = this.#parts?.sheets ?? [];
    this.#root.replaceChildren(
      make(
        'div',
        { class: 'alert', role: 'alert', lang: language ?? '' },
        make('p', {}, words?.['bad-script'] ?? ''),
        make('pre', { lang: 'en' }, error.message),
      ),
      make('slot'),
    );
    this.#tell('tcp-error', { code: error.code, message: error.message });
  }

  /**
   * The element's story, or the script inside it.
   *
   * @param {import('./timeline/loader.js').Parts} parts
   * @returns {Promise<import('./timeline/run.js').Source>}
   */
  async #told(parts) {
    const stories = parts.synfin.stories();
    const name = this.getAttribute('story');
    if (name === null) {
      const child = this.querySelector('script[type="text/x-tcp"]');
      const own = [...this.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
      const script = child?.textContent ?? own.map((node) => node.textContent).join('');
      if (script.trim() !== '') return { script };
    }
    if (name !== null && stories.some(({ id }) => id === name)) return { script: await scriptOf(name), story: name };
    if (name !== null) this.#warn('story', name, stories.map(({ id }) => id).join(', '), stories[0].id);
    return firstStory(parts);
  }

  #language() {
    const own = this.closest('[lang]')?.getAttribute('lang') ?? '';
    return isOurs(own) ? bestLanguage([own]) : bestLanguage(navigator.languages);
  }

  /** @param {string} language what it is said in */
  #checkLanguage(language) {
    const own = this.getAttribute('lang');
    if (own !== null && !isOurs(own)) this.#warn('lang', own, 'en, zh-Hant, zh-Hans', language);
  }

  /**
   * @template Default
   * @param {string} attribute
   * @param {string} found
   * @param {string} expected
   * @param {Default} instead
   */
  #warn(attribute, found, expected, instead) {
    console.warn(`<tcp-timeline ${attribute}="${found}">: ${expected} → ${instead}`);
    return instead;
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

/** @param {string} tag a BCP 47 tag */
function isOurs(tag) {
  return ['en', 'zh'].includes(writing(tag).language);
}

/**
 * What the element shows where nothing else is asked for.
 *
 * @param {import('./timeline/loader.js').Parts} parts
 * @returns {Promise<import('./timeline/run.js').Source>}
 */
async function firstStory({ synfin }) {
  const [{ id }] = synfin.stories();
  return { script: await scriptOf(id), story: id };
}

/**
 * A run that a link names, with all that is needed to open it.
 *
 * @param {import('./timeline/loader.js').Parts} parts
 * @param {string} link
 * @returns {Promise<import('./timeline/run.js').Source>}
 */
async function linked({ synfin }, link) {
  const text = await synfin.unpackLink(link);
  const story = synfin.storyOf(link, text);
  const isKnown = story !== undefined && synfin.stories().some(({ id }) => id === story);
  return { link, text, script: isKnown ? await scriptOf(story) : undefined };
}
