import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import {
  AS,
  codesOf,
  CPAM,
  CPDP,
  dayHere,
  MC,
  MT,
  ORGANISATIONS,
  personOf,
  recorded,
  TestInstance,
  TRANSMISSION,
} from '../support/instance.js';

/** What really went over the wire: a mail server and a gateway for text messages, both on this machine. */
interface Received {
  readonly to: string;
  readonly text: string;
}
const mails: Received[] = [];
const texts: (Received & { readonly headers: IncomingHttpHeaders })[] = [];
let gatewaySays = 202;
const mailServer = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, session, done) {
    let data = '';
    stream.on('data', (chunk: Buffer) => (data += chunk.toString()));
    stream.on('end', () => {
      // Quoted-printable as it is sent: soft breaks taken out, bytes put back.
      const text = Buffer.from(data.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8'); // prettier-ignore
      mails.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(), text });
      done();
    });
  },
});
const gateway: Server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    if (gatewaySays < 300) texts.push({ ...(JSON.parse(body) as Received), headers: request.headers });
    response.writeHead(gatewaySays).end();
  });
});
const portOf = (server: { address(): AddressInfo | string | null }): number => (server.address() as AddressInfo).port;

let it_: TestInstance;
let people = 7000;
const codeIn = (text: string): string => /: (\d{6}) /.exec(text)![1]!;
const pathIn = (text: string): string => /https:\/\/fil-rouge\.example(\/accord\/[\w-]{43})/.exec(text)![1]!;
const told = (zones: string[], more: object = {}) => ({ actor: { role: 'ASSURE' }, evidence: { kind: 'call' }, data: { zones, recipient: AS.organisation, purpose: 'support', proof: 'call', ...more } }); // prettier-ignore

/** A case in which the médecin du travail told an unfitness, and the Service social an accord for itself. */
async function begun(person: object = { phone: '06 11 22 33 44', email: 'claire@example.org' }) {
  const opened = recorded(await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: { ...personOf(people++), ...person }, data: TRANSMISSION })); // prettier-ignore
  const path = `/v1/cases/${opened.body['caseId']}`;
  recorded(await it_.act(`${path}/refer-case`, CPAM, { data: { target: AS.organisation, targetRole: 'AS', motive: 'pdp' } }));
  recorded(await it_.act(`${path}/issue-unfitness`, MT, { data: { redeployment: 'to-seek' } }));
  const granted = recorded(await it_.act(`${path}/grant-consent`, AS, told(['capacity'])));
  const consentId = granted.body['ids'].consentId as string;
  const ask = (channel: string, who = AS) => it_.act(`${path}/request-consent-code`, who, { consentId, channel });
  const read = (code: string, who = AS) => it_.act(`${path}/confirm-consent-by-code`, who, { consentId, code });
  /** The events as the Service social reads them, once the list has come as far as the log. */
  const events = async (): Promise<string> => {
    const noted = recorded(
      await it_.act(`${path}/record-contact-attempt`, AS, { data: { channel: 'telephone', outcome: 'no-answer' } }),
    );
    return recorded(await it_.get(`${path}/events?after=${noted.body['cursor']}`, AS)).text;
  };
  const sees = async () => (await events()).includes('UnfitnessIssued');
  return { path, granted, consentId, ask, read, events, sees };
}

beforeAll(async () => {
  await new Promise<void>((done) => mailServer.listen(0, '127.0.0.1', done));
  await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done));
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
});
afterAll(async () => {
  await it_.stop();
  gateway.close();
  await new Promise<void>((done) => mailServer.close(done));
});

