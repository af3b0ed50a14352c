import { type LocalDate, localDate, within } from '../kernel/local-date.js';
import { type Role } from '../kernel/roles.js';

/**
 * Who is bound by professional secrecy, and by which text: whoever told facts and is bound may say to whom they go, and answers for it.
 * Dated, as the matrix is. Where no text names the role it is our convention (D): its employer binds it.
 */
interface Bound {
  readonly role: Role;
  readonly article: string;
  readonly from: LocalDate;
  readonly to?: LocalDate;
}
const since = localDate('2000-01-01');
export const SECRECY: readonly Bound[] = [
  { role: 'MT', article: 'L.1110-4 et R.4127-4 CSP', from: since },
  { role: 'IDEST', article: 'L.1110-4 et R.4312-5 CSP', from: since },
  { role: 'CPDP', article: 'L.1110-4 CSP', from: since },
  { role: 'AS', article: 'L.411-3 CASF', from: since },
  { role: 'MC', article: 'L.1110-4 et R.4127-4 CSP', from: since },
  { role: 'CPAM', article: 'L.161-29 CSS', from: since },
  { role: 'CSAM', article: 'L.161-29 CSS', from: since },
  { role: 'MDPH', article: 'L.241-10 CASF', from: since },
  { role: 'COMETE', article: 'L.1110-4 CSP', from: since },
  { role: 'CAP_EMPLOI', article: 'convention (D)', from: since },
  { role: 'CEP', article: 'convention (D)', from: since },
];
/** The text that binds a role on a day; undefined when none does. */
export const boundBy = (role: Role, on: LocalDate): string | undefined =>
  SECRECY.find((b) => b.role === role && within(on, b.from, b.to))?.article;
