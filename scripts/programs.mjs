// @ts-check
/**
 * Where the browsers and their drivers are on this machine.
 *
 * An environment variable names a program outright; otherwise the usual names are looked up on PATH, and then the usual
 * places of macOS. Run as a program, it prints which of those that it is asked for are missing, a line each, or with `--where`
 * the path of one; it fails when a variable names something that is not a program.
 */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {'chromium' | 'firefox' | 'chromedriver' | 'geckodriver'} ProgramName
 */

const applications = '/Applications';

/** @type {Record<ProgramName, {variable: string, names: string[], places: string[]}>} */
const programs = {
  chromium: {
    variable: 'CHROME',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    places: [
      `${applications}/Chromium.app/Contents/MacOS/Chromium`,
      `${applications}/Google Chrome.app/Contents/MacOS/Google Chrome`,
    ],
  },
  firefox: {
    variable: 'FIREFOX',
    names: ['firefox-esr', 'firefox'],
    places: [`${applications}/Firefox.app/Contents/MacOS/firefox`],
  },
  chromedriver: {
    variable: 'CHROMEDRIVER',
    names: ['chromedriver'],
    places: ['/usr/lib/chromium/chromedriver'],
  },
  geckodriver: {
    variable: 'GECKODRIVER',
    names: ['geckodriver'],
    places: [fileURLToPath(new URL('../.tools/bin/geckodriver', import.meta.url))],
  },
};

/**
 * The path of a program; `undefined` when this machine does not have it.
 *
 * @param {ProgramName} name
 * @returns {string | undefined}
 */
export function find(name) {
  const { variable, names, places } = programs[name];
  const given = process.env[variable];
  if (given) return isProgram(given) ? given : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = names.flatMap((each) => folders.map((folder) => join(folder, each)));
  return [...onPath, ...places].find(isProgram);
}

/**
 * The path of a program; throws with the command that mends it when this machine does not have it.
 *
 * @param {ProgramName} name
 * @returns {string}
 */
export function need(name) {
  const path = find(name);
  if (path) return path;
  throw new Error(
    misnamed(name) ?? `${name} is missing; run scripts/bootstrap test, or let ${programs[name].variable} name the program`,
  );
}

/**
 * What is wrong with the variable that names a program, if anything is.
 *
 * @param {ProgramName} name
 * @returns {string | undefined}
 */
function misnamed(name) {
  const { variable } = programs[name];
  const given = process.env[variable];
  return given && !isProgram(given) ? `${variable}=${given} is not a program that can be run` : undefined;
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  const names = /** @type {ProgramName[]} */ (asked.filter((each) => each !== '--where'));
  for (const name of names) {
    const wrong = misnamed(name);
    if (wrong) {
      console.error(`programs: ${wrong}`);
      process.exitCode = 1;
    } else if (asked.includes('--where')) console.log(need(name));
    else if (!find(name)) console.log(name);
  }
}
