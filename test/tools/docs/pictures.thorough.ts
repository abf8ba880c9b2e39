import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { benchmarksPicture, pictures, scalingPicture } from '../../../tools/docs/pictures.ts';
import { barPicture } from '../../../tools/docs/svg.ts';

const drawn = [...pictures()];

/** The texts of a picture, each with the room that it takes by the width of a usual character. */
const textsOf = (svg: string) =>
  [
    ...svg.matchAll(/<text class="([^"]*)" x="([\d.]+)" y="[\d.]+" text-anchor="(\w+)">([^<]*)</g),
  ].map(([, className = '', x = '', anchor = '', text = '']) => {
    const width = text.length * (className === 'title' ? 8.8 : className === 'note' ? 5.9 : 6.6);
    const shift = { start: 0, middle: width / 2, end: width }[anchor] ?? 0;
    return { text, from: Number(x) - shift, to: Number(x) - shift + width };
  });

describe('the pictures', () => {
  test.each(drawn)('in %s no text leaves the picture', (_path, svg) => {
    const texts = textsOf(svg);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter(({ from, to }) => from < 0 || to > 760)).toEqual([]);
  });

  test.each(drawn)('%s asks no other host for anything', (_path, svg) => {
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|<script|@import/,
    );
  });

  test('every colour of the light picture has one for the dark', () => {
    const style = /<style>(.*?)<\/style>/s.exec(drawn[0]?.[1] ?? '')?.[1] ?? '';
    const [light = '', dark = ''] = style.split('@media (prefers-color-scheme: dark)');
    const coloured = [...light.matchAll(/^([^{\n]+) \{[^}]*#[0-9a-f]{6}/gm)]
      .flatMap(([, names = '']) => names.split(', '))
      .filter((name) => name !== 'text' && name !== '.note');
    expect(coloured.length).toBeGreaterThan(8);
    for (const name of coloured) {
      expect(dark).toContain(name);
    }
  });

  test('the length of a bar is in proportion to its value, whatever the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 2, maxLength: 8 }),
        (values) => {
          const bars = values.map((value) => ({ label: 'a', values: [value], text: 'b' }));
          const svg = barPicture('title', [{ heading: 'all', bars }], []);
          const widths = [...svg.matchAll(/class="series0" x="[\d.]+" y="\d+" width="([\d.]+)"/g)];
          const longest = Math.max(...widths.map(([, width]) => Number(width)));
          widths.forEach(([, width], index) => {
            const exact = (longest * (values[index] ?? 0)) / Math.max(...values);
            expect(Math.abs(Number(width) - Math.max(exact, 1))).toBeLessThan(0.2);
          });
        },
      ),
    );
  });

  test('text of a label is not read as markup', () => {
    const bars = [{ label: '<b>&', values: [1], text: '"' }];
    expect(barPicture('t', [{ heading: '', bars }], [])).toContain('>&lt;b&gt;&amp;</text>');
  });

  test('the benchmarks show medians', () => {
    const sample = (cpuMs: number) => ({ cpuMs, wallMs: 1 });
    const numbers = {
      warm: { sizes: [{ kb: 2, samples: { ours: [0.1, 9, 0.3].map(sample) } }] },
      cold: { empty: [sample(30)], ours: [sample(50)] },
    };
    const texts = textsOf(benchmarksPicture(JSON.stringify(numbers))).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['300', '20']));
  });

  test('a page without the table that is drawn is an error', () => {
    expect(() => scalingPicture('# Scaling\n')).toThrow('At a steady rate');
  });
});
