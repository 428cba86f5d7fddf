package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.BlockedGemm;

/// [BlockedGemm] by register tiles: lanes are channels, numbers of pixels are broadcast. The last tile of a row
/// overlaps the one before it.
final class BlockedGemmVector implements BlockedGemm {
    private static final int L = Lanes.COUNT;

    @Override
    public int columns() {
        return L == BLOCK ? 8 : 6;
    }

    private static int vectors(int m) {
        return (m + BLOCK - 1) / BLOCK * BLOCK / L;
    }

    @Override
    public int packedElements(int m, int k) {
        return Math.addExact(Math.multiplyExact(vectors(m) * L, k), Lanes.SLACK);
    }

    @Override
    public void pack(float[] a, int m, int k, float[] packed) {
        int to = Lanes.FIRST;
        int vectors = vectors(m);
        for (int v = 0; v < vectors; v += BlockedTiles.vectors(vectors - v)) {
            int rows = BlockedTiles.vectors(vectors - v) * L;
            for (int p = 0; p < k; p++) {
                for (int i = v * L; i < v * L + rows; i++) {
                    packed[to++] = i < m ? a[i * k + p] : 0f;
                }
            }
        }
    }

    @Override
    public void run(float[] packed, float[] bias, float[] b, int bFrom, int[] places, int step, float[] c, int cFrom,
            int cBlock, int m, int n, int k) {
        int vectors = vectors(m);
        for (int v = 0; v < vectors; ) {
            int group = BlockedTiles.vectors(vectors - v);
            BlockedTile whole = BlockedTiles.of(step, group);
            BlockedTile tile = n < whole.columns() ? BlockedTiles.ofOne(group) : whole;
            int columns = tile.columns();
            int row = v * L;
            int to = cFrom + row / BLOCK * cBlock + row % BLOCK;
            for (int done = 0; done < n; done += columns) {
                int j = Math.min(done, n - columns);
                tile.run(packed, Lanes.FIRST + row * k, bias, row, b, bFrom + j * step, places, k, c, to + j * BLOCK,
                        L == BLOCK ? cBlock : L);
            }
            v += group;
        }
    }
}
