import { currentRequest } from '../../../../libs/platform/request-context.js';
import { PROBLEMS } from './catalogue.js';
import { type languageOf } from './language.js';
import { type ApiProblem } from './problem.js';

/** A problem as it is sent (RFC 9457), with the id of the request that the log knows it by. */
export function problemBody({ code, details }: ApiProblem, language: ReturnType<typeof languageOf>) {
  const { status, title, detail } = PROBLEMS[code];
  const { requestId } = currentRequest() ?? {};
  return {
    type: `urn:fil-rouge:problem:${code}`,
    title: title[language],
    status,
    detail: (details.detail ?? detail)[language],
    ...(requestId !== undefined && { requestId }),
    ...(details.errors && { errors: details.errors.map((fault) => ({ ...fault, detail: fault.detail[language] })) }),
    ...(details.rules && {
      rules: details.rules.map(({ code: rule, article, message }) => ({ code: rule, article, detail: message[language] })),
    }),
  };
}
