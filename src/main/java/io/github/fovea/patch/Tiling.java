package io.github.fovea.patch;

import io.github.fovea.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A picture cut into tiles. The cores cover the picture without overlap; every tile reads a halo of the plan's row and
/// column radius and begins at multiples of its row and column alignment, so what a tile computes for its core equals
/// what the whole picture gives, bit for bit: zeros outside a picture meet only pixels that the halo throws away.
///
/// @param tiles          the tiles, row by row
/// @param workspaceBytes bytes of the workspace that fits every tile; each thread needs one
public record Tiling(List<Tile> tiles, long workspaceBytes) {
    private static final int FEW_COLUMNS = 32;

    /// Copies the list.
    public Tiling {
        tiles = List.copyOf(tiles);
    }

    /// Cuts a picture so that the workspaces of all threads stay within a budget. Of the tilings that do, it takes
    /// full-width bands, or more columns where each step saves a tenth of the pixels computed. There are at least as
    /// many tiles as threads where the picture has the rows, and their number is a multiple of the threads where that
    /// fits.
    ///
    /// @param plan     the plan that will run
    /// @param height   rows of the picture, at least 1
    /// @param width    columns, at least 1
    /// @param maxBytes budget for all workspaces together, in bytes
    /// @param threads  threads that run tiles at the same time, at least 1
    /// @return the tiling
    /// @throws IllegalArgumentException if no tiling fits, with the least budget that works
    public static Tiling of(Plan plan, int height, int width, long maxBytes, int threads) {
        return of(plan, height, width, maxBytes, threads, height);
    }

    /// Cuts a picture as [#of(Plan, int, int, long, int)] does, into tiles of bounded height.
    ///
    /// @param plan     the plan that will run
    /// @param height   rows of the picture, at least 1
    /// @param width    columns, at least 1
    /// @param maxBytes budget for all workspaces together, in bytes
    /// @param threads  threads that run tiles at the same time, at least 1
    /// @param maxRows  rows of a core at most, at least 1
    /// @return the tiling
    /// @throws IllegalArgumentException if no tiling fits, with the least budget that works
    public static Tiling of(Plan plan, int height, int width, long maxBytes, int threads, int maxRows) {
        if (height < 1 || width < 1 || threads < 1 || maxRows < 1) {
            throw new IllegalArgumentException("picture of " + width + "x" + height + " on " + threads
                    + " threads in tiles of " + maxRows + " rows, wanted at least 1 of each");
        }
        Search search = new Search(plan, height, width, maxBytes / threads);
        int bestBands = 0;
        int bestColumns = 0;
        long fewest = Long.MAX_VALUE;
        for (int columns = 1; columns <= width; columns = next(columns, width)) {
            int least = Math.min(height, Math.max((threads + columns - 1) / columns, (height - 1) / maxRows + 1));
            if (search.pixels(least, columns) >= fewest - fewest / 10) {
                continue; // more bands hardly ever read less, so how much memory they take need not be known
            }
            int bands = search.fewestBands(columns, least);
            if (bands > 0) {
                int balanced = Math.min(height, (bands * columns + threads - 1) / threads * threads / columns);
                if (balanced > bands && search.workspaceBytes(balanced, columns) <= search.budget) {
                    bands = balanced;
                }
                long pixels = search.pixels(bands, columns);
                if (pixels < fewest - fewest / 10) {
                    fewest = pixels;
                    bestBands = bands;
                    bestColumns = columns;
                }
                if (fewest - fewest / 10 <= (long) height * width) {
                    break; // no tiling reads less than the picture
                }
            }
        }
        if (bestBands == 0) {
            long least = leastBytes(plan, height, width, threads);
            throw new IllegalArgumentException("a picture of " + width + "x" + height + " does not fit in " + maxBytes
                    + " bytes on " + threads + " threads; allow at least " + least + " bytes"
                    + (threads > 1 ? ", or " + leastBytes(plan, height, width, 1) + " on one thread" : ""));
        }
        return search.cut(bestBands, bestColumns);
    }

