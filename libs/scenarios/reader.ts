import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { ScenarioErrors } from './scenario.js';

/** A value of the file with the line on which it stands. */
export interface Located {
  readonly node: Node | null;
  readonly line: number;
}
/** Reads a YAML document and collects its faults, so that an author sees all of them at once. */
export class Reader {
  private readonly lines = new LineCounter();
  private readonly faults: { line: number; message: string }[] = [];
  readonly root: Located;

  constructor(
    text: string,
    readonly file: string,
  ) {
    const document = parseDocument(text, { lineCounter: this.lines });
    for (const error of document.errors) this.fail(error.linePos?.[0].line ?? 1, error.message.split('\n')[0] ?? error.message);
    this.root = { node: document.contents as Node | null, line: 1 };
    this.end();
  }

  fail(line: number, message: string): undefined {
    this.faults.push({ line, message });
    return undefined;
  }
  /** @throws ScenarioErrors when anything was wrong */
  end(): void {
    if (this.faults.length)
      throw new ScenarioErrors(
        this.file,
        [...this.faults].sort((a, b) => a.line - b.line),
      );
  }

  /** The entries of a map; a key outside `allowed` is a fault. */
  entries(at: Located, allowed?: readonly string[]): Map<string, Located> {
    const found = new Map<string, Located>();
    if (!isMap(at.node)) return this.fail(at.line, 'un ensemble « clé: valeur » est attendu') ?? found;
    for (const pair of (at.node as YAMLMap<Node, Node | null>).items) {
      const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
      const line = this.lineOf(pair.key);
      if (allowed && !allowed.includes(key)) this.fail(line, `clé inconnue : « ${key} » (attendu : ${allowed.join(', ')})`);
      else found.set(key, { node: pair.value, line: pair.value ? this.lineOf(pair.value) : line });
    }
    return found;
  }
  items(at: Located | undefined): Located[] {
    if (!at) return [];
    if (!isSeq(at.node)) return this.fail(at.line, 'une liste est attendue') ?? [];
    return (at.node.items as Node[]).map((node) => ({ node, line: this.lineOf(node) }));
  }
  /** A text, a number or a boolean. */
  scalar(at: Located): unknown {
    return isScalar(at.node) ? at.node.value : this.fail(at.line, 'une valeur simple est attendue');
  }
  text(at: Located): string {
    const value = this.scalar(at);
    if (value === undefined) return '';
    return typeof value === 'string' && value !== '' ? value : (this.fail(at.line, 'un texte est attendu') ?? '');
  }
  texts(at: Located | undefined): string[] {
    return this.items(at).map((item) => this.text(item));
  }
  required(map: Map<string, Located>, key: string, line: number): Located | undefined {
    return map.get(key) ?? this.fail(line, `il manque « ${key} »`);
  }
  requiredText(map: Map<string, Located>, key: string, line: number): string {
    const at = this.required(map, key, line);
    return at ? this.text(at) : '';
  }

  private lineOf(node: Node): number {
    return this.lines.linePos(node.range?.[0] ?? 0).line;
  }
}
