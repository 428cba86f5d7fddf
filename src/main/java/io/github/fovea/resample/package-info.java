/// Level 2: the exact resampler, any size to any size. Planes of floats or of samples come in; planes of the wanted
/// size go out, equal to MATLAB's `imresize` for the kernels that it has.
package io.github.fovea.resample;
