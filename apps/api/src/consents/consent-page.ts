import mustache from 'mustache';
import { type ConsentPage } from '../../../../libs/application/ask-the-person.js';
import { type Question } from '../../../../libs/domain/case/asking-the-person.js';

/** Everything is escaped: names come from a directory. No script, no address of elsewhere. */
const FRAME = `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{title}}</title>
<style>
body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem; color: #161616; background: #fff; }
button { font: inherit; padding: .6rem 1.2rem; margin: .5rem .5rem 0 0; border: 2px solid #000091; border-radius: .25rem; background: #fff; color: #000091; }
button.yes { background: #000091; color: #fff; }
form { display: inline; }
</style>
</head>
<body>
<main>
<h1>{{title}}</h1>
{{{main}}}
</main>
</body>
</html>
`;
const KINDS = {
  accord: {
    title: 'Votre accord',
    question: `<p><strong>{{who}}</strong> demande à savoir, pour vous accompagner :</p>
<ul>
{{#what}}<li>{{.}}</li>
{{/what}}</ul>
<p>{{#until}}Jusqu’au {{until}}.{{/until}}{{^until}}Sans date de fin.{{/until}} Vous êtes libre de refuser, et de retirer votre accord à tout moment : il suffit de le dire à la personne qui vous accompagne.</p>
`,
    yes: 'Je donne mon accord',
    no: 'Je refuse',
    signed: 'Merci. Votre accord est enregistré. Vous pouvez fermer cette page.',
    refused: 'C’est noté : vous refusez, et rien ne sera partagé à ce titre. Vous pouvez fermer cette page.',
  },
  change: {
    title: 'Votre situation a-t-elle changé ?',
    question: `<p><strong>{{who}}</strong> dit être désormais {{asWhat}}.</p>
<p>Si c’est exact, ce qui est déjà prévu pour vous accompagner lui sera transmis, pour continuer avec vous.</p>
`,
    yes: 'Oui, c’est exact',
    no: 'Non, c’est une erreur',
    signed: 'Merci. C’est noté, et votre accompagnement continue. Vous pouvez fermer cette page.',
    refused: 'C’est noté : rien ne lui sera transmis à ce titre. Vous pouvez fermer cette page.',
  },
} as const satisfies Record<Question['kind'], object>;
const BUTTONS = `<form method="post" action="/accord/{{token}}/sign"><button class="yes">{{yes}}</button></form>
<form method="post" action="/accord/{{token}}/refuse"><button>{{no}}</button></form>
`;
const OVER =
  'Cette page n’attend plus de réponse. Si vous n’avez pas répondu, demandez un nouveau message à la personne qui vous accompagne.';
const framed = (title: string, main: string): string => mustache.render(FRAME, { title, main });
const paragraph = (text: string): string => mustache.render('<p role="status">{{text}}</p>', { text });

export function consentPage(token: string, { state, question }: ConsentPage): string {
  const words = KINDS[question.kind];
  return framed(
    words.title,
    state === 'open'
      ? mustache.render(words.question, question) + mustache.render(BUTTONS, { token, ...words })
      : paragraph(state === 'over' ? OVER : words[state]),
  );
}
export const noPage = (): string => framed('Page introuvable', paragraph('Ce lien ne mène à aucune demande.'));
