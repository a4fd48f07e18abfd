/** The HTTP API. Internal to notify-netty. */
@NullMarked
package io.notify.netty.api;

import org.jspecify.annotations.NullMarked;
