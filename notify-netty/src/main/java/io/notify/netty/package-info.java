/** The notification server, {@link io.notify.netty.NotifyServer}. The packages beneath are internal, except {@code socketio}. */
@NullMarked
package io.notify.netty;

import org.jspecify.annotations.NullMarked;
