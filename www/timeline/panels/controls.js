// @ts-check
/** The buttons that move through time, and the speed. */
import { button, icon, make } from '../build.js';
import { speeds } from '../player.js';

const paths = {
  reset: 'M5 5v5h5M5.6 10a7 7 0 1 1-.6 4',
  back: 'M16 6l-7 6 7 6zM6 6v12',
  play: 'M8 5l11 7-11 7z',
  pause: 'M8 5h3v14H8zM14 5h3v14h-3z',
  step: 'M8 6l7 6-7 6zM18 6v12',
  end: 'M4 6l6 6-6 6zM11 6l6 6-6 6zM20 6v12',
};

/** @type {import('../panels.js').MakePanel} */
export function controls({ session, words }) {
  const back = move('back', words.back, () => session.back());
  const toggle = move('play', words.play, () => session.toggle());
  const step = move('step', words.step, () => session.step());
  const end = move('end', words['run-to-end'], () => session.hurry());
  const speed = make(
    'select',
    { class: 'speed', 'aria-label': words.speed, title: words.speed },
    ...speeds.map((each) => make('option', { value: each }, `${each}×`)),
  );
  speed.addEventListener('change', () => session.setSpeed(Number(speed.value)));

  return {
    element: make(
      'div',
      { class: 'controls', role: 'group', 'aria-label': words.controls },
      move('reset', words.reset, () => session.reset()),
      back,
      toggle,
      step,
      end,
      speed,
    ),
    reads: ['now', 'isPlaying', 'speed'],
    update(state) {
      back.ariaDisabled = String(state.now.step === 0);
      step.ariaDisabled = end.ariaDisabled = String(state.now.atEnd);
      if (state.isPlaying) paint(toggle, 'pause', words.pause);
      else paint(toggle, 'play', words.play);
      speed.value = String(state.speed);
    },
  };
}

/**
 * @param {keyof typeof paths} name
 * @param {string} label
 * @param {() => void} press
 */
function move(name, label, press) {
  const element = button({}, '', press);
  paint(element, name, label);
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
