// Time limit of one test, by its suite: jest reads testTimeout only for all projects together.
const SECONDS = { program: 300, local: 120, cluster: 900, package: 600 };
const [, suite] = /\.(\w+)\.test\.ts$/.exec(expect.getState().testPath) ?? [];
if (suite in SECONDS) jest.setTimeout(SECONDS[suite] * 1000);
