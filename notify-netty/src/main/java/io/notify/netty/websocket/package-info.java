/** JSON frames over a plain WebSocket. Internal to notify-netty. */
@NullMarked
package io.notify.netty.websocket;

import org.jspecify.annotations.NullMarked;
