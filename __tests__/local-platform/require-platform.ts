import { findPlatform } from "../../local/found-platform";

/** Checks that the local platform is running. @throws Error if it is not */
export default async function requirePlatform(): Promise<void> {
  if ((await findPlatform()).state !== "up")
    throw new Error("The local platform is not up: npm run local starts it.");
}
