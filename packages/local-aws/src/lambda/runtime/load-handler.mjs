import { readFileSync, statSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './describe-error.mjs';

/** File name extensions, in the order in which Lambda's Node.js runtime tries them. */
const extensions = ['', '.js', '.mjs', '.cjs'];

/** Loads the handler that `index.handler` or `folder/index.handler` names in the task root. */
export async function loadHandler(taskRoot, name) {
  if (name.includes('..')) {
    throw new RuntimeError(
      'MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const [, file, exported] = /^([^.]*)\.(.*)$/.exec(basename(name)) ?? [];
  if (!file || !exported) {
    throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  }

  const module = await importUserCode(taskRoot, join(dirname(name), file));
  const handler = pick(module, exported) ?? pick(module?.default, exported);
  if (!handler) {
    throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
  }
  if (handler.length < 3) {
    return handler;
  }
  if (nodeVersion() > lastWithCallbacks) {
    throw new RuntimeError(
      'CallbackHandlerDeprecated',
      `The Node.js ${nodeVersion()} runtime has no callback-based handlers: make the handler async, or return a promise.`,
    );
  }
  return withCallback(handler);
}

/**
 * The last runtime that supports callback-based handlers
 * (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html#nodejs-handler-callback).
 */
const lastWithCallbacks = 22;

/** The major version of the runtime that the template names. The process runs this machine's Node.js. */
const nodeVersion = () => Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1]);

/**
 * Makes a promise of what a handler passes to its callback, or returns as a promise. In Lambda the response waits
 * for an empty event loop, since the process is then frozen; here the process goes on, and nothing waits.
 */
const withCallback = (handler) => (event, context) =>
  new Promise((resolve, reject) => {
    const callback = (error, result) => (error == null ? resolve(result) : reject(error));
    const returned = handler(event, context, callback);
    if (typeof returned?.then === 'function') {
      returned.then(resolve, reject);
    }
  });

async function importUserCode(taskRoot, path) {
  const require = createRequire(import.meta.url);
  const isAlwaysCommonJs = treatAsCommonJs(taskRoot);
  try {
    for (const extension of extensions) {
      const file = `${resolve(taskRoot, path)}${extension}`;
      if (!isFile(file)) {
        continue;
      }
      const isCommonJs = isAlwaysCommonJs && file.endsWith('.js');
      return isCommonJs ? require(file) : await import(pathToFileURL(file).href);
    }
    return require(require.resolve(path, { paths: [taskRoot] }));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeError('UserCodeSyntaxError', String(error), error.stack);
    }
    if (error?.code === 'MODULE_NOT_FOUND') {
      throw new RuntimeError('ImportModuleError', String(error));
    }
    throw error;
  }
}

/**
 * In Lambda there is no folder of a project above the task root, so a `.js` file without a
 * `package.json` of its own is CommonJS. Here a project above may have `"type": "module"`; that
 * must not change how the handler is loaded. Returns whether it did, and prevents it from now on.
 */
function treatAsCommonJs(taskRoot) {
  const governing = findPackageJson(resolve(taskRoot));
  if (!governing || dirname(governing) === resolve(taskRoot)) {
    return false;
  }
  if (JSON.parse(readFileSync(governing, 'utf8')).type !== 'module') {
    return false;
  }
  const inherited = Module._extensions['.js'];
  Module._extensions['.js'] = (module, file) =>
    file.startsWith(join(taskRoot, '/')) && findPackageJson(dirname(file)) === governing
      ? module._compile(readFileSync(file, 'utf8'), file, 'commonjs')
      : inherited(module, file);
  return true;
}

/** The `package.json` by which Node.js determines the module type of a folder's files. */
function findPackageJson(folder) {
  const file = join(folder, 'package.json');
  if (isFile(file)) {
    return file;
  }
  return dirname(folder) === folder ? undefined : findPackageJson(dirname(folder));
}

function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function pick(module, exported) {
  let found = module;
  for (const key of exported.split('.')) {
    if (found === null || typeof found !== 'object') {
      return undefined;
    }
    found = found[key];
  }
  return found;
}
