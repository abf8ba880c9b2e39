/** The seed of this run: given in FAULT_SEED to repeat one, else new. It is printed by each test. */
export const seed = process.env.FAULT_SEED ?? String(Math.floor(Math.random() * 1e9));

/** Random numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(text: string): () => number {
  let state = [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
