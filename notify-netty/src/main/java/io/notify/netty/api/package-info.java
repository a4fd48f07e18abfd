@NullMarked
package io.notify.netty.api;

import org.jspecify.annotations.NullMarked;
