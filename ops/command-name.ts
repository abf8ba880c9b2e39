/**
 * How a person has to call this command, for messages that name it: it depends on where it runs from.
 *
 * @param file the program's file, as Node.js has it in `process.argv`
 * @param isSource whether it is run from the sources, in a checkout of this project
 */
export function commandName(
  file: string = process.argv[1] ?? '',
  isSource: boolean = import.meta.url.endsWith('.ts'),
): 'fanout' | 'npx fanout' | 'npx whatsapp-event-fanout' {
  if (isSource) {
    return 'npx fanout';
  }
  // npx keeps what it fetches for one call in a folder of its own.
  if (/[\\/]_npx[\\/]/.test(file)) {
    return 'npx whatsapp-event-fanout';
  }
  // A project's own dependency is on no PATH but that of npm scripts.
  return /[\\/]node_modules[\\/]/.test(file) && !/[\\/]lib[\\/]node_modules[\\/]/.test(file)
    ? 'npx fanout'
    : 'fanout';
}

/** How the local run is started, as {@link commandName}. */
export function startCommand(...where: Parameters<typeof commandName>): string {
  const [file = process.argv[1] ?? '', isSource = import.meta.url.endsWith('.ts')] = where;
  return isSource ? 'npm start' : `${commandName(file, isSource)} dev`;
}
