/** Somebody or something that helps, whom a partner may name to a person; see `ResourceListed`. */
export interface Resource {
  readonly resourceId: string;
  readonly name: string;
  readonly kind: string;
  readonly situations: readonly string[];
  readonly audiences: readonly string[];
  /** The whole country when absent. */
  readonly territory?: string;
  readonly retired: boolean;
}
interface Past {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}
/** Listed again, the last word counts. */
export const resourceOf = (history: readonly Past[]): Resource | undefined =>
  history.reduce<Resource | undefined>((resource, { type, data }) => {
    if (type === 'ResourceListed') return { ...(data as unknown as Resource), retired: false };
    return resource && { ...resource, retired: true };
  }, undefined);
