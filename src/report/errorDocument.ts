/** The document that stands on stdout where a result would have, under `--json`. */
export interface ErrorDocument {
  readonly schema: 'kplan/error@1';
  readonly error: {
    /** A code of `Fault`, or `internal` for a defect of kplan. */
    readonly code: string;
    readonly message: string;
    /** The option, field or `file:line:column`. */
    readonly where: string | null;
    /** The value as given, shortened and without control characters. */
    readonly value: string | null;
    readonly allowed: string | null;
    readonly nearest: readonly string[];
  };
}
