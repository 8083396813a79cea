#include "scene/OrbitCamera.h"

#include "scene/VesselFrames.h"

#include <glm/gtc/constants.hpp>
#include <glm/gtc/matrix_transform.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace pump::scene {

namespace {

constexpr float kVerticalFov = 0.5f;      // rad: a long lens, anatomy is not to look distorted
constexpr float kFollowPerSecond = 13.0f; // the camera covers 95 % of the way in 0.23 s
constexpr float kMargin = 1.05f;
constexpr float kMaxElevation = 1.5f;
constexpr float kMinDistance = 12.0f;
constexpr float kMaxDistance = 6000.0f;
constexpr float kZoomPerStep = 0.88f;

constexpr std::array<std::pair<NamedView, std::string_view>, 10> kViews{{
    {NamedView::Default, "default"},
    {NamedView::WholeLeg, "whole"},
    {NamedView::Rear, "rear"},
    {NamedView::Front, "front"},
    {NamedView::Medial, "medial"},
    {NamedView::Lateral, "lateral"},
    {NamedView::Calf, "calf"},
    {NamedView::Knee, "knee"},
    {NamedView::Foot, "foot"},
    {NamedView::Valve, "valve"},
}};

/// A valve worth showing: the widest of the deep veins between mid-calf and knee, through which all that the
/// calf pumps has to go; in a leg without one, the widest of all.
int showValve(const anatomy::LegModel& leg) {
    int best = -1;
    float bestScore = 0;
    for (std::size_t i = 0; i < leg.rig.valves.size(); ++i) {
        const anatomy::ValveSite& site = leg.rig.valves[i];
        const anatomy::Vessel& vessel = leg.rig.vessels[static_cast<std::size_t>(site.vessel)];
        const VesselFrame frame = frameAt(vessel, site.arc);
        const bool onTheWay =
            vessel.kind == anatomy::VesselKind::DeepVein && frame.position.z > 200 && frame.position.z < 500;
        const float score = frame.radius + (onTheWay ? 100.0f : 0.0f);
        if (score > bestScore) {
            best = static_cast<int>(i);
            bestScore = score;
        }
    }
    return best >= 0 || leg.rig.valves.empty() ? best : 0;
}

} // namespace

std::string_view viewId(NamedView view) {
    for (const auto& [value, id] : kViews)
        if (value == view) return id;
    return "default";
}

std::optional<NamedView> findView(std::string_view id) {
    for (const auto& [value, name] : kViews)
        if (name == id) return value;
    return std::nullopt;
}

OrbitCamera::OrbitCamera(const anatomy::LegModel& leg) : m_leg(leg) {
    m_low = glm::vec3(1e9f);
    m_high = glm::vec3(-1e9f);
    // Femur and vessels go on above the drawn limb; views are framed on its skin, or where there is none on
    // the bones.
    const auto has = [&](anatomy::Tissue tissue) {
        return std::any_of(leg.structures.begin(), leg.structures.end(),
                           [&](const anatomy::Structure& structure) { return structure.tissue == tissue; });
    };
    const bool skin = has(anatomy::Tissue::Skin), bones = has(anatomy::Tissue::Bone);
    for (const anatomy::Structure& structure : leg.structures) {
        if (skin ? structure.tissue != anatomy::Tissue::Skin
                 : bones && structure.tissue != anatomy::Tissue::Bone)
            continue;
        m_low = glm::min(m_low, structure.boundsLow);
        m_high = glm::max(m_high, structure.boundsHigh);
    }
    if (leg.structures.empty()) {
        m_low = {-60, -90, -62};
        m_high = {60, 150, 600};
    }
    m_stance.low = m_low;
    m_stance.high = m_high;
    setView(NamedView::Default);
    jump();
}

void OrbitCamera::setViewport(int width, int height) {
    m_width = std::max(width, 1);
    m_height = std::max(height, 1);
}

