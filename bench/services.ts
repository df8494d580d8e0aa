import { App } from "cdktf";
import { production } from "../environments/production";
import { buildPlatform } from "../stacks";
import { withServices } from "./definitions";

/**
 * Synthesizes production with as many services as the first argument says, and as many a shard as the second; with
 * "access" as the third, they have what is theirs in Vault and nothing else.
 */
const [count, perShard] = process.argv.slice(2, 4).map(Number);
const delivered = process.argv[4] !== "access";
const app = new App();
buildPlatform(app, [withServices(production, { count, perShard, delivered })]);
app.synth();
