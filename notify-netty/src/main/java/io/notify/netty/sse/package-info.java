/** Server-Sent Events. Internal to notify-netty. */
@NullMarked
package io.notify.netty.sse;

import org.jspecify.annotations.NullMarked;
