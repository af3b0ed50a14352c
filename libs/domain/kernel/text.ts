/** A sentence for people: French first, English beside it. */
export interface Text {
  readonly fr: string;
  readonly en: string;
}
export const t = (fr: string, en: string): Text => ({ fr, en });
