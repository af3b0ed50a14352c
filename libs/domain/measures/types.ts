export const MEASURE_TYPES = [
  'essaiEncadre', 'crpe', 'pmsmp', 'formation', 'bilanDeCompetences', 'incluPro', 'tempsPartielTherapeutique', 'ama', 'rqth', 'ptp', 'placement', 'psop', 'vae',
] as const; // prettier-ignore
export type MeasureType = (typeof MEASURE_TYPES)[number];
