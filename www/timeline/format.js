// @ts-check
/** Numbers and addresses as text. */

/**
 * A time or a span with its unit: `50 ms`, `1.05 s`. Units are the same in all languages.
 *
 * @param {number} ms
 */
export function time(ms) {
  return ms < 1000 ? `${digits(ms, 3)} ms` : `${digits(ms / 1000, 3)} s`;
}

/**
 * The value of a variable with its unit.
 *
 * @param {import('../pkg/synfin.js').Variable} variable
 */
export function value({ value: number, unit }) {
  return unit === 'milliseconds' ? time(number) : String(number);
}

/**
 * Where to read a section of a standard: `RFC 9293 §3.10.7.4`.
 *
 * @param {string} section
 * @returns {string | undefined} `undefined` if it names none
 */
export function address(section) {
  const [, number, part] = /^RFC (\d+)(?: §(.+))?$/.exec(section) ?? [];
  if (!number) return undefined;
  const page = `https://www.rfc-editor.org/rfc/rfc${number}`;
  if (!part) return page;
  return /^\d/.test(part) ? `${page}#section-${part}` : `${page}#appendix-${part}`;
}

/**
 * @param {number} number
 * @param {number} most how many digits after the point at most
 */
function digits(number, most) {
  return String(Number(number.toFixed(most)));
}
