@NullMarked
package io.notify.netty.socketio;

import org.jspecify.annotations.NullMarked;
