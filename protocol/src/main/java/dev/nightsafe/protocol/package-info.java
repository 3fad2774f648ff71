/** Wire records and HTTP clients for the three APIs. */
@NullMarked
package dev.nightsafe.protocol;

import org.jspecify.annotations.NullMarked;
