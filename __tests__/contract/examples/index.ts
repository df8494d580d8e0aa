import { authExamples } from "./auth";
import { awsExamples } from "./aws";
import { clusterExamples } from "./cluster";
import { deliveryExamples } from "./delivery";
import { engineExamples } from "./engines";
import { enterpriseExamples } from "./enterprise";
import { jobExamples } from "./jobs";
import { networkExamples } from "./network";
import { otherExamples } from "./other";
import type { Example } from "./world";

/**
 * Examples of all public classes, factories, functions and methods with arguments, by name. If a member has several
 * examples, their names end with a space and a suffix.
 */
export const examples: ReadonlyMap<string, Example> = new Map(
  [
    authExamples,
    awsExamples,
    clusterExamples,
    deliveryExamples,
    engineExamples,
    enterpriseExamples,
    jobExamples,
    networkExamples,
    otherExamples,
  ].flatMap((all) => Object.entries(all)),
);
