import { App } from "cdktf";
import { production } from "../environments/production";
import { buildPlatform } from "../stacks";
import { swiftly } from "../stacks/swift-synthesis";

/** Synthesizes production with as many services as the first argument says, in 20 teams. */
const [service] = production.services!;
const services = Array.from({ length: Number(process.argv[2]) }, (_, index) => ({
  ...service,
  name: `service-${index}`,
  team: `team-${index % 20}`,
  reads: [`service-${index}/*`],
}));
swiftly(() => {
  const app = new App();
  buildPlatform(app, [{ ...production, shards: "team", services }]);
  app.synth();
});
