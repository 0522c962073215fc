import type { Table } from './table.ts';

/** A line of an outline; depth 0 is the outermost. */
export interface OutlineItem {
  readonly depth: number;
  readonly text: string;
}

/** A part of a report: a line of text, an outline, or under a title a text to be copied as it is, a list or a table. */
export type Block =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'outline'; readonly items: readonly OutlineItem[] }
  | { readonly kind: 'code'; readonly title: string; readonly text: string }
  | { readonly kind: 'list'; readonly title: string; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly table: Table;
      /** Whether Markdown shows the title alone until a reader opens it. */
      readonly folded?: true;
    };

/** An answer arranged for reading, still as data. */
export interface Report {
  /** Schema of the answer, for example `kplan/fit@1`. */
  readonly schema: string;
  /** Whether Markdown makes no name a link, a mention or a reference: where names of others stand in what a forge shows. */
  readonly unlinked?: true;
  readonly blocks: readonly Block[];
}

/** A list, or nothing where it would be empty. */
export function listBlock(title: string, items: readonly string[]): Block[] {
  return items.length === 0 ? [] : [{ kind: 'list', title, items }];
}

/** A table, or nothing where it would be empty. */
export function tableBlock(title: string, table: Table): Block[] {
  return table.rows.length === 0 ? [] : [{ kind: 'table', title, table }];
}

/** A table that Markdown folds away, or nothing where it would be empty. */
export function foldedBlock(title: string, table: Table): Block[] {
  return table.rows.length === 0 ? [] : [{ kind: 'table', title, table, folded: true }];
}
