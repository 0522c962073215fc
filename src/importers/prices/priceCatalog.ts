import { conditionRow, tariffRow } from '../../catalog/rows.ts';
import { Fault } from '../../faults/fault.ts';
import { appendRows, type CatalogFile, type CatalogRow, catalogPath, heldRows } from '../shared/catalogFile.ts';
import type { Proposal } from './proposal.ts';

const WRITER = 'kplan import prices';
const TARIFFS: CatalogFile = { name: 'tariffs.csv', columns: Object.keys(tariffRow.shape), writer: WRITER };
const CONDITIONS: CatalogFile = { name: 'tariff-conditions.csv', columns: Object.keys(conditionRow.shape), writer: WRITER };

/** What is not part of a price: a copied file may have another name. */
const SOURCE = TARIFFS.columns.indexOf('source');

/** How a row stands to those that a catalog holds. */
export type Standing = 'new' | 'known' | 'conflict';

/** Rows of the tariffs that a catalog folder holds, by id. */
export class HeldPrices {
  readonly #tariffs: ReadonlyMap<string, CatalogRow>;
  readonly #conditions = new Map<string, CatalogRow[]>();

  constructor(tariffs: readonly CatalogRow[], conditions: readonly CatalogRow[]) {
    this.#tariffs = new Map(tariffs.map((cells) => [cells[0] ?? '', cells]));
    for (const cells of conditions) {
      const [id = ''] = cells;
      this.#conditions.set(id, [...(this.#conditions.get(id) ?? []), cells]);
    }
  }

  #hasConditions({ tariff, conditionCells }: Proposal): boolean {
    const lines = (this.#conditions.get(tariff.id) ?? []).map((cells) => cells.join());
    return lines.join('\n') === conditionCells.map((cells) => cells.join()).join('\n');
  }

  /** Conditions stand in the folder before their tariff does where an import was cut off between the two files. */
  lacksConditions(proposal: Proposal): boolean {
    return !this.#hasConditions(proposal);
  }

  standingOf(proposal: Proposal): Standing {
    const held = this.#tariffs.get(proposal.tariff.id);
    if (!held) return !this.#conditions.has(proposal.tariff.id) || this.#hasConditions(proposal) ? 'new' : 'conflict';
    const isSame = held.every((cell, column) => column === SOURCE || cell === proposal.cells[column]);
    return isSame && this.#hasConditions(proposal) ? 'known' : 'conflict';
  }
}

/** Where the tariffs of a catalog folder stand. */
export function tariffsFileOf(folder: string): string {
  return catalogPath(folder, TARIFFS);
}

/** The tariffs that a catalog folder holds. */
export function heldPrices(folder: string): HeldPrices {
  return new HeldPrices(heldRows(folder, TARIFFS), heldRows(folder, CONDITIONS));
}

/**
 * Appends tariffs and their conditions to a catalog folder, both files or neither.
 *
 * @param proposals those that the folder holds already are left out
 * @throws Fault `invalid` for files with other columns, `unwritable`, `exists` while another import writes or has just written another price
 */
export function appendPrices(folder: string, proposals: readonly Proposal[]): void {
  appendRows(folder, [CONDITIONS, TARIFFS], ([conditions = [], tariffs = []]) => {
    const held = new HeldPrices(tariffs, conditions);
    const fresh = proposals.filter((proposal) => held.standingOf(proposal) !== 'known');
    const conflict = fresh.find((proposal) => held.standingOf(proposal) === 'conflict');
    if (conflict)
      throw new Fault('exists', 'another import has just written another price of that day', {
        where: '--catalog',
        value: conflict.tariff.id,
        allowed: 'to run it again',
      });
    const lines = fresh.filter((proposal) => held.lacksConditions(proposal)).flatMap(({ conditionCells }) => conditionCells);
    return [lines, fresh.map(({ cells }) => cells)];
  });
}
