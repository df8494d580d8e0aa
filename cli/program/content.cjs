// Content from which a program was compiled.
const { createHash } = require("node:crypto");
const { readFileSync, readdirSync } = require("node:fs");

const isSource = (name) => /\.([cm]?[jt]sx?|json)$/.test(name);

/**
 * Hash of the current content.
 * @param {object} content
 * @param {string[]} content.files files that were read
 * @param {string[]} content.folders folders in which a new file would be found instead
 * @returns hash of the files, and of the names in the folders
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
