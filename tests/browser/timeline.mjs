// @ts-check
/** The element as a person meets it: what can be pressed, and what can be read. */

/** @typedef {import('./browsers.mjs').Visit} Visit */

export class Timeline {
  /**
   * @param {Visit} visit
   * @param {string} selector of the element
   */
  constructor(visit, selector = 'tcp-timeline') {
    this.visit = visit;
    this.selector = selector;
  }

  /** Waits until the module is there, and what is shown is what was asked for last. */
  async ready() {
    await this.visit.until((selector) => {
      const timeline = document.querySelector(selector);
      return timeline?.hasAttribute('data-ready') && !timeline.shadowRoot?.querySelector('[aria-busy]');
    }, this.selector);
    return this;
  }

  /**
   * Clicks something in the element, as a mouse does.
   *
   * @param {string} selector inside the element
   */
  async click(selector) {
    const handle = await this.visit.page.waitForSelector(`${this.selector} >>> ${selector}`);
    await handle?.click();
  }

  /**
   * Presses one of the buttons.
   *
   * @param {'reset' | 'back' | 'play' | 'pause' | 'step' | 'end' | 'again' | 'drop' | 'duplicate' | 'delay' | 'hold' | 'release'} name
   */
  async press(name) {
    await this.click(`button[data-does="${name}"]`);
  }

  /**
   * Chooses a segment that is on its way, or one of the list, which opens its menu.
   *
   * @param {'.in-flight' | '.steps'} place
   * @param {string} label
   */
  async choose(place, label) {
    const handle = await this.visit.page.evaluateHandle(
      (selector, place, label) => {
        const buttons = document.querySelector(selector)?.shadowRoot?.querySelectorAll(`${place} .segment`) ?? [];
        return [...buttons].find((button) => button.textContent?.includes(label)) ?? null;
      },
      this.selector,
      place,
      label,
    );
    const button = /** @type {import('puppeteer-core').ElementHandle<Element> | null} */ (handle.asElement());
    if (!button) throw new Error(`no segment ${label} in ${place}`);
    await button.click();
  }

  /** Everything that can be read. */
  async read() {
    return this.visit.page.evaluate((selector) => {
      const root = document.querySelector(selector)?.shadowRoot;
      if (!root) throw new Error(`no ${selector}`);
      const text = (/** @type {ParentNode} */ from, /** @type {string} */ what) =>
        from.querySelector(what)?.textContent ?? '';
      const side = (/** @type {string} */ name) => {
        const panel = /** @type {Element} */ (root.querySelector(`.endpoint.${name}`));
        const facts = [...panel.querySelectorAll('dl > div')].map((each) => [
          text(each, 'dt'),
          text(each, 'dd'),
        ]);
        return {
          state: text(panel, '.state'),
          values: /** @type {Record<string, string>} */ (Object.fromEntries(facts)),
          changed: [...panel.querySelectorAll('.changed dt')].map((each) => each.textContent),
          calls: [...panel.querySelectorAll('.calls button')].map((each) => each.textContent),
        };
      };
      const entries = [...root.querySelectorAll('.steps ol > li')];
      return {
        time: text(root, '.clock'),
        status: text(root, '[role="status"]'),
        alert: root.querySelector('.alert:not([hidden])')?.textContent ?? '',
        client: side('client'),
        server: side('server'),
        inFlight: [...root.querySelectorAll('.in-flight .segment')].map((each) => each.textContent),
        entries: entries.map((each) => ({
          summary: text(each, '.summary'),
          isFuture: each.classList.contains('future'),
          sent: [...each.querySelectorAll('.segment')].map((segment) => segment.textContent),
          reasons: [...each.querySelectorAll('.reasons > li')].map((reason) => reason.textContent),
        })),
        current: entries.findIndex((each) => each.querySelector('[aria-current="step"]')),
        sent: entries
          .filter((each) => !each.classList.contains('future'))
          .flatMap((each) => [...each.querySelectorAll('.segment')].map((segment) => segment.textContent)),
        menu: root.querySelector('.menu:popover-open')?.textContent ?? '',
        focus: root.activeElement?.textContent ?? '',
      };
    }, this.selector);
  }

  /**
   * Waits until it speaks a language, and the page around it as well.
   *
   * @param {string} language
   */
  async speaks(language) {
    await this.visit.until(
      (selector, language) => {
        const lab = document.querySelector(selector)?.shadowRoot?.querySelector('.lab');
        return lab?.getAttribute('lang') === language && document.documentElement.lang === language;
      },
      this.selector,
      language,
    );
  }

  /**
   * Waits until the status line says something like this.
   *
   * @param {RegExp} pattern
   */
  async told(pattern) {
    await this.visit.until(
      (selector, source) => {
        const status = document.querySelector(selector)?.shadowRoot?.querySelector('[role="status"]');
        return new RegExp(source).test(status?.textContent ?? '');
      },
      this.selector,
      pattern.source,
    );
  }

  /**
   * Where a segment's arrow is on the screen: the middle of what is drawn of it.
   *
   * @param {number} segment
   */
  async arrow(segment) {
    return this.visit.page.evaluate(
      (selector, segment) => {
        const root = document.querySelector(selector)?.shadowRoot;
        const line = root?.querySelector(`.sheet [data-segment="${segment}"] polyline`);
        if (!(line instanceof SVGPolylineElement)) throw new Error(`no arrow of segment ${segment}`);
        const middle = line.getPointAtLength(line.getTotalLength() / 2);
        const { x, y } = middle.matrixTransform(/** @type {DOMMatrix} */ (line.getScreenCTM()));
        return { x, y };
      },
      this.selector,
      segment,
    );
  }
}
