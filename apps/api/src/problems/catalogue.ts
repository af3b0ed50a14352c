import { type Text, t } from '../../../../libs/domain/kernel/text.js';

interface Entry {
  readonly status: number;
  readonly title: Text;
  readonly detail: Text;
}
const entry = (status: number, title: Text, detail: Text): Entry => ({ status, title, detail });

/** Every problem of the API (RFC 9457). The key is the end of `type`, `urn:fil-rouge:problem:<key>`, and never changes. */
export const PROBLEMS = {
  'malformed-json': entry(400, t('Corps illisible', 'Unreadable body'), t("Le corps n'est pas du JSON.", 'The body is not JSON.')),
  'bad-request': entry(400, t('Requête illisible', 'Unreadable request'), t('La requête est mal formée.', 'The request is malformed.')),
  invalid: entry(400, t('Valeurs refusées', 'Values refused'), t('Chaque valeur fautive est nommée.', 'Every faulty value is named.')),
  'idempotency-key-required': entry(
    400,
    t('Idempotency-Key manquant', 'Idempotency-Key missing'),
    t("Il faut un en-tête Idempotency-Key de 1 à 200 caractères ASCII visibles.", 'A header Idempotency-Key of 1 to 200 visible ASCII characters is needed.'),
  ),
  'invalid-identifier': entry(400, t('Identifiant refusé', 'Identifier refused'), t("L'identifiant n'est pas valable.", 'The identifier is not valid.')),
  'invalid-cursor': entry(400, t('Curseur refusé', 'Cursor refused'), t("Ce curseur n'est pas de cette liste.", 'This cursor is not of this list.')),
  'demonstration-only': entry(
    400,
    t('Réservé à la démonstration', 'For demonstration only'),
    t("L'en-tête Fil-Rouge-Demo-Now n'existe qu'en démonstration.", 'The header Fil-Rouge-Demo-Now exists in a demonstration only.'),
  ),
  'invalid-demo-now': entry(
    400,
    t('Instant refusé', 'Instant refused'),
    t('Fil-Rouge-Demo-Now attend un instant, 2023-03-14T09:00:00Z.', 'Fil-Rouge-Demo-Now takes an instant, 2023-03-14T09:00:00Z.'),
  ),
  unauthenticated: entry(401, t('Non authentifié', 'Not authenticated'), t('Il faut un jeton valable.', 'A valid token is needed.')),
  forbidden: entry(403, t('Non permis', 'Not permitted'), t('Ce rôle ne peut pas faire cela.', 'This role may not do this.')),
  'case-not-found': entry(404, t('Dossier introuvable', 'Case not found'), t('Aucun dossier de ce numéro pour vous.', 'No case of this number for you.')),
  'not-found': entry(404, t('Introuvable', 'Not found'), t('Il n’y a rien ici pour vous.', 'There is nothing here for you.')),
  'route-not-found': entry(404, t('Adresse inconnue', 'Unknown address'), t("L'API n'a pas cette adresse.", 'The API has no such address.')),
  'request-timeout': entry(408, t('Requête inachevée', 'Request not finished'), t('Rien n’est plus venu ; rien n’est pris.', 'Nothing came any more; nothing was taken.')),
  refused: entry(409, t('Acte refusé', 'Act refused'), t('Chaque raison est nommée ; rien n’est écrit.', 'Every reason is named; nothing was written.')),
  resync: entry(410, t('Reprendre du début', 'Start again'), t("Ce curseur date d'avant une restauration : relisez du début.", 'This cursor is older than a restore: read again from the start.')),
  'person-erased': entry(410, t('Données effacées', 'Data erased'), t('Les données de cette personne sont effacées.', "This person's data are erased.")),
  'precondition-failed': entry(412, t('Dossier modifié', 'Case changed'), t("Le dossier n'est plus tel que vous l'avez vu : relisez-le.", 'The case is not as you saw it any more: read it again.')),
  'body-too-large': entry(413, t('Corps trop grand', 'Body too large'), t('Un corps fait au plus 1 Mo.', 'A body is 1 MB at most.')),
  'unsupported-media-type': entry(415, t('Type de contenu refusé', 'Content type refused'), t('Un corps est en application/json, UTF-8.', 'A body is application/json, UTF-8.')),
  'idempotency-mismatch': entry(
    422,
    t('Idempotency-Key déjà employé', 'Idempotency-Key already used'),
    t('Cette clé a déjà servi pour une autre requête.', 'This key was used for another request.'),
  ),
  'precondition-required': entry(428, t('If-Match manquant', 'If-Match missing'), t('Cet acte demande l’ETag du dossier que vous avez vu : en-tête If-Match, ou « ifMatch » dans la ligne d’une séance ; « * » si peu importe ce qui a changé depuis.', 'This act needs the ETag of the case that you saw: header If-Match, or "ifMatch" in the line of a sitting; "*" where it does not matter what has changed since.')),
  internal: entry(500, t('Erreur interne', 'Internal error'), t("L'erreur est consignée.", 'The error is logged.')),
  'message-not-sent': entry(503, t('Message non envoyé', 'Message not sent'), t('Le message à la personne n’est pas parti : réessayez dans un instant.', 'The message to the person did not go out: try again in a moment.')),
  unavailable: entry(503, t('Indisponible', 'Unavailable'), t('Réessayez dans un instant.', 'Try again in a moment.')),
  busy: entry(503, t('Très sollicité', 'Busy'), t('Trop d’actes en même temps au même endroit : rien n’est écrit, réessayez dans un instant.', 'Too many acts in one place at once: nothing was written, try again in a moment.')),
  'not-yet': entry(
    503,
    t('Pas encore à jour', 'Not up to date yet'),
    t('La vue n’en est pas encore à ce que vous demandez (after) : redemandez.', 'The view has not come to what you ask for (after) yet: ask again.'),
  ),
  'views-rebuilding': entry(503, t('Listes en reconstruction', 'Lists being made anew'), t('Cette liste est en cours de reconstruction : redemandez dans un instant.', 'This list is being made anew: ask again in a moment.')),
  'outcome-unknown': entry(
    503,
    t('Issue inconnue', 'Outcome unknown'),
    t('L’acte est peut-être enregistré : réessayez avec le même Idempotency-Key.', 'The act may be recorded: try again with the same Idempotency-Key.'),
  ),
} as const satisfies Record<string, Entry>; // prettier-ignore
export type ProblemCode = keyof typeof PROBLEMS;
