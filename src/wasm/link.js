// @ts-check
/** Links are compressed by the browser, and written in letters that a URL may have (RFC 4648 §5, without padding). */

/**
 * @param {string} before what stands before it
 * @param {string} text
 * @returns {Promise<string>}
 */
export async function pack(before, text) {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const octets = new Uint8Array(await new Response(packed).arrayBuffer());
  let characters = '';
  for (const octet of octets) characters += String.fromCharCode(octet);
  return before + btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * What was packed; `undefined` if it was not, or would be longer than any text of ours. Links come from strangers, so no more
 * is unpacked than that.
 *
 * @param {string} packed
 * @param {number} most how many octets the text has at most
 * @returns {Promise<string | undefined>}
 */
export async function unpack(packed, most) {
  if (!/^[\w-]*$/.test(packed)) return undefined;
  try {
    const characters = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    const octets = Uint8Array.from(characters, (character) => character.charCodeAt(0));
    const reader = new Blob([octets]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    let [text, length] = ['', 0];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      length += value.length;
      if (length > most) {
        await reader.cancel();
        return undefined;
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // Cut off or changed on its way: browsers say so by different errors.
    return undefined;
  }
}
