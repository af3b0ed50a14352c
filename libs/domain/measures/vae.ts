import { t } from '../kernel/text.js';
import { formation } from './formation.js';
import { type MeasureDefinition } from './measure.js';

/** Validation des acquis de l'expérience (L.6313-1, 3° CT): the conditions of a training, counted apart in the yearly bilan. */
export const vae: MeasureDefinition = {
  ...formation,
  type: 'vae',
  label: t('Validation des acquis de l’expérience (VAE)', 'Recognition of experience'),
};
