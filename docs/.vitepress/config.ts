import { cpSync, existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { headingAnchor } from '../../tools/docs/markdown.ts';

/*
 * The site of the project's Markdown, as it stands there: `npm run docs:site` builds it into docs/.vitepress/dist.
 * A link to a page or file that is not there fails the build.
 */

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Where the sources can be read in a browser, if package.json says so: links to them lead there. */
const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  repository?: { url: string };
};
const sources = repository?.url.replace(/^git\+/, '').replace(/\.git$/, '/blob/main/');

const pagesOfRoot: Readonly<Record<string, string>> = {
  'README.md': 'overview.md',
  'CHANGELOG.md': 'changelog.md',
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'security-policy.md',
};

/** Path of a page on the site, by its path in the project; undefined for what is not on it. */
function pageOf(path: string): string | undefined {
  const [, folder = '', name = ''] = /^(?:(\w+)\/)?(?:([\w-]+)\/)?README\.md$/.exec(path) ?? [];
  if (path.startsWith('docs/')) {
    return path.slice('docs/'.length).replace(/(^|\/)README\.md$/, '$1index.md');
  }
  if (folder === 'examples' || folder === 'packages') {
    return `${folder}/${name === '' ? 'index' : name}.md`;
  }
  return pagesOfRoot[path];
}

/** Files that are not pages, but are on the site. */
const published = ['docs/schemas', 'docs/asyncapi.json'];

/** Where a relative link leads on the site; undefined for a source that cannot be read in a browser. */
function resolveLink(href: string, from: string): string | undefined {
  const [target = '', anchor] = href.split('#');
  const path = relative(root, join(root, dirname(from), decodeURI(target)));
  if (path.startsWith('..') || !existsSync(join(root, path))) {
    throw new Error(`${from} links to ${href}, which is not there.`);
  }
  const isFolder = statSync(join(root, path)).isDirectory();
  const file = isFolder && existsSync(join(root, path, 'README.md')) ? `${path}/README.md` : path;
  const page = file.endsWith('.md') ? pageOf(file) : undefined;
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (page !== undefined) {
    return `/${page}${hash}`;
  }
  if (published.some((each) => path.startsWith(each)) && !isFolder) {
    return `/${path.slice('docs/'.length)}`;
  }
  return sources === undefined ? undefined : `${sources}${path}${hash}`;
}

/** The sections and pages of docs/README.md, as the side bar has them. */
function sideBar() {
  const [, ...sections] = readFileSync(join(root, 'docs/README.md'), 'utf8').split(/^## /m);
  return sections.flatMap((section) => {
    const [heading = ''] = section.split('\n');
    const items = [...section.matchAll(/\[([^\]]+)\]\(([^)#]+\.md)\)/g)].map(
      ([, text = '', href = '']) => ({
        text: text.replaceAll('`', ''),
        link: resolveLink(href, 'docs/README.md')?.replace(/(index)?\.md$/, '') ?? '',
      }),
    );
    return items.length === 0 ? [] : [{ text: heading, items, collapsed: false }];
  });
}

/** What of a token of markdown-it is read and changed here. */
interface Token {
  type: string;
  tag: string;
  attrs: [string, string][] | null;
  readonly children: Token[] | null;
}

/** Lets the links of a page lead to pages of the site, or to the sources. */
function rewriteLinks(tokens: readonly Token[], from: string): void {
  let isText = false;
  for (const token of tokens) {
    const href = token.attrs?.find(([name]) => name === 'href');
    if (token.type === 'link_open' && href && !/^([a-z]+:|#)/.test(href[1])) {
      const resolved = resolveLink(href[1], from);
      isText = resolved === undefined;
      href[1] = resolved ?? '';
      if (isText) {
        Object.assign(token, { type: 'span_open', tag: 'span', attrs: null });
      }
    } else if (token.type === 'link_close' && isText) {
      Object.assign(token, { type: 'span_close', tag: 'span' });
      isText = false;
    }
    rewriteLinks(token.children ?? [], from);
  }
}

/** The links of the built pages whose file or heading is not there. */
function findDeadLinks(outDir: string): string[] {
  const pages = globSync('**/*.html', { cwd: outDir });
  const texts = new Map(pages.map((page) => [page, readFileSync(join(outDir, page), 'utf8')]));
  return [...texts].flatMap(([page, html]) =>
    [...html.matchAll(/ href="([^":]+)"/g)].flatMap(([, href = '']) => {
      const [path = '', anchor] = href.split('#');
      const file = path === '' ? page : path.replace(/^\//, '').replace(/(^|\/)$/, '$1index.html');
      const isThere = existsSync(join(outDir, file));
      const hasAnchor = !anchor || texts.get(file)?.includes(` id="${decodeURIComponent(anchor)}"`);
      return isThere && hasAnchor ? [] : [`${page}: ${href}`];
    }),
  );
}

export default defineConfig({
  title: 'WhatsApp Event Fanout',
  description: 'WhatsApp webhooks in, one typed EventBridge event stream out',
  srcDir: '..',
  srcExclude: ['bench', 'test', 'tools', 'stages', 'dist', '.fanout', 'cdk.out*', 'packages/*/dist']
    .map((folder) => `${folder}/**`)
    .concat('.github/**'),
  rewrites: (path) => pageOf(path) ?? path,
  // A page may name a server on the reader's own machine.
  ignoreDeadLinks: 'localhostLinks',
  lastUpdated: false,
  markdown: {
    anchor: { slugify: headingAnchor },
    config(md) {
      md.core.ruler.push('project-links', ({ tokens, env }) => {
        const path = relative(root, env.realPath ?? env.path);
        rewriteLinks(tokens as Token[], path);
      });
      // GitHub draws these; the tables around them say the same.
      const fence = md.renderer.rules.fence;
      md.renderer.rules.fence = (tokens, index, ...rest) =>
        tokens[index]?.info === 'mermaid' ? '' : (fence?.(tokens, index, ...rest) ?? '');
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Overview', link: '/overview' },
      { text: 'Events', link: '/events' },
      { text: 'Settings', link: '/settings' },
      { text: 'Commands', link: '/cli' },
      { text: 'Changelog', link: '/changelog' },
    ],
    sidebar: sideBar(),
  },
  buildEnd({ outDir }) {
    for (const path of published) {
      cpSync(join(root, path), join(outDir, path.slice('docs/'.length)), { recursive: true });
    }
    const dead = findDeadLinks(outDir);
    if (dead.length > 0) {
      throw new Error(`Links that lead nowhere on the site:\n${dead.join('\n')}`);
    }
  },
});
