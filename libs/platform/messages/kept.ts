import { type Channel } from '../../domain/case/asking-the-person.js';
import { type PersonMessage, type Sender } from '../../application/person-messages.js';

const MOST = 20;

export interface KeptMessage extends PersonMessage {
  readonly channel: Channel;
  readonly to: string;
}
/** In a demonstration nothing leaves: the last messages are kept in memory, for whoever plays the person. */
export class KeptMessages {
  readonly all: KeptMessage[] = [];

  sender(channel: Channel): Sender {
    return {
      send: async (to, message) => {
        this.all.push({ channel, to, ...message });
        if (this.all.length > MOST) this.all.shift();
      },
    };
  }
}
