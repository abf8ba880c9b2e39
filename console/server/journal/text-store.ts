import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** A pack is closed at this many texts, or characters: events resemble each other and pack far better together. */
const maxTexts = 256;
const maxCharacters = 4_000_000;

/** Maximum number of bytes of packed texts; beyond it the oldest are deleted. */
const defaultBudget = 128 * 1024 * 1024;

interface Pack {
  /** Undefined once they are packed. */
  texts: Map<number, string> | undefined;
  characters: number;
  packed: Buffer | undefined;
}

/**
 * Keeps the texts of many events, by number, compressed. A hundred thousand events of 3 KB would take 300 MB and
 * more without compression.
 */
export class TextStore {
  readonly #budget: number;
  readonly #packOf = new Map<number, Pack>();
  #open: Pack = newPack();
  #packedBytes = 0;
  readonly #closing = new Set<Promise<void>>();
  #unpacked: { readonly pack: Pack; readonly texts: ReadonlyMap<number, string> } | undefined;

  constructor(budget = defaultBudget) {
    this.#budget = budget;
  }

  set(number: number, text: string): void {
    const pack = this.#open;
    pack.texts?.set(number, text);
    pack.characters += text.length;
    this.#packOf.set(number, pack);
    if ((pack.texts?.size ?? 0) < maxTexts && pack.characters < maxCharacters) {
      return;
    }
    this.#open = newPack();
    const closing = this.#close(pack).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  /** Resolves when no text is being packed. */
  async idle(): Promise<void> {
    await Promise.all(this.#closing);
  }

  async get(number: number): Promise<string | undefined> {
    const pack = this.#packOf.get(number);
    if (pack?.texts) {
      return pack.texts.get(number);
    }
    if (!pack?.packed) {
      return undefined;
    }
    if (this.#unpacked?.pack !== pack) {
      const entries = JSON.parse((await inflate(pack.packed)).toString()) as [number, string][];
      this.#unpacked = { pack, texts: new Map(entries) };
    }
    return this.#unpacked.texts.get(number);
  }

  delete(number: number): void {
    const pack = this.#packOf.get(number);
    this.#packOf.delete(number);
    pack?.texts?.delete(number);
  }

  /** Number of bytes of the packed texts. */
  get packedBytes(): number {
    return this.#packedBytes;
  }

  async #close(pack: Pack): Promise<void> {
    pack.packed = await deflate(JSON.stringify([...(pack.texts ?? [])]), { level: 1 });
    pack.texts = undefined;
    this.#packedBytes = this.#sumPacked();
    for (const [number, oldest] of this.#packOf) {
      if (this.#packedBytes <= this.#budget) {
        return;
      }
      this.#packOf.delete(number);
      if (oldest.packed) {
        this.#packedBytes -= oldest.packed.length;
      }
      oldest.packed = undefined;
    }
  }

  #sumPacked(): number {
    let sum = 0;
    for (const { packed } of new Set(this.#packOf.values())) {
      sum += packed?.length ?? 0;
    }
    return sum;
  }
}

const newPack = (): Pack => ({ texts: new Map(), characters: 0, packed: undefined });
