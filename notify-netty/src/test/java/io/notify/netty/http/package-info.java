@NullMarked
package io.notify.netty.http;

import org.jspecify.annotations.NullMarked;
