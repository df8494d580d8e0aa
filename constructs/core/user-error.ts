import { hideSecrets } from "./received";

/** An error that the user can fix: printed without a stack trace, and without the credentials in it. */
export class UserError extends Error {
  constructor(message: string) {
    super(hideSecrets(message));
  }
}
