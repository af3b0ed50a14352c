import { type Request } from 'express';

export type Language = 'fr' | 'en';
/** The better of the two for this caller (`Accept-Language`); French when nothing is said. */
export const languageOf = (request: Request): Language => (request.acceptsLanguages('fr', 'en') === 'en' ? 'en' : 'fr');
