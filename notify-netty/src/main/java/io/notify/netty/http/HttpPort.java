package io.notify.netty.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One listening port; {@link #close} gives back every thread, port and buffer that it took. Internal to notify-netty.
 *
 * <p>Its event loops exist from {@link Builder#build} on, so that handlers can be made for them; it listens from
 * {@link #listen} on. Any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails says so by channelInactive
public final class HttpPort implements AutoCloseable {
    private static final byte[] REFUSED =
            "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final int BACKLOG = 4096;
    /** Of the heap's bound, which is that of direct memory too unless the JVM is told otherwise. */
    private static final int BACKLOG_PART = 4;

    private final String host;
    private final int port;
    private final HttpLimits limits;
    private final OriginPolicy origins;
    private final LongSupplier nanoClock;
    private final EventLoopGroup group;
    private final boolean ownsGroup;
    private final NetworkTransport transport;
    private final Duration vanishedAfter;
    private final IdentityHashMap<EventLoop, PortLoop> loops = new IdentityHashMap<>();
    private final List<PortLoop> loopList;
    private final PortCounts counts = new PortCounts();
    private final ConnectionLimits connections;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final ChannelFutureListener onChannelClosed = this::channelClosed;
    private volatile @Nullable HttpRoutes routes;
    private volatile @Nullable Channel listening;

    private HttpPort(Builder builder) {
        host = builder.host;
        port = builder.port;
        limits = builder.limits;
        origins = builder.origins;
        nanoClock = builder.nanoClock;
        EventLoopGroup given = builder.eventLoops;
        ownsGroup = given == null;
        transport = given == null ? builder.transport.resolved() : NetworkTransport.of(given);
        group = given == null ? transport.newGroup(builder.threads) : given;
        vanishedAfter = builder.vanishedAfter;
        long backlogShare = builder.backlogBytes / Math.max(1, count(group));
        List<PortLoop> all = new ArrayList<>();
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            PortLoop portLoop = new PortLoop(loop, builder.nanoClock, backlogShare);
            loops.put(loop, portLoop);
            all.add(portLoop);
        }
        loopList = List.copyOf(all);
        connections = new ConnectionLimits(limits, builder.nanoClock, counts);
    }

    private static int count(EventLoopGroup group) {
        int count = 0;
        for (EventExecutor ignored : group) {
            count++;
        }
        return count;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Every event loop that will own connections. */
    public List<PortLoop> loops() {
        return loopList;
    }

    /**
     * Begins to listen; blocks until it does. Once.
     *
     * @throws UncheckedIOException naming the address, if it cannot be bound
     */
    public HttpPort listen(HttpRoutes routes) {
        if (this.routes != null) {
            throw new IllegalStateException("listen: called twice (expected: once)");
        }
        this.routes = routes;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Connections());
        transport.endVanished(bootstrap, vanishedAfter);
        InetSocketAddress address = host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            throw new UncheckedIOException(
                    "cannot listen on " + address.getHostString() + " port " + port + ": "
                            + bound.cause().getMessage(),
                    new IOException(bound.cause()));
        }
        listening = bound.channel();
        return this;
    }

    /** The port that it listens on; differs from the one asked for if that was 0. */
    public int port() {
        return ((InetSocketAddress) Objects.requireNonNull(listening).localAddress()).getPort();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.open();
    }

    /** What was answered and turned away. */
    public PortCounts counts() {
        return counts;
    }

    /** Bytes that the network has not taken, over all connections; walks them. */
    public long pendingBytes() {
        long sum = 0;
        for (Channel channel : open) {
            ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
            sum += buffer == null ? 0 : buffer.totalPendingWriteBytes();
        }
        return sum;
    }

    /** The same limits again, counted by themselves: for what lives longer than the connections that open it. */
    public ConnectionLimits sessionLimits() {
        return new ConnectionLimits(limits, nanoClock, counts);
    }

    /** Takes no new connections from now on; those that there are go on. */
    public void stopListening() {
        Channel channel = listening;
        if (channel != null) {
            channel.close().awaitUninterruptibly();
        }
    }

    /** Stops listening, drops every connection and, unless the event loops were given, ends their threads. Blocks. */
    @Override
    public void close() {
        stopListening();
        List<ChannelFuture> closing = new ArrayList<>();
        for (Channel channel : open) {
            closing.add(channel.close());
        }
        closing.forEach(future -> future.awaitUninterruptibly(5, TimeUnit.SECONDS));
        if (ownsGroup) {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    HttpLimits limits() {
        return limits;
    }

    OriginPolicy origins() {
        return origins;
    }

    HttpRoutes routes() {
        return Objects.requireNonNull(routes);
    }

    private void channelClosed(ChannelFuture closed) {
        open.remove(closed.channel());
        connections.leave(((InetSocketAddress) closed.channel().remoteAddress()).getAddress());
    }

    /** Makes the pipeline of a new connection, or refuses it. */
    private final class Connections extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
                // Reset before it was accepted.
                channel.close();
                return;
            }
            if (!connections.enter(remote.getAddress())) {
                channel.writeAndFlush(channel.alloc().buffer(REFUSED.length).writeBytes(REFUSED))
                        .addListener(ChannelFutureListener.CLOSE);
                return;
            }
            open.add(channel);
            channel.closeFuture().addListener(onChannelClosed);
            PortLoop loop = Objects.requireNonNull(loops.get(channel.eventLoop()));
            HttpConnection connection = new HttpConnection(HttpPort.this, loop, remote);
            channel.pipeline().addLast(new RequestDecoder(limits, connection), new HttpResponseEncoder(), connection);
        }
    }

    /** Collects settings; not for several threads. */
    public static final class Builder {
        private String host = "";
        private int port = 3000;
        private int threads = Runtime.getRuntime().availableProcessors();
        private NetworkTransport transport = NetworkTransport.AUTO;
        private @Nullable EventLoopGroup eventLoops;
        private HttpLimits limits = HttpLimits.defaults();
        private OriginPolicy origins = OriginPolicy.sameOrigin();
        private LongSupplier nanoClock = System::nanoTime;
        private Duration vanishedAfter = Duration.ofSeconds(45);
        private long backlogBytes = Runtime.getRuntime().maxMemory() / BACKLOG_PART;

        private Builder() {}

        /** The address to listen on; empty, the default, for all. */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /**
         * The port to listen on.
         *
         * @param port 0 for any free one, to 65535; 3000 by default
         */
        public Builder port(int port) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
            }
            this.port = port;
            return this;
        }

        /** How many event loops; as many as there are processors by default. */
        public Builder threads(int threads) {
            HttpLimits.positive("threads", threads);
            this.threads = threads;
            return this;
        }

        public Builder transport(NetworkTransport transport) {
            this.transport = transport;
            return this;
        }

        /** The host's own event loops, which are not shut down; instead of {@link #threads} and {@link #transport}. */
        public Builder eventLoops(EventLoopGroup eventLoops) {
            this.eventLoops = eventLoops;
            return this;
        }

        public Builder limits(HttpLimits limits) {
            this.limits = limits;
            return this;
        }

        public Builder origins(OriginPolicy origins) {
            this.origins = origins;
            return this;
        }

        /** How long a peer may take nothing of what was sent before it counts as vanished; 45 s by default. */
        public Builder vanishedAfter(Duration time) {
            HttpLimits.positive("vanishedAfter", time);
            this.vanishedAfter = time;
            return this;
        }

        /** What may wait for all connections that are well behind together; a quarter of the heap's bound by default. */
        public Builder backlogBytes(long bytes) {
            if (bytes <= 0) {
                throw new IllegalArgumentException("backlogBytes: " + bytes + " (expected: > 0)");
            }
            this.backlogBytes = bytes;
            return this;
        }

        /** What every deadline is measured by, as {@link System#nanoTime}, the default. */
        public Builder nanoClock(LongSupplier nanoClock) {
            this.nanoClock = nanoClock;
            return this;
        }

        /** Makes the event loops; does not listen yet. */
        public HttpPort build() {
            return new HttpPort(this);
        }
    }
}
