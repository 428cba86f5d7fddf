package io.github.fovea.tensor;

import java.util.Arrays;
import java.util.Objects;

/// A window on a `float[]` that reads it as a tensor `[c][h][w]` with a border of zeros around each plane.
///
/// ```
///            rowPixels * pixelStride = rowStride
///   |<-------------------------------------------->|
///   border            width        padding  border
///   +------+----------------------+------+--------+   ^ border rows
///   |      |                      |      |        |   |
///   +------+----------------------+------+--------+   v
///   |      | origin               |      |        |   ^
///   |      |                      |      |        |   | height rows
///   |      |                      |      |        |   v
///   +------+----------------------+------+--------+
///   |      |                      |      |        |     border rows
///   +------+----------------------+------+--------+
/// ```
///
/// `width` is padded to a multiple of [#PIXEL_BLOCK] so that a kernel may always compute whole blocks of pixels:
/// kernels may leave anything in the padding of the rows they write, and whoever runs them calls [#clearBorder(int,
/// int)] after. A view is mutable so that one object serves every patch shape without allocation; it is not safe for
/// use by two threads while one of them places it.
public final class TensorView {
    /// Rows are padded to a multiple of this many pixels.
    public static final int PIXEL_BLOCK = 16;
    /// Most elements of an array on all virtual machines.
    public static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

    private static final float[] NONE = {};

    private float[] data = NONE;
    private Layout layout = Layout.PLANAR;
    private int offset;
    private int channels;
    private int height;
    private int width;
    private int border;
    private int rowStride;
    private int planeStride;
    private int origin;
    /// Rows below `low` lie `lowShift` floats from where their stride would have them, those from `high` on
    /// `highShift`.
    private int low;
    private int high;
    private int lowShift;
    private int highShift;

    /// Creates an empty view; [#place] gives it a shape.
    public TensorView() {}

    /// {@return a view on a new array of just the right size, all zero}
    ///
    /// @param layout   order of the numbers
    /// @param channels number of channels, at least 1
    /// @param height   rows, at least 1
    /// @param width    pixels in a row, at least 1
    /// @param border   width of the zero border in pixels, at least 0
    public static TensorView allocate(Layout layout, int channels, int height, int width, int border) {
        long elements = elements(layout, channels, height, width, border);
        return new TensorView().place(new float[Math.toIntExact(elements)], 0, layout, channels, height, width, border);
    }

    /// {@return the number of floats that [#place] needs for such a tensor, a multiple of 16}
    ///
    /// @param layout   order of the numbers
    /// @param channels number of channels, at least 1
    /// @param height   rows, at least 1
    /// @param width    pixels in a row, at least 1
    /// @param border   width of the zero border in pixels, at least 0
    /// @throws ArithmeticException if their number overflows 64 bits
    public static long elements(Layout layout, int channels, int height, int width, int border) {
        return Math.multiplyExact(layout.planes(channels), planeElements(layout, height, width, border));
    }

    /// Points this view at a tensor inside `data`. Allocates nothing.
    ///
    /// @param data     the array, or arena, that holds the tensor
    /// @param offset   index of the tensor's first float (the corner of its border)
    /// @param layout   order of the numbers
    /// @param channels number of channels, at least 1
    /// @param height   rows, at least 1
    /// @param width    pixels in a row, at least 1
    /// @param border   width of the zero border in pixels, at least 0
    /// @return this view
    /// @throws IllegalArgumentException if the array is too short or an extent is out of range
    /// @throws ArithmeticException      if the number of elements overflows 64 bits
    public TensorView place(
            float[] data, int offset, Layout layout, int channels, int height, int width, int border) {
        Objects.requireNonNull(data, "data");
        if (channels < 1 || height < 1 || width < 1 || border < 0 || offset < 0) {
            throw new IllegalArgumentException("tensor " + channels + "x" + height + "x" + width + " with border "
                    + border + " at offset " + offset + ": extents must be at least 1, border and offset at least 0");
        }
        long plane = planeElements(layout, height, width, border);
        long end = Math.addExact(offset, Math.multiplyExact(layout.planes(channels), plane));
        if (end > data.length) {
            throw new IllegalArgumentException("tensor " + channels + "x" + height + "x" + width + " with border "
                    + border
                    + " at offset " + offset + " ends at " + end + ", the array holds " + data.length + " floats");
        }
        int row = rowElements(layout, width, border);
        lie(data, offset, layout, channels, height, width, border, row, (int) plane);
        this.origin = offset + border * rowStride + border * layout.pixelStride();
        return this;
    }

    /// Lets go of the array, so that its memory can be used for other things; the view has no numbers until it is placed
    /// anew.
    public void forget() {
        data = NONE;
    }

    private static long rowPixels(int width, int border) {
        return ((long) width + PIXEL_BLOCK - 1) / PIXEL_BLOCK * PIXEL_BLOCK + 2L * border;
    }

