import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const documents = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'packages/*/*.md'], {
  cwd: root,
}).sort();

/** A document without its blocks of code. */
const withoutCode = (text: string) => text.replace(/^(```|~~~)[^\n]*\n.*?^\1/gms, '');

/**
 * The anchors of a document: those that GitHub gives its headings, of which a repeated one gets a number, and
 * those that stand there as `<a id>`.
 */
function anchorsOf(markdown: string): Set<string> {
  const seen = new Map<string, number>();
  return new Set([
    ...[...withoutCode(markdown).matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id),
    ...[...withoutCode(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
      const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').trim();
      const kept = [...text.toLowerCase()].filter((char) => /[\p{L}\p{N}\s_-]/u.test(char));
      const slug = kept.join('').replaceAll(' ', '-');
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return times === 0 ? slug : `${slug}-${times}`;
    }),
  ]);
}

/** Where a document's links lead, except to other hosts. */
function linksIn(markdown: string): string[] {
  const prose = withoutCode(markdown).replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^(https?:|mailto:)/.test(target));
}

/** What is wrong with a link; undefined when it leads somewhere. */
function faultOf(target: string, document: string): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, document) : join(root, dirname(document), decodeURI(path));
  if (path.startsWith('/') || relative(root, file).startsWith('..')) {
    return 'leaves the project';
  }
  if (!existsSync(file)) {
    return 'no such file';
  }
  if (anchor === undefined) {
    return undefined;
  }
  if (!statSync(file).isFile()) {
    return 'a folder has no headings';
  }
  return anchorsOf(readFileSync(file, 'utf8')).has(anchor) ? undefined : 'no such heading';
}

describe('links', () => {
  test('there are documents to look at', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md']));
  });

  test.each(documents)('every link in %s leads to an existing file and heading', (name) => {
    const faults = linksIn(readFileSync(join(root, name), 'utf8')).flatMap((target) => {
      const fault = faultOf(target, name);
      return fault ? [`${target}: ${fault}`] : [];
    });
    expect(faults).toEqual([]);
  });

  test('a broken link is found', () => {
    expect(faultOf('lib/no-such-file.ts', 'README.md')).toBe('no such file');
    expect(faultOf('#no-such-heading', 'README.md')).toBe('no such heading');
    expect(faultOf('../../etc/passwd', 'README.md')).toBe('leaves the project');
    expect(linksIn('[`a`](b.md) `[c](d.md)`\n\n```\n[e](f.md)\n```')).toEqual(['b.md']);
  });
});
