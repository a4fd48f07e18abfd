package io.notify.benchmarks.load;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/** The end of one client's pipeline: tells once that it came in and once that it went, and every note between. Its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails says so by channelInactive
final class Subscriber extends SimpleChannelInboundHandler<Note> {
    private final int number;
    private final Inbox inbox;
    private final Stay stay;
    private boolean in;
    private String reason = "closed by the server";

    /** Where notes go. Called on the client's event loop. */
    @FunctionalInterface
    interface Inbox {
        void received(int client, Note note);
    }

    /** What becomes of one client. Called on its event loop. */
    interface Stay {
        void entered();

        /** Its connection has ended, or never was; {@code wasIn} says whether it had entered. */
        void gone(boolean wasIn, String reason);
    }

    Subscriber(int number, Inbox inbox, Stay stay) {
        super(Note.class);
        this.number = number;
        this.inbox = inbox;
        this.stay = stay;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Entered.ENTERED && !in) {
            in = true;
            stay.entered();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Note note) {
        inbox.received(number, note);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stay.gone(in, reason);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reason = cause.toString();
        ctx.close();
    }
}
