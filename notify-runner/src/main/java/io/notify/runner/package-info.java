/** The standalone server: reads the configuration, puts the parts together, answers the command line. */
@NullMarked
package io.notify.runner;

import org.jspecify.annotations.NullMarked;
