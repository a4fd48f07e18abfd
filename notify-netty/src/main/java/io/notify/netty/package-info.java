@NullMarked
package io.notify.netty;

import org.jspecify.annotations.NullMarked;
