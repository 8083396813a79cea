#pragma once

#include "physiology/Massage.h"
#include "physiology/Simulation.h"
#include "scene/TouchSurface.h"
#include "ui/Panel.h"

#include <optional>
#include <string>
#include <vector>

namespace pump::app {

/// What presses on the leg: the visitor's finger, fingers that were left where they pressed, and the hands of
/// a massage. One list both enters the simulation and is drawn.
class TouchControl {
  public:
    /// Leg and massages must outlive it.
    TouchControl(const anatomy::LegModel& leg, const physiology::Network& network,
                 const std::vector<physiology::Massage>& massages)
        : m_surface(leg, network), m_massages(massages) {}

    struct Input {
        std::optional<scene::Ray> finger; ///< through the pointer while it presses; nothing: lifted
        double pressureMmHg = 80;
        float radiusMm = 11;
        bool keep = false;      ///< a finger that is lifted stays where it pressed
        std::string massage;    ///< id; "none" or "": no massage
        double massageMmHg = 0; ///< 0: as in its table
        double seconds = 0;     ///< real time since the last update: fingers come and go over a moment
        double simulatedS = 0;  ///< simulated time since the last update: pits fill again
    };
    /// Throws Error(Usage) on an unknown massage.
    void update(const Input& input, const scene::RenderInput& pose, const physiology::SimSnapshot& snapshot);
    /// Takes kept fingers away; false: there were none.
    bool releaseKept();

    bool onSkin(const scene::Ray& ray, const scene::RenderInput& pose) const {
        return m_surface.hit(ray, pose).has_value();
    }
    /// For BodySettings::touches.
    const std::vector<physiology::TouchPressure>& touches() const { return m_touches; }
    const std::vector<shared::Contact>& contacts() const { return m_contacts; }
    /// Something presses, or a pit still fills: the picture changes.
    bool moving() const { return m_moving; }

    /// Of the finger, else of the newest kept one; nothing: none presses.
    std::optional<ui::TouchReading> reading() const;

  private:
    struct Finger {
        scene::SkinPoint point;
        double pressureMmHg = 0; ///< when fully there
        float radiusMm = 11;
        double share = 0; ///< 0 coming ... 1 there
        bool leaving = false;
    };
    struct Pit {
        shared::Contact contact;
    };

    void follow(const Input& input, const scene::RenderInput& pose, const physiology::SimSnapshot& snapshot);
    void lift(const Input& input, const physiology::SimSnapshot& snapshot);
    void leavePit(const Finger& finger, const physiology::SimSnapshot& snapshot);
    void fade(const Input& input);
    void collect(const Input& input, const physiology::SimSnapshot& snapshot);
    const physiology::Massage* massage(const std::string& id) const;

    scene::TouchSurface m_surface;
    const std::vector<physiology::Massage>& m_massages;
    std::optional<Finger> m_finger;
    bool m_taking = false; ///< the press took a kept finger away: nothing is put there until it is lifted
    std::vector<Finger> m_kept, m_leaving;
    std::vector<Pit> m_pits;
    std::vector<physiology::TouchPressure> m_touches;
    std::vector<shared::Contact> m_contacts;
    bool m_moving = false;
};

} // namespace pump::app
