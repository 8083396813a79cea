#version 460
layout(location = 0) in vec3 inColour;
layout(location = 0) out vec4 outColour;

void main() {
    // Half a step of noise against banding (interleaved gradient noise, Jimenez 2014).
    float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    outColour = vec4(inColour + (grain - 0.5) / 255.0, 1.0);
}
