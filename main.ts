import { definitions } from "./environments";
import { synthesizePlatform } from "./stacks/synthesize-platform";

synthesizePlatform(definitions);
