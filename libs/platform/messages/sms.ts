import { MessageNotSent, type PersonMessage, type Sender } from '../../application/person-messages.js';

const TIMEOUT = 15_000;

/** Through the gateway of whoever sends text messages for the installation: one POST for each, `{"to", "text"}`, any 2xx is a yes. */
export class SmsSender implements Sender {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async send(to: string, { text }: PersonMessage): Promise<void> {
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ to, text }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    }).catch(() => undefined);
    if (!answer?.ok) throw new MessageNotSent(`text message not sent: ${answer?.status ?? 'no answer'}`);
  }
}
