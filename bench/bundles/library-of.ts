/** The library that a bundle's source belongs to: a package, or a room of this project. */
export function libraryOf(source: string): string {
  const inPackage = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(
    source,
  )?.[1];
  if (inPackage) return inPackage;
  return `${source.split('/')[0]}/`;
}
