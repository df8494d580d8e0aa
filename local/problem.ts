/** Something that the person at the terminal can mend: printed without a stack trace. */
export class Problem extends Error {}
