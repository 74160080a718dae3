// @ts-check
/**
 * The state of an element, all of it in one place. Whoever shows something reads it here and is told when it changes; whoever
 * wants it otherwise asks the session.
 */

/**
 * @typedef {import('../pkg/synfin.js').BranchView} BranchView
 * @typedef {import('../pkg/synfin.js').PairReport} PairReport
 * @typedef {import('../pkg/synfin.js').SegmentNow} SegmentNow
 * @typedef {import('../pkg/synfin.js').SegmentView} SegmentView
 * @typedef {import('../pkg/synfin.js').Snapshot} Snapshot
 * @typedef {import('../pkg/synfin.js').StepView} StepView
 * @typedef {import('../pkg/synfin.js').WorldView} World
 *
 * @typedef {object} State
 * @property {import('./words.js').Speech} speech in which language it is said, and with what words
 * @property {StepView[]} steps that are known; step `n` is at `n - 1`. Those after the present one stay known when the run goes back
 * @property {Snapshot} now how things stand, and where the run is
 * @property {Snapshot | undefined} before how they stood just before the last step, where that is to be compared
 * @property {number} time what the clock shows, in milliseconds; also what passes while the run is played and nothing happens
 * @property {number | undefined} next when the next step happens, in milliseconds; `undefined` if none does
 * @property {BranchView[]} branches
 * @property {boolean} isPlaying
 * @property {number} speed
 * @property {Selection | undefined} selection the segment that was clicked
 * @property {Comparison | undefined} comparison what is shown instead, while two runs are compared
 * @property {PairReport | undefined} pair where these two runs are
 * @property {Alert | undefined} alert what went wrong, until the run goes on
 * @property {boolean} isBroken whether the lab has failed and is not to be touched again
 * @property {string} draft what was typed and is not done yet
 * @property {boolean} isTyped whether what happens at this moment was typed
 * @property {boolean} hasPoster whether the element's children show the story, and nothing of it has happened yet
 *
 * @typedef {object} Selection
 * @property {SegmentView} segment as it was when it left
 * @property {SegmentNow} known what has become of it by now, and what can be done to it
 * @property {DOMRect} at where it was clicked
 *
 * @typedef {{world: World} | {branch: number}} Other what a run is compared with
 *
 * @typedef {{other: Other}} Comparison
 *
 * @typedef {object} Alert
 * @property {string} message
 * @property {string} [code] of what was refused
 * @property {number} [column] of the mistake in what was typed
 * @property {boolean} [isTyped] whether what was typed is refused
 *
 * @typedef {ReadonlySet<keyof State>} Changed which parts
 */

export class Store {
  /** @type {Set<(state: State, changed: Changed) => void>} */
  #subscribers = new Set();

  /** @param {State} state */
  constructor(state) {
    /** @readonly */
    this.state = state;
  }

  /**
   * Changes parts of the state and tells everybody.
   *
   * @param {Partial<State>} parts
   */
  change(parts) {
    Object.assign(this.state, parts);
    const changed = /** @type {Changed} */ (new Set(Object.keys(parts)));
    for (const subscriber of [...this.#subscribers]) subscriber(this.state, changed);
  }

  /**
   * @param {(state: State, changed: Changed) => void} subscriber
   * @param {AbortSignal} [signal] ends it
   */
  subscribe(subscriber, signal) {
    this.#subscribers.add(subscriber);
    signal?.addEventListener('abort', () => this.#subscribers.delete(subscriber));
  }
}

/**
 * What happened last, in one sentence.
 *
 * @param {State} state
 */
export function sentence({ steps, now, speech }) {
  return (now.step > 0 && steps[now.step - 1]?.summary) || speech.words['nothing-yet'];
}

/**
 * A segment that was sent, as it was then.
 *
 * @param {Pick<State, 'steps'>} state
 * @param {number} id
 */
export function segmentOf({ steps }, id) {
  for (const { sent } of steps) {
    const segment = sent.find((each) => each.id === id);
    if (segment) return segment;
  }
  return undefined;
}
