// What a compiled program was made of.
const { createHash } = require("node:crypto");
const { readFileSync, readdirSync } = require("node:fs");

const isSource = (name) => /\.([cm]?[jt]sx?|json)$/.test(name);

/**
 * @param {object} content
 * @param {string[]} content.files what was read
 * @param {string[]} content.folders where another file would be found instead, were it there
 * @returns a hash of what is there now
 */
exports.contentOf = ({ files, folders }) => {
  const hash = createHash("sha256");
  const add = (name, read) => {
    let text;
    try {
      text = read();
    } catch {
      text = "";
    }
    hash.update(`${name}\0${text.length}\0`).update(text);
  };
  for (const file of files) add(file, () => readFileSync(file));
  for (const folder of folders) add(folder, () => readdirSync(folder).filter(isSource).sort().join("/"));
  return hash.digest("hex");
};
