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
 * One listening port. {@link #close} releases every thread, socket and buffer. Internal to notify-netty.
 *
 * <p>{@link Builder#build} creates the event loops, so that handlers can be created for them. {@link #listen} opens the
 * socket. Any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failing channel reports it by channelInactive
public final class HttpPort implements AutoCloseable {
    private static final byte[] REFUSED =
            "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final int BACKLOG = 4096;
    /** The part of the maximum heap size, one quarter. Direct memory has the same maximum by default. */
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

    /** Returns every event loop that owns connections. */
    public List<PortLoop> loops() {
        return loopList;
    }

    /**
     * Starts to listen. Blocks until the address is bound. May be called once.
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
        transport.setUserTimeout(bootstrap, vanishedAfter);
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

    /** Returns the number of the port. It differs from the configured one if that is 0. */
    public int port() {
        return ((InetSocketAddress) Objects.requireNonNull(listening).localAddress()).getPort();
    }

    /** Returns the number of open connections. */
    public int connections() {
        return connections.open();
    }

    /** Returns the counters of responses and refusals. */
    public PortCounts counts() {
        return counts;
    }

    /** Returns the bytes not yet taken by the network, summed over all connections, which takes linear time. */
    public long pendingBytes() {
        long sum = 0;
        for (Channel channel : open) {
            ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
            sum += buffer == null ? 0 : buffer.totalPendingWriteBytes();
        }
        return sum;
    }

    /** Returns a separate count with the same limits, for sessions that outlive the connections that open them. */
    public ConnectionLimits sessionLimits() {
        return new ConnectionLimits(limits, nanoClock, counts);
    }

    /** Stops accepting connections. Open ones stay open. */
    public void stopListening() {
        Channel channel = listening;
        if (channel != null) {
            channel.close().awaitUninterruptibly();
        }
    }

    /** Stops listening, closes every connection and ends the threads of the port's own event loops. Blocks. */
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

    /** Initializes the pipeline of a new connection, or refuses the connection. */
    private final class Connections extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
                // The peer has reset the connection before it was accepted.
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

    /** Builds a port. Not thread-safe. */
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

        /** Sets the address to listen on. The default is empty, for every address. */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /**
         * Sets the port to listen on.
         *
         * @param port 0 to 65535, 0 for any free one; 3000 by default
         */
        public Builder port(int port) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
            }
            this.port = port;
            return this;
        }

        /** Sets the number of event loops. The default is one per processor. */
        public Builder threads(int threads) {
            HttpLimits.positive("threads", threads);
            this.threads = threads;
            return this;
        }

        public Builder transport(NetworkTransport transport) {
            this.transport = transport;
            return this;
        }

        /** Uses the event loops of the application, which stay running, instead of {@link #threads} and {@link #transport}. */
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

        /** Sets how long a peer may leave sent data unacknowledged before it counts as gone. The default is 45 s. */
        public Builder vanishedAfter(Duration time) {
            HttpLimits.positive("vanishedAfter", time);
            this.vanishedAfter = time;
            return this;
        }

        /** Limits the pending bytes of all slow connections together. The default is a quarter of the maximum heap size. */
        public Builder backlogBytes(long bytes) {
            if (bytes <= 0) {
                throw new IllegalArgumentException("backlogBytes: " + bytes + " (expected: > 0)");
            }
            this.backlogBytes = bytes;
            return this;
        }

        /** Sets the clock of every deadline. The default is {@link System#nanoTime}. */
        public Builder nanoClock(LongSupplier nanoClock) {
            this.nanoClock = nanoClock;
            return this;
        }

        /** Creates the event loops. Does not listen yet. */
        public HttpPort build() {
            return new HttpPort(this);
        }
    }
}
