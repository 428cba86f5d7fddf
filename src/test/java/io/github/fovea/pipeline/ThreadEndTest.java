package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadEndTest {
    @Test
    void anInterruptionIsKeptAndDoesNotCutTheWaitShort() {
        CountDownLatch go = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        Thread worker = Thread.ofPlatform().start(() -> {
            caller.interrupt();
            // Ends only once the caller waits again, or would have come back.
            while (caller.isInterrupted()) {
                Thread.onSpinWait();
            }
            go.countDown();
        });
        ThreadEnd.await(worker);
        assertFalse(worker.isAlive());
        assertTrue(go.getCount() == 0 && Thread.interrupted(), "interrupted while it waited");
    }

    @Test
    void aThreadThatHasEndedIsNotWaitedFor() throws InterruptedException {
        Thread worker = Thread.ofPlatform().start(() -> { });
        worker.join();
        ThreadEnd.await(worker);
        assertFalse(Thread.currentThread().isInterrupted());
    }
}
