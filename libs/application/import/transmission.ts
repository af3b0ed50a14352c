import { validate as validateSiret } from 'stdnum/lib/cjs/fr/siret.js';
import { SickLeaveTransmittedToSpst } from '../../domain/case/events/sick-leave-transmitted-to-spst.js';
import { PersonIdentified } from '../../domain/case/events/person-identified.js';
import { type Field } from '../../domain/kernel/fields.js';
import { type LocalDate } from '../../domain/kernel/local-date.js';
import { t } from '../../domain/kernel/text.js';
import { bareNumber } from '../../domain/person/nir.js';
import { InvalidIdentifier, normaliseIdentifier } from '../../vault/identifier.js';
import { type ActBody, type PersonInput } from '../messages.js';
import { dayAsTyped, isScientific, phoneAsTyped, SCIENTIFIC } from './as-typed.js';
import { type Cells, type Column, fault, type Reason } from './columns.js';

/** What a line asks of `transmit-sick-leave`. */
export interface Transmission {
  readonly person: PersonInput;
  readonly caisse: string | undefined;
  readonly body: ActBody;
}

const { leave, activity, accord, spstCode } = SickLeaveTransmittedToSpst.fields;
const { phone, sex: sexField } = PersonIdentified.fields;
const codesOf = (field: Field | undefined): readonly string[] => (field?.kind === 'code' ? field.codes : []);
/** Straight from the act: what it takes, the file takes. */
const CODES: Partial<Record<Column, readonly string[]>> = {
  sexe: codesOf(sexField),
  risque: codesOf(leave.items['risk']),
  statut: codesOf(activity.items['status']),
  preuve_accord: codesOf(accord.items['proof']),
};
const MAX_NAME = 100;

/** The command that a line amounts to, or every reason why it is none. */
export function transmissionOf(cells: Cells, options: { readonly fictitious: boolean }): Transmission | readonly Reason[] {
  const line = new LineReader(cells);
  line.lostLetters();
  const identifiers = [line.identifier('nir', 'NIR', options), line.identifier('ins', 'INS', options)].flatMap((i) => i ?? []);
  if (cells.nir === undefined && cells.ins === undefined)
    line.fault('person.identifierMissing', 'nir', t('Il faut un NIR ou un INS.', 'A NIR or an INS is needed.'));
  const sex = line.code('sexe') as 'F' | 'M' | undefined;
  const person: PersonInput = {
    identifiers,
    familyName: line.name('nom'),
    ...line.some('usedName', cells.nom_usage === undefined ? undefined : line.name('nom_usage')),
    givenNames: line.name('prenoms'),
    birthDate: line.required('date_naissance', (c) => line.day(c)) as LocalDate,
    ...(sex && { sex }),
    ...line.some('phone', line.phone()),
  };

  const start = line.required('debut_arret', (c) => line.day(c));
  const expectedEnd = line.day('fin_prevue');
  if (start && expectedEnd && expectedEnd < start)
    line.fault(
      'leave.endBeforeStart',
      'fin_prevue',
      t('La fin prévue précède le début.', 'The expected end is before the start.'),
    );
  const risk = line.required('risque', (c) => line.code(c));

  const status = line.code('statut');
  const employerSiret = line.siret('siret_employeur');
  if (cells.siret_employeur !== undefined && cells.statut === undefined)
    line.fault('activity.statusMissing', 'statut', t('Un employeur va avec un statut.', 'An employer goes with a status.'));

  if (cells.date_accord === undefined) line.noAccord();
  const accordOn = line.day('date_accord');
  const proof = cells.date_accord === undefined ? undefined : line.required('preuve_accord', (c) => line.code(c));
  const occurredOn = line.day('date_transmission');

  const body: ActBody = {
    data: {
      ...line.some('spstCode', line.matching('code_spst', spstCode.pattern, 'spst.code')),
      leave: { start, ...line.some('expectedEnd', expectedEnd), risk, ...line.some('rank', line.rank()) },
      ...(status !== undefined && { activity: { status, ...line.some('employerSiret', employerSiret) } }),
      accord: { date: accordOn, proof },
    },
    ...(occurredOn && { occurredOn }),
  };
  const caisse = line.matching('caisse', /^[a-z0-9][a-z0-9-]{1,60}$/, 'caisse.identifier');
  return line.faults.length > 0 ? line.faults : { person, caisse, body };
}

/** Reads the cells of one line, and keeps every fault that it meets. */
class LineReader {
  readonly faults: Reason[] = [];
  constructor(private readonly cells: Cells) {}