glm::vec3 OrbitCamera::direction(const Orbit& orbit) const {
    const float c = std::cos(orbit.elevation);
    return {std::sin(orbit.azimuth) * c, -std::cos(orbit.azimuth) * c, std::sin(orbit.elevation)};
}

void OrbitCamera::orbit(glm::vec2 pixels) {
    const float perPixel = glm::pi<float>() / static_cast<float>(m_height);
    turn(-pixels.x * perPixel, pixels.y * perPixel);
}

void OrbitCamera::turn(float azimuth, float elevation) {
    m_goal.azimuth += azimuth;
    m_goal.elevation = std::clamp(m_goal.elevation + elevation, -kMaxElevation, kMaxElevation);
}

void OrbitCamera::pan(glm::vec2 pixels) {
    const glm::vec3 out = direction(m_goal);
    const glm::vec3 right = glm::normalize(glm::cross(glm::vec3(0, 0, 1), out));
    const glm::vec3 up = glm::cross(out, right);
    const float mmPerPixel = 2 * m_goal.distance * std::tan(kVerticalFov / 2) / static_cast<float>(m_height);
    m_goal.target += (-pixels.x * right + pixels.y * up) * mmPerPixel;
    const glm::vec3 room(300);
    m_goal.target = glm::clamp(m_goal.target, m_stance.low - room, m_stance.high + room);
}

void OrbitCamera::zoom(float steps) {
    m_goal.distance = std::clamp(m_goal.distance * std::pow(kZoomPerStep, steps), kMinDistance, kMaxDistance);
}

void OrbitCamera::zoomAt(float steps, glm::vec2 pixel) {
    const float before = m_goal.distance;
    zoom(steps);
    // The point of the target plane under the pointer keeps its place on the screen.
    const glm::vec2 fromCentre =
        pixel - glm::vec2(static_cast<float>(m_width), static_cast<float>(m_height)) * 0.5f;
    const float share = 1 - m_goal.distance / before;
    const float distance = m_goal.distance;
    m_goal.distance = before;
    pan(-fromCentre * share);
    m_goal.distance = distance;
}

float OrbitCamera::fitDistance(glm::vec3 low, glm::vec3 high, const Orbit& orbit) const {
    const glm::vec3 out = direction(orbit);
    const glm::vec3 right = glm::normalize(glm::cross(glm::vec3(0, 0, 1), out));
    const glm::vec3 up = glm::cross(out, right);
    const float tanY = std::tan(kVerticalFov / 2) / kMargin;
    const float tanX = tanY * static_cast<float>(m_width) / static_cast<float>(m_height);
    float distance = kMinDistance;
    for (int corner = 0; corner < 8; ++corner) {
        const glm::vec3 p((corner & 1) ? high.x : low.x, (corner & 2) ? high.y : low.y,
                          (corner & 4) ? high.z : low.z);
        const glm::vec3 d = p - orbit.target;
        const float depth = glm::dot(d, out);
        distance = std::max(distance, depth + std::abs(glm::dot(d, right)) / tanX);
        distance = std::max(distance, depth + std::abs(glm::dot(d, up)) / tanY);
    }
    return std::min(distance, kMaxDistance);
}

void OrbitCamera::fit(glm::vec3 low, glm::vec3 high) {
    m_goal.target = (low + high) * 0.5f;
    m_goal.distance = fitDistance(low, high, m_goal);
}

glm::vec3 Stance::atRest(glm::vec3 posed) const {
    constexpr float kKneeHeight = 406; // mm
    const auto restIn = [&](const glm::mat4& carrier) {
        return glm::vec3(glm::inverse(carrier) * glm::vec4(posed, 1));
    };
    const glm::vec3 inShank = restIn(shank);
    if (inShank.z < 0) return restIn(foot);
    return inShank.z > kKneeHeight ? restIn(thigh) : inShank;
}

void OrbitCamera::setStance(const Stance& stance) {
    m_stance = stance;
}

