import { type Handshake } from '../case/view.js';

/** Neither triaged, nor declined, redirected or revoked. */
export const awaitsAnswer = (h: Handshake): boolean => !h.triage && (!h.answer || h.answer.kind === 'accepted');
/** A transmission whose SPST nobody knows: that is to be found first. */
export const hasNoSpst = (h: Handshake): boolean => h.kind === 'transmission' && h.to.organisation === null && awaitsAnswer(h);
/** It waits for an answer, and has reached somebody who may see it. */
export const isWith = (h: Handshake, kind: Handshake['kind']): boolean =>
  h.kind === kind && h.to.organisation !== null && h.effective && awaitsAnswer(h);
