/** Whether the console and its keeper work, and the API's description. */
@NullMarked
package dev.nightsafe.console.status;

import org.jspecify.annotations.NullMarked;
