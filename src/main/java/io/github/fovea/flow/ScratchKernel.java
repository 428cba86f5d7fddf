package io.github.fovea.flow;

/// A kernel that works in scratch memory: in its own, until it is given one that others use too.
abstract class ScratchKernel implements Kernel {
    private Scratch scratch = new Scratch();

    @Override
    public final void use(Scratch shared) {
        scratch = shared;
    }

    /// {@return scratch memory of any content, for this run}
    final float[] scratch(long elements) {
        return scratch.floats(elements);
    }
}
