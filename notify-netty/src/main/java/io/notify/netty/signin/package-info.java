/** Authentication of requests. Internal to notify-netty. */
@NullMarked
package io.notify.netty.signin;

import org.jspecify.annotations.NullMarked;
