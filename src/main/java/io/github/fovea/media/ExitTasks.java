package io.github.fovea.media;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What remains to be done when the virtual machine ends early: children first, so that they stop writing, files
/// second.
public final class ExitTasks {
    private static final Set<Task> TASKS = ConcurrentHashMap.newKeySet();

    private static final Thread NO_HOOK = new Thread(() -> { });

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ExitTasks::runAll, "fovea-exit"));
    }

    private ExitTasks() {
    }

    enum Order {
        CHILDREN, FILES
    }

    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /// One action, compared by identity.
    static final class Task {
        private final Order order;
        private final Action action;

        private Task(Order order, Action action) {
            this.order = order;
            this.action = action;
        }

        /// Takes the action off the list; it was done or is no longer needed.
        void forget() {
            TASKS.remove(this);
        }
    }

    static Task add(Order order, Action action) {
        Task task = new Task(order, action);
        TASKS.add(task);
        return task;
    }

    /// {@return whether this process was told to end, so that what fails now fails of that, and is told as that once}
    public static boolean ending() {
        try {
            // Refused by then, whatever the thread.
            Runtime.getRuntime().removeShutdownHook(NO_HOOK);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    private static void runAll() {
        List<Task> tasks = TASKS.stream().sorted(Comparator.comparing(t -> t.order)).toList();
        for (Task task : tasks) {
            try {
                task.action.run();
            } catch (Exception e) {
                // Nobody is left to tell; the other tasks still have to run.
                continue;
            }
        }
    }
}
