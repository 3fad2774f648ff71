@NullMarked
package dev.nightsafe.sdk;

import org.jspecify.annotations.NullMarked;
