import { standingPlatform } from "../../local/up";

/** @throws Error when there is nothing to test */
export default async function requirePlatform(): Promise<void> {
  if (!(await standingPlatform())) throw new Error("The local platform is not up: npm run local starts it.");
}
