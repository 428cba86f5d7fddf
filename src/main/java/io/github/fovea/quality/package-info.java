/// Level 4: how good a picture is. Planes and frames come in, a reference and a distorted one; PSNR, SSIM and MS-SSIM
/// go out, and the scores of the published super-resolution protocol.
package io.github.fovea.quality;
