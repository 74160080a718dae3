// @ts-check
/**
 * Loads the later parts of the module, which the first picture does without: see split.mjs. Goes into the module's JavaScript side.
 */

/**
 * @typedef {object} Before what comes before a part
 * @property {() => Promise<void>} load
 * @property {() => void} loadNow
 * @property {WebAssembly.ModuleImports} given what it gives out, once it is there
 */

/** @implements {Before} */
export class Part {
  #address;
  #table;
  #before;
  #calls;
  /** @type {WebAssembly.ModuleImports | undefined} */
  #given;
  /** @type {Promise<void> | undefined} */
  #loading;

  /**
   * @param {URL} address
   * @param {string} table by which the part before calls it
   * @param {Before} before
   * @param {WebAssembly.ModuleImports} [calls] what it calls to have the part after it
   */
  constructor(address, table, before, calls = {}) {
    this.#address = address;
    this.#table = table;
    this.#before = before;
    this.#calls = calls;
  }

  get given() {
    return this.#given ?? this.#before.given;
  }

  /** Ready when it is there, and all before it. A failure is not kept: the next call tries again. */
  load() {
    this.#loading ??= this.#fetch().catch((error) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  /** For a call that needs it and cannot wait. */
  loadNow() {
    if (this.#given) return;
    this.#before.loadNow();
    const request = new XMLHttpRequest();
    request.open('GET', this.#address, false);
    // A request that is waited for gives text only: with this, a letter for each octet.
    request.overrideMimeType('text/plain; charset=x-user-defined');
    request.send();
    if (request.status >= 400) throw new Error(`${this.#address}: ${request.status}`);
    const octets = Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0));
    this.#take(new WebAssembly.Instance(new WebAssembly.Module(octets), this.#imports));
  }

  async #fetch() {
    await this.#before.load();
    // Who starts the module may have given it whole.
    if (!(this.#table in this.#before.given) || this.#given) return;
    const response = await fetch(this.#address);
    if (!response.ok) throw new Error(`${this.#address}: ${response.status}`);
    const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), this.#imports);
    this.#take(instance);
  }

  /** @param {WebAssembly.Instance} instance */
  #take(instance) {
    this.#given = /** @type {WebAssembly.ModuleImports} */ ({ ...this.#before.given, ...instance.exports });
  }

  get #imports() {
    return { a: { ...this.#before.given, ...this.#calls } };
  }
}
