@NullMarked
package io.notify.jdbc;

import org.jspecify.annotations.NullMarked;
