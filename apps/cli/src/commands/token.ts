import { type Role } from '../../../../libs/domain/kernel/roles.js';
import { loadConfig } from '../../../../libs/platform/config.js';
import { identityOf } from '../../../../libs/platform/wiring.js';
import { CommandError } from '../command-error.js';

interface TokenOptions {
  readonly organisation: string;
  readonly role: Role;
  readonly person: string;
  readonly hours: number;
}
/** `fil-rouge token`: a token of the demonstration's issuer, on standard output. */
export async function token({ organisation, role, person, hours }: TokenOptions): Promise<void> {
  const { localIssuer } = identityOf(loadConfig(process.env));
  if (!localIssuer) throw new CommandError('cette installation a un vrai fournisseur d’identité : lui demander le jeton');
  console.log(await localIssuer.issue({ organisation, role, person, ttl: hours * 3600 }));
}
