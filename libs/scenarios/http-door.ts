import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { type Role } from '../domain/kernel/roles.js';
import { type Answer, type Asked, type Door, type Listed, type RefusedStep, type Story, type When } from './door.js';
import { type Who } from './scenario.js';

/** The API answered something that is neither an outcome nor a problem that a history may expect. */
export class UnexpectedAnswer extends Error {}

/** The state of the case: what comes behind it in a tag is what else an answer rests on. */
const stateIn = (tag: string): string => tag.replace(/^"|[".][^]*$/g, '');
type Json = Record<string, unknown>;
interface Reply {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Json;
}
const MINUTE = 60_000;
/** Milliseconds that the views are given to show what was written beside us. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 100;
/** 09:00 in Paris on that day, and a minute more for each step. */
export const instantOf = ({ day, step }: When): string => new Date(nineInParis(day) + step * MINUTE).toISOString();
function nineInParis(day: LocalDate): number {
  const summer = Date.parse(`${day}T09:00:00+02:00`);
  const hour = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', hour: '2-digit', hourCycle: 'h23' }).format(summer);
  return hour.startsWith('09') ? summer : summer + 60 * MINUTE;
}

/**
 * Whether an installation gives tokens to anyone and lets a request say what time it is: no history can be played at another one.
 * @throws TypeError when nothing answers there
 */
export const isDemonstration = async (baseUrl: string): Promise<boolean> => (await fetch(`${baseUrl}/demo/jwks.json`)).ok;

