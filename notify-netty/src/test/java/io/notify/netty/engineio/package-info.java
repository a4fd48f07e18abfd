@NullMarked
package io.notify.netty.engineio;

import org.jspecify.annotations.NullMarked;
