// @ts-check
/** Finds files that are asked for at run time. */
import { places } from './places.js';

/**
 * The address of a file.
 *
 * @param {string} name as in the sources, from the folder of `tcp-timeline.js`; may have a query
 */
export function address(name) {
  const known = Object.keys(places).find((each) => name.startsWith(each));
  const place = known === undefined ? `../${name}` : places[known] + name.slice(known.length);
  return new URL(place, import.meta.url).href;
}
