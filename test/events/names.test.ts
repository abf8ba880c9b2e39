import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import {
  consumerMetrics,
  functionVariables,
  ingestMetrics,
  localMetadata,
  messageAttributePrefix,
  messageAttributes,
  metricNamespace,
  queueTags,
  republishMetrics,
  stackNameOf,
  watchMetrics,
} from '../../events/names.ts';

const metrics = { ingestMetrics, consumerMetrics, republishMetrics, watchMetrics };

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The sources that import these names, without comments. */
const sources = ['bin', 'lib', 'lambdas', 'ops', 'cli', 'console'].flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => {
      const file = join(root, room, name);
      return { file: relative(root, file), code: withoutComments(readFileSync(file, 'utf8')) };
    }),
);

function withoutComments(code: string): string {
  return code.replaceAll(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*)$/gm, '');
}

/** Where a pattern is found, as `file: text`. */
const found = (pattern: RegExp, rooms = /^/): string[] =>
  sources
    .filter(({ file }) => rooms.test(file))
    .flatMap(({ file, code }) => [...code.matchAll(pattern)].map(([text]) => `${file}: ${text}`));

const quoted = (text: string) => new RegExp(`['"\`]${text.replaceAll(/[.]/g, '\\.')}['"\`]`, 'g');

describe('a shared name', () => {
  test.each([
    metricNamespace,
    stackNameOf(''),
    messageAttributePrefix,
    ...Object.values(queueTags),
    ...Object.values(messageAttributes),
    ...Object.values(localMetadata),
  ])('"%s" is written in events/names.ts only', (name) => {
    expect(found(quoted(name))).toEqual([]);
  });

  test('is unique among names of its kind', () => {
    const metricNames = Object.values(metrics).flatMap((names) => Object.values<string>(names));
    for (const names of [metricNames, queueTags, messageAttributes, localMetadata]) {
      const values = Object.values(names);
      expect(new Set(values).size).toBe(values.length);
    }
    for (const name of Object.values(messageAttributes)) {
      expect(name.startsWith(messageAttributePrefix)).toBe(true);
    }
  });

  test('is not a literal where a metric is written or read', () => {
    expect(found(/\b(count|measure)\(\s*['"`]/g, /^lambdas\//)).toEqual([]);
    expect(found(/\b(counted|search)\(\s*[\w.]+,\s*['"`]/g, /^lib\//)).toEqual([]);
    expect(found(/\b(count|measure)\(\s*\w+Metrics\./g, /^lambdas\//).length).toBeGreaterThan(10);
    expect(found(/\bcounted\(\s*[\w.]+,\s*\w+Metrics\./g, /^lib\//).length).toBeGreaterThan(5);
  });

  test('is in the list if a function reads it from its environment', () => {
    const read = found(/(?<=\bprocess\.env\.)\w+/g, /^lambdas\//).map((each) =>
      each.replace(/^.*: /, ''),
    );
    expect(read).toContain('STATE_TABLE');
    const own: readonly string[] = functionVariables;
    // Lambda sets these itself.
    const isLambdas = (name: string) => /^(AWS_|_X_AMZN_)/.test(name);
    expect(read.filter((name) => !own.includes(name) && !isLambdas(name))).toEqual([]);
  });

  test('is used: there is no unused variable and no unused metric', () => {
    const code = sources.map(({ code }) => code).join('\n');
    const used = (name: string) => new RegExp(`\\b${name}\\b`).test(code);
    expect(functionVariables.filter((name) => !used(name))).toEqual([]);
    const inUse = Object.entries(metrics).flatMap(([group, names]) =>
      Object.keys(names).map((name) => `${group}\\.${name}`),
    );
    expect(inUse.filter((name) => !used(name))).toEqual([]);
  });
});
