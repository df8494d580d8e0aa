import { z } from "zod";
import * as field from "./fields";

/** Whose data an environment gets when the other's region is lost. `recoveryOf` derives the rest from that definition. */
export const recovery = z.strictObject({
  environment: field.name,
  serves: z.boolean().default(false),
});