    private static int next(int columns, int width) {
        return columns < FEW_COLUMNS || columns == width ? columns + 1 : Math.min(width, columns * 2);
    }

    /// {@return the smallest budget for which [#of] finds a tiling, in bytes}
    ///
    /// @param plan    the plan that will run
    /// @param height  rows of the picture, at least 1
    /// @param width   columns, at least 1
    /// @param threads threads that run tiles at the same time, at least 1
    public static long leastBytes(Plan plan, int height, int width, int threads) {
        long one = new Search(plan, height, width, Long.MAX_VALUE).workspaceBytes(height, width);
        return one > Long.MAX_VALUE / threads ? Long.MAX_VALUE : one * threads;
    }

    /// {@return the pixels that all tiles read; the picture's own pixels plus what halos cost}
    public long pixels() {
        return tiles.stream().mapToLong(t -> (long) t.read().width() * t.read().height()).sum();
    }

    /// Tilings of one picture under one budget.
    private static final class Search {
        final Plan plan;
        final int height;
        final int width;
        final long budget;
        /// Bytes by shape; a search meets the same shapes again and again.
        final Map<Long, Long> known = new HashMap<>();

        Search(Plan plan, int height, int width, long budget) {
            this.plan = plan;
            this.height = height;
            this.width = width;
            this.budget = budget;
        }

        /// The smallest number of bands, from `least` on, whose tiles fit; 0 if none do.
        int fewestBands(int columns, int least) {
            if (workspaceBytes(height, columns) > budget) {
                return 0;
            }
            if (workspaceBytes(least, columns) <= budget) {
                return least;
            }
            int low = least;
            int high = height;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (workspaceBytes(middle, columns) <= budget) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }

        /// Bytes for the largest of all tile shapes.
        long workspaceBytes(int bands, int columns) {
            long bytes = 0;
            for (int readHeight : extents(height, bands, plan.rowRadius(), plan.rowAlignment())) {
                for (int readWidth : extents(width, columns, plan.columnRadius(), plan.columnAlignment())) {
                    bytes = Math.max(bytes, known.computeIfAbsent((long) readHeight << 32 | readWidth,
                            _ -> plan.peakBytes(readHeight, readWidth)));
                }
            }
            return bytes;
        }

        /// The distinct lengths that the parts read when `length` pixels are cut into `parts`.
        private static int[] extents(int length, int parts, int radius, int alignment) {
            return IntStream.range(0, parts).map(i -> extent(length, parts, i, radius, alignment)).distinct().toArray();
        }

        private static int extent(int length, int parts, int part, int radius, int alignment) {
            return (int) Math.min(length, (long) begin(length, parts, part + 1) + radius)
                    - Math.max(0, begin(length, parts, part) - radius) / alignment * alignment;
        }

        /// The pixels that all tiles read.
        long pixels(int bands, int columns) {
            return total(height, bands, plan.rowRadius(), plan.rowAlignment())
                    * total(width, columns, plan.columnRadius(), plan.columnAlignment());
        }

        private static long total(int length, int parts, int radius, int alignment) {
            return IntStream.range(0, parts).mapToLong(i -> extent(length, parts, i, radius, alignment)).sum();
        }

        Tiling cut(int bands, int columns) {
            List<Tile> tiles = new ArrayList<>();
            for (int j = 0; j < bands; j++) {
                int y = begin(height, bands, j);
                for (int i = 0; i < columns; i++) {
                    int x = begin(width, columns, i);
                    Region core = new Region(x, y, begin(width, columns, i + 1) - x, begin(height, bands, j + 1) - y);
                    tiles.add(Tile.of(plan, core, width, height));
                }
            }
            return new Tiling(tiles, workspaceBytes(bands, columns));
        }

        private static int begin(int length, int parts, int part) {
            return (int) ((long) length * part / parts);
        }
    }
}
