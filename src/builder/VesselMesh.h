#pragma once

#include "builder/Vessels.h"

#include <cstdint>
#include <span>
#include <vector>

namespace pump::builder {

/// Directions across and along a vessel at one of its points. Angle 0 round a vessel is `normal`, a quarter
/// turn further is `binormal`; looking along the flow the angle rises clockwise.
/// along.
struct TubeFrame {
    glm::vec3 normal{}, binormal{}, along{}; ///< orthonormal, right-handed
};

/// Frames along a polyline that turn no more than it bends (parallel transport, double reflection: Wang et
/// al. 2008). At the first point `normal` is the part across the vessel of the direction away from the z
/// axis, so that program and builder find the same angles from the points alone.
std::vector<TubeFrame> tubeFrames(std::span<const glm::vec3> points);

/// A closed, manifold surface with outward normals, rest pose, leg frame in mm. Vertex::tissue as LegModel.h
/// says; joints and weights from the bindings of the points.
struct VesselMesh {
    std::vector<anatomy::Vertex> vertices;
    std::vector<std::uint32_t> indices;
};

struct TubeDetail {
    int sides = 12;           ///< >= 3, corners of the section
    float ringSpacing = 4;    ///< mm between rings at most (finer where the vessel bends or widens)
    bool valveSinuses = true; ///< bulge behind each valve
};

/// The wall of a vessel: a tube with rounded ends; at each of its valves it bulges into two
/// pockets behind the cusps. Empty for beds.
VesselMesh tubeMesh(const VesselSet& set, int vessel, const TubeDetail& detail);
VesselMesh nerveMesh(const Nerve& nerve, const TubeDetail& detail);

/// The two cusps of a valve as one mesh of two closed thin membranes, drawn half open at rest.
/// `columns` and `rows` are the cells of one side of a cusp.
VesselMesh valveMesh(const VesselSet& set, int valve, int columns = 8, int rows = 6);

} // namespace pump::builder
