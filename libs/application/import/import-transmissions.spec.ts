import fc from 'fast-check';
import { type Caller } from '../../access/authentication/caller.js';
import { type Instant } from '../../domain/kernel/local-date.js';
import { withKey } from '../../domain/person/nir.js';
import { type OpenCase, type Outcome } from '../messages.js';
import { type Charset } from './charset.js';
import { InvalidHeader } from './columns.js';
import { type Format, type ImportDependencies, type ImportOptions, importTransmissions, type ImportWord } from './import-transmissions.js'; // prettier-ignore
import { Interrupted } from './interruption.js';

const CPAM: Caller = {
  organisation: 'cpam-39',
  role: 'CPAM',
  person: 'import',
  expiresAt: '2099-01-01T00:00:00.000Z' as Instant,
};
const COLUMNS = ['nir', 'nom', 'prenoms', 'date_naissance', 'debut_arret', 'risque', 'telephone', 'date_accord', 'preuve_accord'];
const HEAD = COLUMNS.join(';');
const nirOf = (n: number): string => withKey(`2799939001${String(n + 1).padStart(3, '0')}`);
const cells = (n: number, more: Record<string, string> = {}): Record<string, string> => ({
  nir: nirOf(n), nom: 'LEFÈVRE', prenoms: 'Zoé', date_naissance: '1979-05-21', debut_arret: '2026-02-02', risque: 'maladie', telephone: '', date_accord: '2026-02-10', preuve_accord: 'form', ...more,
}); // prettier-ignore
const row = (n: number, more: Record<string, string> = {}): string => {
  const all = cells(n, more);
  return COLUMNS.map((name) => all[name]).join(';');
};

/** A log that takes whatever is a command. */
class Log {
  readonly commands: OpenCase[] = [];
  readonly #done = new Set<string>();
  readonly dependencies = {
    parts: {
      fictitiousPeople: false,
      ids: { fingerprint: (_: string, text: string) => text, commandOf: (_: string, key: string) => key },
      idempotency: { endOf: async (id: string) => (this.#done.has(id) ? 'done' : undefined) },
    },
    execute: async (command: OpenCase) => {
      this.#done.add(command.meta.idempotencyKey!);
      this.commands.push(command);
      return {} as Outcome;
    },
  } as unknown as ImportDependencies;
}
async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}
interface Run {
  readonly words: readonly ImportWord[];
  readonly last: ImportWord;
  readonly rejected: readonly { line: number; original: string; codes: string[] }[];
  readonly log: Log;
}
async function run(
  file: string | Uint8Array | AsyncIterable<Uint8Array>,
  {
    format = 'csv',
    log = new Log(),
    size = 1000,
    ...options
  }: ImportOptions & { format?: Format; log?: Log; size?: number } = {},
): Promise<Run> {
  const source = typeof file === 'string' ? Buffer.from(file) : file;
  const words: ImportWord[] = [];
  const bytes = source instanceof Uint8Array ? chunks(source, size) : source;
  for await (const word of importTransmissions(bytes, format, CPAM, log.dependencies, options)) words.push(word);
  const rejected = words.flatMap((w) => w.type === 'rejected' ? [{ line: w.line, original: w.original, codes: w.reasons.map((r) => r.column === undefined ? r.code : `${r.column}: ${r.code}`) }] : []); // prettier-ignore
  return { words, last: words.at(-1)!, rejected, log };
}
const refusal = async (file: string | Uint8Array, options: Parameters<typeof run>[1] = {}): Promise<string[]> =>
  run(file, options).then(
    () => [],
    (error: unknown) => {
      if (error instanceof InvalidHeader) return error.reasons.map((r) => r.code);
      throw error;
    },
  );
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('lines are never lost', () => {
  const kinds = ['good', 'again', 'noAccord', 'quote', 'short', 'padded', 'delimiters', 'spaces', 'empty'] as const;
  const ENDS = ['\n', '\r', '\r\n'] as const;
  const BLANK: readonly string[] = ['delimiters', 'spaces', 'empty'];
  const textOf = (kind: (typeof kinds)[number], n: number, format: Format): string => {
    const csv = format === 'csv';
    const line = (more: Record<string, string> = {}, of = n): string => (csv ? row(of, more) : JSON.stringify(cells(of, more)));
    switch (kind) {
      case 'good': return line();
      case 'again': return line({}, 0);
      case 'noAccord': return line({ date_accord: '' });
      case 'quote': return csv ? `${n};"${row(n)}` : `{"nom":"${n}`;
      case 'short': return csv ? `${n};x` : `[${n}]`;
      case 'padded': return csv ? `  ${line()};;  ` : `\u00a0 ${line()} `;
      case 'delimiters': return csv ? ';;;;;;;;;;;;' : '  ';
      case 'spaces': return ' \t\u00a0 ';
      case 'empty': return '';
    }
  }; // prettier-ignore

  it('read = taken + already there + rejected, whatever the line ends, blanks, charsets and chunks', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Format>('csv', 'ndjson'),
        fc.array(fc.tuple(fc.constantFrom(...kinds), fc.constantFrom(...ENDS)), { maxLength: 40 }),
        fc.constantFrom<readonly [Charset | undefined, boolean]>([undefined, true], [undefined, false], ['utf-8', true], ['windows-1252', false], ['iso-8859-15', false]), // prettier-ignore
        fc.constantFrom('', '\ufeff'),
        fc.constantFrom('', '\x1a', 'last'),
        fc.integer({ min: 1, max: 50 }),
        async (format, lines, [charset, isUtf8], bom, tail, size) => {
          const told = lines.map(([kind, end], i) => ({ kind, end, text: textOf(kind, i + 1, format) }));
          if (tail === 'last') told.push({ kind: 'good', end: '\n', text: textOf('good', 900, format) });
          const body = told.map(({ text, end }) => text + end).join('');
          const text = (format === 'csv' ? `${HEAD}\r\n` : '') + (tail === 'last' ? body.slice(0, -1) : body + tail);
          const file = isUtf8 ? Buffer.from(bom + text) : latin1(text);
          const { last, rejected, log } = await run(file, { format, size, ...(charset && { charset }) });

          const filled = told.filter(({ kind }) => !BLANK.includes(kind));
          const bad = filled.filter(({ kind }) => ['noAccord', 'quote', 'short'].includes(kind));
          const good = new Set(
            filled.filter((line) => !bad.includes(line)).map((line) => line.text.replace(/[;\s]*$/, '').trim()),
          );
          expect(last).toMatchObject({ type: 'summary', read: filled.length, rejected: bad.length, taken: good.size, already: filled.length - bad.length - good.size }); // prettier-ignore
          expect(log.commands.every(({ person }) => person.familyName === 'LEFÈVRE')).toBe(true);
          // As an editor shows them: LF that follows CR across two lines makes one end.
          const shown = text.split(/\r\n|\r|\n/);
          expect(rejected.map((r) => shown[r.line - 1])).toEqual(rejected.map((r) => r.original));
          expect(rejected.map((r) => r.original)).toEqual(bad.map((line) => line.text));
        },
      ),
      { numRuns: 150 },
    ));

