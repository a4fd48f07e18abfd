package io.notify.netty.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's request decoder in its strictest form. Rejects everything that a proxy could read differently: two lengths, bytes
 * before the request line, bare line feeds. Notifies its connection when a request begins.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private final HttpConnection connection;
    private boolean atStart = true;

    RequestDecoder(HttpLimits limits, HttpConnection connection) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.maxUriBytes())
                .setMaxHeaderSize(limits.maxHeaderBytes())
                .setMaxChunkSize(16 * 1024)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true));
        this.connection = connection;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (atStart) {
            connection.requestBegins();
            // RFC 9112, section 2.2: empty lines before the request line are ignored.
            while (in.isReadable() && (in.getByte(in.readerIndex()) == '\r' || in.getByte(in.readerIndex()) == '\n')) {
                in.skipBytes(1);
            }
            if (!in.isReadable()) {
                return;
            }
            int first = in.getUnsignedByte(in.readerIndex());
            if (first <= ' ' || first >= 0x7f) {
                in.skipBytes(in.readableBytes());
                throw new DecoderException("first byte of a request: " + first + " (expected: a method)");
            }
            atStart = false;
        }
        super.decode(ctx, in, out);
        if (!out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent) {
            atStart = true;
        }
    }

    /** RFC 9112, section 6.3: a request with both lengths "ought to be handled as an error". */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new DecoderException("both Content-Length and Transfer-Encoding");
    }
}
