// @ts-check
/** Makes elements. Text goes in as text, never as markup. */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean>} [attributes] `true` sets an empty attribute, `false` none
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/**
 * A button. What is `aria-disabled` does nothing; it keeps the focus, which a `disabled` one loses.
 *
 * @param {Record<string, string | number | boolean>} attributes
 * @param {string} label
 * @param {() => void} press
 */
export function button(attributes, label, press) {
  const element = make('button', { type: 'button', ...attributes }, label);
  element.addEventListener('click', () => {
    if (element.ariaDisabled !== 'true') press();
  });
  return element;
}

/**
 * A part of the page with a heading.
 *
 * @param {string} name its class, and the id of its heading
 * @param {string} title
 * @param {...(Node | string)} children
 */
export function section(name, title, ...children) {
  return make('section', { class: name, 'aria-labelledby': name }, make('h2', { id: name }, title), ...children);
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/**
 * A drawing for a button, beside its words and hidden from those who hear them.
 *
 * @param {string} path in a square of 24 units
 */
export function icon(path) {
  const svg = document.createElementNS(svgNamespace, 'svg');
  const shape = document.createElementNS(svgNamespace, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

/** An empty `<svg>`, hidden from those who hear the page: the list says the same. */
export function canvas() {
  const svg = document.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('aria-hidden', 'true');
  return svg;
}
