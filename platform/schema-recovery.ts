import { z } from "zod";
import * as field from "./fields";

/** Whose data an environment gets when the other's region is lost. `recoveryOf` derives the rest from that definition. */
export const recovery = z.strictObject({
  /** The environment that it stands by for, in the replica region of that one. */
  environment: field.name,
  /**
   * Its servers have been given the data: from now on it saves itself, is watched, and has the later layers.
   * @default false - it stands by: empty servers, the restore, and a drill that restores the copies every week
   */
  serves: z.boolean().default(false),
});
