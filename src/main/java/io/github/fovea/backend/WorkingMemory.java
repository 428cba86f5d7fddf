package io.github.fovea.backend;

/// The memory of one thread, which the workspaces of several executables use in turn: as large as the largest of them
/// wants. For one thread at a time.
public final class WorkingMemory {
    private float[] data = new float[0];
    /// The workspace that wrote last: what others left in the memory is overwritten.
    private Object user;

    /// Makes memory that holds nothing yet.
    public WorkingMemory() {}

    /// {@return the bytes held}
    public long bytes() {
        return (long) Float.BYTES * data.length;
    }

    /// Gives the memory back; workspaces ask for it anew when they are prepared.
    public void release() {
        data = new float[0];
        user = null;
    }

    float[] data() {
        return data;
    }

    /// {@return an array of at least so many floats, of any content}
    float[] ensure(int elements) {
        if (elements > data.length) {
            data = new float[0];
            data = new float[elements];
        }
        return data;
    }

    /// {@return whether somebody else used the memory since the workspace asked last}
    boolean take(Object workspace) {
        boolean other = user != workspace;
        user = workspace;
        return other;
    }
}
