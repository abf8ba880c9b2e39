import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRun, type LocalRunOptions, startLocalRun } from '../../src/local-run.ts';
import type { Template } from '../../src/template/template.ts';

/** A directory that is removed by {@link removeDirectories}. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-template-'));
  directories.push(directory);
  return directory;
}

const directories: string[] = [];

const runs: LocalRun[] = [];

/** For `afterAll`: closes what a failed test has left open. */
export async function cleanUp(): Promise<void> {
  for (const run of runs.splice(0)) {
    await run.close();
  }
  for (const directory of directories.splice(0)) {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Writes a cloud assembly as CDK does, with these templates, each stack after the one before. */
export function writeAssembly(
  directory: string,
  stacks: Readonly<Record<string, Template>>,
): string {
  mkdirSync(directory, { recursive: true });
  const artifacts: Record<string, object> = {};
  let before: string | undefined;
  for (const [name, template] of Object.entries(stacks)) {
    writeFileSync(join(directory, `${name}.template.json`), JSON.stringify(template));
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      properties: { templateFile: `${name}.template.json` },
      dependencies: before ? [before] : [],
    };
    before = name;
  }
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: '1', artifacts }));
  return directory;
}

/** Runs templates, by default in memory, on any free ports. */
export async function runTemplates(
  stacks: Readonly<Record<string, Template>>,
  options: Partial<LocalRunOptions> & { readonly assembly?: string } = {},
): Promise<LocalRun> {
  const run = await startLocalRun({
    assembly: writeAssembly(options.assembly ?? temporaryDirectory(), stacks),
    ingressPort: 0,
    awsPort: 0,
    environment: {},
    ...options,
  });
  const close: LocalRun['close'] = async (settings) => {
    const at = runs.indexOf(open);
    if (at >= 0) {
      runs.splice(at, 1);
    }
    await run.close(settings);
  };
  const open: LocalRun = Object.create(run, { close: { value: close } });
  runs.push(open);
  return open;
}

/** A function with inline code. */
export const inlineFunction = (code: string, properties: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: code },
    // Timeout for executions that hang: they take real time, and a busy machine is slow.
    Timeout: 900,
    ...properties,
  },
});
