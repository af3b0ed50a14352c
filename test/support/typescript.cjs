// `node --require` this one runs the project's TypeScript as it is: for a process that a test starts.
const { transformFileSync } = require('@swc/core');
const Module = require('node:module');
const [{ transform }] = require('../../jest.config.cjs').projects;
const [, options] = transform['^.+\\.ts$'];

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => {
  try {
    return resolve(request, ...rest);
  } catch (error) {
    if (!request.startsWith('.')) throw error;
    return resolve(request.replace(/\.js$/, '.ts'), ...rest);
  }
};
require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, options).code, file);
