package io.github.fovea.flow;

import java.util.Arrays;

/// A tensor inside an array while a graph runs. Its place and its extents change with the input shapes; the object does
/// not, so that a new shape allocates nothing.
///
/// Elements are row-major. Those of a tensor in blocks, `[n][c][h][w]`, lie as `[n][c / 16][h][w][16]`: lanes from the
/// number of channels on are of any content. Only [Blocking] makes such tensors, and only kernels that it knows see
/// them.
final class Tensor {
    /// Channels of a block.
    static final int LANES = 16;
    private static final float[] NO_FLOATS = new float[0];
    private static final long[] NO_LONGS = new long[0];

    final ElementType type;
    float[] floats = NO_FLOATS;
    long[] longs = NO_LONGS;
    /// Index of the first element.
    int from;
    int[] shape;
    /// Whether channels lie in blocks.
    final boolean blocked;

    Tensor(ElementType type, int rank) {
        this(type, rank, false);
    }

    Tensor(ElementType type, int rank, boolean blocked) {
        this.type = type;
        this.blocked = blocked;
        shape = new int[rank];
    }

    /// {@return a tensor with an array of its own}
    static Tensor allocate(ElementType type, int... shape) {
        Tensor tensor = new Tensor(type, 0);
        tensor.shape = shape;
        tensor.allocate();
        return tensor;
    }

    /// {@return a view of a constant}
    static Tensor of(Constant constant) {
        Tensor tensor = new Tensor(constant.type(), 0);
        tensor.point(constant);
        return tensor;
    }

    /// Reads a constant from now on.
    void point(Constant constant) {
        shape = constant.shape();
        floats = constant.floats() == null ? NO_FLOATS : constant.floats();
        longs = constant.longs() == null ? NO_LONGS : constant.longs();
        from = 0;
    }

    /// Takes an array of its own that fits the shape.
    void allocate() {
        from = 0;
        if (type == ElementType.FLOAT) {
            floats = new float[elements()];
        } else {
            longs = new long[elements()];
        }
    }

    /// Lets go of the array.
    void forget() {
        floats = NO_FLOATS;
        longs = NO_LONGS;
    }

    int rank() {
        return shape.length;
    }

    /// {@return the number of elements}
    int elements() {
        return elements(shape, 0, shape.length);
    }

    /// {@return the number of elements that the array holds, empty lanes included}
    int stored() {
        if (!blocked) {
            return elements();
        }
        long planes = (long) shape[0] * blocks() * LANES;
        long pixels = (long) shape[2] * shape[3];
        if (planes > Integer.MAX_VALUE || pixels > Integer.MAX_VALUE || planes * pixels > Integer.MAX_VALUE) {
            throw tooLarge(shape);
        }
        return (int) (planes * pixels);
    }

    /// {@return blocks of channels}
    int blocks() {
        return Math.ceilDiv(shape[1], LANES);
    }

    /// {@return the channels up to the next whole block}
    ///
    /// @param channels a number of channels
    static long whole(long channels) {
        return Math.multiplyExact(Math.ceilDiv(channels, LANES), (long) LANES);
    }

    /// {@return this tensor as its elements lie: row-major, of five axes where it is in blocks}
    Tensor asStored() {
        if (!blocked) {
            return this;
        }
        Tensor tensor = new Tensor(type, 0);
        tensor.shape = new int[] {shape[0], blocks(), shape[2], shape[3], LANES};
        tensor.floats = floats;
        tensor.from = from;
        return tensor;
    }

    /// {@return the product of the extents `[begin, end)`}
    static int elements(int[] shape, int begin, int end) {
        long product = 1;
        for (int i = begin; i < end; i++) {
            product *= shape[i];
            if (product > Integer.MAX_VALUE) {
                throw tooLarge(shape);
            }
        }
        return (int) product;
    }

    private static IllegalArgumentException tooLarge(int[] shape) {
        return new IllegalArgumentException("tensor of shape " + Arrays.toString(shape)
                + " has more than 2^31 - 1 elements; give smaller inputs");
    }

    boolean isFloat() {
        return type == ElementType.FLOAT;
    }

    /// {@return the array that holds the elements}
    Object array() {
        return isFloat() ? floats : longs;
    }

    /// {@return an element of an integer tensor}
    long at(int index) {
        return longs[from + index];
    }

    /// {@return the elements of an integer tensor}
    long[] toLongs() {
        return Arrays.copyOfRange(longs, from, from + elements());
    }

    /// {@return a copy that lasts}
    Constant toConstant() {
        int n = elements();
        return isFloat()
                ? new Constant(type, shape.clone(), Arrays.copyOfRange(floats, from, from + n), null)
                : new Constant(type, shape.clone(), null, Arrays.copyOfRange(longs, from, from + n));
    }

    /// Copies the elements of a tensor with as many, of any shape.
    void copyFrom(Tensor other) {
        if (other.elements() != elements()) {
            throw new IllegalArgumentException("elements of " + other + " do not fill " + this);
        }
        System.arraycopy(other.array(), other.from, array(), from, elements());
    }

    /// Checks that this tensor broadcasts to a shape.
    void checkBroadcast(int[] wanted) {
        boolean fits = shape.length <= wanted.length;
        for (int axis = shape.length - 1, to = wanted.length - 1; fits && axis >= 0; axis--, to--) {
            fits = shape[axis] == 1 || shape[axis] == wanted[to];
        }
        if (!fits) {
            throw new IllegalArgumentException("operand of shape " + Arrays.toString(shape) + " does not broadcast to "
                    + Arrays.toString(wanted) + ": wanted extents that are equal or 1");
        }
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape) + (blocked ? " in blocks" : "");
    }
}