    /// Floats of a row of a plane that is known to lie in an array.
    private static int rowElements(Layout layout, int width, int border) {
        return (int) rowPixels(width, border) * layout.pixelStride();
    }

    private static long planeElements(Layout layout, int height, int width, int border) {
        return lines(Math.multiplyExact(rowPixels(width, border) * layout.pixelStride(), height + 2L * border));
    }

    /// Whole 64-byte lines, so that a tensor behind this one starts on a line too.
    private static long lines(long elements) {
        return Math.addExact(elements, 15) / 16 * 16;
    }

    /// {@return the number of floats that [#placeRows] needs for such a line buffer, a multiple of 16}
    ///
    /// @param layout   order of the numbers
    /// @param channels number of channels, at least 1
    /// @param rows     rows that the buffer holds, at least 1
    /// @param width    pixels in a row, at least 1
    /// @param border   width of the zero border in pixels, at least 0
    /// @throws ArithmeticException if their number overflows 64 bits
    public static long rowsElements(Layout layout, int channels, int rows, int width, int border) {
        return lines(Math.multiplyExact((long) rows * layout.planes(channels),
                rowPixels(width, border) * layout.pixelStride()));
    }

    /// Points this view at a line buffer: a tensor of which only some neighbouring rows lie in memory. Rows keep the
    /// numbers that they have in the whole tensor, and only those in memory may be touched, border rows above and below
    /// included. No row is in memory beyond what was asked for. A row's planes lie one behind the other. Allocates
    /// nothing.
    ///
    /// @param data     the array, or arena, that holds the buffer
    /// @param offset   index of the buffer's first float (the left border of its first row)
    /// @param layout   order of the numbers
    /// @param channels number of channels, at least 1
    /// @param height   rows of the whole tensor, at least 1
    /// @param width    pixels in a row, at least 1
    /// @param border   width of the zero border in pixels, at least 0
    /// @param firstRow number of the first row in memory, may be negative
    /// @param rows     rows in memory, at least 1
    /// @return this view
    /// @throws IllegalArgumentException if the array is too short or an extent is out of range
    /// @throws ArithmeticException      if the number of elements overflows 64 bits
    public TensorView placeRows(
            float[] data, int offset, Layout layout, int channels, int height, int width, int border, int firstRow,
            int rows) {
        Objects.requireNonNull(data, "data");
        if (channels < 1 || height < 1 || width < 1 || border < 0 || offset < 0 || rows < 1) {
            throw new IllegalArgumentException("line buffer of " + rows + " rows of a tensor " + channels + "x"
                    + height + "x" + width + " with border " + border + " at offset " + offset
                    + ": extents and rows must be at least 1, border and offset at least 0");
        }
        long end = Math.addExact(offset, rowsElements(layout, channels, rows, width, border));
        if (end > data.length) {
            throw new IllegalArgumentException("line buffer of " + rows + " rows of a tensor " + channels + "x"
                    + height + "x"
                    + width + " at offset " + offset + " ends at " + end + ", the array holds " + data.length
                    + " floats");
        }
        int row = rowElements(layout, width, border);
        lie(data, offset, layout, channels, height, width, border, row * layout.planes(channels), row);
        firstRow(firstRow);
        return this;
    }

    private void lie(
            float[] in, int from, Layout pixels, int planes, int rows, int columns, int around, int row, int plane) {
        data = in;
        offset = from;
        layout = pixels;
        channels = planes;
        height = rows;
        width = columns;
        border = around;
        rowStride = row;
        planeStride = plane;
        low = Integer.MIN_VALUE;
        high = Integer.MAX_VALUE;
    }

    /// Says which row of the whole tensor lies first in the memory of a line buffer; moves no numbers.
    ///
    /// @param row its number, may be negative
    public void firstRow(int row) {
        // May leave the range of an int for rows that are far from memory; the index of a row in memory is right again.
        origin = offset + border * layout.pixelStride() - row * rowStride;
    }

    /// Says that a line buffer's rows lie in three pieces of memory; moves no numbers.
    ///
    /// @param row    number of the row that lies first in the buffer's own memory, may be negative
    /// @param rows   how many lie there
    /// @param kept   how many rows in front of those are in memory
    /// @param before index of the first float of the first of those, its left border
    /// @param behind index of the first float of the row behind the buffer's own
    public void pieces(int row, int rows, int kept, int before, int behind) {
        firstRow(row);
        low = row;
        high = row + rows;
        lowShift = before - (offset - kept * rowStride);
        highShift = behind - (offset + rows * rowStride);
    }

    /// {@return the row behind the last of those that follow a row at distances of [#rowStride]: rows of a line buffer
    /// may lie in several pieces of memory}
    ///
    /// @param y number of the row
    public int pieceEnd(int y) {
        return y < low ? low : y < high ? high : Integer.MAX_VALUE;
    }

