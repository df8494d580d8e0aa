// The suites of tests, told apart by the ends of their files' names. `npm test` runs the units; docs/testing.md says
// what the others need.

const SUFFIXES = ["program", "local", "cluster", "package"];

const shared = {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__"],
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

const suite = (suffix, options) => ({
  ...shared,
  testMatch: [`**/*.${suffix}.test.ts`],
  setupFilesAfterEnv: ["<rootDir>/__tests__/support/timeout.js"],
  ...options,
});

/** @type {import("jest").Config} */
module.exports = {
  maxWorkers: "100%",
  projects: [
    {
      ...shared,
      displayName: "units",
      testMatch: ["**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", `\\.(${SUFFIXES.join("|")})\\.test\\.ts$`],
    },
    // Whole programs: shells, servers, Terraform, the project's own commands. On a busy machine they take their time.
    suite("program", { displayName: "programs" }),
    // Needs a running local platform. One worker: there is one platform, and some tests kill parts of it.
    suite("local", {
      displayName: "local",
      globalSetup: "<rootDir>/__tests__/local-platform/require-platform.ts",
    }),
    // The four stacks on a real cluster. One worker and an order: some tests delete parts of the cluster.
    suite("cluster", {
      displayName: "cluster",
      globalSetup: "<rootDir>/__tests__/real-cluster/support/deploy.ts",
      globalTeardown: "<rootDir>/__tests__/real-cluster/support/take-down.ts",
      setupFiles: ["<rootDir>/__tests__/real-cluster/support/environment.ts"],
    }),
    // The packed package, in other projects. They install it and its dependencies.
    suite("package", { displayName: "package" }),
  ],
};
