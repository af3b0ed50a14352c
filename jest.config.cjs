// CommonJS Jest with swc. The few ESM-only packages that we use are transformed too (plain Node requires them as they are).
const swc = (syntax) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2022',
      parser: { syntax, decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      keepClassNames: true,
    },
    module: { type: 'commonjs', ignoreDynamic: true },
  },
];
const esmOnly = '/node_modules/(jose|eventsource|eventsource-parser)/.+\\.js$';
const common = {
  testEnvironment: 'node',
  rootDir: __dirname,
  transform: { '^.+\\.ts$': swc('typescript'), [esmOnly]: swc('ecmascript') },
  transformIgnorePatterns: ['/node_modules/(?!(jose|eventsource|eventsource-parser)/)'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
const server = {
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

module.exports = {
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/support/adapters.cjs', '<rootDir>/test/support/closing-line.cjs'],
  projects: [
    {
      ...common,
      displayName: 'unit',
      setupFiles: ['<rootDir>/test/support/property-seed.cjs'],
      testMatch: [
        '<rootDir>/{apps,libs}/**/*.spec.ts',
        '<rootDir>/test/docker.spec.ts',
        '<rootDir>/test/performance/goals.spec.ts',
      ],
    },
    {
      ...common,
      displayName: 'properties',
      setupFiles: ['<rootDir>/test/support/property-seed.cjs'],
      testMatch: ['<rootDir>/test/property/**/*.spec.ts'],
    },
    { ...common, ...server, displayName: 'contract', testMatch: ['<rootDir>/test/contract/**/*.spec.ts'] },
    { ...common, ...server, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
  ],
};
