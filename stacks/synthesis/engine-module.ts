import { createRequire } from "node:module";

/** A module of the engine that nobody else is meant to use; the engine looks its functions up in it at each call. */
export function engineModule<Module extends object>(name: string): Module {
  return createRequire(__filename)(`cdktf/lib/${name}`) as Module;
}

/** Has some functions of a module be others while something works. */
export function withFunctions<Module extends object, T>(
  module: Module,
  others: Partial<Module>,
  work: () => T,
): T {
  const own = { ...module };
  Object.assign(module, others);
  try {
    return work();
  } finally {
    for (const name of Object.keys(others) as (keyof Module)[]) module[name] = own[name];
  }
}
