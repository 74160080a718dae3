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
import { make } from './timeline/build.js';
import { bestLanguage, inLanguage, writing } from './timeline/language.js';
import { later } from './timeline/later.js';
import { load, loadAfresh } from './timeline/loader.js';
import { speeds } from './timeline/player.js';
import { Screen } from './timeline/screen.js';
import { isRefusal, Session } from './timeline/session.js';
import { sentence } from './timeline/store.js';
import { scriptOf } from './timeline/stories.js';
import { speech } from './timeline/words.js';

/** How long an element that was taken out of the document keeps its run, in milliseconds. */
const grace = 500;

/** @type {Record<string, (session: Session) => void>} */
const keys = {
  ' ': (session) => session.toggle(),
  ArrowLeft: (session) => session.back(),
  ArrowRight: (session) => session.step(),
  Home: (session) => session.reset(),
  End: (session) => session.hurry(),
};

/** While two runs are compared. @type {Record<string, (session: Session) => void>} */
const keysOfTwo = {
  ArrowLeft: (session) => session.movePair((pair) => pair.back()),
  ArrowRight: (session) => session.movePair((pair) => pair.step()),
  End: (session) => session.movePair((pair) => pair.runToEnd()),
  Escape: (session) => session.leave(),
};

export class TcpTimeline extends HTMLElement {
  static observedAttributes = ['story', 'link', 'lang', 'speed'];

