import { type MigrationInterface } from 'typeorm';
import { Log0001 } from './0001-log.js';
import { App0002 } from './0002-app.js';
import { Vault0003 } from './0003-vault.js';
import { LogCopy0004 } from './0004-log-copy.js';
import { Moved0005 } from './0005-moved.js';

/** Every migration of the installation, oldest first. New ones go at the end; one that was released never changes. */
export const migrations: (new () => MigrationInterface)[] = [Log0001, App0002, Vault0003, LogCopy0004, Moved0005];
