/** What the doors need of the read models: the questions, who answers them, and how an answer fails. */
export { InvalidQuery, NotFound, NotYet, type QueryFault, ViewsRebuilding } from './errors.js';
export { ReadModelParts } from './parts.js';
export * from './queries/messages.js';
export { ReadModelsModule } from './read-models.module.js';
