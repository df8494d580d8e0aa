import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { UserError } from "../constructs/core/user-error";

/** Finds a free port, or checks the wanted one. @throws UserError when the wanted port is taken */
export async function freePort(wanted = 0): Promise<number> {
  const port = await tryPort(wanted);
  if (port !== undefined) return port;
  throw new UserError(
    `Port ${wanted} on 127.0.0.1 is in use; give --port another one, or none to have a free one chosen.`,
  );
}

/**
 * Range of the alternative ports. It is below the ports that systems assign to outgoing connections, one of which could
 * occupy a port between its choice and its use.
 */
const SPARE = [20_000, 32_000] as const;

/**
 * Chooses a port for every name: the usual one, or a free one if another program uses it. The port after each one is
 * reserved too, because Vault's servers need pairs.
 */
export async function choosePorts<Name extends string>(
  usual: Readonly<Record<Name, number>>,
): Promise<Record<Name, number>> {
  const chosen: [string, number][] = [];
  for (const [name, wanted] of Object.entries<number>(usual)) {
    let port = wanted;
    for (let attempt = 0; !(await isPairFree(port)); attempt++) {
      if (attempt === 50) throw new UserError("No two free ports in a row were found on 127.0.0.1.");
      port = randomInt(...SPARE);
    }
    chosen.push([name, port]);
  }
  return Object.fromEntries(chosen) as Record<Name, number>;

  async function isPairFree(port: number): Promise<boolean> {
    if (port > 65534) return false;
    if (chosen.some(([, other]) => Math.abs(other - port) < 2)) return false;
    return (await tryPort(port)) !== undefined && (await tryPort(port + 1)) !== undefined;
  }
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(undefined));
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address() as { port: number };
      probe.close(() => resolve(address.port));
    });
  });
}
