/** JSON: a strict reader for text that clients and tokens bring, and values that are already JSON text. */
@NullMarked
package io.notify.json;

import org.jspecify.annotations.NullMarked;
