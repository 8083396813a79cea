// How a point follows several joints. Part of shared/deform.h; C++ includes it inside a class as well (see
// there). Whoever includes it provides JointPose jointPose(uint).

float byteOf(uint word, uint index) {
    return float((word >> (8u * index)) & 255u);
}

// A unit quaternion (x, y, z, w) turns v.
vec3 turnedBy(vec4 q, vec3 v) {
    vec3 axis = vec3(q.x, q.y, q.z);
    return v + cross(axis, cross(axis, v) + v * q.w) * 2.0f;
}

vec3 movedBy(JointPose joint, vec3 p) {
    vec3 r = vec3(joint.real.x, joint.real.y, joint.real.z);
    vec3 d = vec3(joint.dual.x, joint.dual.y, joint.dual.z);
    return turnedBy(joint.real, p) + (d * joint.real.w - r * joint.dual.w + cross(r, d)) * 2.0f;
}

// Dual quaternion blend of the first `influences` (2-4) joints (Kavan et al. 2007): again a rigid motion, so
// flesh goes round a bent knee at its own distance from the axis, where a blend of matrices would cut across.
// `joints` and `weights`: four bytes each, weights sum to 255. The matrix is not filled.
JointPose blendedJoint(uint joints, uint weights, uint influences) {
    JointPose first = jointPose(joints & 255u);
    float w = byteOf(weights, 0u);
    vec4 real = first.real * w;
    vec4 dual = first.dual * w;
    for (uint k = 1u; k < influences; ++k) {
        JointPose other = jointPose((joints >> (8u * k)) & 255u);
        // Both signs are the same turn: take the nearer one.
        float share = byteOf(weights, k) * (dot(first.real, other.real) < 0.0f ? -1.0f : 1.0f);
        real = real + other.real * share;
        dual = dual + other.dual * share;
    }
    float size = 1.0f / length(real);
    first.real = real * size;
    first.dual = dual * size;
    return first;
}
