package io.github.fovea.pipeline;

import io.github.fovea.adapt.Sensing;
import io.github.fovea.adapt.Sensor;
import io.github.fovea.adapt.Shares;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// One set of worker threads shared by several sessions: each frame takes its turn, first come, first served, and each
/// session keeps to its share of the time. So there are never more busy threads than workers, and a slow session holds
/// the others up for no longer than its share. Also looks at the machine for all of them, four times a second, on a
/// thread that lives as long as there are sessions; a sensor that fails is told of once, and sessions go by frame times
/// alone until it works.
public final class FrameTurns {
    private static final long LOOK_NANOS = 250_000_000;

    private final ReentrantLock turn = new ReentrantLock(true);
    private final Shares shares = new Shares();
    private final Sensor sensor;
    private final Object lock = new Object();
    private Thread looking;
    private int members;
    private volatile Sensing sensing;
    /// For the looking thread alone.
    private boolean failureTold;

    /// Starts without sessions.
    ///
    /// @param sensor looks at the machine
    public FrameTurns(Sensor sensor) {
        this.sensor = Objects.requireNonNull(sensor, "sensor");
    }

    /// {@return the lock whose holder uses the worker threads}
    public ReentrantLock turn() {
        return turn;
    }

    Shares shares() {
        return shares;
    }

    /// {@return the latest look at the machine, or `null` before the first}
    Sensing sensing() {
        return sensing;
    }

    Shares.Member join(long periodNanos) {
        synchronized (lock) {
            members++;
            if (looking == null) {
                looking = Thread.ofPlatform().daemon().name("fovea-sensor").start(this::look);
            }
        }
        return shares.join(periodNanos);
    }

    void leave(Shares.Member member) {
        shares.leave(member);
        synchronized (lock) {
            members--;
            if (members == 0 && looking != null) {
                LockSupport.unpark(looking);
            }
        }
    }

    private void look() {
        while (true) {
            sensing = sensed();
            LockSupport.parkNanos(LOOK_NANOS);
            synchronized (lock) {
                if (members == 0) {
                    looking = null;
                    return;
                }
            }
        }
    }

    private Sensing sensed() {
        try {
            return sensor.sense();
        } catch (RuntimeException | OutOfMemoryError e) {
            if (!failureTold) {
                failureTold = true;
                System.getLogger(FrameTurns.class.getName()).log(System.Logger.Level.WARNING,
                        "the machine's load and memory cannot be seen; sessions go by frame times alone", e);
            }
            return null;
        }
    }
}
