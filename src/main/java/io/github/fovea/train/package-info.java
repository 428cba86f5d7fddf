/// Level 8: training. A folder of pictures and options come in, a trained network goes out; inference never imports
/// this.
package io.github.fovea.train;
