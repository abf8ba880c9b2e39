import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack, Template } from './template.ts';
import { TemplateError } from './template.ts';

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly file?: string;
  };
  readonly dependencies?: readonly string[];
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/** Reads every stack of a synthesized cloud assembly (`cdk.out`), each after those it depends on. */
export function readAssembly(directory: string): Stack[] {
  const manifest = readJson<Manifest>(directory, 'manifest.json');
  const artifacts = Object.entries(manifest.artifacts ?? {});
  const assets = new Map<string, string>();
  for (const [, { type, properties }] of artifacts) {
    if (type !== 'cdk:asset-manifest' || !properties?.file) continue;
    for (const [key, path] of readAssets(directory, properties.file)) assets.set(key, path);
  }
  const stacks = inOrder(artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack'));
  if (stacks.length === 0) throw new TemplateError(directory, 'holds no stack');
  return stacks.map(([id, { properties }]) => ({
    name: properties?.stackName ?? id,
    template: readJson<Template>(directory, properties?.templateFile ?? `${id}.template.json`),
    assets,
  }));
}

function readAssets(directory: string, file: string): [string, string][] {
  const { files = {} } = readJson<AssetManifest>(directory, file);
  return Object.values(files).flatMap(({ source, destinations }) =>
    source.path === undefined
      ? []
      : Object.values(destinations).map(({ objectKey }): [string, string] => [
          objectKey,
          join(directory, source.path as string),
        ]),
  );
}

function inOrder(stacks: [string, Artifact][]): [string, Artifact][] {
  const ordered = new Map<string, Artifact>();
  const visit = (id: string) => {
    const artifact = stacks.find(([other]) => other === id)?.[1];
    if (!artifact || ordered.has(id)) return;
    for (const dependency of artifact.dependencies ?? []) visit(dependency);
    ordered.set(id, artifact);
  };
  for (const [id] of stacks) visit(id);
  return [...ordered];
}

function readJson<T>(directory: string, file: string): T {
  const path = join(directory, file);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    throw new TemplateError(
      path,
      `cannot be read (${(error as Error).message}). Synthesize the app again.`,
    );
  }
}
