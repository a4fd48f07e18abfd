/**
 * The listening port: requests in by Netty's own codec, limits and deadlines, exact-path routing, answers, streams and
 * WebSockets. Internal to notify-netty.
 *
 * <p>Everything that belongs to a connection is touched by its event loop alone; what may be called by any thread says
 * so.
 */
@NullMarked
package io.notify.netty.http;

import org.jspecify.annotations.NullMarked;
