/** How pairs of GPUs are linked: `NV18`, `NODE`, `SYS` …, each with the number of pairs. */
export type GpuLinks = ReadonlyMap<string, number>;

// biome-ignore lint/suspicious/noControlCharactersInRegex: nvidia-smi underlines its header on some terminals
const STYLES = /\u001b\[[0-9;]*m/g;

function isGpuName(word = ''): boolean {
  return /^GPU\d+$/.test(word);
}

function words(line: string): string[] {
  return line.trim().split(/\s+/);
}

/**
 * Reads the matrix that `nvidia-smi topo -m` prints; network cards and affinities are left out.
 *
 * @returns links of the GPU pairs, none where there is no matrix
 * @example parseTopology('     GPU0 GPU1 CPU Affinity\nGPU0 X NV4 0-31\nGPU1 NV4 X 0-31') // new Map([['NV4', 1]])
 */
export function parseTopology(text: string): GpuLinks {
  const lines = text.replace(STYLES, '').split('\n').map(words);
  const header = lines.find(([first, second]) => isGpuName(first) && isGpuName(second)) ?? [];
  const gpus = header.filter(isGpuName);
  const links = new Map<string, number>();
  gpus.forEach((gpu, row) => {
    const cells = lines.find((line) => line !== header && line[0] === gpu)?.slice(1) ?? [];
    for (const link of cells.slice(row + 1, gpus.length)) links.set(link, (links.get(link) ?? 0) + 1);
  });
  return links;
}

/** The links in words, or nothing where there is no pair. */
export function linksInWords(links: GpuLinks): string | null {
  if (links.size === 0) return null;
  const all = [...links];
  const bridged = all.filter(([link]) => link.startsWith('NV'));
  const named = (some: readonly (readonly [string, number])[]) =>
    some.map(([link, pairs]) => `${link} between ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`).join(', ');
  if (bridged.length === 0) return `the GPUs have no NVLink: ${named(all)}, all over PCIe`;
  if (bridged.length === all.length) return `the GPUs are linked by NVLink: ${named(all)}`;
  return `only some of the GPUs are linked by NVLink: ${named(all)}`;
}
