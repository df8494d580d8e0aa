import { delimiter, dirname } from "node:path";
import { CANARY } from "../platform/names";
import { servicesOf } from "../platform/service";
import type { Programs } from "./parts";
import { environment } from "./platform";
import { renderColumns } from "../access/table";

/** Next steps for the user: commands, each with its purpose. */
export function firstSteps({ vault }: Programs, path = process.env.PATH ?? ""): string {
  const exec = "npm run vault-platform -- exec --env local";
  const [database] = servicesOf(environment).flatMap(({ databases }) => databases);
  const { namespace, name } = database.service.serviceAccount;
  const steps = [
    ...(path.split(delimiter).includes(dirname(vault))
      ? []
      : [['export PATH="$(npm run --silent local -- path):$PATH"', "to have vault at hand"]]),
    [`${exec} -- vault token lookup`, "to log in, by kubectl, as Terraform does"],
    [`${exec} -- vault kv get secret/${CANARY}`, "to read a secret"],
    [
      `${exec} --service-account ${namespace}/${name} -- vault read database/creds/${database.roleName}`,
      "to get a database login, as the service does",
    ],
    ["npm run local -- plan", "to plan the stacks of the other environments"],
    ["npm run local -- status", "to see how each part does"],
    ["npm run local -- down", "to delete it"],
  ];
  return renderColumns(steps);
}
