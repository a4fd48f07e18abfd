/**
 * The HTTP port: decoding, limits, deadlines, routing, responses, streams and WebSockets. Internal to notify-netty.
 *
 * <p>The state of a connection belongs to its event loop. Methods that any thread may call say so.
 */
@NullMarked
package io.notify.netty.http;

import org.jspecify.annotations.NullMarked;
