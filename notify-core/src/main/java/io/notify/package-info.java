@NullMarked
package io.notify;

import org.jspecify.annotations.NullMarked;