describe('an accord that an organisation tells for itself', () => {
  it('is recorded with an irregularity, opens nothing, and is one line with a count for the others', async () => {
    const { path, granted, sees } = await begun();
    expect(granted.status).toBe(201);
    expect(granted.body['irregularities']).toEqual([{ code: 'consent.toConfirm', article: 'L.1110-4 CSP, art. 7(1) RGPD, convention (D)' }]); // prettier-ignore
    expect(await sees()).toBe(false);
    const last = recorded(await it_.act(`${path}/grant-consent`, AS, told(['capacity', 'job'])));
    for (const who of [CPDP, MT]) {
      const items = (await it_.get(`${path}?after=${last.body['cursor']}`, who)).body['items'] as {
        kind: string;
        role?: string;
        count?: number;
      }[];
      expect(items.filter(({ kind, role }) => kind === 'accords-to-confirm' && role === who.role)).toMatchObject([{ count: 2 }]);
    }
  });
  it('opens once the médecin du travail, who told the fact, confirms it', async () => {
    const { path, consentId, sees } = await begun();
    expect(codesOf(await it_.act(`${path}/confirm-consent`, CPAM, { data: { consentId } }))).toEqual([
      'consent.notYoursToConfirm',
    ]);
    expect(codesOf(await it_.act(`${path}/confirm-consent`, AS, { data: { consentId } }))).toContain('consent.yourOwnWord');
    recorded(await it_.act(`${path}/confirm-consent`, MT, { data: { consentId } }));
    expect(await sees()).toBe(true);
  });
  it('opens what its confirmer told, and not what others told in the same zone', async () => {
    const { path, events } = await begun();
    recorded(await it_.act(`${path}/record-activity`, CPAM, { data: { status: 'salarie', occupation: 'dit par la caisse' } }));
    recorded(await it_.act(`${path}/record-activity`, MT, { data: { status: 'salarie', occupation: 'dit par le médecin' } }));
    const { consentId } = recorded(await it_.act(`${path}/grant-consent`, AS, told(['job']))).body['ids'];
    expect(await events()).not.toContain('dit par');
    recorded(await it_.act(`${path}/confirm-consent`, CPAM, { data: { consentId } }));
    expect(await events()).toContain('dit par la caisse');
    expect(await events()).not.toContain('dit par le médecin');
    const file = recorded(await it_.get(path, AS));
    expect([file.text.includes('dit par la caisse'), file.text.includes('dit par le médecin')]).toEqual([true, false]);
    recorded(await it_.act(`${path}/confirm-consent`, MT, { data: { consentId } }));
    expect(await events()).toContain('dit par le médecin');
  });
  it('opens at once on the hash of a signed form', async () => {
    const { path, sees } = await begun();
    const formHash = '5e'.repeat(32);
    const reply = recorded(await it_.act(`${path}/grant-consent`, AS, told(['capacity'], { proof: 'form', formHash })));
    expect(reply.body['irregularities']).toEqual([]);
    expect(await sees()).toBe(true);
  });
  it('no body says of itself that it was told before accords were confirmed', async () => {
    const { path } = await begun();
    const reply = await it_.act(`${path}/grant-consent`, AS, told(['capacity'], { confirmed: 'before' }));
    expect([reply.status, reply.body['errors']]).toMatchObject([400, [{ pointer: '/data/confirmed' }]]);
  });
});

describe('where nothing is set up', () => {
  it('no message is sent, and the refusal says why', async () => {
    const { ask } = await begun();
    expect(codesOf(await ask('sms'))).toEqual(['consent.channelNotConfigured']);
    expect(codesOf(await ask('email'))).toEqual(['consent.channelNotConfigured']);
  });
});

