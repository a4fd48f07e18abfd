package io.notify.benchmarks.load;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.util.ArrayList;
import java.util.List;

/** The application that sends: lanes that share out the numbers among them. Any thread. */
final class BackEnd {
    private static final int MOST_BYTES = 1 << 16;

    private final Traffic traffic;
    private final List<SendLane> lanes;

    private BackEnd(Traffic traffic, List<SendLane> lanes) {
        this.traffic = traffic;
        this.lanes = List.copyOf(lanes);
    }

    /**
     * Connects; nothing is sent yet.
     *
     * @param token of the role {@code SERVICE}
     */
    static BackEnd connect(Network network, Traffic traffic, Ledger ledger, String token) throws InterruptedException {
        List<SendLane> lanes = new ArrayList<>();
        for (int i = 0; i < traffic.lanes(); i++) {
            Channel channel = network.connection()
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel fresh) {
                            fresh.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(MOST_BYTES));
                        }
                    })
                    .connect()
                    .sync()
                    .channel();
            SendLane lane = new SendLane(channel, i, traffic, ledger, token);
            channel.pipeline().addLast(lane);
            lanes.add(lane);
        }
        return new BackEnd(traffic, lanes);
    }

    void start() {
        long began = System.nanoTime();
        lanes.forEach(lane -> lane.start(began));
    }

    void stop() {
        lanes.forEach(SendLane::stop);
    }

    /** A note has come to one more of those whom it is for. */
    void delivered(Note note) {
        if (!traffic.isPaced()) {
            lanes.get((int) (note.number() % traffic.lanes())).settled();
        }
    }
}
