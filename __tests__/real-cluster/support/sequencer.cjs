const Sequencer = require("@jest/test-sequencer").default;

/** Runs the tests in order of their paths. The test that destroys the platform runs last. */
module.exports = class BySteps extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => `${path.includes("destroy") ? 1 : 0}${path}`;
    return [...tests].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }
};
