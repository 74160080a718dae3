// @ts-check
/** The picture of the run. */
import { Viewport } from '../viewport.js';

/** @type {import('../panels.js').MakePanel} */
export function picture({ session, words }) {
  const { run, state } = session;
  const drawn = {
    get lab() {
      return run.lab;
    },
    get cursor() {
      return state.now.step;
    },
  };
  const viewport = new Viewport(
    words.timeline,
    drawn,
    state.hasPoster,
    (action) => session.attempt(action),
    (segment, at) => session.select(segment, at),
  );
  return {
    element: viewport.element,
    reads: ['now'],
    measure: () => viewport.follow(),
    connect: (signal) => viewport.connect(signal),
  };
}
