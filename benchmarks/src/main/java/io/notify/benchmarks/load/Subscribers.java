package io.notify.benchmarks.load;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** All clients of a run, each a user of its own: they come in together, a few handshakes at a time, and go together. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails says so by channelInactive
final class Subscribers {
    private static final int HANDSHAKES = 128;
    private static final long PATIENCE_SECONDS = 120;

    private final Network network;
    private final Wire wire;
    private final List<String> tokens;
    private final Subscriber.Inbox inbox;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Recorder handshakes = new Recorder(3);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger entered = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    /** Counts up when they leave: what ends later of a former visit is no loss. */
    private final AtomicInteger visit = new AtomicInteger();

    private volatile @Nullable String cursor;
    private volatile String lastReason = "the others did not within " + PATIENCE_SECONDS + " s";

    /** @param tokens one for each client; the subject of each is its place here */
    Subscribers(Network network, Wire wire, List<String> tokens, Subscriber.Inbox inbox) {
        this.network = network;
        this.wire = wire;
        this.tokens = List.copyOf(tokens);
        this.inbox = inbox;
    }

    /**
     * Lets all in; waits until they are, or cannot be.
     *
     * @param from where all were when they left; null if they were never here
     */
    void enter(Patience patience, @Nullable String from) throws IOException, InterruptedException {
        cursor = from;
        begun.set(0);
        entered.set(0);
        for (int i = 0; i < HANDSHAKES; i++) {
            beginNext();
        }
        patience.await(() -> entered.get() + lost.get() >= tokens.size(), PATIENCE_SECONDS);
        if (entered.get() < tokens.size()) {
            throw new IOException(
                    "clients that came in: " + entered.get() + " (expected: " + tokens.size() + "); " + lastReason);
        }
    }

    private void beginNext() {
        int number = begun.getAndIncrement();
        if (number < tokens.size()) {
            begin(number, System.nanoTime());
        }
    }

    private void begin(int number, long began) {
        int thisVisit = visit.get();
        Subscriber subscriber = new Subscriber(number, inbox, new Subscriber.Stay() {
            @Override
            public void entered() {
                handshakes.recordValue(System.nanoTime() - began);
                entered.incrementAndGet();
                beginNext();
            }

            @Override
            public void gone(boolean wasIn, String reason) {
                missed(thisVisit, wasIn, reason);
            }
        });
        ChannelFuture connecting = network.connectionOf(number)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        wire.install(channel.pipeline(), network.port(), tokens.get(number), cursor);
                        channel.pipeline().addLast(subscriber);
                    }
                })
                .connect();
        channels.add(connecting.channel());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                missed(thisVisit, false, String.valueOf(done.cause()));
            }
        });
    }

    private void missed(int itsVisit, boolean wasIn, String reason) {
        if (itsVisit != visit.get()) {
            return;
        }
        lastReason = reason;
        lost.incrementAndGet();
        if (!wasIn) {
            beginNext();
        }
    }

    /** All go at once. */
    void leave() {
        visit.incrementAndGet();
        channels.close().awaitUninterruptibly();
    }

    int count() {
        return tokens.size();
    }

    /** How many were cut off or never let in. */
    int lost() {
        return lost.get();
    }

    /** From the connect to the server's {@code connected}, in nanoseconds, of all since this was last asked. One thread. */
    Histogram handshakes() {
        return handshakes.getIntervalHistogram();
    }
}
