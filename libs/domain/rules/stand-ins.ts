import { type Role } from '../kernel/roles.js';

/**
 * Who can take up a person whom a silent partner leaves waiting, the likeliest first (convention, D). Nobody stands in for the caisse, or
 * for the Service médical: what they decide is theirs by law.
 */
export const STAND_INS: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  MT: ['AS', 'CSAM', 'CAP_EMPLOI'],
  IDEST: ['AS', 'CSAM', 'CAP_EMPLOI'],
  CPDP: ['AS', 'CSAM', 'CAP_EMPLOI'],
  AS: ['CSAM', 'CPDP'],
  CSAM: ['AS', 'CPDP'],
  CAP_EMPLOI: ['CEP', 'AS'],
  CEP: ['CAP_EMPLOI', 'AS'],
  COMETE: ['CAP_EMPLOI', 'AS'],
  MDPH: ['CAP_EMPLOI', 'AS'],
};
