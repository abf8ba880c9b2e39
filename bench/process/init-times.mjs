/**
 * How long each source in a bundle takes to initialize, in a process that does nothing else. The bundle
 * (not minified) has a call of `markInit` before each source. Arguments: the bundle, and Node's own modules
 * that it imports, with commas between them, which are timed by themselves.
 */
const [, , bundle, builtins] = process.argv;
const start = performance.now();
for (const name of builtins.split(',').filter(Boolean)) await import(name);
const builtinsMs = performance.now() - start;
const marks = [];
globalThis.markInit = (source) => marks.push([source, performance.now()]);
const importing = performance.now();
await import(bundle);
const end = performance.now();
const compiledAt = marks[0]?.[1] ?? end;
const sources = marks.map(([source, at], place) => [source, (marks[place + 1]?.[1] ?? end) - at]);
process.send({ builtinsMs, compileMs: compiledAt - importing, sources }, () => process.exit());
