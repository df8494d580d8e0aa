// Units: `npm test`. Other tests have files of their own beside this one.
const { programs, localPlatform, realCluster, packed } = require("./jest.suites.js");

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  maxWorkers: "100%",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", ...programs, ...localPlatform, ...realCluster, ...packed],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
    "/node_modules/(cdktf|constructs|@cdktf/provider-[a-z]+)/lib/.+\\.js$":
      "<rootDir>/__tests__/support/without-map.js",
  },
  transformIgnorePatterns: ["/node_modules/(?!(cdktf|constructs|@cdktf/provider-[a-z]+)/lib/)"],
  // In a CommonJS module, import() names the compiled file.
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  modulePathIgnorePatterns: [
    "<rootDir>/cdktf.out",
    "<rootDir>/.local",
    "<rootDir>/.cluster",
    "<rootDir>/.bench",
  ],
};
