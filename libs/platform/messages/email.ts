import { createTransport } from 'nodemailer';
import { MessageNotSent, type PersonMessage, type Sender } from '../../application/person-messages.js';

const TIMEOUT = 15_000;

/** Through the mail server of the installation. */
export class EmailSender implements Sender {
  readonly #transport;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    this.#transport = createTransport({
      url,
      connectionTimeout: TIMEOUT,
      greetingTimeout: TIMEOUT,
      socketTimeout: TIMEOUT,
      // A message is text of ours: nothing in it may have a file or an address read.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send(to: string, { subject, text }: PersonMessage): Promise<void> {
    try {
      await this.#transport.sendMail({ from: this.from, to: { name: '', address: to }, subject, text });
    } catch (error) {
      // What the server says often repeats the address.
      throw new MessageNotSent(`e-mail not sent: ${(error as { code?: string }).code ?? 'unknown'}`);
    }
  }
}
