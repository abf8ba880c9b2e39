import { type Template, TemplateError } from './template.ts';

/** Logical ids in an order in which each comes after everything that it refers to. */
export function orderResources(template: Template): string[] {
  const resources = template.Resources ?? {};
  const ordered = new Set<string>();
  const path = new Set<string>();
  const visit = (id: string) => {
    if (ordered.has(id)) return;
    if (path.has(id)) throw new TemplateError(id, `depends on itself (${[...path].join(' -> ')})`);
    path.add(id);
    for (const other of referencesOf(resources[id])) {
      if (Object.hasOwn(resources, other)) visit(other);
    }
    path.delete(id);
    ordered.add(id);
  };
  for (const id of Object.keys(resources)) visit(id);
  return [...ordered];
}

/** Every id that a value names by Ref, Fn::GetAtt, Fn::Sub or DependsOn; some may be parameters. */
export function referencesOf(value: unknown, key = ''): string[] {
  if (typeof value === 'string') {
    if (key === 'Ref' || key === 'DependsOn') return [value];
    if (key === 'Fn::GetAtt') return [value.split('.')[0] ?? ''];
    if (key === 'Fn::Sub') {
      return [...value.matchAll(/\$\{([^!}][^}]*)\}/g)].map(
        ([, name = '']) => name.split('.')[0] ?? '',
      );
    }
    return [];
  }
  if (Array.isArray(value)) {
    if (key === 'Fn::GetAtt') return [String(value[0])];
    return value.flatMap((item, index) =>
      referencesOf(item, key === 'DependsOn' || (key === 'Fn::Sub' && index === 0) ? key : ''),
    );
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    name === 'Metadata' ? [] : referencesOf(item, name),
  );
}
