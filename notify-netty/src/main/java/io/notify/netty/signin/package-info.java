/** How a request says who it is. Internal to notify-netty. */
@NullMarked
package io.notify.netty.signin;

import org.jspecify.annotations.NullMarked;
