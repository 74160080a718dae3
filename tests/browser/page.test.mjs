// @ts-check
import assert from 'node:assert/strict';
import { inEveryBrowser } from './browsers.mjs';

inEveryBrowser('the page loads without a problem and has a title', {}, async (visit) => {
  await visit.open();
  assert.notEqual((await visit.page.title()).trim(), '', 'the page has a title');
});

inEveryBrowser('axe finds nothing on the page', {}, async (visit) => {
  await visit.open();
  await visit.expectAccessible();
});
