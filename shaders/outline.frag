#version 460
layout(location = 0) out vec4 outColour;

void main() { outColour = vec4(0.42, 0.86, 0.98, 0.95); }
