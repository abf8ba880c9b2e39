import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { openStore } from '@event-fanout/local-aws/store';
import { own, ownText } from '../../events/own.ts';
import { startCommand } from '../command-name.ts';
import { checkDisk } from './check-disk.ts';
import type { Finding } from './finding.ts';

const run = promisify(execFile);

/** The Node.js that deployed functions run on, and what `npm ci` brings. */
const defaultNode = 24;

/**
 * Checks the versions of Node.js, npm and the packages that the project pins.
 *
 * @param isPublished whether this is the published command, which needs no other package
 */
export async function checkVersions(
  root: string,
  isPublished: boolean,
): Promise<readonly Finding[]> {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (isPublished) {
    return [nodeFinding(manifest, isPublished)];
  }
  return [
    nodeFinding(manifest, isPublished),
    await npmFinding(manifest),
    ...packageFindings(root, manifest),
  ];
}

function nodeFinding(manifest: unknown, isPublished: boolean): Finding {
  const what = `Node.js ${process.versions.node}`;
  const least = leastOf(ownText(manifest, 'engines', 'node'));
  if (isOlder(process.versions.node, least)) {
    return {
      ...{ level: 'error', about: 'Node.js', what: `${what}, older than ${least}` },
      todo: 'Install Node.js 24.',
    };
  }
  if (Number(process.versions.node.split('.')[0]) >= defaultNode) {
    return { level: 'ok', about: 'Node.js', what };
  }
  if (isPublished) {
    return {
      ...{ level: 'note', about: 'Node.js', what: `${what}; the local run needs ${defaultNode}` },
      why: 'Functions run on it, as in AWS. All other commands run with this one.',
      todo: `npx --package node@${defaultNode} --package whatsapp-event-fanout fanout dev`,
    };
  }
  return {
    ...{ level: 'note', about: 'Node.js', what: `${what}; functions run on ${defaultNode}` },
    why: 'The sources run by type stripping, which older versions do not have.',
    todo: 'Start commands with npm run or npx, which find the Node.js that npm ci brings.',
  };
}

async function npmFinding(manifest: unknown): Promise<Finding> {
  const least = leastOf(ownText(manifest, 'engines', 'npm'));
  try {
    const { stdout } = await run('npm', ['--version'], { timeout: 10_000 });
    const version = stdout.trim();
    if (!isOlder(version, least)) {
      return { level: 'ok', about: 'npm', what: `npm ${version}` };
    }
    return {
      ...{ level: 'warning', about: 'npm', what: `npm ${version}, older than ${least}` },
      why: 'It may not understand the lock file and install other versions.',
      todo: 'npm install --global npm',
    };
  } catch {
    return { level: 'unknown', about: 'npm', what: 'npm does not start', todo: 'Install npm.' };
  }
}

/**
 * Each version that the manifest pins must be the installed one: an incomplete update is hard to notice.
 */
function packageFindings(root: string, manifest: unknown): readonly Finding[] {
  const pinned = ['dependencies', 'devDependencies'].flatMap((kind) =>
    Object.entries((own(manifest, kind) ?? {}) as Record<string, string>),
  );
  const other = pinned.flatMap(([name, wanted]) => {
    const version = installedVersion(root, name);
    return version === wanted
      ? []
      : [`${name} ${version ?? 'is not installed'} instead of ${wanted}`];
  });
  const cdk = `aws-cdk-lib ${installedVersion(root, 'aws-cdk-lib')}, aws-cdk ${installedVersion(root, 'aws-cdk') ?? 'not installed'}`;
  if (other.length === 0) {
    return [{ level: 'ok', about: 'packages', what: cdk }];
  }
  return [
    {
      ...{ level: 'warning', about: 'packages', what: other.slice(0, 5).join('; ') },
      why: 'Only the pinned versions were tested together.',
      todo: 'npm ci',
    },
  ];
}

/** The version of a package as Node.js would find it: here, or in a folder further up. */
function installedVersion(root: string, name: string): string | undefined {
  for (let folder = root; ; folder = join(folder, '..')) {
    const file = join(folder, 'node_modules', name, 'package.json');
    if (existsSync(file)) {
      return ownText(JSON.parse(readFileSync(file, 'utf8')), 'version');
    }
    if (folder === join(folder, '..')) {
      return undefined;
    }
  }
}

