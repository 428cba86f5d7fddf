package io.github.fovea.pipeline;

import io.github.fovea.frame.Frame;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A thread that makes a picture's rows from top to bottom, piece by piece, ahead of the one thread that takes them.
///
/// It is ahead by one band of the network's rows at most, so that the network can work on the next band while the last
/// one is taken.
final class RowsAhead implements AutoCloseable {
    private final PictureUpscaler upscaler;
    private final Cancellation cancellation;
    /// Rows of a piece; the picture's last piece may have fewer.
    private final int height;
    private final int total;
    private final int mostPieces;
    private final Thread thread;
    /// The first row of the piece to take; the taking thread's.
    private int takenTo;
    private Frame inUse;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /// What follows is guarded by `lock`: pieces that wait to be taken, and those that may be filled again.
    private final ArrayDeque<Frame> made = new ArrayDeque<>();
    private final ArrayDeque<Frame> free = new ArrayDeque<>();
    private long doneRows;
    private Throwable failure;
    private boolean closed;

    /// Begins at once.
    ///
    /// @param upscaler     makes the rows; nobody else uses it until this is closed
    /// @param cancellation looked at before each run of the network
    /// @param y            the first row
    /// @param height       rows of a piece
    RowsAhead(PictureUpscaler upscaler, Cancellation cancellation, int y, int height) {
        this.upscaler = upscaler;
        this.cancellation = cancellation;
        this.height = height;
        total = upscaler.format().height();
        mostPieces = Math.max(1, upscaler.bandRows() / height);
        takenTo = y;
        thread = Thread.ofPlatform().daemon().name("fovea-rows").start(() -> make(y));
    }

    /// {@return whether [#take] gives these rows next}
    ///
    /// @param y    the first row
    /// @param rows their number
    boolean continuesWith(int y, int rows) {
        return y == takenTo && y < total && rows == Math.min(height, total - y);
    }

    /// Waits for the next piece.
    ///
    /// @param progress hears of the rows made so far, if a band was made since the last piece
    /// @return the piece, good until the next call
    Frame take(Progress progress) {
        long done;
        lock.lock();
        try {
            if (inUse != null) {
                free.add(inUse);
                inUse = null;
            }
            while (made.isEmpty() && failure == null) {
                changed.awaitUninterruptibly();
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            } else if (failure instanceof Error e) {
                throw e;
            }
            inUse = made.remove();
            changed.signalAll();
            done = doneRows;
            doneRows = 0;
        } finally {
            lock.unlock();
        }
        takenTo += inUse.format().height();
        if (done > 0) {
            progress.update(done, total);
        }
        return inUse;
    }

    private void make(int begin) {
        try {
            int rows;
            for (int y = begin; y < total; y += rows) {
                rows = Math.min(height, total - y);
                Frame piece = place(rows);
                if (piece == null) {
                    return;
                }
                upscaler.rows(y, rows, piece, (done, _) -> tell(done), cancellation);
                give(piece);
            }
        } catch (Throwable t) {
            lock.lock();
            try {
                failure = t;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// {@return a piece to fill, as soon as one may be, or `null` after [#close]}
    private Frame place(int rows) {
        Frame piece;
        lock.lock();
        try {
            while (made.size() >= mostPieces && !closed) {
                changed.awaitUninterruptibly();
            }
            if (closed) {
                return null;
            }
            piece = free.poll();
        } finally {
            lock.unlock();
        }
        return piece != null && piece.format().height() == rows ? piece : upscaler.allocate(rows);
    }

    private void give(Frame piece) {
        lock.lock();
        try {
            made.add(piece);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void tell(long done) {
        lock.lock();
        try {
            doneRows = done;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the thread after the band that it makes, and waits for its end.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        ThreadEnd.await(thread);
    }
}
