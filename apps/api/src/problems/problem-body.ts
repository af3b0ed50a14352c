import { PROBLEMS } from './catalogue.js';
import { type languageOf } from './language.js';
import { type ApiProblem } from './problem.js';

/** A problem as it is sent (RFC 9457). No `instance`: it would be the only byte that differs between a case that is hidden and one that does not exist. */
export function problemBody({ code, details }: ApiProblem, language: ReturnType<typeof languageOf>) {
  const { status, title, detail } = PROBLEMS[code];
  return {
    type: `urn:fil-rouge:problem:${code}`,
    title: title[language],
    status,
    detail: (details.detail ?? detail)[language],
    ...(details.errors && { errors: details.errors.map((fault) => ({ ...fault, detail: fault.detail[language] })) }),
    ...(details.rules && {
      rules: details.rules.map(({ code: rule, article, message }) => ({ code: rule, article, detail: message[language] })),
    }),
  };
}
