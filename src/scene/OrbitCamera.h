#pragma once

#include "anatomy/LegModel.h"
#include "scene/RenderInput.h"

#include <glm/glm.hpp>

#include <optional>
#include <string_view>

namespace pump::scene {

enum class NamedView { Default, WholeLeg, Rear, Front, Medial, Lateral, Calf, Knee, Foot, Valve };

/// "default", "whole", "rear", "front", "medial", "lateral", "calf", "knee", "foot", "valve".
std::string_view viewId(NamedView view);
/// Nothing for an unknown id.
std::optional<NamedView> findView(std::string_view id);

/// Where a camera stands, as seen from what it looks at.
struct Orbit {
    glm::vec3 target{0, 0, 250}; ///< leg frame, mm
    float azimuth = 0;           ///< rad, 0: from behind, positive: round toward the lateral side
    float elevation = 0;         ///< rad, above the horizon; -1.5 to 1.5
    float distance = 1200;       ///< mm from the eye to the target
};

/// How the limb is held while a movement runs: what the named views are framed on.
struct Stance {
    glm::vec3 low{}, high{};               ///< box of the limb over the whole movement, mm
    glm::mat4 thigh{1}, shank{1}, foot{1}; ///< rest -> posed at the movement's beginning
    bool strides = false;                  ///< the limb swings far to and fro
    bool seat = false, stool = false, bed = false, cushion = false, wall = false; ///< what it needs
    float back = 80; ///< depth of the limb behind its axis, mm
    /// The place of the leg at rest that is here in this stance.
    glm::vec3 atRest(glm::vec3 posed) const;
    bool operator==(const Stance&) const = default;
};

/// A camera on a sphere around its target. Input moves a goal; the camera follows it with an exponential that
/// does not depend on the frame rate, so two half steps end where one whole step does.
class OrbitCamera {
  public:
    /// Framed on the default view of this leg.
    explicit OrbitCamera(const anatomy::LegModel& leg);

    void setViewport(int width, int height); ///< pixels, both > 0

    void orbit(glm::vec2 pixels);              ///< drag by so many pixels: the leg turns with the hand
    void pan(glm::vec2 pixels);                ///< drag: the point under the pointer stays under it
    void zoom(float steps);                    ///< wheel steps, positive: nearer
    void zoomAt(float steps, glm::vec2 pixel); ///< the point under the pointer stays where it is
    void turn(float azimuth, float elevation); ///< rad, relative

    /// From now on views show the limb as it is held then. Does not move the camera.
    void setStance(const Stance& stance);
    void setView(NamedView view);
    /// From the default valve's side, so that its two cusps are seen edge on and the vein from the side.
    void setValveView(int valve);
    void fit(glm::vec3 low, glm::vec3 high); ///< all of the box in the picture, from where the camera is
    void setOrbit(const Orbit& goal);
    void jump(); ///< to the goal at once

    /// Place of the leg at rest that a close view of a striding limb goes along with.
    const std::optional<glm::vec3>& followed() const { return m_followed; }
    /// Where that place is now: the camera moves as it has moved.
    void follow(glm::vec3 posed);

    /// Moves toward the goal by real seconds.
    void update(double seconds);

    bool moving() const; ///< false once the goal is reached and update() changes nothing any more
    const Orbit& current() const { return m_current; }
    const Orbit& goal() const { return m_goal; }
    CameraView view() const;

  private:
    float fitDistance(glm::vec3 low, glm::vec3 high, const Orbit& orbit) const;
    void face(glm::vec3 direction); ///< from the target to the eye, as seen from the shank at rest
    void frame(float azimuth, float elevation, glm::vec3 low, glm::vec3 high);
    void frameFrom(const glm::mat4& carrier, float azimuth, float elevation, glm::vec3 low, glm::vec3 high);
    glm::vec3 direction(const Orbit& orbit) const;
    void goAlong(const glm::mat4& carrier, glm::vec3 rest);

    const anatomy::LegModel& m_leg;
    glm::vec3 m_low{}, m_high{}; ///< of the limb at rest
    Stance m_stance;
    int m_width = 1280, m_height = 720;
    Orbit m_goal, m_current;
    std::optional<glm::vec3> m_followed; ///< at rest
    glm::vec3 m_followedAt{};            ///< posed, when the camera last moved along
    bool m_along = false;                ///< has moved along since the view was set
};

} // namespace pump::scene
