#include "builder/Curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pump::builder {
namespace {

/// Point of the centripetal Catmull-Rom span between b and c at u in [0, 1].
glm::vec3 spanPoint(const glm::vec3& a, const glm::vec3& b, const glm::vec3& c, const glm::vec3& d, float u) {
    const auto knot = [](const glm::vec3& p, const glm::vec3& q) {
        return std::max(std::sqrt(glm::distance(p, q)), 1e-3f);
    };
    const float t0 = 0, t1 = t0 + knot(a, b), t2 = t1 + knot(b, c), t3 = t2 + knot(c, d);
    const float t = t1 + u * (t2 - t1);
    const glm::vec3 a1 = ((t1 - t) * a + (t - t0) * b) / (t1 - t0);
    const glm::vec3 a2 = ((t2 - t) * b + (t - t1) * c) / (t2 - t1);
    const glm::vec3 a3 = ((t3 - t) * c + (t - t2) * d) / (t3 - t2);
    const glm::vec3 b1 = ((t2 - t) * a1 + (t - t0) * a2) / (t2 - t0);
    const glm::vec3 b2 = ((t3 - t) * a2 + (t - t1) * a3) / (t3 - t1);
    return ((t2 - t) * b1 + (t - t1) * b2) / (t2 - t1);
}

} // namespace

std::vector<glm::vec3> resample(const std::vector<glm::vec3>& points, float step) {
    std::vector<glm::vec3> fine;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const glm::vec3 b = points[i], c = points[i + 1];
        const glm::vec3 a = i > 0 ? points[i - 1] : 2.0f * b - c;
        const glm::vec3 d = i + 2 < points.size() ? points[i + 2] : 2.0f * c - b;
        const int pieces = std::max(4, static_cast<int>(glm::distance(b, c) / (0.25f * step)));
        for (int k = 0; k < pieces; ++k)
            fine.push_back(spanPoint(a, b, c, d, static_cast<float>(k) / static_cast<float>(pieces)));
    }
    fine.push_back(points.back());
    const std::vector<float> arcs = arcLengths(fine);
    const int spans = std::max(1, static_cast<int>(std::lround(arcs.back() / step)));
    std::vector<glm::vec3> result;
    for (int i = 0; i <= spans; ++i)
        result.push_back(
            pointAtArc(fine, arcs, arcs.back() * static_cast<float>(i) / static_cast<float>(spans)));
    return result;
}

std::vector<float> arcLengths(const std::vector<glm::vec3>& points) {
    std::vector<float> arcs(points.size(), 0.0f);
    for (std::size_t i = 1; i < points.size(); ++i)
        arcs[i] = arcs[i - 1] + glm::distance(points[i - 1], points[i]);
    return arcs;
}

std::vector<glm::vec3> tangents(const std::vector<glm::vec3>& points) {
    std::vector<glm::vec3> result(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const glm::vec3 d = points[std::min(i + 1, points.size() - 1)] - points[i > 0 ? i - 1 : 0];
        const float length = glm::length(d);
        result[i] = length > 1e-6f ? d / length : glm::vec3(0, 0, 1);
    }
    return result;
}

std::vector<glm::vec3> transportedNormals(const std::vector<glm::vec3>& points, const glm::vec3& start) {
    const std::vector<glm::vec3> along = tangents(points);
    std::vector<glm::vec3> result(points.size());
    glm::vec3 normal = start;
    for (std::size_t i = 0; i < points.size(); ++i) {
        normal -= along[i] * glm::dot(along[i], normal);
        if (glm::length(normal) < 1e-3f)
            normal =
                glm::cross(along[i], std::abs(along[i].x) < 0.8f ? glm::vec3(1, 0, 0) : glm::vec3(0, 1, 0));
        normal = glm::normalize(normal);
        result[i] = normal;
    }
    return result;
}

CurvePlace nearestOnCurve(const std::vector<glm::vec3>& points, const glm::vec3& p) {
    CurvePlace best;
    best.distance = std::numeric_limits<float>::max();
    float arc = 0;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const glm::vec3 edge = points[i + 1] - points[i];
        const float length = glm::length(edge);
        const float along =
            length > 0 ? std::clamp(glm::dot(p - points[i], edge) / (length * length), 0.0f, 1.0f) : 0.0f;
        const glm::vec3 at = points[i] + along * edge;
        if (const float d = glm::distance(p, at); d < best.distance) best = {arc + along * length, d, at};
        arc += length;
    }
    return best;
}

glm::vec3 pointAtArc(const std::vector<glm::vec3>& points, const std::vector<float>& arcs, float arc) {
    const auto above = std::upper_bound(arcs.begin(), arcs.end(), arc);
    if (above == arcs.begin()) return points.front();
    if (above == arcs.end()) return points.back();
    const auto i = static_cast<std::size_t>(above - arcs.begin());
    const float span = arcs[i] - arcs[i - 1];
    return glm::mix(points[i - 1], points[i], span > 0 ? (arc - arcs[i - 1]) / span : 0.0f);
}

float interpolate(const std::vector<float>& x, const std::vector<float>& y, float at) {
    const auto above = std::upper_bound(x.begin(), x.end(), at);
    if (above == x.begin()) return y.front();
    if (above == x.end()) return y.back();
    const auto i = static_cast<std::size_t>(above - x.begin());
    const float span = x[i] - x[i - 1];
    return y[i - 1] + (y[i] - y[i - 1]) * (span > 0 ? (at - x[i - 1]) / span : 0.0f);
}

} // namespace pump::builder
