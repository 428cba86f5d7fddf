package io.github.fovea.pipeline;

/// The end of a thread, waited for whatever happens: what the thread uses may be given back afterwards.
public final class ThreadEnd {
    private ThreadEnd() {}

    /// Waits until a thread has ended. An interruption does not cut this short; the caller finds it set afterwards.
    ///
    /// @param thread another thread
    public static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
