/** One address of the API, and a request that it takes. */
export interface Operation {
  readonly method: string;
  /** `/v1/cases/{caseId}/record-interview` */
  readonly path: string;
  /** Undefined where it takes none. */
  readonly body: unknown;
  readonly type: string;
  readonly query: readonly string[];
}
interface Described {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly examples?: Readonly<Record<string, { readonly value: unknown }>> }>>;
  };
}
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

const IMPORT_LINES =
  'nir;nom;prenoms;date_naissance;debut_arret;risque;code_spst;date_accord;preuve_accord\n279053930000123;MARTIN;Claire;1979-05-21;2026-01-09;maladie;MT39;2026-03-10;form\n';

/** Every operation that the document names, with its own example. */
export const operationsOf = ({ paths }: OpenApi): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? ['application/json', undefined];
      const [example] = Object.values(content?.examples ?? {});
      const query = parameters.flatMap((p) => (p.in === 'query' ? [p.name] : []));
      const body = type === 'application/json' ? example?.value : content && IMPORT_LINES;
      return { method: method.toUpperCase(), path, body, type, query };
    }),
  );