describe('the person is asked herself', () => {
  beforeAll(() =>
    it_.restart({
      FIL_ROUGE_SMTP_URL: `smtp://127.0.0.1:${portOf(mailServer.server)}`,
      FIL_ROUGE_MAIL_FROM: 'fil-rouge@example.org',
      FIL_ROUGE_SMS_URL: `http://127.0.0.1:${portOf(gateway)}/send`,
      FIL_ROUGE_SMS_TOKEN: 'jeton-de-la-passerelle',
      FIL_ROUGE_PUBLIC_URL: 'https://fil-rouge.example',
    }),
  );

  it('by a text message to a phone that another one told; the code, read back once, opens', async () => {
    const { ask, read, events, sees } = await begun();
    expect((await ask('sms')).body).toEqual({ channel: 'sms' });
    const { to, text, headers } = texts.at(-1)!;
    expect([to, headers.authorization]).toEqual(['0611223344', 'Bearer jeton-de-la-passerelle']);
    expect(text).toContain('carsat-bfc vous demande votre accord');
    // Nothing of the case, nor of the person.
    expect(text).not.toMatch(/MARTIN|Claire|inapt|capacit|arrêt/i);
    const code = codeIn(text);
    const wrong = code === '000000' ? '000001' : '000000';
    expect(codesOf(await read(wrong))).toEqual(['consent.codeWrong']);
    expect(await sees()).toBe(false);
    recorded(await read(code));
    expect(await sees()).toBe(true);
    expect(codesOf(await read(code))).toEqual(['consent.codeOver']);
    expect(await events()).toContain('"means":"code"');
    expect(await events()).not.toContain(code);
  });
  it('never at a phone or address that whoever told of the accord told itself', async () => {
    const { path, ask } = await begun({});
    expect(codesOf(await ask('sms'))).toEqual(['consent.noAddress']);
    recorded(await it_.act(`${path}/identify-person`, AS, { data: { familyName: 'A', givenNames: 'B', birthDate: '1979-05-21', phone: '06 99 99 99 99', email: 'me@example.org' } })); // prettier-ignore
    expect(codesOf(await ask('sms'))).toEqual(['consent.noAddress']);
    expect(codesOf(await ask('email'))).toEqual(['consent.noAddress']);
    recorded(await it_.act(`${path}/identify-person`, MT, { data: { familyName: 'A', givenNames: 'B', birthDate: '1979-05-21', phone: '03 84 00 00 00', email: 'hers@example.org' } })); // prettier-ignore
    // A line without messages.
    expect(codesOf(await ask('sms'))).toEqual(['consent.noAddress']);
    recorded(await ask('email'));
    expect(mails.at(-1)?.to).toBe('hers@example.org');
  });
  it('at what was told last, and never at what came with a file that was let in', async () => {
    const { path, ask } = await begun();
    const n = people - 1;
    const { identifiers: _, ...traits } = personOf(n);
    const day = dayHere(-3);
    recorded(await it_.act(`${path}/identify-person`, MT, { occurredOn: day, data: { ...traits, phone: '06 77 77 77 77' } }));
    const stranger = { organisation: 'carsat-idf', role: 'AS' } as const;
    await it_.register({ id: stranger.organisation, roles: ['AS'], territory: '75' });
    const file = recorded(await it_.act('/v1/cases/record-signal', stranger, { person: { ...personOf(n), phone: '06 66 66 66 66' }, caisse: 'cpam-39', data: { origin: 'person' } })); // prettier-ignore
    await it_.caughtUp();
    recorded(await it_.act('/v1/duplicates/join', CPDP, { caseId: path.split('/').at(-1), otherCaseId: file.body['caseId'] }));
    recorded(await ask('sms'));
    expect(texts.at(-1)?.to).toBe('0677777777');
  });
  it('five tries, three messages a day, only for whoever asked', async () => {
    const { ask, read } = await begun();
    recorded(await ask('sms'));
    const first = codeIn(texts.at(-1)!.text);
    expect(codesOf(await read(first, CPDP))).toEqual(['consent.codeOver']);
    const wrong = String((Number(first) + 1) % 1_000_000).padStart(6, '0');
    const tries = await Promise.all(Array.from({ length: 20 }, () => read(wrong)));
    expect(tries.filter((r) => codesOf(r)[0] === 'consent.codeWrong')).toHaveLength(5);
    expect(codesOf(await read(first))).toEqual(['consent.codeOver']);
    recorded(await ask('email'));
    recorded(await ask('sms'));
    expect(codesOf(await ask('sms'))).toEqual(['consent.tooManyCodes']);
    // The last one counts, those before do not.
    expect(codesOf(await read(codeIn(mails.at(-1)!.text)))).toEqual(['consent.codeWrong']);
    recorded(await read(codeIn(texts.at(-1)!.text)));
  });
  it('no more messages, nor tries, for an accord that is told once more, by whatever means', async () => {
    const { path, ask } = await begun();
    for (const channel of ['sms', 'email', 'sms']) recorded(await ask(channel));
    const again = recorded(await it_.act(`${path}/grant-consent`, AS, told(['capacity', 'job'], { purpose: 'referral' })));
    const { consentId } = again.body['ids'];
    const request = (who = AS) => it_.act(`${path}/request-consent-code`, who, { consentId, channel: 'email' });
    expect(codesOf(await request())).toEqual(['consent.tooManyCodes']);
    expect(codesOf(await it_.act(`${path}/confirm-consent-by-code`, AS, { consentId, code: '123456' }))).toEqual(['consent.codeOver']); // prettier-ignore
    // Another organisation has its own.
    recorded(await request(CPDP as typeof AS));
  });
  it('a code is over after ten minutes', async () => {
    const { ask, read } = await begun();
    recorded(await ask('sms'));
    await it_.wiring.pool.query(`update app.consent_code set code_until = now() - interval '1 second' where closed_at is null`);
    expect(codesOf(await read(codeIn(texts.at(-1)!.text)))).toEqual(['consent.codeOver']);
  });
  it('a message that did not go out says so, counts for nothing, and leaves no trace of where it went', async () => {
    const { ask, read } = await begun();
    gatewaySays = 500;
    for (let i = 0; i < 4; i++) {
      const reply = await ask('sms');
      expect([reply.status, reply.body['type']]).toEqual([503, 'urn:fil-rouge:problem:message-not-sent']);
      expect(reply.text).not.toContain('0611223344');
    }
    gatewaySays = 202;
    recorded(await ask('sms'));
    recorded(await read(codeIn(texts.at(-1)!.text)));
  });
  it('by nobody but whoever told of the accord or answers for the case, and never once a death is told', async () => {
    const { path, ask, read } = await begun();
    expect(codesOf(await ask('sms', CPAM))).toEqual(['consent.notYoursToAsk']);
    recorded(await ask('sms', CPDP));
    const code = codeIn(texts.at(-1)!.text);
    recorded(await it_.act(`${path}/record-death`, CPDP, { data: {} }));
    // Nor is one that was sent before read any more, as its page is not.
    expect(codesOf(await read(code, CPDP))).toEqual(['consent.codeOver']);
    const before = texts.length;
    expect(codesOf(await ask('sms'))).toEqual(['consent.personDied']);
    expect(texts).toHaveLength(before);
  });
  it('the database holds neither codes, nor links, nor addresses', async () => {
    const { ask } = await begun();
    recorded(await ask('sms'));
    const { rows } = await it_.wiring.pool.query('select c::text as row from app.consent_code c');
    const all = rows.map(({ row }: { row: string }) => row).join();
    const { text, to } = texts.at(-1)!;
    for (const secret of [codeIn(text), pathIn(text).slice('/accord/'.length), to]) expect(all).not.toContain(secret);
  });
});

