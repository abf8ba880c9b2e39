/**
 * The command as the user has to type it, for messages. It depends on how the program is installed.
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
  // npx keeps packages that it fetches for one call in a folder of its own.
  if (/[\\/]_npx[\\/]/.test(file)) {
    return 'npx whatsapp-event-fanout';
  }
  // A project's dependency is on the PATH of npm scripts only.
  return /[\\/]node_modules[\\/]/.test(file) && !/[\\/]lib[\\/]node_modules[\\/]/.test(file)
    ? 'npx fanout'
    : 'fanout';
}

/** The command that starts the local run; parameters as for {@link commandName}. */
export function startCommand(...where: Parameters<typeof commandName>): string {
  const [file = process.argv[1] ?? '', isSource = import.meta.url.endsWith('.ts')] = where;
  return isSource ? 'npm start' : `${commandName(file, isSource)} dev`;
}
