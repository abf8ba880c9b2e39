import type { RouteSettings } from './http-api-plan.ts';

/** The route that a request takes. */
export interface RouteMatch {
  readonly route: RouteSettings;
  readonly pathParameters: ReadonlyMap<string, string>;
}

type Segment =
  | { readonly kind: 'fixed'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'greedy'; readonly name: string };

interface Route {
  readonly settings: RouteSettings;
  readonly method: string;
  readonly segments: readonly Segment[];
}

/** The more specific route comes first. */
const rank = { fixed: 0, parameter: 1, greedy: 2 };

/**
 * Chooses routes as an HTTP API does: the most specific path that has the method, then a greedy
 * parameter, then `$default`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
 */
export class RouteTable {
  readonly #routes: readonly Route[];
  readonly #fallback: RouteSettings | undefined;

  /** Throws if a route key is malformed. */
  constructor(routes: readonly RouteSettings[]) {
    this.#fallback = routes.find(({ routeKey }) => routeKey === '$default');
    this.#routes = routes
      .filter(({ routeKey }) => routeKey !== '$default')
      .map(parseRoute)
      .sort(compareSpecificity);
  }

  /** `path` is percent-encoded, as it was requested. */
  match(method: string, path: string): RouteMatch | undefined {
    const parts = path.slice(1).split('/');
    for (const route of this.#routes) {
      if (route.method !== 'ANY' && route.method !== method) {
        continue;
      }
      const pathParameters = matchSegments(route.segments, parts);
      if (pathParameters) {
        return { route: route.settings, pathParameters };
      }
    }
    return this.#fallback && { route: this.#fallback, pathParameters: new Map() };
  }
}

function parseRoute(settings: RouteSettings): Route {
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(settings.routeKey) ?? [];
  if (!method || !path) {
    throw new Error(`'${settings.routeKey}' is no route key like 'GET /pets'.`);
  }
  return { settings, method, segments: path.slice(1).split('/').map(parseSegment) };
}

function parseSegment(text: string): Segment {
  const [, name, plus] = /^\{([^{}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) {
    return { kind: 'fixed', text };
  }
  return { kind: plus ? 'greedy' : 'parameter', name };
}

function compareSpecificity(a: Route, b: Route): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let index = 0; index < length; index += 1) {
    const [one, other] = [a.segments[index], b.segments[index]];
    const difference = (one ? rank[one.kind] : 3) - (other ? rank[other.kind] : 3);
    if (difference !== 0) {
      return difference;
    }
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) {
      return undefined;
    }
    if (segment.kind === 'greedy') {
      const rest = parts.slice(index).join('/');
      return rest ? parameters.set(segment.name, decodePath(rest)) : undefined;
    }
    if (segment.kind === 'parameter' && part) {
      parameters.set(segment.name, decodePath(part));
    } else if (segment.kind === 'parameter' || decodePath(part) !== segment.text) {
      return undefined;
    }
  }
  return parts.length === segments.length ? parameters : undefined;
}

/** A path without its percent-encoding; unchanged where that is malformed. */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
