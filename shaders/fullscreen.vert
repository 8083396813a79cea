#version 460
// One triangle that covers the picture.
layout(location = 0) out vec2 outClip; // -1 to 1, y down

void main() {
    vec2 corner = vec2((gl_VertexIndex << 1) & 2, gl_VertexIndex & 2);
    outClip = corner * 2.0 - 1.0;
    gl_Position = vec4(outClip, 1.0, 1.0);
}
