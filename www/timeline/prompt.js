// @ts-check
/** A line in which everything can be asked for that scripts can say; it happens at once. */
import { make } from './build.js';

export class Prompt {
  #input;
  /** What came of it: a sentence, or why not. */
  #mistake = make('p', { class: 'mistake', id: 'mistake', role: 'alert', hidden: true });
  #outcome = make('p', { class: 'outcome', hidden: true });
  #examples = make('div', { class: 'calls', role: 'group' });
  /** Which examples are shown. */
  #shown = '';
  /** Whether what happens now was asked for here. */
  #isAsking = false;

  /**
   * @param {import('./words.js').Words} words
   * @param {{line: string}} draft keeps what is typed, also for the next prompt
   * @param {(line: string) => boolean} attempt does it if it can, and says so
   */
  constructor(words, draft, attempt) {
    this.#input = make('input', {
      type: 'text',
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
      translate: 'no',
      'aria-label': words['anything-line'],
    });
    this.#input.value = draft.line;
    this.#examples.setAttribute('aria-label', words['anything-examples']);
    const form = make('form', {}, this.#input, make('button', { type: 'submit' }, words['anything-do']));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#input.focus();
      if (this.#input.value.trim() === '') return;
      this.#forget();
      this.#isAsking = true;
      if (attempt(this.#input.value)) this.#input.value = draft.line = '';
      this.#isAsking = false;
    });
    this.#input.addEventListener('input', () => {
      draft.line = this.#input.value;
      this.#forget();
    });
    this.#examples.addEventListener('click', ({ target }) => {
      if (!(target instanceof HTMLButtonElement)) return;
      this.#input.value = draft.line = target.textContent ?? '';
      this.#forget();
      this.#input.focus();
    });
    this.element = make(
      'section',
      { class: 'prompt', 'aria-labelledby': 'anything' },
      make('h2', { id: 'anything' }, words.anything),
      make('p', { class: 'hint' }, words['anything-hint']),
      form,
      this.#mistake,
      this.#outcome,
      this.#examples,
    );
  }

  /**
   * Says what came of what was asked for here, and offers lines that say something here and now.
   *
   * @param {string[]} examples
   * @param {string} sentence what happened last
   */
  update(examples, sentence) {
    this.#forget();
    this.#outcome.hidden = !this.#isAsking;
    this.#outcome.textContent = this.#isAsking ? sentence : '';
    if (examples.join() === this.#shown) return;
    this.#shown = examples.join();
    this.#examples.replaceChildren(...examples.map((line) => make('button', { type: 'button', translate: 'no' }, line)));
  }

  /**
   * Shows why something is refused, if it was asked for here, and where the mistake is.
   *
   * @param {Error & {code: string, column?: number}} error
   * @returns {boolean} whether it was
   */
  refuse({ code, message, column }) {
    if (!this.#isAsking) return false;
    // Mistakes in scripts are told in the language of scripts.
    if (code === 'script') this.#mistake.lang = 'en';
    else this.#mistake.removeAttribute('lang');
    this.#mistake.textContent = message;
    this.#mistake.hidden = false;
    this.#input.setAttribute('aria-invalid', 'true');
    this.#input.setAttribute('aria-describedby', 'mistake');
    if (column !== undefined) this.#select(column);
    return true;
  }

  /** @param {number} column of the word that is a mistake, from 1, in characters */
  #select(column) {
    const characters = [...this.#input.value];
    const start = characters.slice(0, column - 1).join('').length;
    const word = /^\S*/.exec(this.#input.value.slice(start))?.[0] ?? '';
    this.#input.setSelectionRange(start, start + word.length);
  }

  #forget() {
    this.#input.removeAttribute('aria-invalid');
    this.#input.removeAttribute('aria-describedby');
    this.#mistake.hidden = true;
    this.#outcome.hidden = true;
  }
}
