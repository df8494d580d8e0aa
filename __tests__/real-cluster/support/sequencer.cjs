const Sequencer = require("@jest/test-sequencer").default;

/** By name; what takes the platform away comes last. */
module.exports = class BySteps extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => `${path.includes("destroy") ? 1 : 0}${path}`;
    return [...tests].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }
};
