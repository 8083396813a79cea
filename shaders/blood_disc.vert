#version 460
#extension GL_GOOGLE_include_directive : require
// A square that faces the camera for each cell.
#include "common/blood_colour.glsl"
#include "common/cells.glsl"

layout(push_constant) uniform Push { CellLook look; };
layout(location = 0) out vec2 outAcross; // -1 to 1
layout(location = 1) flat out vec3 outColour;
layout(location = 2) out vec3 outPosition;

void main() {
    PlacedCell cell = placed(uint(gl_InstanceIndex), look.seed, look.radius);
    outAcross = vec2(float(gl_VertexIndex & 1) * 2.0 - 1.0, float(gl_VertexIndex >> 1) * 2.0 - 1.0);
    outColour = bloodColour(cell.oxygen);
    outPosition = cell.centre;
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0); // out of sight
    if (cell.radius <= 0.0) return;
    float away = dot(cell.centre - frame.eye, -cross(frame.right, frame.up));
    float radius = max(cell.radius, 0.6 * away / frame.pixelsPerUnit);
    outPosition = cell.centre + (frame.right * outAcross.x + frame.up * outAcross.y) * radius;
    gl_Position = frame.viewProjection * vec4(outPosition, 1.0);
}
