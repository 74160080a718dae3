// @ts-check
/** Which language a reader gets, by what the browser asks for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

/** @type {{bestLanguage: (tags: readonly string[]) => string}} */
const { bestLanguage } = await import(new URL('../../www/timeline/language.js', import.meta.url).href);

test('browsers get the language that they ask for', () => {
  for (const [tags, language] of /** @type {const} */ ([
    [['en-GB'], 'en'],
    [['zh'], 'zh-Hans'],
    [['zh-CN'], 'zh-Hans'],
    [['zh-SG'], 'zh-Hans'],
    [['zh-Hans-HK'], 'zh-Hans'],
    [['zh-x-tw'], 'zh-Hans'],
    [['zh-TW'], 'zh-Hant'],
    [['zh-HK'], 'zh-Hant'],
    [['zh-MO'], 'zh-Hant'],
    [['ZH-hant-cn'], 'zh-Hant'],
    [['zh_TW'], 'zh-Hant'],
    [['fr', 'zh-HK', 'en'], 'zh-Hant'],
    [['fr', 'de'], 'en'],
    [['enm', '', '-', 'fr'], 'en'],
    [[], 'en'],
  ])) {
    assert.equal(bestLanguage(tags), language, tags.join());
  }
});
