import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes code that stands in the template itself (`Code.ZipFile`) where a function can run it. For
 * Node.js CloudFormation makes `index.js` of it (AWS::Lambda::Function Code). Other code is another
 * directory, so that what runs keeps its own.
 */
export function writeInlineCode(directory: string, code: string): string {
  const name = createHash('sha256').update(code).digest('hex').slice(0, 32);
  const codeDirectory = join(directory, `inline.${name}`);
  mkdirSync(codeDirectory, { recursive: true });
  writeFileSync(join(codeDirectory, 'index.js'), code);
  return codeDirectory;
}
