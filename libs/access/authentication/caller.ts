import { type Instant } from '../../domain/kernel/local-date.js';
import { type OrganisationId, type Role } from '../../domain/kernel/roles.js';

/** Who is calling: a person in an organisation, in one role. */
export interface Caller {
  readonly organisation: OrganisationId;
  readonly role: Role;
  /** Who: opaque, never a name. The `sub` of the token, or what stands for it in the log (`Ids.professional`). */
  readonly person: string;
  /** When the token ends; a stream that stays open must end with it. */
  readonly expiresAt: Instant;
}

/** The names of the claims that carry what OIDC has no name for. */
export interface ClaimNames {
  readonly organisationClaim: string;
  readonly roleClaim: string;
}
