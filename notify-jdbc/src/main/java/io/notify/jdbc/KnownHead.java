package io.notify.jdbc;

import io.notify.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * High-water mark of the positions that were answered. For SQLite it is mirrored to a small file next to the database, so that
 * a database that was cut short or replaced by an older copy does not give the same numbers out again.
 *
 * <p>The lock on that file is what keeps a second process, and a second log of this one, off the database. A mark that cannot
 * be written is logged once and does not stop the log. Safe for many threads.
 */
final class KnownHead implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KnownHead.class);
    /** At most one block of a disk, overwritten in place: a process that is killed leaves the old or the new text. */
    private static final int LENGTH = 64;

    private final Path file;
    private final @Nullable FileChannel channel; // null: kept in memory only
    private final AtomicReference<@Nullable Position> highest = new AtomicReference<>();
    private boolean failed; // guarded by this

    private KnownHead(Path file, @Nullable FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** A mark without a file, for databases that are not files of this machine. */
    static KnownHead inMemory() {
        return new KnownHead(Path.of(""), null);
    }

    /**
     * Opens or makes the file and locks it.
     *
     * @throws IllegalStateException if another log holds it, or it cannot be made
     */
    static KnownHead lock(Path file) {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                throw new IllegalStateException(
                        file + ": held by another process or log (expected: one log for each database file)");
            }
            return new KnownHead(file, channel);
        } catch (IOException e) {
            throw new IllegalStateException(file + ": cannot be made or written (" + e + ")", e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** The mark that an earlier process left; empty if there is none. */
    Optional<Position> last() {
        if (channel == null) {
            return Optional.empty();
        }
        try {
            ByteBuffer text = ByteBuffer.allocate(LENGTH);
            channel.read(text, 0);
            String line = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
            return line.isEmpty() ? Optional.empty() : Optional.of(Position.parse(line));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{}: not readable (expected: a position): {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** Whether a higher position of the same epoch was told before. */
    boolean isBeyond(Position end) {
        Position known = highest.get();
        return known != null && known.epoch().equals(end.epoch()) && known.seq() > end.seq();
    }

    /** Raises the mark in memory; call it before a position that was read is told to anybody. */
    void observe(Position position) {
        highest.accumulateAndGet(position, KnownHead::higher);
    }

    private static @Nullable Position higher(@Nullable Position known, @Nullable Position other) {
        boolean isLower =
                known != null && other != null && known.epoch().equals(other.epoch()) && known.seq() > other.seq();
        return isLower ? known : other;
    }

    /** Raises the mark in memory and in the file; call it before the position of a new row is told to anybody. */
    synchronized void raise(Position position) {
        observe(position);
        if (channel == null) {
            return;
        }
        try {
            byte[] block = " ".repeat(LENGTH).getBytes(StandardCharsets.US_ASCII);
            byte[] line = position.toString().getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(line, 0, block, 0, line.length);
            block[LENGTH - 1] = '\n';
            channel.write(ByteBuffer.wrap(block), 0);
        } catch (IOException e) {
            if (!failed) {
                failed = true;
                LOG.warn("{}: cannot be written, an altered database may go unnoticed: {}", file, e.toString());
            }
        }
    }

    /** Gives the lock back. */
    @Override
    public synchronized void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("{} was not closed", file, e);
        }
    }
}
