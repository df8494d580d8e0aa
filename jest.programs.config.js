// Tests that start whole programs, which takes minutes: `npm run test:programs`.
const units = require("./jest.config.js");
const { programs, localPlatform, realCluster, packed } = require("./jest.suites.js");

/** @type {import("jest").Config} */
module.exports = {
  ...units,
  testMatch: undefined,
  testRegex: programs,
  testPathIgnorePatterns: ["/node_modules/", ...localPlatform, ...realCluster, ...packed],
  // Servers start, and Terraform plans: on a busy machine that takes its time.
  testTimeout: 300_000,
};
