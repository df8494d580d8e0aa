import { Testing } from "cdktf";
import { loadEnvironments } from "../../platform/load";
import { buildEnvironments } from "../../stacks";
import { withFullService } from "./support/full-service";

test("records the service and the team of each service's constructs", () => {
  const app = Testing.app();
  buildEnvironments(app, loadEnvironments([withFullService]));
  const owners = app.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata.filter(({ type }) => type === "service-owner").map(({ data }) => data),
    );

  expect(owners).toEqual([{ service: "ledger", team: "accounting" }]);
});
