// @ts-check
/**
 * Where the files are that are asked for at run time, by their names below this folder's parent: of a file, or the beginning
 * of a folder's (`pkg/words/`). In the sources they are where they are called; for the built site `scripts/site.mjs` writes
 * this table anew, with names that hold a hash of what is in the files.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const places = {};
