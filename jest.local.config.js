// The tests of the running local platform: `npm run local` first, then `npm run test:local`.
/** @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.js"),
  roots: ["<rootDir>/__tests__/local-platform"],
  testPathIgnorePatterns: ["/node_modules/"],
  globalSetup: "<rootDir>/__tests__/local-platform/require-platform.ts",
  // There is one platform, and some tests kill parts of it.
  maxWorkers: 1,
  testTimeout: 120_000,
};
