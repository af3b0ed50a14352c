import Mustache from 'mustache';
import { type Avis } from '../../../../libs/domain/forum/meeting.js';
import { type Role, ROLES } from '../../../../libs/domain/kernel/roles.js';
import { definitionOf } from '../../../../libs/domain/measures/index.js';
import { type MeasureType } from '../../../../libs/domain/measures/types.js';

/** A meeting as `GET /v1/meetings/{id}` gives it: what is not there, its reader may not see. */
export interface MeetingShown {
  readonly forum: { readonly name: string; readonly chair: string };
  readonly date: string;
  readonly heldOn?: string;
  readonly status: string;
  readonly attendees: readonly { readonly organisation: string; readonly role: Role }[];
  readonly items: readonly {
    readonly person: {
      readonly familyName?: string;
      readonly usedName?: string;
      readonly givenNames?: string;
      readonly birthDate?: string;
    };
    readonly caseId: string;
    readonly measureId?: string;
    readonly measure?: { readonly type?: MeasureType; readonly from?: string; readonly to?: string };
    readonly answered?: boolean;
    readonly avis?: Avis;
    readonly decisions?: readonly { readonly kind: string; readonly on: string }[];
  }[];
}

const STATUS: Readonly<Record<string, string>> = { planned: 'à tenir', cancelled: 'annulée', held: 'tenue, à clore', closed: 'close' }; // prettier-ignore
const AVIS: Readonly<Record<Avis, string>> = { favourable: 'favorable', unfavourable: 'défavorable', adjourned: 'ajourné', 'without-object': 'sans objet' }; // prettier-ignore
const DECISIONS: Readonly<Record<string, string>> = { approved: 'accordée', refused: 'refusée' };
const french = (date: string | undefined): string => (date ? date.split('-').reverse().join('/') : '');

const PAGE = `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{forum}} – {{date}}</title>
<style>
body { font: 15px/1.45 Arial, "Liberation Sans", sans-serif; color: #161616; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin-bottom: .25rem } h2 { font-size: 1.1rem; margin-top: 1.75rem }
.note { color: #555; font-size: .87rem }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #888; padding: .4rem .55rem; text-align: left; vertical-align: top }
thead th { background: #eee } tr { break-inside: avoid }
@media print { body { margin: 0; max-width: none } }
</style>
</head>
<body>
<h1>{{forum}} : compte rendu</h1>
<p>Réunion du {{date}}, {{status}}. Tenue par {{chair}}.</p>
<h2>Présents</h2>
{{#attendees.length}}<ul>{{#attendees}}<li>{{name}} ({{role}})</li>{{/attendees}}</ul>{{/attendees.length}}
{{^attendees.length}}<p>Pas encore constatés.</p>{{/attendees.length}}
<h2>Dossiers</h2>
{{#items.length}}<div class="scroll"><table>
<thead><tr><th scope="col">Personne</th><th scope="col">Demande</th><th scope="col">Avis de l’instance</th><th scope="col">Décision</th></tr></thead>
<tbody>{{#items}}<tr><td>{{person}}</td><td>{{measure}}</td><td>{{avis}}</td><td>{{decision}}</td></tr>
{{/items}}</tbody></table></div>{{/items.length}}
{{^items.length}}<p>Aucun dossier que vous puissiez voir.</p>{{/items.length}}
<p class="note">L’instance rend un avis ; la décision revient à qui décide de la mesure. Ce document ne montre que les dossiers et les informations
que son lecteur peut voir : celui d’un autre partenaire peut différer.</p>
</body>
</html>
`;

/** The minutes as a page to print, in French. Everything that people typed is escaped. */
export function minutesOf(meeting: MeetingShown, nameOf: (organisation: string) => string): string {
  const { forum, date, heldOn, status, attendees, items } = meeting;
  return Mustache.render(PAGE, {
    forum: forum.name,
    chair: nameOf(forum.chair),
    date: french(heldOn ?? date),
    status: STATUS[status] ?? status,
    attendees: attendees.map((a) => ({ name: nameOf(a.organisation), role: ROLES[a.role].fr })),
    items: items.map(({ person, caseId, measureId, measure, answered, avis, decisions = [] }) => {
      const { familyName, usedName, givenNames, birthDate } = person;
      const name = [familyName, usedName && `(nom d’usage : ${usedName})`, givenNames].filter(Boolean).join(' ');
      const period = measure?.from ? `, du ${french(measure.from)}${measure.to ? ` au ${french(measure.to)}` : ''}` : '';
      const last = decisions.at(-1);
      return {
        person: name ? `${name}${birthDate ? `, né(e) le ${french(birthDate)}` : ''}` : `dossier ${caseId}`,
        measure: measureId
          ? `${(measure && definitionOf(measure)?.label.fr) ?? 'demande retirée ou non visible'}${period}`
          : 'le dossier entier',
        avis: avis ? AVIS[avis] : answered ? 'rendu' : measureId ? '' : 'aucun à rendre',
        decision: last ? `${DECISIONS[last.kind] ?? last.kind} le ${french(last.on)}` : '',
      };
    }),
  });
}
