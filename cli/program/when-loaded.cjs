// Changes classes of packages as the CDK app loads them. Its command may start other programs of Node before, such as
// npx or ts-node, which load none of them.
const Module = require("node:module");

/**
 * @param file a file of a package, such as cdktf/lib/app.js
 * @param change is given what the file exports
 */
exports.whenLoaded = (file, change) => {
  const { load } = Module.prototype;
  Module.prototype.load = function (filename) {
    load.call(this, filename);
    if (filename.replaceAll("\\", "/").endsWith(`/node_modules/${file}`)) change(this.exports);
  };
};