describe('the page to sign', () => {
  const page = async (path: string, method = 'GET') => it_.send(method, path, null);
  const asked = async () => {
    const begins = await begun();
    recorded(await begins.ask('email'));
    return { ...begins, link: pathIn(mails.at(-1)!.text) };
  };
  it('says in plain words who asks, what and until when, to whoever holds the link; reading changes nothing', async () => {
    const { link, sees } = await asked();
    for (let i = 0; i < 2; i++) {
      const { status, text, headers } = await page(link);
      expect([status, headers.get('content-type'), headers.get('cache-control'), headers.get('referrer-policy')]).toEqual([200, 'text/html; charset=utf-8', 'no-store', 'no-referrer']); // prettier-ignore
      expect(text).toContain('<strong>carsat-bfc</strong> demande à savoir');
      expect(text).toContain('ce que vous pouvez faire au travail, et ce qui est à éviter');
      expect(text).toContain('Sans date de fin.');
      expect(text).not.toMatch(/MARTIN|Claire|inapt|to-seek|<script/i);
    }
    expect(await sees()).toBe(false);
  });
  it('signed, the accord opens, and the page is answered once', async () => {
    const { link, events, sees } = await asked();
    const [one, other] = await Promise.all([page(`${link}/sign`, 'POST'), page(`${link}/sign`, 'POST')]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(one.text).toContain('Votre accord est enregistré');
    expect(await sees()).toBe(true);
    expect((await page(`${link}/refuse`, 'POST')).text).toContain('n’attend plus de réponse');
    expect((await page(link)).text).toContain('n’attend plus de réponse');
    const told = await events();
    expect(told.match(/"type":"ConsentConfirmed"/g)).toHaveLength(1);
    expect(told).toContain('"means":"page"');
  });
  it('refused, the accord is withdrawn by the person herself', async () => {
    const { link, events, sees } = await asked();
    expect((await page(`${link}/refuse`, 'POST')).text).toContain('vous refusez');
    expect(await sees()).toBe(false);
    expect(await events()).toContain('ConsentWithdrawn');
  });
  it('refused, nothing that the same organisation tells opens it again, its form least of all', async () => {
    const { path, sees } = await begun();
    const form = told(['capacity'], { proof: 'form', formHash: 'cd'.repeat(32) });
    const granted = recorded(await it_.act(`${path}/grant-consent`, AS, form));
    expect(await sees()).toBe(true);
    const { consentId } = granted.body['ids'];
    recorded(await it_.act(`${path}/request-consent-code`, AS, { consentId, channel: 'email' }));
    await page(`${pathIn(mails.at(-1)!.text)}/refuse`, 'POST');
    expect(await sees()).toBe(false);
    for (const more of [{}, { formHash: 'ef'.repeat(32) }, { formHash: 'ab'.repeat(32), purpose: 'referral' }]) {
      const again = recorded(await it_.act(`${path}/grant-consent`, AS, { ...form, data: { ...form.data, ...more } }));
      expect((again.body['irregularities'] as { code: string }[]).map(({ code }) => code)).toEqual(['consent.toConfirm']);
      expect(await sees()).toBe(false);
    }
  });
  it('a link of nobody leads nowhere, and every one of them to the same', async () => {
    const replies = await Promise.all(['x'.repeat(43), 'a', '%00', '../v1'].map((t) => page(`/accord/${encodeURIComponent(t)}`)));
    expect(new Set(replies.map((r) => `${r.status} ${r.text}`)).size).toBe(1);
    expect(replies[0]!.status).toBe(404);
    expect((await page(`/accord/${'x'.repeat(43)}/sign`, 'POST')).status).toBe(404);
  });
});

describe('a change of health service that the new one tells (ADR 0022)', () => {
  const NEW = { organisation: 'ast-21', role: 'CPDP' } as const;
  beforeAll(() => it_.register({ id: NEW.organisation, roles: ['MT', 'IDEST', 'CPDP'], territory: '21' }));
  /** A case that the Service social leads and ast-39 follows, and the file that another service opens on the same person. */
  const moved = async (person?: object, itself: object = {}, caisse = 'cpam-39') => {
    const { path } = await begun(person);
    const n = people - 1;
    recorded(await it_.act(`${path}/assign-lead`, AS, { data: {} }));
    const own = recorded(await it_.act('/v1/cases/record-signal', NEW, { person: { ...personOf(n), ...itself }, caisse, data: { origin: 'moved' } })); // prettier-ignore
    const fileId = own.body['caseId'] as string;
    await it_.caughtUp();
    const asks = async (who: typeof AS | typeof CPDP | typeof MT): Promise<string[]> =>
      ((await it_.get(path, who)).body['items'] as { task: string; subject: string }[]).flatMap((i) => (i.subject === fileId ? [i.task] : [])); // prettier-ignore
    const isIn = async (): Promise<boolean> => {
      await it_.caughtUp();
      return (await it_.get(path, NEW)).status === 200;
    };
    const ask = (who: typeof AS | typeof MT | typeof CPDP) =>
      it_.act(`${path}/request-change-code`, who, { fileId, channel: 'sms' });
    return { path, fileId, asks, isIn, ask };
  };

  it('is asked of the lead and of the service that followed the person; that one confirms it, and the file is joined', async () => {
    const { path, fileId, asks, isIn } = await moved();
    for (const who of [AS, CPDP]) expect(await asks(who)).toEqual(['change-to-confirm']);
    expect(await isIn()).toBe(false);
    expect(codesOf(await it_.act(`${path}/confirm-change`, CPAM, { data: { fileId: path.split('/').at(-1) } }))).toEqual(['file.unknown']); // prettier-ignore
    recorded(await it_.act(`${path}/confirm-change`, CPDP, { data: { fileId } }));
    expect(await isIn()).toBe(true);
    for (const who of [AS, CPDP]) expect(await asks(who)).toEqual([]);
    const log = recorded(await it_.get(`${path}/events`, CPDP)).text;
    expect(log.match(/"type":"CaseAbsorbed"/g)).toHaveLength(1);
    // It is undone like any other.
    recorded(await it_.act('/v1/duplicates/part', AS, { caseId: path.split('/').at(-1), otherCaseId: fileId }));
    expect(await isIn()).toBe(false);
  });
  it('is confirmed by the person, by a code that she reads back', async () => {
    const { path, fileId, ask, isIn } = await moved();
    recorded(await ask(AS));
    const { text } = texts.at(-1)!;
    expect(text).toContain('carsat-bfc vous demande de confirmer un changement');
    expect(text).not.toMatch(/ast-21|MARTIN|Claire/);
    const read = (code: string, who = AS) => it_.act(`${path}/confirm-change-by-code`, who, { fileId, code });
    expect(codesOf(await read(codeIn(text), CPDP as typeof AS))).toEqual(['consent.codeOver']);
    recorded(await read(codeIn(text)));
    expect(await isIn()).toBe(true);
  });
  it('is confirmed by the person to the service that followed her, whatever fund the new one names', async () => {
    await it_.register({ id: 'cpam-21', roles: ['CPAM'], territory: '21' });
    const { path, fileId, ask, isIn } = await moved(undefined, {}, 'cpam-21');
    recorded(await ask(CPDP));
    recorded(await it_.act(`${path}/confirm-change-by-code`, CPDP, { fileId, code: codeIn(texts.at(-1)!.text) }));
    expect(await isIn()).toBe(true);
  });
  it('is confirmed by the person, or denied, on a page', async () => {
    for (const [answer, words, is] of [['sign', 'votre accompagnement continue', true], ['refuse', 'rien ne lui sera transmis', false]] as const) {
      const { ask, asks, isIn } = await moved();
      recorded(await ask(CPDP));
      const link = pathIn(texts.at(-1)!.text);
      const { text } = await it_.send('GET', link, null);
      expect(text).toContain('<strong>ast-21</strong> dit être désormais le service de prévention et de santé au travail de votre employeur');
      expect(text).not.toMatch(/MARTIN|Claire|carsat|<script/);
      expect((await it_.send('POST', `${link}/${answer}`, null)).text).toContain(words);
      expect(await isIn()).toBe(is);
      expect(await asks(AS)).toEqual(is ? [] : ['file-to-let-in']);
      expect((await it_.send('POST', `${link}/sign`, null)).text).toContain('n’attend plus de réponse');
    }
  }); // prettier-ignore
  it('is asked by nobody else, about no other file, and never at an address that the new service told', async () => {
    const { path, fileId } = await moved();
    const before = texts.length;
    const refused = [
      await it_.act(`${path}/request-change-code`, MC, { fileId, channel: 'sms' }),
      await it_.act(`${path}/request-change-code`, NEW, { fileId, channel: 'sms' }),
      await it_.act(`${path}/request-change-code`, AS, { fileId: path.split('/').at(-1), channel: 'sms' }),
      await it_.act(`${path}/confirm-change-by-code`, AS, { fileId, code: '123456' }),
    ];
    expect(refused.map((r) => [r.status, ...codesOf(r)])).toEqual([
      [409, 'file.unknown'],
      [404],
      [409, 'file.unknown'],
      [409, 'consent.codeOver'],
    ]);
    expect(texts).toHaveLength(before);
    const { ask: again } = await moved({}, { phone: '06 55 44 33 22' });
    expect(codesOf(await again(AS))).toEqual(['consent.noAddress']);
  });
});
