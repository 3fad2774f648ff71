/** A deployment's program: its checkout and its virtual environment. */
@NullMarked
package dev.nightsafe.runner.code;

import org.jspecify.annotations.NullMarked;
