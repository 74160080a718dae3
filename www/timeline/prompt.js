// @ts-check
/** A line in which everything can be asked for that scripts can say; it happens at once. */
import { make } from './build.js';

/** The longest line, in characters: more than a script says in one. */
const longest = 500;

export class Prompt {
  #input;
  #mistake = make('p', { class: 'mistake', id: 'mistake', role: 'alert', hidden: true });
  #examples = make('div', { class: 'calls', role: 'group' });
  /** Which examples are shown. */
  #shown = '';
  /** Whether what is refused now was asked for here. */
  #isAsking = false;

  /**
   * @param {Record<string, string>} words
   * @param {(line: string) => boolean} attempt does it if it can, and says so
   */
  constructor(words, attempt) {
    this.#input = make('input', {
      type: 'text',
      maxlength: longest,
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
      translate: 'no',
      'aria-label': words['anything-line'],
      'aria-describedby': 'mistake',
    });
    this.#examples.setAttribute('aria-label', words['anything-examples']);
    const form = make('form', {}, this.#input, make('button', { type: 'submit' }, words['anything-do']));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#forgive();
      this.#isAsking = true;
      if (attempt(this.#input.value)) this.#input.value = '';
      this.#isAsking = false;
      this.#input.focus();
    });
    this.#input.addEventListener('input', () => this.#forgive());
    this.element = make(
      'section',
      { class: 'prompt', 'aria-labelledby': 'anything' },
      make('h2', { id: 'anything' }, words.anything),
      make('p', { class: 'hint' }, words['anything-hint']),
      form,
      this.#mistake,
      this.#examples,
    );
  }

  /**
   * Offers lines that say something here and now.
   *
   * @param {import('../pkg/synfin.js').HostView} server
   */
  update(server) {
    const next = server.connections[0]?.variables.find(({ name }) => name === 'RCV.NXT')?.value;
    const examples = ['forge to server syn seq 5000', `forge to server rst seq ${next ?? 5000}`, 'client send "hello"'];
    if (examples.join() === this.#shown) return;
    this.#shown = examples.join();
    this.#examples.replaceChildren(
      ...examples.map((line) => {
        const button = make('button', { type: 'button', translate: 'no' }, line);
        button.addEventListener('click', () => {
          this.#input.value = line;
          this.#forgive();
          this.#input.focus();
        });
        return button;
      }),
    );
  }

  /**
   * Shows why something is refused, if it was asked for here.
   *
   * @param {string} message
   * @returns {boolean} whether it was
   */
  refuse(message) {
    if (!this.#isAsking) return false;
    this.#input.setAttribute('aria-invalid', 'true');
    this.#mistake.textContent = message;
    this.#mistake.hidden = false;
    return true;
  }

  #forgive() {
    this.#input.setAttribute('aria-invalid', 'false');
    this.#mistake.hidden = true;
  }
}