const leastOf = (range = '') => /\d+(\.\d+)*/.exec(range)?.[0] ?? '0';

/** Compares versions by their numbers: `9.9` is older than `10`. */
export function isOlder(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split('.').map(Number));
  for (const [index, part] of (want ?? []).entries()) {
    const mine = have?.[index] ?? 0;
    if (mine !== part) {
      return mine < part;
    }
  }
  return false;
}

/** Where to look for a local run. */
interface LocalPlace {
  /** The URL of the webhook endpoint of the run that was found. @default - none was found */
  readonly ingress?: string | undefined;
  /** Where the next run listens unless told otherwise. */
  readonly defaultIngress: string;
  /** Where accepted events are kept. */
  readonly data: string;
}

/** Checks what answers at the endpoint's port, and whether the data directory can be used and has space. */
export async function checkLocalData({
  ingress,
  defaultIngress,
  data,
}: LocalPlace): Promise<readonly Finding[]> {
  const origin = ingress ?? defaultIngress;
  const answer = await knock(origin);
  // What answers at the default port while this folder has no run is that of another folder.
  const isOther = ingress === undefined && answer === 'run';
  return [
    isOther ? otherRunFinding(origin) : portFinding(origin, answer),
    ...dataFindings(resolve(data), answer === 'run'),
    ...checkDisk(resolve(data)).filter(({ level }) => level !== 'ok'),
  ];
}

function otherRunFinding(origin: string): Finding {
  return {
    ...{ level: 'note', about: 'local run', what: `That of another folder listens at ${origin}.` },
    why: 'Commands use the run whose data folder is in this folder, or that of --data.',
    todo: `--data DIRECTORY names its data folder. Beside it: PORT=0 AWS_PORT=0 ${startCommand()}`,
  };
}

type Answer = 'run' | 'none' | 'other';

async function knock(origin: string): Promise<Answer> {
  try {
    const response = await fetch(`${origin}/health`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(2_000),
    });
    return (await response.text()).includes('"ready"') ? 'run' : 'other';
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return code === 'ECONNREFUSED' ? 'none' : 'other';
  }
}

function portFinding(origin: string, answer: Answer): Finding {
  const about = 'local run';
  if (answer === 'run') {
    return { level: 'ok', about, what: `It listens at ${origin}.` };
  }
  if (answer === 'none') {
    return { level: 'ok', about, what: `Not running; the port of ${origin} is free.` };
  }
  return {
    ...{ level: 'warning', about, what: `Another program listens at ${origin}.` },
    why: 'A local run cannot start there, and webhooks to it reach that program.',
    todo: `Stop that program, or choose another port: PORT=3001 ${startCommand()}`,
  };
}

function dataFindings(directory: string, isRunning: boolean): readonly Finding[] {
  const about = 'local data';
  const file = join(directory, 'fanout.sqlite');
  if (!existsSync(directory) || (statSync(directory).isDirectory() && !existsSync(file))) {
    return [{ level: 'ok', about, what: `No data in ${directory}.` }];
  }
  const findings: Finding[] = [];
  if ((statSync(directory).mode & 0o077) !== 0) {
    findings.push({
      ...{ level: 'warning', about, what: `Other users of this machine can read ${directory}.` },
      why: 'It contains personal messages.',
      todo: `chmod 700 '${directory}'`,
    });
  }
  if (!isRunning) {
    findings.push(...openFindings(directory, about));
  }
  return findings.length > 0
    ? findings
    : [{ level: 'ok', about, what: `${directory} can be used.` }];
}

/** Opens and closes the data directory as a run would, to check its lock and format. */
function openFindings(directory: string, about: string): readonly Finding[] {
  try {
    openStore(directory).close();
    return [];
  } catch (error) {
    return [
      {
        ...{ level: 'warning', about, what: (error as Error).message },
        why: 'A local run cannot start with it.',
        todo: 'fanout dev --data DIRECTORY starts with another one.',
      },
    ];
  }
}
