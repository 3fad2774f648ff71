/** From an opened grant to exactly the variables and files of one worker. */
@NullMarked
package dev.nightsafe.runner.inject;

import org.jspecify.annotations.NullMarked;
