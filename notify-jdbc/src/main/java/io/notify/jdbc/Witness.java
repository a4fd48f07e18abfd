package io.notify.jdbc;

import io.notify.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows of a position at least as far as every answer that was given, in mind and in a small file beside H2's own: so that a
 * database cut short, or replaced by an older copy, is noticed, which goes on without a word and would give its numbers out
 * again.
 *
 * <p>H2 alone needs the file: a server's files are nobody's to swap. It is never in the way: what cannot be written or read
 * is said once and done without. Any thread.
 */
final class Witness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Witness.class);
    private static final String SUFFIX = ".head";
    /** One block of a disk or less, overwritten in place: whole, as far as a process that is killed can tell. */
    private static final int LENGTH = 64;

    private final @Nullable Path file; // null for none
    private final AtomicReference<@Nullable Position> furthest = new AtomicReference<>();
    private @Nullable FileChannel channel; // guarded by this
    private boolean failed; // guarded by this

    private Witness(@Nullable Path file) {
        this.file = file;
    }

    /** Has no file, and forgets with its process. */
    static Witness inMind() {
        return new Witness(null);
    }

    /** @param database H2's path, without the suffix of its file */
    static Witness beside(Path database) {
        return new Witness(database.resolveSibling(database.getFileName() + SUFFIX));
    }

    /** How far it knows the log; empty if it does not. */
    Optional<Position> last() {
        if (file == null || !Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Position.parse(Files.readString(file).strip()));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} tells nothing (expected: a position): {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** Whether more was told than a log that ends here has. Of a former epoch it knows nothing. */
    boolean knowsMoreThan(Position end) {
        Position known = furthest.get();
        return known != null && known.epoch().equals(end.epoch()) && known.seq() > end.seq();
    }

    /** A position is about to be told to somebody who read it. */
    void heard(Position position) {
        furthest.accumulateAndGet(position, Witness::further);
    }

    private static @Nullable Position further(@Nullable Position known, @Nullable Position heard) {
        boolean isLess =
                known != null && heard != null && known.epoch().equals(heard.epoch()) && known.seq() > heard.seq();
        return isLess ? known : heard;
    }

    /** A position is about to be told to somebody as that of something new. */
    synchronized void saw(Position position) {
        heard(position);
        if (file == null) {
            return;
        }
        try {
            FileChannel open = channel;
            if (open == null) {
                open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                channel = open;
            }
            byte[] line = position.toString().getBytes(StandardCharsets.US_ASCII);
            byte[] block = " ".repeat(LENGTH).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(line, 0, block, 0, line.length);
            block[LENGTH - 1] = '\n';
            open.write(ByteBuffer.wrap(block), 0);
        } catch (IOException e) {
            if (!failed) {
                failed = true;
                LOG.warn("{} cannot be written: an altered database may go unnoticed: {}", file, e.toString());
            }
        }
    }

    @Override
    public synchronized void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("{} was not closed", file, e);
            }
        }
    }
}
