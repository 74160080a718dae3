// @ts-check
/**
 * The scripts of the stories. They are files beside the module: the first one that is asked for comes alone, because a picture waits
 * for it; whoever looks at another one gets all of them at once, for hardly more.
 */
import { address } from './address.js';

/** The story that was asked for first, and its script. @type {{id: string, script: Promise<string>} | undefined} */
let first;
/** All scripts, by their stories. @type {Promise<Record<string, string>> | undefined} */
let all;

/**
 * The script of a story. A failure is not kept: the next call tries again.
 *
 * @param {string} id
 * @returns {Promise<string>}
 */
export async function scriptOf(id) {
  if (first === undefined || first.id === id) {
    const asked = (first ??= { id, script: take(`stories/${id}.tcp`).then((response) => response.text()) });
    try {
      return await asked.script;
    } catch (error) {
      if (first === asked) first = undefined;
      throw error;
    }
  }
  all ??= take('stories.json').then((response) => response.json());
  try {
    return (await all)[id];
  } catch (error) {
    all = undefined;
    throw error;
  }
}

/**
 * Asks early for the script of a story, should there be one of this name.
 *
 * @param {string | null} id
 */
export function expect(id) {
  // What is no story is found out later, and said there.
  if (id !== null && /^[a-z0-9-]+$/.test(id)) scriptOf(id).catch(() => {});
}

/** @param {string} name */
async function take(name) {
  const response = await fetch(address(`pkg/${name}`));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return response;
}
