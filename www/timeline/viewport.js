// @ts-check
/**
 * The picture's viewport. Its `<svg>` is as large as the viewport and sticks to it, because changing its size is costly;
 * what scrolls is an empty box as high as the whole picture, and the module draws the part that is in view.
 */
import { canvas, make } from './build.js';

/** How far down the current step may be, as a part of the height in sight. */
const lowest = 0.75;
/** How far from the upper edge it is kept, in pixels. */
const highest = 24;
/** What is less high than this, in pixels, is out of sight: then the page is scrolled somewhere else. */
const leastSight = 120;

/** Whether a live picture has stood in this document. */
let hasStood = false;

/**
 * @typedef {object} Drawn what can be drawn
 * @property {number} cursor how many steps have happened
 * @property {Pick<import('../pkg/synfin.js').Lab, 'mount' | 'draw'>} lab
 */

export class Viewport {
  #run;
  #attempt;
  #svg = canvas();
  #sheet = make('div', { class: 'sheet' }, this.#svg);
  #isCalm = matchMedia('(prefers-reduced-motion: reduce)');
  #frame = 0;
  #isPrinting = false;
  /** The height of the whole picture, in pixels. */
  #height = 0;
  /** What draws into the `<svg>`. @type {Drawn['lab'] | undefined} */
  #lab;

  /**
   * @param {string} label
   * @param {Drawn} run
   * @param {boolean} hasPoster whether the element's children, as a picture of all of it, are shown until the first step
   * @param {(action: () => void) => void} attempt does something with the lab and catches what it throws
   * @param {(segment: number, at: DOMRect) => void} choose a segment was clicked
   */
  constructor(label, run, hasPoster, attempt, choose) {
    this.#run = run;
    this.#attempt = attempt;
    // Focusable, so that it can be scrolled with the keyboard.
    this.element = make(
      'div',
      { class: 'picture', part: 'picture', tabindex: 0, role: 'group', 'aria-label': label },
      make('slot'),
      this.#sheet,
    );
    this.element.classList.toggle('poster', hasPoster);
    this.#svg.addEventListener('click', (event) => {
      const mark = /** @type {Element} */ (event.target).closest('[data-segment]');
      if (!mark) return;
      choose(Number(mark.getAttribute('data-segment')), new DOMRect(event.clientX, event.clientY, 0, 0));
    });
    this.element.addEventListener('scroll', () => this.#redraw(), { passive: true });
  }

  /**
   * Follows the size of the viewport, and draws everything for a printer.
   *
   * @param {AbortSignal} signal ends that
   */
  connect(signal) {
    const observer = new ResizeObserver(() => this.#redraw());
    observer.observe(this.element);
    signal.addEventListener('abort', () => {
      observer.disconnect();
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
    });
    addEventListener('beforeprint', () => this.#print(true), { signal });
    addEventListener('afterprint', () => this.#print(false), { signal });
  }

  /** Draws the run as it is now, and brings its last step into view. */
  follow() {
    if (this.#run.cursor > 0 && this.element.classList.contains('poster')) {
      this.element.classList.remove('poster');
      this.element.scrollTop = 0;
    }
    const step = this.#draw();
    if (!step) return;
    const { scrollTop } = this.element;
    const sight = this.#sight() * lowest;
    let top = scrollTop;
    if (step.stepBottom > scrollTop + sight) top = step.stepBottom - sight;
    // What begins the step comes first where both ends do not fit.
    if (step.stepTop < top + highest) top = step.stepTop - highest;
    if (Math.abs(top - scrollTop) < 1) return;
    this.element.scrollTo({ top, behavior: this.#isCalm.matches ? 'instant' : 'smooth' });
  }

  /** How much of the viewport is above the lower edge of the window, in pixels. */
  #sight() {
    const { clientHeight } = this.element;
    const sight = Math.min(clientHeight, innerHeight - this.element.getBoundingClientRect().top);
    return sight < leastSight ? clientHeight : sight;
  }

  #redraw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#isPrinting) this.#attempt(() => this.#draw());
    });
  }

  /** @param {boolean} isPrinting */
  #print(isPrinting) {
    this.#isPrinting = isPrinting;
    if (isPrinting) this.#attempt(() => this.#drawAll());
    else this.#redraw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height, scrollTop: top } = this.element;
    if (width === 0 || height === 0) return undefined;
    this.#size(width, height);
    const { lab } = this.#run;
    if (this.#lab !== lab) lab.mount(this.#svg);
    this.#lab = lab;
    const drawn = lab.draw({ width, top, height });
    // How long that took is measured by `make bench`.
    if (!hasStood) performance.mark('first-diagram');
    hasStood = true;
    if (drawn.height !== this.#height) {
      this.#height = drawn.height;
      this.#sheet.style.setProperty('height', `${Math.max(drawn.height, height)}px`);
    }
    return drawn;
  }

  #drawAll() {
    const width = this.element.clientWidth;
    const { height } = this.#run.lab.draw({ width, top: 0, height: 1 });
    this.#size(width, height);
    this.#run.lab.draw({ width, top: 0, height });
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  #size(width, height) {
    for (const [name, value] of /** @type {const} */ ([
      ['width', width],
      ['height', height],
    ])) {
      if (this.#svg.getAttribute(name) !== String(value)) this.#svg.setAttribute(name, String(value));
    }
  }
}
