import { statSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';

export function existingFile(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new InvalidArgumentError('Ce fichier n’existe pas.');
  return path;
}
export const existingFiles = (path: string, earlier: readonly string[] = []): string[] => [...earlier, existingFile(path)];

export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Il faut un nombre au-dessus de zéro.');
  return value;
}

export function webAddress(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('Il faut une adresse comme http://127.0.0.1:3000.');
  return text;
}
