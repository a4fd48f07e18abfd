/** The files of the dashboard. Internal to notify-netty. */
@NullMarked
package io.notify.netty.dashboard;

import org.jspecify.annotations.NullMarked;
