/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  maxWorkers: "100%",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  // Those need the platform to be up; see jest.local.config.js.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/local-platform/"],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/.local", "<rootDir>/.cluster"],
};
