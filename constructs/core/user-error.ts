import { hideSecrets } from "./received";
import { visible } from "./visible";

/** Error that the user can fix. It is printed without a stack trace, and without the credentials in it. */
export class UserError extends Error {
  constructor(message: string) {
    super(visible(hideSecrets(message)));
  }
}