    /// Copies rows of a line buffer, borders and padding included.
    ///
    /// @param from  first row to copy
    /// @param count rows, at least 0, in one piece
    /// @param to    receives them: a line buffer of the same layout, channels, width and border, or this one
    /// @param at    row of `to` that receives the first, in one piece with the others; in the same view the ranges may
    ///              overlap
    public void copyRows(int from, int count, TensorView to, int at) {
        System.arraycopy(data, index(0, from, -border), to.data, to.index(0, at, -border), count * rowStride);
    }

    /// Writes zero around the rows `[rowBegin, rowEnd)`: left and right of them, into the padding, and into the rows
    /// above row 0 and below the last row when the range touches them. Unused lanes of the pixels inside are left
    /// alone.
    ///
    /// @param rowBegin first row, from 0
    /// @param rowEnd   row after the last, at most the height
    public void clearBorder(int rowBegin, int rowEnd) {
        if (rowBegin == 0) {
            clearRows(-border, 0);
        }
        clearSides(rowBegin, rowEnd);
        if (rowEnd == height) {
            clearRows(height, height + border);
        }
    }

    /// Writes zero left and right of rows and into their padding.
    ///
    /// @param rowBegin first row
    /// @param rowEnd   row after the last
    public void clearSides(int rowBegin, int rowEnd) {
        int left = border * layout.pixelStride();
        int inside = width * layout.pixelStride();
        int row = rowElements(layout, width, border);
        // In a line buffer the planes of a row follow each other, otherwise the rows of a plane.
        boolean together = planeStride == row;
        int count = together ? layout.planes(channels) : 1;
        for (int plane = 0; plane < layout.planes(channels); plane += count) {
            for (int y = rowBegin; y < rowEnd;) {
                int end = Math.min(rowEnd, pieceEnd(y));
                int to = index(plane * layout.channelsPerPlane(), y, 0);
                int from = to - left;
                // What lies right of a row ends where the next row's left border begins.
                for (int i = 0; i < (end - y) * count; i++) {
                    Arrays.fill(data, from, to, 0f);
                    from = to + inside;
                    to += row;
                }
                Arrays.fill(data, from, Math.max(from, to - left), 0f);
                y = end;
            }
        }
    }

    /// Writes zero into whole rows, borders and padding included.
    ///
    /// @param rowBegin first row
    /// @param rowEnd   row after the last; nothing happens unless it is greater
    public void clearRows(int rowBegin, int rowEnd) {
        int row = rowElements(layout, width, border);
        for (int c = 0; c < channels; c += layout.channelsPerPlane()) {
            for (int y = rowBegin; y < rowEnd; y++) {
                int from = index(c, y, -border);
                Arrays.fill(data, from, from + row, 0f);
            }
        }
    }

    /// {@return the index in [#data] of channel `c` of pixel `(x, y)`; `x` and `y` may reach into the border. In a line
    /// buffer only rows in memory have an index}
    ///
    /// @param c channel, from 0
    /// @param y row, from `-border`
    /// @param x pixel in the row, from `-border`
    public int index(int c, int y, int x) {
        int perPlane = layout.channelsPerPlane();
        int shift = y < low ? lowShift : y < high ? 0 : highShift;
        return origin + shift + c / perPlane * planeStride + y * rowStride + x * layout.pixelStride() + c % perPlane;
    }

    /// {@return the value of channel `c` at pixel `(x, y)`}
    ///
    /// @param c channel, from 0
    /// @param y row, from `-border`
    /// @param x pixel in the row, from `-border`
    public float get(int c, int y, int x) {
        return data[index(c, y, x)];
    }

    /// Sets channel `c` of pixel `(x, y)`.
    ///
    /// @param c     channel, from 0
    /// @param y     row, from `-border`
    /// @param x     pixel in the row, from `-border`
    /// @param value the new value
    public void set(int c, int y, int x, float value) {
        data[index(c, y, x)] = value;
    }

    /// {@return the array behind this view}
    public float[] data() {
        return data;
    }

    /// {@return the order of the numbers}
    public Layout layout() {
        return layout;
    }

    /// {@return the number of channels}
    public int channels() {
        return channels;
    }

    /// {@return the number of rows}
    public int height() {
        return height;
    }

    /// {@return the number of pixels in a row}
    public int width() {
        return width;
    }

    /// {@return the width of the zero border in pixels}
    public int border() {
        return border;
    }

    /// {@return the index of the tensor's first float, the corner of its border}
    public int offset() {
        return offset;
    }

    /// {@return the index of channel 0 of pixel (0, 0)}
    public int origin() {
        return origin;
    }

    /// {@return the distance in floats from a pixel to the one below it}
    public int rowStride() {
        return rowStride;
    }

    /// {@return the distance in floats from a plane (channel, or block of 16 channels) to the next}
    public int planeStride() {
        return planeStride;
    }

    /// {@return the number of planes: channels, or blocks of 16 channels}
    public int planes() {
        return layout.planes(channels);
    }

    @Override
    public String toString() {
        return layout + " " + channels + "x" + height + "x" + width + " border " + border + " at " + offset;
    }
}
