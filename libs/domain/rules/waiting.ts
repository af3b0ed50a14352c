import { type Consent, type Handshake } from '../case/view.js';
import { type LocalDate } from '../kernel/local-date.js';
import { CASE_WORKERS } from '../kernel/roles.js';

/** Neither triaged, nor declined, redirected or revoked. */
export const awaitsAnswer = (h: Handshake): boolean => !h.triage && (!h.answer || h.answer.kind === 'accepted');
/** A transmission whose SPST nobody knows: that is to be found first. */
export const hasNoSpst = (h: Handshake): boolean => h.kind === 'transmission' && h.to.organisation === null && awaitsAnswer(h);
/** It waits for an answer, and has reached somebody who may see it and has an account to answer in. */
export const isWith = (h: Handshake, kind: Handshake['kind']): boolean =>
  h.kind === kind && h.to.organisation !== null && CASE_WORKERS.includes(h.to.role) && h.effective && awaitsAnswer(h);
/** The first day on which an accord stands no more. */
export const goneOn = (c: Consent): LocalDate | undefined => c.withdrawnOn ?? c.lapsedOn ?? c.shut?.on;
