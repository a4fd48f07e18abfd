/** Clients by the thousand against the packaged server: what a delivery, a connect and an idle connection cost. */
@NullMarked
package io.notify.benchmarks.load;

import org.jspecify.annotations.NullMarked;
