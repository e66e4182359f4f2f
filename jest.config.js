/** Tests run as ES modules, compiled by swc; relative imports end in .js in the sources and are mapped back to .ts here. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  reporters: ['default', ...(process.env.CI ? ['<rootDir>/test/support/totals-reporter.js'] : [])],
  // Patience, not a measure: crash tests start servers again and again, on whatever machine.
  testTimeout: 180_000,
  // One more than the cores that are reckoned with: some tests wait for processes that they kill.
  maxWorkers: 3,
};
