import { type Role } from '../../domain/kernel/roles.js';
import { cpam } from './cpam.js';
import { partner } from './partner.js';
import { serviceMedical } from './service-medical.js';
import { socialWorker } from './social-worker.js';
import { spstCellule } from './spst-cellule.js';
import { type WorklistView } from './worklist.js';

/** Every partner's list. A new one: its file, and its line here. */
export const WORKLISTS: readonly WorklistView[] = [spstCellule, socialWorker, cpam, serviceMedical, partner];

/** The lists that a role works from. */
export const worklistsOf = (role: Role): readonly WorklistView[] => WORKLISTS.filter((view) => view.roles.includes(role));
