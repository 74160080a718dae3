// @ts-check
/** Loads the second part of the module, which the first picture does without: see split.mjs. Goes into the module's JavaScript side. */

export class Rest {
  #address;
  #first;
  /** @type {Promise<void> | undefined} */
  #loading;

  /**
   * @param {URL} address
   * @param {() => WebAssembly.Exports} first what the first part gives out, once it has started
   */
  constructor(address, first) {
    this.#address = address;
    this.#first = first;
  }

  /** Ready when all of the module is there. A failure is not kept: the next call tries again. */
  load() {
    this.#loading ??= this.#fetch().catch((error) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  /** For a call that needs it and cannot wait. */
  loadNow() {
    const request = new XMLHttpRequest();
    request.open('GET', this.#address, false);
    // A request that is waited for gives text only: with this, a letter for each octet.
    request.overrideMimeType('text/plain; charset=x-user-defined');
    request.send();
    if (request.status >= 400) throw new Error(`${this.#address}: ${request.status}`);
    const octets = Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0));
    new WebAssembly.Instance(new WebAssembly.Module(octets), this.#imports);
  }

  async #fetch() {
    // Who starts the module may have given it whole.
    if (!('between' in this.#first())) return;
    const response = await fetch(this.#address);
    if (!response.ok) throw new Error(`${this.#address}: ${response.status}`);
    await WebAssembly.instantiate(await response.arrayBuffer(), this.#imports);
  }

  get #imports() {
    return { a: this.#first() };
  }
}
