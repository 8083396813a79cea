#version 460
#extension GL_GOOGLE_include_directive : require
// Tissue that was lit at the vertices; streaks of flesh are too fine for them.
#include "common/tissue.glsl"

layout(location = 0) in vec4 inColour;
layout(location = 1) in vec4 inFibre;

layout(location = 0) out vec4 outColour;

void main() {
    outColour = inColour;
    if (kFlesh) {
        // Encoding takes about the root: so do its changes.
        float streak = streaks(inFibre.xyz, 1.0 / (gl_FragCoord.w * frame.pixelsPerUnit));
        outColour.rgb *= 1.0 + 0.5 * inFibre.w * streak;
    }
    if (!kGhost) {
        if (!kFlesh && !kCover && inColour.a < strandGrain(gl_FragCoord.xy)) discard;
        outColour.a = 1.0;
    }
}
