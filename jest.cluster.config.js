// The four stacks on a real cluster: `npm run test:cluster`.
/** @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.js"),
  roots: ["<rootDir>/__tests__/real-cluster"],
  testPathIgnorePatterns: ["/node_modules/"],
  globalSetup: "<rootDir>/__tests__/real-cluster/support/deploy.ts",
  globalTeardown: "<rootDir>/__tests__/real-cluster/support/take-down.ts",
  setupFiles: ["<rootDir>/__tests__/real-cluster/support/environment.ts"],
  testSequencer: "<rootDir>/__tests__/real-cluster/support/sequencer.cjs",
  // There is one cluster, and some tests delete parts of it.
  maxWorkers: 1,
  testTimeout: 900_000,
  verbose: true,
};
