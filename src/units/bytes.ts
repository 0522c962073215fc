export const KIB = 2 ** 10;
export const MIB = 2 ** 20;
export const GIB = 2 ** 30;
export const GB = 1e9;

/** A number with so many decimals; what rounds to zero has no sign. */
function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^-(?=[0.]+$)/, '');
}

/** `12.34`, binary. */
export function inGiB(bytes: number, digits = 2): string {
  return fixed(bytes / GIB, digits);
}

/** `12.34 GiB`, binary. */
export function formatGiB(bytes: number, digits = 2): string {
  return `${inGiB(bytes, digits)} GiB`;
}

/** `12.34 GB`, decimal. */
export function formatGB(bytes: number, digits = 2): string {
  return `${fixed(bytes / GB, digits)} GB`;
}
