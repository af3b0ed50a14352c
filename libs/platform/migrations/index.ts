import { type MigrationInterface } from 'typeorm';
import { Log0001 } from './0001-log.js';
import { App0002 } from './0002-app.js';
import { Vault0003 } from './0003-vault.js';
import { Log0004 } from './0004-log.js';
import { Moved0005 } from './0005-moved.js';
import { Watch0006 } from './0006-watch.js';
import { Processes0007 } from './0007-processes.js';
import { Append0008 } from './0008-append.js';
import { Home0009 } from './0009-home.js';
import { ConsentCode0010 } from './0010-consent-code.js';
import { Ids0011 } from './0011-ids.js';
import { About0012 } from './0012-about.js';
import { MessagesToOne0013 } from './0013-messages-to-one.js';
import { Idempotency0014 } from './0014-idempotency.js';

/** Every migration of the installation, oldest first. New ones go at the end; one that was released never changes. */
export const migrations: (new () => MigrationInterface)[] = [
  Log0001,
  App0002,
  Vault0003,
  Log0004,
  Moved0005,
  Watch0006,
  Processes0007,
  Append0008,
  Home0009,
  ConsentCode0010,
  Ids0011,
  About0012,
  MessagesToOne0013,
  Idempotency0014,
];
