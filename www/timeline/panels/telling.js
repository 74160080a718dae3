// @ts-check
/** The clock, what happened last, and what went wrong. */
import { button, make } from '../build.js';
import { time } from '../format.js';
import { sentence } from '../store.js';

/** @type {import('../panels.js').MakePanel} */
export function telling({ session, words }) {
  const clock = make('span', { class: 'clock' });
  const status = make('p', { class: 'status', role: 'status' });
  const alarm = make('div', { class: 'alert', role: 'alert', hidden: true });

  return {
    element: make('div', { class: 'telling' }, clock, status, alarm),
    reads: ['time', 'now', 'alert', 'isBroken'],
    update(state, changed) {
      clock.textContent = time(state.time);
      if (changed.has('now')) status.textContent = sentence(state);
      if (state.isBroken) breakDown();
      else if (changed.has('alert')) warn(state.alert);
    },
  };

  /** @param {import('../store.js').Alert | undefined} alert */
  function warn(alert) {
    // What was typed is refused where it was typed.
    if (alert?.isTyped) return;
    alarm.hidden = !alert;
    if (alert) alarm.replaceChildren(make('p', {}, alert.message));
  }

  /** Says that the lab has failed, and offers to begin again. */
  function breakDown() {
    const again = button({ 'data-does': 'again' }, words.reset, () => session.beginAgain());
    alarm.replaceChildren(make('p', {}, words.crashed), again);
    alarm.hidden = false;
    again.focus();
  }
}
