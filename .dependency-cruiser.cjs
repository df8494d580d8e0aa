// Which folder may import from which: `npm run lint`. Imports run down only, and never in a circle.

/** Folders by what they may import from, besides themselves. */
const MAY_IMPORT = {
  constructs: [],
  platform: ["constructs"],
  analysis: ["constructs"],
  hardening: ["analysis", "constructs"],
  access: ["analysis", "constructs"],
  environments: ["platform", "constructs"],
  stacks: ["platform", "hardening", "constructs"],
  cli: ["access", "hardening", "analysis", "platform", "constructs"],
};

const ROOMS = [...Object.keys(MAY_IMPORT), "local", "bench", "scripts", "__tests__", "main.ts"];
const paths = (rooms) => `^(${rooms.join("|")})(/|$)`;

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
      name: `imports-of-${room}`,
      comment: `${room}/ may import from ${[room, ...allowed].join(", ")}.`,
      severity: "error",
      from: { path: paths([room]) },
      to: { path: paths(ROOMS.filter((it) => it !== room && !allowed.includes(it))) },
    })),
    {
      name: "no-circle",
      comment:
        "Modules that import each other can only be understood together. Move what both need to a third.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    // node_modules alone: the package "constructs" has the name of a folder here.
    enhancedResolveOptions: { conditionNames: ["require", "types", "import"], exportsFields: ["exports"] },
  },
};
