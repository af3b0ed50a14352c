import { type PipeTransform, type Type, ValidationPipe } from '@nestjs/common';
import { type ValidationError } from 'class-validator';
import { type Field, type Fields } from '../../../../libs/domain/kernel/fields.js';
import { ApiProblem, type Fault } from '../problems/problem.js';
import { classOf } from './class-of.js';
import { MESSAGES } from './messages.js';

/** A body of 1 MB can hold more faults than anybody will read. */
const MAX_FAULTS = 500;
const escape = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** One fault for each property that has any, nested ones included, at its JSON pointer (RFC 6901). */
export const faultsOf = (errors: readonly ValidationError[], parent = ''): Fault[] =>
  errors.flatMap(({ property, constraints = {}, contexts, children = [] }) => {
    const pointer = `${parent}/${escape(property)}`;
    const broken = Object.keys(constraints)[0];
    const message = broken === undefined ? undefined : (MESSAGES[broken] ?? MESSAGES['isObject']!);
    const own = message ? [{ pointer, code: message.code, detail: message.text(contexts?.[broken!] ?? {}) }] : [];
    return [...own, ...faultsOf(children, pointer)];
  });

const pipe = (type: Type<object>, place: (fault: Fault) => Fault): PipeTransform =>
  new ValidationPipe({
    expectedType: type,
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => new ApiProblem('invalid', { errors: faultsOf(errors).slice(0, MAX_FAULTS).map(place) }),
  });

/** Checks a body against a class, and names every fault at once: nothing is half accepted. */
export const validated = (type: Type<object>): PipeTransform => pipe(type, (fault) => fault);

const parsed = (field: Field | undefined, value: unknown): unknown => {
  if (field?.kind === 'int' && typeof value === 'string' && /^-?\d{1,9}$/.test(value)) return Number(value);
  if (field?.kind === 'bool' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
};

const UNKNOWN = MESSAGES['whitelistValidation']!;

/** Checks the query string, in which numbers and booleans are text. */
export function validatedQuery(name: string, fields: Fields): PipeTransform {
  const inner = pipe(classOf(name, fields), ({ pointer = '', ...fault }) => ({ parameter: pointer.slice(1), ...fault }));
  return {
    async transform(query: Record<string, unknown>, metadata) {
      // What every object has of its own no check takes for unknown.
      const [own, others] = [Object.keys(query).filter((k) => k in Object.prototype), Object.entries(query).filter(([k]) => !(k in Object.prototype))]; // prettier-ignore
      const unknown = own.map((k) => ({ parameter: k, code: UNKNOWN.code, detail: UNKNOWN.text({}) }));
      const checked = inner.transform(Object.fromEntries(others.map(([k, v]) => [k, parsed(fields[k], v)])), metadata) as Promise<unknown>; // prettier-ignore
      if (unknown.length === 0) return checked;
      const more = await checked.then(
        () => [],
        (error: unknown) => (error instanceof ApiProblem ? (error.details.errors ?? []) : []),
      );
      throw new ApiProblem('invalid', { errors: [...unknown, ...more] });
    },
  };
}
