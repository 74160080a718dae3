// @ts-check
/** The buttons that move through time, and the speed. */
import { icon, make } from './build.js';
import { speeds } from './player.js';

/**
 * @typedef {object} Moves
 * @property {() => void} reset
 * @property {() => void} back
 * @property {() => void} toggle plays or pauses
 * @property {() => void} step
 * @property {() => void} hurry runs to the end
 * @property {(speed: number) => void} setSpeed
 */

const paths = {
  reset: 'M5 5v5h5M5.6 10a7 7 0 1 1-.6 4',
  back: 'M16 6l-7 6 7 6zM6 6v12',
  play: 'M8 5l11 7-11 7z',
  pause: 'M8 5h3v14H8zM14 5h3v14h-3z',
  step: 'M8 6l7 6-7 6zM18 6v12',
  end: 'M4 6l6 6-6 6zM11 6l6 6-6 6zM20 6v12',
};

export class Controls {
  #words;
  #back;
  #step;
  #end;
  #toggle;
  #speed;

  /**
   * @param {import('./words.js').Words} words
   * @param {Moves} moves
   */
  constructor(words, moves) {
    this.#words = words;
    this.#back = button('back', words.back, moves.back);
    this.#toggle = button('play', words.play, moves.toggle);
    this.#step = button('step', words.step, moves.step);
    this.#end = button('end', words['run-to-end'], moves.hurry);
    this.#speed = make(
      'select',
      { class: 'speed', 'aria-label': words.speed, title: words.speed },
      ...speeds.map((speed) => make('option', { value: speed }, `${speed}×`)),
    );
    this.#speed.addEventListener('change', () => moves.setSpeed(Number(this.#speed.value)));
    this.element = make(
      'div',
      { class: 'controls', role: 'group', 'aria-label': words.controls },
      button('reset', words.reset, moves.reset),
      this.#back,
      this.#toggle,
      this.#step,
      this.#end,
      this.#speed,
    );
  }

  /**
   * @param {import('./run.js').Run} run
   * @param {boolean} isPlaying
   */
  update(run, isPlaying) {
    // Not `disabled`, so that the focus is not lost at the end of the story.
    this.#back.setAttribute('aria-disabled', String(run.cursor === 0));
    for (const each of [this.#step, this.#end]) each.setAttribute('aria-disabled', String(run.isAtEnd));
    if (isPlaying) paint(this.#toggle, 'pause', this.#words.pause);
    else paint(this.#toggle, 'play', this.#words.play);
  }

  /** @param {number} speed */
  showSpeed(speed) {
    this.#speed.value = String(speed);
  }
}

/**
 * @param {keyof typeof paths} name
 * @param {string} label
 * @param {() => void} press
 */
function button(name, label, press) {
  const element = make('button', { type: 'button' });
  paint(element, name, label);
  element.addEventListener('click', () => {
    if (element.getAttribute('aria-disabled') !== 'true') press();
  });
  return element;
}

/**
 * @param {HTMLButtonElement} element
 * @param {keyof typeof paths} name
 * @param {string} label
 */
function paint(element, name, label) {
  if (element.dataset.does === name) return;
  element.dataset.does = name;
  element.title = label;
  element.replaceChildren(icon(paths[name]), make('span', {}, label));
}
