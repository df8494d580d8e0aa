import { z } from "zod";
import * as field from "./fields";

/** Environment that this one recovers when its region is lost. `recoveryOf` derives the rest from its definition. */
export const recovery = z.strictObject({
  environment: field.name,
  isActive: z.boolean().default(false),
});