  #root = this.attachShadow({ mode: 'open' });
  /** @type {Session | undefined} */
  #session;
  /** What is shown of it. @type {Screen | undefined} */
  #screen;
  /** What came after the first picture. @type {import('./timeline/later.js').Later | undefined} */
  #later;
  /** Ends what listens while the element is in the document. */
  #connection = new AbortController();
  /** Ends what the present screen listens to. */
  #viewing = new AbortController();
  /** Where the next start takes the module from. */
  #source = load;
  /** Counts the starts, so that one that was overtaken by another ends. */
  #start = 0;
  #leaving = 0;
  /** The story that the children show as a picture, while nothing of it has happened. @type {string | undefined} */
  #poster;

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
      this.#poster = this.querySelector('svg, img') ? (this.getAttribute('story') ?? undefined) : undefined;
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
      this.#poster = undefined;
      this.pause();
      this.#wait(true);
      void this.#begin();
    } else if (name === 'lang') void this.#translate();
    else this.#session.store.change({ speed: this.speed });
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
    return this.#permalink();
  }

  async #permalink() {
    let link = Promise.resolve('');
    await (await load()).synfin.whole();
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
    const other = this.#session?.state.comparison?.other;
    return other && 'world' in other ? other.world : undefined;
  }

  /**
   * Shows the run beside what it would be in another world, one of those that the module's `worlds` names; or alone.
   *
   * @param {string | undefined} name
   */
  compare(name) {
    const session = this.#session;
    const world = session?.worlds.find((each) => each === name);
    if (name === undefined) session?.leave();
    else if (world) session?.compare({ world });
    else this.#warn('compare', name, session?.worlds.join(', ') ?? '', undefined);
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
    return this.#session?.state.now.step ?? 0;
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
    if (!this.#session?.state.isPlaying) this.#session?.toggle();
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
    const does = session.state.comparison ? keysOfTwo : keys;
    const act = Object.hasOwn(does, event.key) ? does[event.key] : undefined;
    if (!act) return;
    act(session);
    event.preventDefault();
  }

  /**
   * While what is asked for is not there yet, nothing can be done to what is still shown.
   *
   * @param {boolean} isWaiting
   */
  #wait(isWaiting) {
    const shown = this.#screen?.element;
    shown?.toggleAttribute('inert', isWaiting);
    if (isWaiting) shown?.setAttribute('aria-busy', 'true');
    else shown?.removeAttribute('aria-busy');
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
        // The first part of the module is enough for the story that a page opens with, and to begin.
        const isBeginning = link === null && !this.#later && story === parts.synfin.stories()[0].id;
        if (!isBeginning) await parts.synfin.whole();
        run = link === null ? await this.#told(parts) : await linked(parts, link);
        said = await speech(this.#language());
        // Meanwhile another language, link or story may have been set.
        isStill =
          said.language === this.#language() &&
          link === this.getAttribute('link') &&
          story === this.getAttribute('story');
      }
      if (start !== this.#start) return;
      if (!this.isConnected) {
        this.#wait(false);
        return;
      }
      const badLink = this.#open(parts, said, run);
      if (!badLink) return;
      // Never a blank page: the first story, and why.
      const first = await firstStory(parts);
      if (start !== this.#start) return;
      if (this.isConnected) this.#open(parts, said, first, badLink);
      else this.#wait(false);
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
    this.#checkLanguage(said.language);
    const { synfin, sheets } = parts;
    // A link that brings more than a story's name has been interfered with.
    const told = 'link' in run ? (run.text === undefined ? synfin.storyOf(run.link) : undefined) : run.story;
    const shown = { speed: this.speed, hasPoster: this.#poster !== undefined && told === this.#poster };
    /** @type {Session} */
    let session;
    try {
      session = new Session(synfin, run, said, shown, {
        moved: (isDeed) => this.#moved(session.state, isDeed),
        refused: ({ code, message }) => this.#tell('tcp-error', { code, message }),
        broke: (error) => this.#broke(error),
        setSpeed: (speed) => (this.speed = speed),
        beginAgain: () => void this.#begin(),
      });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (error.code === 'link') return error;
      this.#refuseScript(error, said, sheets);
      return undefined;
    }
    this.#session?.free();
    this.#session = session;
    session.store.subscribe((state, changed) => {
      if (session !== this.#session) return;
      if (changed.has('speech') || changed.has('comparison')) this.#show(session);
      else this.#screen?.update(state, changed);
      if (changed.has('comparison')) this.#tell('tcp-compare', { world: this.world });
    });
    this.#root.adoptedStyleSheets = this.#later ? [...sheets, this.#later.sheet] : sheets;
    session.attempt(() => this.#show(session));
    this.toggleAttribute('data-ready', true);
    if (badLink) {
      session.store.change({ alert: { message: `${said.words['bad-link']} ${badLink.message}` } });
      this.#tell('tcp-error', { code: badLink.code, message: badLink.message });
    }
    this.#tell('tcp-ready', {});
    return undefined;
  }

  /** Builds all panels anew. @param {Session} session */
  #show(session) {
    const { state } = session;
    const { language, words } = state.speech;
    const come = this.#later?.language === language ? this.#later : undefined;
    if (come) session.run.learn(come.insight);
    const screen = new Screen({ session, language, words }, come);
    this.#screen = screen;
    this.#root.replaceChildren(screen.element);
    this.#watch();
    screen.update(state, /** @type {import('./timeline/store.js').Changed} */ (new Set(Object.keys(state))));
    if (come) return;
    // What shows two runs is still to come.
    if (state.comparison) this.#wait(true);
    void this.#complete(session, screen);
  }

  /**
   * Fetches the panels that come after the first picture, and shows them.
   *
   * @param {Session} session
   * @param {Screen} screen
   */
  async #complete(session, screen) {
    const { state } = session;
    try {
      const came = await later(state.speech.language);
      if (screen !== this.#screen) return;
      this.#later = came;
      const sheets = this.#root.adoptedStyleSheets;
      if (!sheets.includes(came.sheet)) this.#root.adoptedStyleSheets = [...sheets, came.sheet];
      session.attempt(() => {
        if (state.comparison) this.#show(session);
        else {
          session.run.learn(came.insight);
          screen.complete(came);
        }
      });
    } catch (error) {
      if (screen !== this.#screen) return;
      if (state.comparison) session.leave();
      else screen.excuse(() => void this.#complete(session, screen));
      this.#tell('tcp-error', { code: 'unavailable', message: String(error) });
    }
  }

  #watch() {
    this.#viewing.abort();
    this.#viewing = new AbortController();
    this.#screen?.connect(this.#viewing.signal);
  }

  async #translate() {
    const language = this.#language();
    this.#checkLanguage(language);
    try {
      const [said, came] = await Promise.all([speech(language), this.#later && later(language)]);
      // Meanwhile another language may have been set.
      if (language !== this.#language()) return;
      this.#later = came;
      this.#session?.setSpeech(said);
    } catch (error) {
      this.#session?.store.change({ alert: { message: String(error) } });
      this.#tell('tcp-error', { code: 'unavailable', message: String(error) });
    }
  }

  /**
   * @param {import('./timeline/store.js').State} state
   * @param {boolean} isDeed
   */
  #moved(state, isDeed) {
    this.#poster = undefined;
    const { step, timeMs } = state.now;
    this.#tell('tcp-step', { step, timeMs, summary: sentence(state), isDeed });
  }

  #end() {
    this.#viewing.abort();
    this.#session?.free();
    this.#session = undefined;
    this.#screen = undefined;
    this.toggleAttribute('data-ready', false);
    this.#root.replaceChildren(make('slot'));
  }

  /** @param {unknown} error */
  #broke(error) {
    console.error(String(error), error);
    this.#source = loadAfresh;
    this.#tell('tcp-error', { code: 'broken', message: String(error) });
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

  /**
   * @param {Error & {code: string}} error
   * @param {import('./timeline/words.js').Speech} said
   * @param {CSSStyleSheet[]} sheets
   */
  #refuseScript(error, { language, words }, sheets) {
    this.#end();
    this.#root.adoptedStyleSheets = sheets;
    this.#root.replaceChildren(
      make(
        'div',
        { class: 'alert', role: 'alert', lang: language },
        make('p', {}, words['bad-script']),
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
