import { findPlatform } from "../../local/found-platform";

/** @throws Error when there is nothing to test */
export default async function requirePlatform(): Promise<void> {
  if ((await findPlatform()).state !== "up")
    throw new Error("The local platform is not up: npm run local starts it.");
}
