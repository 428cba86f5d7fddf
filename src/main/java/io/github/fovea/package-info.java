/// Level 9, the public face of Fovea: open an upscaler with a model, upscale pictures and frames of video.
package io.github.fovea;
