@NullMarked
package io.notify.examples;

import org.jspecify.annotations.NullMarked;