  it('counts a line once where CR comes twice before LF, and takes nothing else in a cell for a line end', async () => {
    const file = [HEAD, row(1, { date_accord: '' }), row(2, { nom: 'A\u2028B' }), row(3, { nom: 'A\u0085B' })].join('\r\r\n');
    const { last, rejected } = await run(`${file}\r\r\n`);
    expect(last).toMatchObject({ read: 3, taken: 1, rejected: 2 });
    expect(rejected.map((r) => [r.line, r.codes])).toEqual([[3, ['date_accord: transmission.consentMissing']], [7, ['nom: cell.text']]]); // prettier-ignore
  });

  it('neither merges nor halves a record with a line break in a cell: each part is told', async () => {
    const [before, after] = row(1, { nom: '"MAR\nTIN"' }).split('\n');
    const { last, rejected, log } = await run([HEAD, before, after, row(2)].join('\n'));
    expect(last).toMatchObject({ read: 3, taken: 1, rejected: 2 });
    expect(rejected.map((r) => r.codes)).toEqual([['line.quotes'], ['line.quotes']]);
    expect(log.commands).toHaveLength(1);
  });

  it.each<[string, string, string[]]>([
    ['empty', '', ['header.missing']],
    ['of blank lines', '\r\n \r\n\ufeff\n', ['header.missing']],
    ['whose heading is too long', `${HEAD};${'x'.repeat(9_000)}`, ['line.tooLong']],
    ['without columns', ';;;\n1;2', ['header.missingColumn', 'header.missingColumn', 'header.missingColumn', 'header.missingColumn', 'header.missingColumn', 'header.missingColumn', 'header.missingColumn', 'header.missingColumn']],
    ['whose heading has an open quote', `"${HEAD}\n`, ['header.quotes']],
    ['with only sep=', 'sep=;\n', ['header.missing']],
    ['with NUL in its heading', `nir\0;${HEAD}`, ['line.nul']],
  ])('refuses by name a file %s', async (_, file, codes) => expect(await refusal(file)).toEqual(codes)); // prettier-ignore