void OrbitCamera::face(glm::vec3 direction) {
    const glm::vec3 out = glm::mat3(m_stance.shank) * direction;
    // The shorter way round. From straight above or below the azimuth is that of the limb.
    const float turn = glm::two_pi<float>();
    const float level = std::hypot(out.x, out.y);
    const float azimuth = level > 0.02f ? std::atan2(out.x, -out.y) : 0.0f;
    m_goal.azimuth = azimuth + turn * std::round((m_goal.azimuth - azimuth) / turn);
    m_goal.elevation = std::clamp(std::asin(std::clamp(out.z, -1.0f, 1.0f)), -kMaxElevation, kMaxElevation);
}

void OrbitCamera::frame(float azimuth, float elevation, glm::vec3 low, glm::vec3 high) {
    face(direction({.azimuth = azimuth, .elevation = elevation}));
    fit(low, high);
}

/// The box is one of the leg at rest that `carrier` takes along.
void OrbitCamera::frameFrom(const glm::mat4& carrier, float azimuth, float elevation, glm::vec3 low,
                            glm::vec3 high) {
    glm::vec3 from(1e9f), to(-1e9f);
    for (int corner = 0; corner < 8; ++corner) {
        const glm::vec3 p((corner & 1) ? high.x : low.x, (corner & 2) ? high.y : low.y,
                          (corner & 4) ? high.z : low.z);
        const glm::vec3 posed(carrier * glm::vec4(p, 1));
        from = glm::min(from, posed);
        to = glm::max(to, posed);
    }
    frame(azimuth, elevation, from, to);
    goAlong(carrier, (low + high) * 0.5f);
}

void OrbitCamera::goAlong(const glm::mat4& carrier, glm::vec3 rest) {
    if (!m_stance.strides) return;
    m_followed = rest;
    m_along = false;
    m_followedAt = glm::vec3(carrier * glm::vec4(rest, 1));
}

void OrbitCamera::follow(glm::vec3 posed) {
    if (!m_followed) return;
    // On its way to another view the camera does not leap to where the limb is by now.
    if (m_along || !moving()) m_current.target += posed - m_followedAt;
    m_goal.target += posed - m_followedAt;
    m_followedAt = posed;
    m_along = true;
}

void OrbitCamera::setView(NamedView view) {
    m_followed.reset();
    const float half = glm::half_pi<float>();
    const glm::vec3 low = m_low, high = m_high;
    const Stance& s = m_stance;
    auto slice = [&](float from, float to) {
        const float margin = 8;
        return std::pair{glm::vec3(low.x + margin, low.y + margin, std::max(from, low.z)),
                         glm::vec3(high.x - margin, std::min(high.y - margin, 75.0f), std::min(to, high.z))};
    };
    // Bent, a limb is seen best from its side.
    constexpr float kUpright = 0.6f;
    const bool bent = s.strides || s.thigh[2].z < kUpright || s.shank[2].z < kUpright;
    switch (view) {
    case NamedView::Default:
        frame(bent ? -1.2f : -0.5f, 0.07f, s.low, s.high);
        break;
    case NamedView::WholeLeg:
        frame(bent ? -1.1f : -0.6f, 0.1f, s.low, s.high);
        break;
    case NamedView::Rear:
        frame(0, 0.02f, s.low, s.high);
        break;
    case NamedView::Front:
        frame(glm::pi<float>(), 0.02f, s.low, s.high);
        break;
    case NamedView::Medial:
        frame(-half, 0.02f, s.low, s.high);
        break;
    case NamedView::Lateral:
        frame(half, 0.02f, s.low, s.high);
        break;
    case NamedView::Calf: {
        const auto [a, b] = slice(110, 350);
        frameFrom(s.shank, -0.35f, 0.05f, a, b);
        break;
    }
    case NamedView::Knee: {
        const auto [a, b] = slice(300, 470);
        frameFrom(s.shank, bent ? -0.9f : -0.25f, 0.05f, a, b);
        break;
    }
    case NamedView::Foot:
        frameFrom(s.foot, -0.95f, 0.22f, low, {high.x, high.y, std::min(90.0f, high.z)});
        if (m_followed) goAlong(s.foot, {m_followed->x, m_followed->y, low.z});
        break;
    case NamedView::Valve:
        setValveView(showValve(m_leg));
        break;
    }
}

