import { Fault } from '../../faults/fault.ts';
import { nearestNames } from '../../faults/nearest.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import { type BoardForm, boardForms, gpuName } from './gpuName.ts';
import type { StatedGpu } from './listing.ts';

/** A GPU of the catalog by what names may say of it. */
interface Board {
  readonly gpu: Gpu;
  readonly form: BoardForm | null;
  readonly memoryGB: ReadonlySet<number>;
}

/** What settles a name that fits several GPUs. */
export interface Settled {
  /** What the user says that names mean, by their base and memory. */
  readonly asked: ReadonlyMap<string, Gpu>;
  /** Ids of GPUs that the provider of the row is known to sell in such instances. */
  readonly sold: ReadonlySet<string>;
}

/** A GPU that a name means, and what was taken for given. */
export interface FoundGpu {
  readonly gpu: Gpu;
  readonly note: string;
}

/** By how much a stated memory may differ from the figure on the box: drivers and catalogs count differently. */
const TOLERANCE = Math.log(1.15);

function boardOf(gpu: Gpu): Board {
  const names = [gpu.id, ...gpu.aliases];
  const forms = boardForms(gpu.id);
  const sizes = names.flatMap((name) => gpuName(name).memoryGB ?? []);
  return { gpu, form: forms[0] ?? boardForms(gpu.formFactor)[0] ?? null, memoryGB: new Set([gpu.marketedGB.value, ...sizes]) };
}

/** The key under which a user says what a name means. */
export function nameKey(name: string): string {
  const { base, memoryGB } = gpuName(name);
  return memoryGB === null ? base : `${base} ${memoryGB}`;
}

function fits({ form }: Board, stated: readonly BoardForm[]): boolean {
  return stated.every((one) => one === form || (one === 'pcie' && form === 'nvl'));
}

/** The boards whose memory is nearest to one of the readings. */
function sized(boards: readonly Board[], readings: readonly number[]): Board[] {
  const distance = ({ memoryGB }: Board, reading: number) => Math.min(...[...memoryGB].map((size) => Math.abs(Math.log(size / reading))));
  const near = readings.flatMap((reading) => {
    const least = Math.min(...boards.map((board) => distance(board, reading)));
    return least > TOLERANCE ? [] : boards.filter((board) => distance(board, reading) === least);
  });
  return [...new Set(near)];
}

function listed(boards: readonly Board[]): string {
  return boards.map(({ gpu }) => gpu.id).join(', ');
}

/** The one board that is left, or what settles between several. */
function settled(
  name: string,
  where: string,
  boards: readonly Board[],
  isFormStated: boolean,
  { said, sold }: { readonly said: Gpu | undefined; readonly sold: ReadonlySet<string> },
): FoundGpu {
  const [only, ...more] = boards;
  if (only && more.length === 0) {
    const isTaken = !isFormStated && boardForms(only.gpu.id).length > 0;
    return { gpu: only.gpu, note: isTaken ? `${name} is taken for ${only.gpu.id}, the only board of the catalog that fits` : '' };
  }
  const inInstance = boards.filter(({ gpu }) => sold.has(gpu.id));
  if (inInstance.length === 1 && inInstance[0])
    return { gpu: inInstance[0].gpu, note: `${name} is ${inInstance[0].gpu.id} in such instances of its provider, as known` };
  if (said && boards.some(({ gpu }) => gpu === said)) return { gpu: said, note: `${name} is ${said.id}, as --gpu says` };
  throw new Fault('invalid', 'the name fits several GPUs', {
    where,
    value: name,
    allowed: `a name with memory and form factor, or --gpu "${name}=ID" with the one that is meant`,
    nearest: boards.map(({ gpu }) => gpu.id),
  });
}

/** The GPUs of a catalog by the names of other catalogs. */
export class GpuIndex {
  readonly #names: readonly string[];
  readonly #boards = new Map<string, Board[]>();
  /** By name: catalogs repeat them on thousands of rows. */
  readonly #nearest = new Map<string, readonly string[]>();

  constructor(gpus: readonly Gpu[]) {
    this.#names = gpus.flatMap(({ id, aliases }) => [id, ...aliases]);
    for (const board of gpus.map(boardOf)) {
      const bases = new Set([board.gpu.id, ...board.gpu.aliases].map((name) => gpuName(name).base));
      for (const base of bases) this.#boards.set(base, [...(this.#boards.get(base) ?? []), board]);
    }
  }

  /**
   * The GPU that a catalog means: by the base of its name, then the memory, then the form of the board, which the row may say elsewhere.
   * An NVL board is meant only where that is said, or its memory says so. What still fits several is settled by the instance, where the
   * provider is known to sell one of them in it, else by the user.
   *
   * @throws Fault `unknown` for a name that the catalog has not, `contradiction` where memory or form are those of none, `invalid` where
   * several fit: none is guessed
   */
  find(stated: StatedGpu, { asked, sold }: Settled): FoundGpu {
    const { name, where } = stated;
    const { base, memoryGB, forms: inName } = gpuName(name);
    const said = asked.get(nameKey(name));
    const boards = this.#boards.get(base) ?? [];
    if (boards.length === 0 && said) return { gpu: said, note: `${name} is ${said.id}, as --gpu says` };
    if (boards.length === 0)
      throw new Fault('unknown', 'no GPU of the catalog', {
        where,
        value: name,
        allowed: 'a name that `kplan data gpus` prints',
        nearest: this.#nearestTo(name),
      });
    const readings = memoryGB === null ? stated.memoryGB : [memoryGB];
    const ofSize = readings.length === 0 ? boards : sized(boards, readings);
    if (ofSize.length === 0) {
      const sizes = readings.map((reading) => `${Number(reading.toFixed(1))} GB`).join(' or ');
      throw new Fault('contradiction', `no ${base} of the catalog has such a memory`, { where, value: sizes, allowed: listed(boards) });
    }
    const forms = inName.length > 0 ? inName : [...new Set(stated.beside.flatMap(boardForms))];
    const ofForm = ofSize.filter((board) => fits(board, forms));
    if (ofForm.length === 0)
      throw new Fault('contradiction', `no ${base} of the catalog is built so`, { where, value: forms.join(' '), allowed: listed(ofSize) });
    const usual = ofForm.filter(({ form }) => form !== 'nvl');
    const left = usual.length > 0 && !forms.includes('nvl') ? usual : ofForm;
    return settled(name, where, left, forms.length > 0, { said, sold });
  }

  #nearestTo(name: string): readonly string[] {
    const known = this.#nearest.get(name) ?? nearestNames(name, this.#names);
    this.#nearest.set(name, known);
    return known;
  }
}
