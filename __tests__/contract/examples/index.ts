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
 * A call of each public class, factory, function and method that takes arguments, by its name. Several examples of one
 * have a space after the name.
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
