import { delimiter, dirname } from "node:path";
import { databaseRoleName } from "../environments/service-names";
import { CANARY } from "../environments/names";
import type { Programs } from "./parts";
import { environment } from "./platform";
import { renderColumns } from "./report";

/** What to do with the platform: commands, each with what it is for. */
export function firstSteps({ vault }: Programs, path = process.env.PATH ?? ""): string {
  const connect = "npm run vault-platform -- connect local -- vault";
  const role = environment.services.flatMap(({ name, database }) =>
    database ? [databaseRoleName(name)] : [],
  )[0];
  const steps = [
    ...(path.split(delimiter).includes(dirname(vault))
      ? []
      : [['export PATH="$(npm run --silent local -- --path):$PATH"', "to have vault at hand"]]),
    [`${connect} token lookup`, "to log in, by kubectl, as Terraform does"],
    [`${connect} kv get secret/${CANARY}`, "to read a secret"],
    [`${connect} read database/creds/${role}`, "to get a database login"],
    ["npm run local -- --status", "to see how each part does"],
    ["npm run local -- --down", "to take it away"],
  ];
  return renderColumns(steps);
}
