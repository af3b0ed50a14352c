import { type Figure } from './figure.js';
import { measureOutcomes } from './measure-outcome.js';
import { requests } from './request.js';

/** Every table of figures. A new one: its file, and its line here. */
export const FIGURES: readonly Figure[] = [requests, measureOutcomes];
