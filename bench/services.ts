import { App } from "cdktf";
import { production } from "../environments/production";
import { buildPlatform } from "../stacks";
import { withServices } from "./definitions";

/**
 * Synthesizes production. The arguments are the number of services and the number per shard. With "access" as the third
 * argument, the services have only their resources in Vault.
 */
const [count, perShard] = process.argv.slice(2, 4).map(Number);
const delivered = process.argv[4] !== "access";
const app = new App();
buildPlatform(app, [withServices(production, { count, perShard, delivered })]);
app.synth();