  it('takes a heading alone, and NDJSON without a line', async () => {
    for (const [file, format] of [[HEAD, 'csv'], [`\n${HEAD}\r`, 'csv'], ['', 'ndjson'], ['\n\n', 'ndjson']] as const)
      expect((await run(file, { format })).last).toEqual({ type: 'summary', read: 0, taken: 0, already: 0, rejected: 0 });
  }); // prettier-ignore

  it('names NUL bytes, and passes over Ctrl-Z at the end', async () => {
    const { last, rejected } = await run(`${HEAD}\n${row(1, { nom: 'A\0B' })}\n${row(2)}\x1a`);
    expect([last, rejected]).toMatchObject([{ read: 2, taken: 1 }, [{ line: 2, codes: ['line.nul'] }]]);
    expect((await run(`${HEAD}\r\n${row(1)}\r\n\x1a\r\n`)).last).toMatchObject({ read: 1, taken: 1 });
  });
});

describe('the charset of a file', () => {
  const csv = (...lines: string[]): string => [HEAD, ...lines].join('\r\n');

  it.each(['utf16le', 'utf16be'])('is refused by name when it is %s', async (kind) => {
    const le = Buffer.from(`\ufeff${csv(row(1))}`, 'utf16le');
    const file = kind === 'utf16le' ? le : le.swap16();
    for (const format of ['csv', 'ndjson'] as const) expect(await refusal(file, { format, size: 1 })).toEqual(['file.utf16']);
    expect(await refusal(file.subarray(2))).toEqual(['line.nul']);
  });

  it('is recognised by the first letter beyond ASCII, for the whole file, and told', async () => {
    const head = HEAD.replace('prenoms', 'Prénoms');
    const plain = row(1, { nom: 'MARTIN', prenoms: 'Anne' });
    const { last, log } = await run(latin1([head, plain, row(2)].join('\r\n')));
    expect(last).toMatchObject({ taken: 2, rejected: 0, charset: 'windows-1252' });
    expect(log.commands.map((c) => c.person.familyName)).toEqual(['MARTIN', 'LEFÈVRE']);
    expect((await run(csv(row(1)))).last).not.toHaveProperty('charset');
  });

  it('is one: a line in another is told, never read as something else', async () => {
    const mixed = await run(Buffer.concat([latin1(`${csv(row(1))}\n`), Buffer.from(`${row(2)}\n`), latin1(row(3))]));
    expect([mixed.last, mixed.rejected]).toMatchObject([{ taken: 2 }, [{ line: 3, codes: ['line.charsetMixed'] }]]);
    const utf8 = await run(Buffer.concat([Buffer.from(`${csv(row(1))}\n`), latin1(`${row(2)}\n`), Buffer.from(row(3))]));
    expect([utf8.last, utf8.rejected]).toMatchObject([{ taken: 2 }, [{ line: 3, codes: ['line.notUtf8'] }]]);
    // The first line with accents was cut in one of them.
    const cut = await run(Buffer.concat([Buffer.from(`${HEAD}\n`), Buffer.from(row(1)).subarray(0, -1), Buffer.from([0xc3]), Buffer.from(`\n${row(2)}`)])); // prettier-ignore
    expect([cut.last, cut.rejected]).toMatchObject([{ taken: 1 }, [{ line: 2, codes: ['line.notUtf8'] }]]);
  });

  it('is not guessed where the same byte is another letter elsewhere', async () => {
    // CSV (Macintosh): É is 83, è is 8F; as Windows-1252 they would be ƒ and nothing.
    const mac = (charset?: Charset) => run(Buffer.concat([latin1(`${HEAD}\r`), latin1(row(1, { nom: 'LEF\x83VRE', prenoms: 'Zo\x8e' })), latin1(`\r${row(2, { prenoms: 'Anne', nom: 'B' })}`)]), { ...(charset && { charset }) }); // prettier-ignore
    const guessed = await mac();
    expect([guessed.last, guessed.rejected]).toMatchObject([
      { read: 2, taken: 1 },
      [{ line: 2, codes: ['line.charsetUnknown'] }],
    ]);
    expect((await mac('macintosh')).log.commands[0]!.person).toMatchObject({ familyName: 'LEFÉVRE', givenNames: 'Zoé' });
  });

  it('is the one declared, and what is not in it is told', async () => {
    const euro = latin1(csv(row(1, { nom: 'C\x8cUR', prenoms: 'N\x92Diaye' })));
    const { log, last } = await run(euro, { charset: 'windows-1252' });
    expect(last).toMatchObject({ taken: 1, charset: 'windows-1252' });
    expect(log.commands[0]!.person).toMatchObject({ familyName: 'CŒUR', givenNames: 'N’Diaye' });
    expect((await run(euro, { charset: 'iso-8859-1' })).rejected[0]!.codes).toEqual(['line.notInCharset']);
    expect((await run(csv(row(1)), { charset: 'windows-1252' })).rejected[0]!.codes).toEqual(['line.charsetMixed']);
    expect((await run(latin1(csv(row(1))), { charset: 'utf-8' })).rejected[0]!.codes).toEqual(['line.notUtf8']);
    expect((await run(latin1(csv(row(1, { nom: 'C\xbcUR' }))), { charset: 'iso-8859-15' })).log.commands[0]!.person.familyName).toBe('CŒUR'); // prettier-ignore
  });

  it('has lost no letter: U+FFFD is told with its column', async () => {
    const { rejected } = await run(csv(row(1, { nom: 'LEF\ufffdVRE' })));
    expect(rejected[0]!.codes).toEqual(['nom: cell.lostLetter']);
    const json = JSON.stringify(cells(1)).replace('Zoé', 'Zo\\ufffd');
    expect((await run(json, { format: 'ndjson' })).rejected[0]!.codes).toEqual(['prenoms: cell.lostLetter']);
  });
});

