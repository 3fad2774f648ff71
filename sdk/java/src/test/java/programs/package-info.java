/** Task programs, as their users write them; tests start them as processes. */
@NullMarked
package programs;

import org.jspecify.annotations.NullMarked;