/** The public HTTP API, with the tokens and the clock of the demonstration mode. */
export function httpDoor(baseUrl: string): Door {
  const root = baseUrl.replace(/\/$/, '');
  const tokens = new Map<string, string>();

  async function send(
    method: string,
    path: string,
    when: When,
    headers: Record<string, string> = {},
    body?: unknown,
  ): Promise<Reply> {
    const answer = await fetch(root + path, {
      method,
      headers: {
        accept: 'application/json, application/problem+json',
        'accept-language': 'fr',
        'fil-rouge-demo-now': instantOf(when),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, etag: answer.headers.get('etag'), body: parsed(text) };
  }
  /** One token a step for each partner: it is dated by the clock of the step. */
  async function as(who: Who | { organisation: string; role: 'OPERATOR' }, when: When): Promise<Record<string, string>> {
    const key = `${who.organisation}|${who.role}|${instantOf(when)}`;
    if (!tokens.has(key)) {
      const person = `${who.organisation}.${who.role.toLowerCase()}`;
      const reply = await send('POST', '/demo/token', when, {}, { organisation: who.organisation, role: who.role, person });
      const token = reply.body['access_token'];
      if (typeof token !== 'string') throw new UnexpectedAnswer(`POST /demo/token : ${reply.status}`);
      tokens.set(key, token);
    }
    return { authorization: `Bearer ${tokens.get(key)}` };
  }
  const readCase = async (who: Who, { caseId, cursor }: Story, when: When): Promise<Reply> =>
    send('GET', `/v1/cases/${caseId}?after=${encodeURIComponent(cursor)}`, when, await as(who, when));

  return {
    async register(partner, when) {
      const caller = await as({ organisation: 'exploitant', role: 'OPERATOR' }, when);
      const known = list(answered(await send('GET', '/v1/organisations', when, caller), 'GET /v1/organisations'), 'items');
      const there = known.find(({ id }) => id === partner.id);
      const roles = [...new Set([...((there?.['roles'] ?? []) as Role[]), ...partner.roles])];
      // What an installation knows of an organisation is its own; a story may need one more role.
      if (there && roles.length === (there['roles'] as Role[]).length) return;
      const headers = { ...caller, 'idempotency-key': randomUUID() };
      const reply = await send('POST', '/v1/organisations', when, headers, { ...partner, ...there, roles });
      answered(reply, `POST /v1/organisations ${partner.id}`);
    },
    async perform(asked) {
      const { step, story, when } = asked;
      if (!step.act.opens && !story) throw new UnexpectedAnswer(`étape ${step.number} : aucun dossier n’est ouvert`);
      const caller = step.recorder ?? step.actor;
      const path = story ? `/v1/cases/${story.caseId}/${step.act.command}` : `/v1/cases/${step.act.command}`;
      const attempt = async (): Promise<Reply> => {
        const seen = step.act.guarded && story ? (await readCase(caller, story, when)).etag : null;
        const headers = {
          ...(await as(caller, when)),
          'idempotency-key': asked.idempotencyKey,
          ...(seen && { 'if-match': seen }),
        };
        return send('POST', path, when, headers, bodyOf(asked));
      };
      let reply = await attempt();
      // Watch and courier may write in between, and it takes a moment until that is seen.
      for (const latest = Date.now() + PATIENCE_MS; reply.status === 412 && Date.now() < latest; reply = await attempt())
        await pause(LOOK_MS);
      const answer = answerOf(reply, path);
      if (answer.kind === 'refused') return answer;
      const now = await readCase(caller, answer, when);
      return { ...answer, wentOn: now.etag !== null && stateIn(now.etag) !== stateIn(String(reply.body['etag'])) };
    },
    async join({ by, openedBy, caseId, fileId, idempotencyKey, when }) {
      const headers = { ...(await as(by, when)), 'idempotency-key': idempotencyKey };
      const body = { caseId, otherCaseId: fileId };
      const done = async (what: string, ask: () => Promise<Reply>): Promise<void> => {
        let reply = await ask();
        // A file is found behind the log, and what is joined is seen a moment later.
        for (const latest = Date.now() + PATIENCE_MS; reply.status >= 300 && Date.now() < latest; reply = await ask())
          await pause(LOOK_MS);
        answered(reply, what);
      };
      await done('POST /v1/duplicates/join', () => send('POST', '/v1/duplicates/join', when, headers, body));
      const opener = await as(openedBy, when);
      await done('GET /v1/cases/…', () => send('GET', `/v1/cases/${caseId}`, when, opener));
    },
    async note({ step, data, idempotencyKey, when }) {
      const path = `/v1/${step.act.path}`;
      const headers = { ...(await as(step.actor, when)), 'idempotency-key': idempotencyKey };
      const { status, body } = await send('POST', path, when, headers, data);
      return status < 300
        ? { kind: 'noted', ids: (body['ids'] ?? {}) as Record<string, string> }
        : refusalOf({ status, body }, path);
    },
    async caseFile(who, story, when) {
      const reply = await readCase(who, story, when);
      if (reply.status === 404) return null;
      return answered(reply, 'GET /v1/cases/…');
    },
    async worklists(who, { cursor }, when) {
      const token = await as(who, when);
      const views = list(answered(await send('GET', '/v1/worklists', when, token), 'GET /v1/worklists'), 'worklists');
      const listed: Listed[] = [];
      for (const { view } of views)
        for (let page: string | undefined = ''; page !== undefined;) {
          const query = new URLSearchParams({ limit: '200', after: cursor, ...(page && { cursor: page }) });
          const body = answered(
            await send('GET', `/v1/worklists/${String(view)}?${query}`, when, token),
            `GET /v1/worklists/${String(view)}`,
          );
          // What is to be done, and the cases in charge; what may be done or is to come would hide them.
          listed.push(
            ...list(body, 'items')
              .filter(({ nature }) => nature === undefined || nature === 'duty')
              .map((line) => lineOf(line, body)),
          );
          page = typeof body['next'] === 'string' ? body['next'] : undefined;
        }
      return listed;
    },
  };
}

function bodyOf({ step, data, story, person, caisse }: Asked): Json {
  const { nir, ...traits } = person;
  return {
    occurredOn: step.on,
    data,
    ...(step.recorder && {
      actor: { ...(step.actor.organisation && { organisation: step.actor.organisation }), role: step.actor.role },
      evidence: { kind: step.evidence },
    }),
    ...(!story && { person: { ...traits, ...(nir && { identifiers: [{ kind: 'NIR', value: nir }] }) }, caisse }),
  };
}
function answerOf(reply: Reply, path: string): Answer {
  const { status, body } = reply;
  if (status === 201 || status === 200)
    return {
      kind: 'recorded', caseId: String(body['caseId']), cursor: String(body['cursor']),
      ids: (body['ids'] ?? {}) as Record<string, string>, irregularities: list(body, 'irregularities').map((i) => String(i['code'])), wentOn: false,
    }; // prettier-ignore
  return refusalOf(reply, path);
}
function refusalOf({ status, body }: Pick<Reply, 'status' | 'body'>, path: string): RefusedStep {
  if (status >= 500) throw new UnexpectedAnswer(`POST ${path} : ${status} ${JSON.stringify(body)}`);
  const problem = String(body['type'] ?? '').replace('urn:fil-rouge:problem:', '');
  const rules = [...list(body, 'rules'), ...list(body, 'errors')];
  const detail = rules.map((rule) => String(rule['detail'] ?? '')).join(' ') || String(body['detail'] ?? body['title'] ?? status);
  return { kind: 'refused', codes: [...rules.map((rule) => String(rule['code'])), problem].filter(Boolean), detail };
}
const list = (body: Json, name: string): Json[] => (body[name] ?? []) as Json[];
function answered({ status, body }: Reply, what: string): Json {
  if (status >= 300) throw new UnexpectedAnswer(`${what} : ${status} ${JSON.stringify(body)}`);
  return body;
}
/** A line under the name that its list gives to its kind. */
function lineOf({ kind, caseId, due }: Json, { kinds }: Json): Listed {
  const label = (kinds as Record<string, { label?: { fr?: string } }> | undefined)?.[String(kind)]?.label?.fr;
  return { label: label ?? String(kind), caseId: String(caseId), ...(typeof due === 'string' && { due }) };
}
const parsed = (text: string): Json => {
  try {
    return text ? (JSON.parse(text) as Json) : {};
  } catch {
    return { detail: text.slice(0, 200) };
  }
};
