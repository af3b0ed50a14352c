import { type Senders } from '../../application/person-messages.js';
import { type Config } from '../config.js';
import { EmailSender } from './email.js';
import { KeptMessages } from './kept.js';
import { SmsSender } from './sms.js';

/** By the settings; a demonstration keeps what it has no way to send. */
export function sendersOf({ smtp, sms, demo }: Pick<Config, 'smtp' | 'sms' | 'demo'>): {
  senders: Senders;
  kept: KeptMessages | undefined;
} {
  const kept = demo ? new KeptMessages() : undefined;
  const senders: Senders = {
    ...(kept && { sms: kept.sender('sms'), email: kept.sender('email') }),
    ...(smtp && { email: new EmailSender(smtp.url, smtp.from) }),
    ...(sms && { sms: new SmsSender(sms.url, sms.token) }),
  };
  return { senders, kept };
}
