import { synthesizePlatform } from "cdktf-vault-platform/platform";
import { definitions } from "./environments";

synthesizePlatform(definitions);
