// @ts-check
/** A line in which everything can be asked for that scripts can say; it happens at once. */
import { button, make, section } from '../build.js';
import { sentence } from '../store.js';

/** @type {import('../panels.js').MakeLaterPanel} */
export function prompt({ session, words }) {
  const { state } = session;
  const input = make('input', {
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    translate: 'no',
    'aria-label': words['anything-line'],
  });
  /** What came of it: a sentence, or why not. */
  const mistake = make('p', { class: 'mistake', id: 'mistake', role: 'alert', hidden: true });
  const outcome = make('p', { class: 'outcome', hidden: true });
  const examples = make('div', { class: 'calls', role: 'group', 'aria-label': words['anything-examples'] });
  const form = make('form', {}, input, make('button', { type: 'submit' }, words['anything-do']));
  /** Which examples are shown. */
  let shown = '';

  input.value = state.draft;
  input.addEventListener('input', () => {
    state.draft = input.value;
    forget();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    input.focus();
    if (input.value.trim() === '') return;
    forget();
    session.type(input.value);
    if (state.draft === '') input.value = '';
  });

  return {
    element: section('prompt', words.anything, make('p', { class: 'hint' }, words['anything-hint']), form, mistake, outcome, examples),
    reads: ['now', 'alert'],
    update({ now, alert, isTyped }) {
      if (alert) {
        if (alert.isTyped) refuse(alert);
        return;
      }
      forget();
      outcome.hidden = !isTyped;
      outcome.textContent = isTyped ? sentence(state) : '';
      if (now.examples.join() === shown) return;
      shown = now.examples.join();
      examples.replaceChildren(
        ...now.examples.map((line) =>
          button({ translate: 'no' }, line, () => {
            input.value = state.draft = line;
            forget();
            input.focus();
          }),
        ),
      );
    },
  };

  /**
   * Shows why what was typed is refused, and where the mistake is.
   *
   * @param {import('../store.js').Alert} alert
   */
  function refuse({ code, message, column }) {
    // Mistakes in scripts are told in the language of scripts.
    if (code === 'script') mistake.lang = 'en';
    else mistake.removeAttribute('lang');
    mistake.textContent = message;
    mistake.hidden = false;
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', 'mistake');
    if (column !== undefined) select(column);
  }

  /** @param {number} column of the word that is a mistake, from 1, in characters */
  function select(column) {
    const characters = [...input.value];
    const start = characters.slice(0, column - 1).join('').length;
    const word = /^\S*/.exec(input.value.slice(start))?.[0] ?? '';
    input.setSelectionRange(start, start + word.length);
  }

  function forget() {
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
    mistake.hidden = true;
    outcome.hidden = true;
  }
}
