/// Level 4: the narrow interface between plans and machines. Takes a plan and its weights, gives an executable; looks
/// up what this machine has.
package io.github.fovea.backend;
