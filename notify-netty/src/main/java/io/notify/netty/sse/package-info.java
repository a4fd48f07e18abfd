/** Server-Sent Events for the notification service. Internal to notify-netty. */
@NullMarked
package io.notify.netty.sse;

import org.jspecify.annotations.NullMarked;
