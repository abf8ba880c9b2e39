import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { BundledFunction } from '../../lib/bundled-function.ts';
import { readSettings } from '../../lib/read-settings.ts';

/** The names of a function's assets, which are hashes of what is in them. */
function assetsIn(outdir: string): readonly string[] {
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  new BundledFunction(new Stack(app, 'Mine'), 'Handler', {
    entry: 'lambdas/republish/republish.ts',
    functionName: 'mine',
    description: 'Mine',
    settings: readSettings(() => undefined),
    memory: Size.mebibytes(128),
    timeout: Duration.seconds(10),
  });
  app.synth();
  return readdirSync(outdir).filter((name) => /^asset\./.test(name));
}

test('the asset hash of a function does not depend on the output folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanout-assets-'));
  try {
    const [first, second] = ['one', 'another/and/deeper'].map((name) =>
      assetsIn(join(folder, name)),
    );
    expect(first).toHaveLength(1);
    expect(second).toEqual(first);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
