/** What the operator can put right: told in a sentence, without where it happened. */
export class CommandError extends Error {}
