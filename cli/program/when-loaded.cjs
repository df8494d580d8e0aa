// Patches classes of packages when the CDK app loads them. Its command may start other Node programs first, such as npx
// or ts-node, which do not load these packages.
const Module = require("node:module");

/**
 * Calls a function when a file of a package is loaded.
 * @param file file of a package, such as cdktf/lib/app.js
 * @param change receives the exports of the file
 */
exports.whenLoaded = (file, change) => {
  const { load } = Module.prototype;
  Module.prototype.load = function (filename) {
    load.call(this, filename);
    if (filename.replaceAll("\\", "/").endsWith(`/node_modules/${file}`)) change(this.exports);
  };
};
