import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { deferredBundling } from '../../events/names.ts';
import { HandlerBuilds } from '../../ops/handler-builds.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fanout-builds-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A source, and its asset in the assembly as it is synthesized: the options of its build. */
function addHandler(name: string): void {
  writeFileSync(join(folder, `${name}.ts`), `export const handler = () => '${name}';`);
  const asset = join(folder, 'assembly', `asset.hash-of-${name}`);
  mkdirSync(asset, { recursive: true });
  const options = { absWorkingDir: folder, entryPoints: [`${name}.ts`], bundle: true };
  writeFileSync(join(asset, deferredBundling.file), JSON.stringify(options));
}

const synthesize = (...names: string[]) =>
  writeFileSync(
    join(folder, 'assembly', 'app.template.json'),
    JSON.stringify(names.map((name) => `hash-of-${name}`)),
  );

describe('the handlers of an assembly', () => {
  test('are built without those that an earlier synthesis had, whose source may be gone', async () => {
    const builds = new HandlerBuilds(project, join(folder, 'assembly'));
    addHandler('orders');
    addHandler('greeter');
    synthesize('orders', 'greeter');
    builds.read();
    expect((await builds.build()).sort()).toEqual(['greeter.ts', 'orders.ts']);

    rmSync(join(folder, 'greeter.ts'));
    synthesize('orders');
    builds.read();
    expect(await builds.build(new Set([join(folder, 'greeter.ts')]))).toEqual([]);

    writeFileSync(join(folder, 'orders.ts'), 'export const handler = () => 2;');
    expect(await builds.build(new Set([join(folder, 'orders.ts')]))).toEqual(['orders.ts']);
    const [code] = JSON.parse(readFileSync(join(folder, 'assembly', 'app.template.json'), 'utf8'));
    expect(readFileSync(join(folder, 'assembly', `asset.${code}`, 'index.js'), 'utf8')).toContain(
      '=> 2',
    );
    await builds.close();
  });
});