describe('habits of spreadsheets', () => {
  const only = async (more: Record<string, string>): Promise<unknown> => {
    const { rejected, log } = await run([HEAD, row(1, more)].join('\n'));
    return rejected[0]?.codes ?? log.commands[0];
  };

  it('sep=, tabs and commas are recognised', async () => {
    for (const [first, delimiter] of [['sep=;\r\n', ';'], ['"sep=;"\r\n', ';'], ['SEP=\t\n', '\t'], ['', '\t'], ['', ','], ['\ufeffsep=,\n', ',']] as const) {
      const file = first + [HEAD, row(1, { nom: '"A;B, C"' }).replace(/;(?!B)/g, ';'), ''].join('\n');
      const cut = file.replace(/;(?!B)(?!\r?\n|"\r)/g, delimiter);
      expect((await run(cut)).last).toMatchObject({ read: 1, taken: 1 });
    }
  }); // prettier-ignore

  it('padding is passed over, and what stands in it is told', async () => {
    const padded = await run([`${HEAD};;`, `${row(1)};;`, row(2), `${row(3)};;;;`, ';;;;', '"";""', `${row(4)};x;`, `${row(5)};;;y`].join('\n')); // prettier-ignore
    expect(padded.last).toMatchObject({ read: 5, taken: 3 });
    expect(padded.rejected.map((r) => [r.line, r.codes])).toEqual([[7, ['cell.noHeading']], [8, ['line.cells']]]); // prettier-ignore
    const inside = HEAD.replace('nom;', 'nom;;');
    const hole = (n: number, text: string): string => row(n, { nom: `A;${text}` });
    const holed = await run([inside, hole(1, ''), hole(2, 'x')].join('\n'));
    expect([holed.last, holed.rejected]).toMatchObject([{ read: 2, taken: 1 }, [{ codes: ['cell.noHeading'] }]]);
  });

  it.each([
    '2 79 99 39 001 002', '2799939001002', '2\u202f79\u00a099.39-001\u2009002', "'2799939001002", '="2799939001002"', '2 79 99 39 001’002',
  ])('the number %s is read', async (nir) => expect(await only({ nir })).toMatchObject({ person: { identifiers: [{ value: '2799939001002' }] } })); // prettier-ignore
  it('that of Corsica is read in lower case', async () =>
    expect(await only({ nir: withKey('279992A001002').toLowerCase() })).toMatchObject({
      person: { identifiers: [{ kind: 'NIR' }] },
    }));
  it.each(['2,79054E+14', '2.79054E+14', '3E+14'])('the number %s is told as one that lost digits', async (nir) =>
    expect(await only({ nir })).toEqual(['nir: cell.scientific']),
  );

  it('days with a time, guarded and shortened telephones are read', async () => {
    expect(await only({ debut_arret: '14/03/2023 00:00', telephone: "'0612345678" })).toMatchObject({ person: { phone: '0612345678' }, body: { data: { leave: { start: '2023-03-14' } } } }); // prettier-ignore
    expect(await only({ debut_arret: '45000', date_naissance: '21/05/79', date_accord: '01/01/1900', telephone: '6,12E+08' })).toEqual([
      'date_naissance: cell.dateYear', 'telephone: cell.scientific', 'debut_arret: cell.dateNumber', 'date_accord: cell.dateZero',
    ]); // prettier-ignore
    expect(await only({ telephone: '612345678' })).toMatchObject({ person: { phone: '0612345678' } });
  });
});

describe('an import that does not come to its end', () => {
  it('stops at the next line when told, settles what is under way, and goes on when sent again', async () => {
    const file = [HEAD, ...Array.from({ length: 60 }, (_, n) => row(n))].join('\n');
    const stop = new AbortController();
    const log = new Log();
    async function* slow(): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks(Buffer.from(file), 400)) {
        if (log.commands.length > 20) stop.abort();
        yield chunk;
      }
    }
    const { last } = await run(slow(), { log, stop: stop.signal });
    expect(last).toMatchObject({ type: 'stopped', reason: 'stopping', taken: log.commands.length, already: 0, rejected: 0, message: { fr: expect.any(String) } }); // prettier-ignore
    const { read, bytes } = last as Extract<ImportWord, { type: 'stopped' }>;
    expect([read > 20 && read < 60, Buffer.from(file).subarray(0, bytes).toString().trim().split('\n').length]).toEqual([true, read + 1]); // prettier-ignore
    expect((await run(file, { log })).last).toMatchObject({ type: 'summary', read: 60, taken: 60 - read, already: read });
  });

  it('is told so when nothing comes any more; before its heading it throws', async () => {
    const never = new Promise<never>(() => undefined);
    async function* silent(first: string): AsyncGenerator<Uint8Array> {
      yield Buffer.from(first);
      await never;
    }
    const { last } = await run(silent(`${HEAD}\n${row(1)}\n${row(2)}`), { patience: 30 });
    expect(last).toMatchObject({ type: 'stopped', reason: 'idle', read: 1, taken: 1 });
    await expect(run(silent('nir'), { patience: 30 })).rejects.toThrow(Interrupted);
    await expect(run(silent('nir'), { stop: AbortSignal.abort() })).rejects.toThrow(Interrupted);
  });

  it('waits for a slow source while lines are under way: only its own silence counts', async () => {
    const log = new Log();
    const { execute } = log.dependencies;
    const slow = {
      ...log.dependencies,
      execute: async (c: OpenCase) => (await new Promise((r) => setTimeout(r, 60)), execute(c)),
    };
    const words: ImportWord[] = [];
    const file = Buffer.from([HEAD, ...Array.from({ length: 40 }, (_, n) => row(n))].join('\n'));
    for await (const word of importTransmissions(chunks(file, 5_000), 'csv', CPAM, slow, { patience: 30 })) words.push(word);
    expect(words.at(-1)).toMatchObject({ type: 'summary', read: 40, taken: 40 });
  });
});

describe('NDJSON', () => {
  it.each<[string, string[]]>([
    ['{"nom":"A","Nom":"B"}', ['nom: key.twice']],
    ['{"nom":"A","n\\u006fm":"B"}', ['nom: key.twice']],
    ['{"__proto__":{"nom":"A"}}', ['__proto__: key.unknown']],
    ['{"telephone":612345678}', ['telephone: value.type']],
    ['{"rang":1e400}', ['rang: leave.rank']],
    ['{"rang":12345678901234567890}', ['rang: leave.rank']],
    [`{"nom":${'['.repeat(3_000)}${']'.repeat(3_000)}}`, ['nom: value.nested']],
    ['{"nom":"A"', ['line.notObject']],
  ])('%#: is told by name', async (line, expected) => {
    const { rejected, last } = await run(`\ufeff\r\n${line}\r\r${JSON.stringify(cells(1))}`, { format: 'ndjson' });
    expect(last).toMatchObject({ read: 2, taken: 1, rejected: 1 });
    expect(rejected[0]).toMatchObject({ line: 2, codes: expect.arrayContaining(expected) });
  });
});
