/**
 * Cholesky factor `L L' = A` of a symmetric positive definite matrix of square blocks, most of them empty.
 *
 * Effects meet only where a measurement has both, so few blocks are filled, and few more fill up when those that meet least are
 * eliminated first. Empty blocks cost nothing.
 */
export class BlockCholesky {
  /** For each block column the filled block rows below the diagonal. */
  private readonly below: number[][] = [];

  /**
   * Factorises in place.
   *
   * @param matrix rows one after another; the lower triangle is read and overwritten by L
   * @param blocks number of block rows
   * @param width rows of a block
   * @throws Error where the matrix is not positive definite, which a prior on every unknown rules out
   */
  constructor(
    private readonly matrix: Float64Array,
    private readonly blocks: number,
    private readonly width: number,
  ) {
    const filled = Array.from({ length: blocks }, (_, column) => this.filledBelow(column));
    for (let column = 0; column < blocks; column++) {
      const rows = [...(filled[column] ?? [])].sort((a, b) => a - b);
      this.below.push(rows);
      this.factoriseDiagonal(column);
      for (const row of rows) this.solveBlock(row, column);
      rows.forEach((second, index) => {
        for (const first of rows.slice(index)) {
          this.update(first, second, column);
          if (first !== second) filled[second]?.add(first);
        }
      });
    }
  }

  private get size(): number {
    return this.blocks * this.width;
  }

  private filledBelow(column: number): Set<number> {
    const { matrix, width, size } = this;
    const rows = new Set<number>();
    for (let row = column + 1; row < this.blocks; row++) {
      for (let r = 0; r < width; r++) {
        const start = (row * width + r) * size + column * width;
        if (matrix.subarray(start, start + width).some((value) => value !== 0)) rows.add(row);
      }
    }
    return rows;
  }

  private factoriseDiagonal(block: number): void {
    const { matrix, width, size } = this;
    const start = block * width;
    for (let row = start; row < start + width; row++) {
      for (let column = start; column <= row; column++) {
        let sum = matrix[row * size + column] ?? 0;
        for (let k = start; k < column; k++) sum -= (matrix[row * size + k] ?? 0) * (matrix[column * size + k] ?? 0);
        if (column < row) matrix[row * size + column] = sum / (matrix[column * size + column] ?? 1);
        else if (sum > 0) matrix[row * size + row] = Math.sqrt(sum);
        else throw new Error('the normal matrix of a fit is not positive definite');
      }
    }
  }

  /** `L(row, column) = A(row, column) * inverse(L(column, column)')`. */
  private solveBlock(row: number, column: number): void {
    const { matrix, width, size } = this;
    const start = column * width;
    for (let r = row * width; r < (row + 1) * width; r++) {
      for (let c = start; c < start + width; c++) {
        let sum = matrix[r * size + c] ?? 0;
        for (let k = start; k < c; k++) sum -= (matrix[r * size + k] ?? 0) * (matrix[c * size + k] ?? 0);
        matrix[r * size + c] = sum / (matrix[c * size + c] ?? 1);
      }
    }
  }

  /** `A(first, second) -= L(first, column) * L(second, column)'`. */
  private update(first: number, second: number, column: number): void {
    const { matrix, width, size } = this;
    const start = column * width;
    for (let r = first * width; r < (first + 1) * width; r++) {
      for (let s = second * width; s < (second + 1) * width; s++) {
        let sum = 0;
        for (let k = start; k < start + width; k++) sum += (matrix[r * size + k] ?? 0) * (matrix[s * size + k] ?? 0);
        matrix[r * size + s] = (matrix[r * size + s] ?? 0) - sum;
      }
    }
  }

  /** Solves `L z = b` in place. */
  forward(b: Float64Array): void {
    const { matrix, width, size } = this;
    for (let block = 0; block < this.blocks; block++) {
      const start = block * width;
      for (let row = start; row < start + width; row++) {
        let sum = b[row] ?? 0;
        for (let k = start; k < row; k++) sum -= (matrix[row * size + k] ?? 0) * (b[k] ?? 0);
        b[row] = sum / (matrix[row * size + row] ?? 1);
      }
      for (const below of this.below[block] ?? []) {
        for (let row = below * width; row < (below + 1) * width; row++) {
          let sum = b[row] ?? 0;
          for (let k = start; k < start + width; k++) sum -= (matrix[row * size + k] ?? 0) * (b[k] ?? 0);
          b[row] = sum;
        }
      }
    }
  }

  /** Solves `L' x = z` in place. */
  backward(z: Float64Array): void {
    const { matrix, width, size } = this;
    for (let block = this.blocks - 1; block >= 0; block--) {
      const start = block * width;
      for (const below of this.below[block] ?? []) {
        for (let row = below * width; row < (below + 1) * width; row++) {
          for (let k = start; k < start + width; k++) z[k] = (z[k] ?? 0) - (matrix[row * size + k] ?? 0) * (z[row] ?? 0);
        }
      }
      for (let row = start + width - 1; row >= start; row--) {
        let sum = z[row] ?? 0;
        for (let k = row + 1; k < start + width; k++) sum -= (matrix[k * size + row] ?? 0) * (z[k] ?? 0);
        z[row] = sum / (matrix[row * size + row] ?? 1);
      }
    }
  }
}
