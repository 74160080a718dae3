// @ts-check
/** Which of our languages somebody reads. */

/** @typedef {'en' | 'zh-Hant' | 'zh-Hans'} Language as a BCP 47 tag */

/**
 * The language of ours that serves somebody best who reads these, in order of preference; English if none does. The script
 * of Chinese decides where a tag names it, else the region.
 *
 * @param {readonly string[]} tags
 * @returns {Language}
 */
export function bestLanguage(tags) {
  for (const tag of tags) {
    const { language, script } = writing(tag);
    if (language === 'en') return 'en';
    if (language === 'zh') return script === 'Hant' ? 'zh-Hant' : 'zh-Hans';
  }
  return 'en';
}

/**
 * The element whose language somebody reads best, else the first.
 *
 * @param {Element[]} elements
 * @param {readonly string[]} tags in order of preference
 */
export function inLanguage(elements, tags) {
  const isSame = (/** @type {string} */ one, /** @type {string} */ other) => {
    const [left, right] = [writing(one), writing(other)];
    return left.language === right.language && left.script === right.script;
  };
  for (const tag of tags) {
    const found = elements.find((element) => isSame(element.getAttribute('lang') ?? 'en', tag));
    if (found) return found;
  }
  return elements[0];
}

/**
 * The language and the script of a tag, so that `zh-TW` is found to be `zh-Hant`.
 *
 * @param {string} tag
 * @returns {{language: string, script?: string}}
 */
export function writing(tag) {
  try {
    const { language, script } = new Intl.Locale(tag.replaceAll('_', '-')).maximize();
    return { language, script };
  } catch {
    // It is no tag.
    return { language: tag };
  }
}