  fault(code: string, column: Column, message: Reason['message']): void {
    this.faults.push(fault(code, message, column));
  }
  /** U+FFFD stands where a program could not read a letter: what it was is nowhere in the file. */
  lostLetters(): void {
    for (const [column, text] of Object.entries(this.cells) as [Column, string][])
      if (text.includes('\ufffd'))
        this.fault('cell.lostLetter', column, t('Une lettre s’est perdue (�) : la reprendre à la source.', 'A letter was lost (�): take it from the source.')); // prettier-ignore
  }
  noAccord(): void {
    const message = t('Pas de transmission sans l’accord de la personne ; le silence n’est pas un accord.', 'No transmission without the person’s consent; silence is not consent.'); // prettier-ignore
    this.faults.push({ code: 'transmission.consentMissing', article: 'L.315-4 CSS', column: 'date_accord', message });
  }
  some<V>(name: string, value: V | undefined): Record<string, V> {
    return value === undefined ? {} : { [name]: value };
  }

  required<V>(column: Column, read: (column: Column) => V | undefined): V | undefined {
    if (this.cells[column] === undefined)
      this.fault('cell.missing', column, t(`Il manque « ${column} ».`, `"${column}" is missing.`));
    return read(column);
  }
  name(column: Column): string {
    const value = this.required(column, (c) => this.cells[c]) ?? '';
    if (value.length > MAX_NAME || /[\p{Cc}\p{Cs}]/u.test(value))
      this.fault(
        'cell.text',
        column,
        t(`Au plus ${MAX_NAME} caractères imprimables.`, `At most ${MAX_NAME} printable characters.`),
      );
    return value;
  }
  day(column: Column): LocalDate | undefined {
    const value = this.cells[column];
    if (value === undefined) return undefined;
    const day = dayAsTyped(value);
    if (typeof day === 'string') return day;
    this.fault(day.code, column, day.message);
    return undefined;
  }
  /** A number of many digits; undefined, with its fault, once a spreadsheet has lost some. */
  number(column: Column): string | undefined {
    const value = this.cells[column];
    if (value === undefined || !isScientific(value)) return value;
    this.fault('cell.scientific', column, SCIENTIFIC);
    return undefined;
  }
  phone(): string | undefined {
    const value = this.number('telephone');
    return value === undefined ? undefined : this.having(phoneAsTyped(value, phone.pattern), 'telephone', phone.pattern, 'person.phone'); // prettier-ignore
  }
  code(column: Column): string | undefined {
    const value = this.cells[column];
    const codes = CODES[column]!;
    // Spreadsheets and people differ on capitals; the codes don't differ by them alone.
    const found = codes.find((c) => c.toLowerCase() === value?.toLowerCase());
    if (value !== undefined && found === undefined)
      this.fault('cell.code', column, t(`L’un de : ${codes.join(', ')}.`, `One of: ${codes.join(', ')}.`));
    return found;
  }
  matching(column: Column, pattern: RegExp, code: string): string | undefined {
    return this.having(this.cells[column], column, pattern, code);
  }
  private having(value: string | undefined, column: Column, pattern: RegExp, code: string): string | undefined {
    if (value === undefined || pattern.test(value)) return value;
    this.fault(code, column, t(`« ${column} » n’a pas la forme attendue.`, `"${column}" has not the expected form.`));
    return undefined;
  }
  rank(): number | undefined {
    const value = this.matching('rang', /^[1-9]\d?$/, 'leave.rank');
    return value === undefined ? undefined : Number(value);
  }
  siret(column: Column): string | undefined {
    const typed = this.number(column);
    const value = typed === undefined ? undefined : bareNumber(typed);
    if (value === undefined || (/^\d{14}$/.test(value) && validateSiret(value).isValid)) return value;
    this.fault('cell.siret', column, t('SIRET : 14 chiffres, dont la clé est juste.', 'SIRET: 14 digits, with a valid key.'));
    return undefined;
  }
  identifier(column: 'nir' | 'ins', kind: 'NIR' | 'INS', options: { readonly fictitious: boolean }) {
    const typed = this.number(column);
    if (typed === undefined) return undefined;
    const value = bareNumber(typed);
    const oid = kind === 'INS' ? this.cells.oid : undefined;
    try {
      normaliseIdentifier({ value, ...(oid !== undefined && { oid }) }, options);
      return { kind, value, ...(oid !== undefined && { oid }) };
    } catch (error) {
      if (!(error instanceof InvalidIdentifier)) throw error;
      this.fault(
        `identifier.${error.reason}`,
        error.reason === 'oid' || error.reason === 'fictitious' ? 'oid' : column,
        error.text,
      );
      return undefined;
    }
  }
}
