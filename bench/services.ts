import "../stacks/lean-loading";
import { App } from "cdktf";
import { production } from "../environments/production";
import { buildPlatform } from "../stacks";
import { swiftly } from "../stacks/swift-synthesis";
import { withServices } from "./definitions";

/** Synthesizes production with as many services as the first argument says, and as many a shard as the second. */
const [count, perShard] = process.argv.slice(2).map(Number);
swiftly(() => {
  const app = new App();
  buildPlatform(app, [withServices(production, { count, perShard })]);
  app.synth();
});
