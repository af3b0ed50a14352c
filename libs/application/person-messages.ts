import { type Channel } from '../domain/case/asking-the-person.js';

export interface PersonMessage {
  readonly subject: string;
  readonly text: string;
}
/** One way to reach a person. */
export interface Sender {
  /** @throws MessageNotSent */
  send(to: string, message: PersonMessage): Promise<void>;
}
/** Those that the installation has. */
export type Senders = Readonly<Partial<Record<Channel, Sender>>>;

/** It did not go out. Neither its text nor its address is in this error. */
export class MessageNotSent extends Error {}
