/** The operators' page, as files. Internal to notify-netty. */
@NullMarked
package io.notify.netty.dashboard;

import org.jspecify.annotations.NullMarked;
