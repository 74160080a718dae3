// @ts-check
/** Numbers as text. */

/**
 * A time or a span with its unit: `50 ms`, `1.05 s`. Units are the same in all languages.
 *
 * @param {number} ms
 */
export function time(ms) {
  return ms < 1000 ? `${digits(ms, 3)} ms` : `${digits(ms / 1000, 3)} s`;
}

/**
 * @param {number} number
 * @param {number} most how many digits after the point at most
 */
function digits(number, most) {
  return String(Number(number.toFixed(most)));
}
