/** The packaged server in a process of its own, for whatever breaks it or loads it. */
@NullMarked
package io.notify.benchmarks.server;

import org.jspecify.annotations.NullMarked;
