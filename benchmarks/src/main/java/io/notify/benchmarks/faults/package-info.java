/** Starts the packaged server, breaks something, and prints what came of every notification. */
@NullMarked
package io.notify.benchmarks.faults;

import org.jspecify.annotations.NullMarked;