void OrbitCamera::setValveView(int valve) {
    if (valve < 0 || valve >= static_cast<int>(m_leg.rig.valves.size())) {
        setView(NamedView::Calf);
        return;
    }
    const anatomy::ValveSite& site = m_leg.rig.valves[static_cast<std::size_t>(valve)];
    const VesselFrame frame = frameAt(m_leg.rig.vessels[static_cast<std::size_t>(site.vessel)], site.arc);
    // Along the line where the cusps meet, both are seen from the side, as in the textbook's drawing.
    glm::vec3 out = valveLine(frame, site.angle);
    const glm::vec3 towardSkin(frame.position.x, frame.position.y + 10.0f, 0);
    if (glm::dot(out, towardSkin) < 0) out = -out;
    const float elevation = std::clamp(std::asin(std::clamp(out.z, -1.0f, 1.0f)) + 0.15f, -1.2f, 1.2f);
    face(direction({.azimuth = std::atan2(out.x, -out.y), .elevation = elevation}));
    constexpr float kKneeHeight = 400; // mm
    const glm::mat4& carrier = frame.position.z < 0             ? m_stance.foot
                               : frame.position.z < kKneeHeight ? m_stance.shank
                                                                : m_stance.thigh;
    m_goal.target = glm::vec3(carrier * glm::vec4(frame.position + frame.tangent * frame.radius, 1));
    m_goal.distance = std::clamp(frame.radius * 22.0f, kMinDistance, 200.0f);
    m_followed.reset();
    goAlong(carrier, frame.position);
}

void OrbitCamera::setOrbit(const Orbit& goal) {
    m_followed.reset();
    m_goal = goal;
    m_goal.elevation = std::clamp(goal.elevation, -kMaxElevation, kMaxElevation);
    m_goal.distance = std::clamp(goal.distance, kMinDistance, kMaxDistance);
}

void OrbitCamera::jump() {
    m_current = m_goal;
}

bool OrbitCamera::moving() const {
    return m_current.target != m_goal.target || m_current.azimuth != m_goal.azimuth ||
           m_current.elevation != m_goal.elevation || m_current.distance != m_goal.distance;
}

void OrbitCamera::update(double seconds) {
    if (!moving() || seconds <= 0) return;
    const float share = 1 - static_cast<float>(std::exp(-kFollowPerSecond * std::min(seconds, 10.0)));
    m_current.target += (m_goal.target - m_current.target) * share;
    m_current.azimuth += (m_goal.azimuth - m_current.azimuth) * share;
    m_current.elevation += (m_goal.elevation - m_current.elevation) * share;
    m_current.distance *= std::pow(m_goal.distance / m_current.distance, share);
    const bool there = glm::distance(m_current.target, m_goal.target) < 1e-4f * m_goal.distance &&
                       std::abs(m_current.azimuth - m_goal.azimuth) < 2e-4f &&
                       std::abs(m_current.elevation - m_goal.elevation) < 2e-4f &&
                       std::abs(m_current.distance - m_goal.distance) < 2e-4f * m_goal.distance;
    if (there) m_current = m_goal;
}

CameraView OrbitCamera::view() const {
    CameraView result;
    const glm::vec3 out = direction(m_current);
    result.eye = m_current.target + out * m_current.distance;
    result.view = glm::lookAt(result.eye, m_current.target, glm::vec3(0, 0, 1));
    const float nearPlane = std::max(1.0f, m_current.distance * 0.04f);
    const float farPlane = m_current.distance + 2600.0f;
    result.projection = glm::perspective(
        kVerticalFov, static_cast<float>(m_width) / static_cast<float>(m_height), nearPlane, farPlane);
    result.projection[1][1] *= -1; // Vulkan: y down
    result.verticalFov = kVerticalFov;
    return result;
}

} // namespace pump::scene
