#!/usr/bin/env node
import 'reflect-metadata';
import { Command, Option } from 'commander';
import { type Charset, CHARSETS } from '../../../libs/application/import/charset.js';
import { type Format, FORMATS } from '../../../libs/application/import/import-transmissions.js';
import { ROLE_CODES } from '../../../libs/domain/kernel/roles.js';
import { existingFile, existingFiles, positive, webAddress } from './arguments.js';
import { backup } from './commands/backup.js';
import { copyLogBetween } from './commands/copy-log.js';
import { importFile } from './commands/import.js';
import { newIncarnation } from './commands/new-incarnation.js';
import { play } from './commands/play.js';
import { rebuildViews } from './commands/rebuild.js';
import { replay } from './commands/replay.js';
import { restoreBackup } from './commands/restore.js';
import { start } from './commands/start.js';
import { token } from './commands/token.js';
import { verify } from './commands/verify.js';

const program = new Command('fil-rouge').description(
  'Coordination de la prévention de la désinsertion professionnelle. Réglages : docs/configuration.md.',
);

program.command('start').description('démarre la base, l’API et le worker').action(start);
program
  .command('play')
  .description('joue des histoires sur une instance neuve ; s’arrête à la première étape qui diffère')
  .argument('<fichier...>', 'docs/scenarios.md', existingFiles)
  .option('--url <adresse>', 'plutôt sur cette instance de démonstration, qui tourne', webAddress)
  .action(async (files: string[], options: { url?: string }) => {
    process.exitCode = await play(files, options);
  });
program
  .command('import')
  .description(
    'prend les transmissions d’arrêts d’un fichier CSV ou NDJSON (docs/import.md) ; les lignes rejetées vont dans FICHIER.rejets.csv ou .ndjson ; après une coupure, la même commande reprend où elle en était',
  )
  .argument('<fichier>', 'docs/import.md', existingFile)
  .requiredOption('--organisation <id>', 'la caisse qui transmet')
  .addOption(new Option('--format <format>', 'd’après le nom du fichier sinon').choices(FORMATS))
  .addOption(new Option('--charset <jeu>', 'jeu de caractères ; reconnu sinon').choices(CHARSETS))
  .action(async (file: string, options: { organisation: string; format?: Format; charset?: Charset }) => {
    process.exitCode = await importFile(file, options);
  });
program
  .command('replay')
  .description('rejoue un dossier depuis le journal, sous le mandat d’un auditeur')
  .argument('<dossier>')
  .requiredOption('--as <sub>', 'l’auditeur')
  .option('--known-on <date>', 'seulement ce qui était enregistré ce jour-là')
  .option('--true-on <date>', 'seulement ce qui avait eu lieu ce jour-là')
  .action(async (caseId: string, options: { as: string; knownOn?: string; trueOn?: string }) => {
    process.exitCode = await replay(caseId, options);
  });
program
  .command('backup')
  .description('sauvegarde le journal et les clés, au même instant, dans deux dossiers ; l’instance peut tourner')
  .requiredOption('--log <dossier>', 'pour le journal ; il ne doit pas exister')
  .requiredOption('--keys <dossier>', 'pour les clés des personnes et l’index, à garder ailleurs et moins longtemps')
  .option('--keyring <fichier>', 'y copier aussi le trousseau, à garder loin des deux')
  .action(backup);
program
  .command('restore')
  .description('restaure une sauvegarde dans une base vide ou un dossier de données neuf, puis la vérifie')
  .requiredOption('--log <dossier>', 'le journal')
  .requiredOption('--keys <dossier>', 'les clés, de la même sauvegarde')
  .option('--keyring <fichier>', 'le trousseau, s’il n’est pas déjà à sa place (FIL_ROUGE_KEYRING)')
  .option('--new-ids', 'sa clé « ids » est perdue pour de bon : en faire une autre (docs/operations.md dit ce que cela coûte)')
  .action(restoreBackup);
program
  .command('verify')
  .description('relit tout le journal, s’arrête au premier défaut et le nomme ; donne sinon son compte et son empreinte')
  .action(verify);
program
  .command('new-incarnation')
  .description('après une restauration par un autre outil, ou la promotion d’un secondaire : les lecteurs d’avant relisent')
  .action(newIncarnation);
program
  .command('copy-log')
  .description(
    'copie tout le journal dans un autre magasin, vide, puis le vérifie ; arrêter d’abord toutes les instances ; après une coupure, la même commande reprend où elle en était',
  )
  .requiredOption('--from <magasin>', 'postgres://… (le rôle propriétaire), embedded (le dossier de données) ou esdb://…')
  .requiredOption('--to <magasin>', 'de même')
  .action(copyLogBetween);
program.command('rebuild').description('reconstruit les vues depuis le journal').action(rebuildViews);
program
  .command('token')
  .description('donne un jeton de démonstration')
  .requiredOption('--organisation <id>', 'organisation de l’annuaire')
  .addOption(new Option('--role <rôle>', 'rôle dans cette organisation').choices(ROLE_CODES).makeOptionMandatory())
  .option('--person <id>', 'identifiant de la personne', 'demonstration')
  .option('--hours <n>', 'durée', positive, 8)
  .action(token);

program.parseAsync().then(
  // Nothing may keep a finished command alive.
  () => process.exit(process.exitCode ?? 0),
  (error: unknown) => {
    // An operator's fault is told in a sentence; anything else with where it happened.
    const known =
      error instanceof Error &&
      /^(Backup|Command|Config|Copy|DataFolder|Database|Keyring|EmbeddedPostgres|Log(Fault|NotLoadable)|Scenario|InvalidHeader)/.test(
        error.constructor.name,
      );
    console.error(known ? `fil-rouge : ${error.message}` : error);
    process.exit(1);
  },
);
