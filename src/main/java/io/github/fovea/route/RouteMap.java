package io.github.fovea.route;

import io.github.fovea.model.Routing;
import io.github.fovea.network.DynamicNetwork;
import java.util.ArrayList;
import java.util.List;

/// The path of every cell of every frame of one LR video: side data that a publisher makes, who knows the large frames.
public final class RouteMap {
    /// Most cells of all frames together: two hours of 30 frames/s at 600 cells.
    public static final int MAX_CELLS = 1 << 27;

    private final int width;
    private final int height;
    private final int columns;
    private final int rows;
    private final int paths;
    private final String video;
    private final List<byte[]> frames;
    private final Grid grid;

    /// Copies the frames.
    ///
    /// @param width   LR pixels in a row of the video, 1 to 65535
    /// @param height  LR rows, 1 to 65535
    /// @param columns cells wanted along the width, as in [Grid#of]
    /// @param rows    cells wanted along the height
    /// @param paths   paths of the model besides bicubic, 1 to 4
    /// @param video   SHA-256 of the bytes of the LR video, 64 digits 0-9 a-f; see [VideoHash]
    /// @param frames  for each frame the path of every cell, row after row, 0 to `paths`
    /// @throws IllegalArgumentException if a number is out of range
    public RouteMap(int width, int height, int columns, int rows, int paths, String video, List<byte[]> frames) {
        if (width > 65535 || height > 65535) {
            throw new IllegalArgumentException("route map of a video of " + width + "x" + height
                    + ", wanted at most 65535x65535");
        }
        grid = Grid.of(width, height, columns, rows);
        if (paths < 1 || paths > DynamicNetwork.MAX_PATHS) {
            throw new IllegalArgumentException("route map of " + paths + " paths, wanted 1 to "
                    + DynamicNetwork.MAX_PATHS);
        }
        if (!video.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("the video's hash is no SHA-256, wanted 64 digits 0-9 a-f");
        }
        checkCells(frames.size(), grid);
        List<byte[]> copies = new ArrayList<>(frames.size());
        for (byte[] frame : frames) {
            if (frame.length != grid.cells().size()) {
                throw new IllegalArgumentException("frame " + copies.size() + " of the route map has " + frame.length
                        + " cells, " + grid + " wants " + grid.cells().size());
            }
            for (byte path : frame) {
                if (path < 0 || path > paths) {
                    throw new IllegalArgumentException("frame " + copies.size() + " of the route map names path " + path
                            + ", wanted 0 to " + paths);
                }
            }
            copies.add(frame.clone());
        }
        this.width = width;
        this.height = height;
        this.columns = columns;
        this.rows = rows;
        this.paths = paths;
        this.video = video;
        this.frames = copies;
    }

    /// Checks that a map can hold a video.
    ///
    /// @param frames frames of the video
    /// @param grid   cells of each
    /// @throws IllegalArgumentException if there are more cells than a map may have
    public static void checkCells(long frames, Grid grid) {
        if (frames > MAX_CELLS / grid.cells().size()) {
            throw new IllegalArgumentException("route map of " + frames + " frames of " + grid.cells().size()
                    + " cells, wanted at most " + MAX_CELLS + " cells");
        }
    }

    /// {@return a map whose grid is that of a model's routing}
    ///
    /// @param width   LR pixels in a row of the video
    /// @param height  LR rows
    /// @param routing says how many cells
    /// @param paths   paths of the model besides bicubic
    /// @param video   SHA-256 of the bytes of the LR video
    /// @param frames  for each frame the path of every cell
    public static RouteMap of(int width, int height, Routing routing, int paths, String video, List<byte[]> frames) {
        return new RouteMap(width, height, routing.columns(), routing.rows(), paths, video, frames);
    }

    /// {@return LR pixels in a row of the video}
    public int width() {
        return width;
    }

    /// {@return LR rows of the video}
    public int height() {
        return height;
    }

    /// {@return cells that were wanted along the width; the grid's own number may differ}
    public int columns() {
        return columns;
    }

    /// {@return cells that were wanted along the height}
    public int rows() {
        return rows;
    }

    /// {@return the cells}
    public Grid grid() {
        return grid;
    }

    /// {@return paths of the model besides bicubic}
    public int paths() {
        return paths;
    }

    /// {@return SHA-256 of the bytes of the LR video, in hexadecimal}
    public String video() {
        return video;
    }

    /// {@return the number of frames}
    public int frames() {
        return frames.size();
    }

    /// {@return the path of a cell}
    ///
    /// @param frame number of the frame, from 0
    /// @param cell  number of the cell
    public int path(int frame, int cell) {
        return frames.get(frame)[cell];
    }

    /// Copies the paths of a frame.
    ///
    /// @param frame number of the frame, from 0
    /// @param into  receives the path of every cell
    public void copy(int frame, byte[] into) {
        System.arraycopy(frames.get(frame), 0, into, 0, grid.cells().size());
    }
}
