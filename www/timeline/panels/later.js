// @ts-check
/** The panels that come after the first picture. Where each stands is written in `panels.js`. */
export { branches } from './branches.js';
export { comparison } from './comparison.js';
export { endpoints } from './endpoints.js';
export { found } from './found.js';
export { knows } from './knows.js';
export { prompt } from './prompt.js';
export { steps } from './steps.js';
export { worlds } from './worlds.js';
