/** Measures durable sends in process, and what the database makes of single rows beside them. */
@NullMarked
package io.notify.benchmarks.sends;

import org.jspecify.annotations.NullMarked;
