package io.github.fovea.backend;

import io.github.fovea.tensor.TensorView;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/// The memory of one thread, which the workspaces of several executables use in turn: as large as the largest of them
/// wants. For one thread at a time; workspaces may be made by others meanwhile.
public final class WorkingMemory {
    private float[] data = new float[0];
    /// The workspace that wrote last: what others left in the memory is overwritten.
    private Object user;
    /// Those whose tensors lie in the array: it is free only when all of them have let go of it. Held weakly, because
    /// networks come and go (a video's segments) and the memory stays.
    private final Set<CpuWorkspace> workspaces = Collections.newSetFromMap(new WeakHashMap<>());

    /// Makes memory that holds nothing yet.
    public WorkingMemory() {}

    /// {@return the bytes held}
    public long bytes() {
        return (long) Float.BYTES * data.length;
    }

    /// Gives the memory back; workspaces ask for it anew when they are prepared, and refuse to run before.
    public void release() {
        data = new float[0];
        user = null;
        synchronized (workspaces) {
            workspaces.forEach(CpuWorkspace::forget);
        }
    }

    /// Takes memory before the workspaces want it.
    ///
    /// @param bytes at least so many
    /// @throws IllegalArgumentException if one Java array does not hold them
    public void reserve(long bytes) {
        long elements = Math.ceilDiv(bytes, (long) Float.BYTES);
        if (elements > TensorView.MAX_ELEMENTS) {
            throw new IllegalArgumentException("an arena of " + elements + " floats, one array holds "
                    + TensorView.MAX_ELEMENTS + "; allow less memory");
        }
        ensure((int) elements);
    }

    /// Tells of a workspace that will lay its tensors into this memory.
    ///
    /// @param workspace the workspace, wholly made: from now on another thread may have it forget the array
    void add(CpuWorkspace workspace) {
        synchronized (workspaces) {
            workspaces.add(workspace);
        }
    }

    float[] data() {
        return data;
    }

    /// {@return an array of at least so many floats, of any content} Where that is another one than before, the one
    /// before is free by then: both together were not announced.
    float[] ensure(int elements) {
        if (elements > data.length) {
            release();
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
