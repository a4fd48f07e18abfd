/** Users' last positions, and the search for those within a circle. Used by the engine; not for hosts. */
@NullMarked
package io.notify.geo;

import org.jspecify.annotations.NullMarked;
