#include "app/TouchControl.h"

#include "core/Error.h"

#include <fmt/ranges.h>

#include <glm/gtc/constants.hpp>

#include <algorithm>
#include <cmath>

namespace pump::app {
namespace {

constexpr double kComesInS = 0.15, kGoesInS = 0.12; // a finger is put down and lifted, not switched
constexpr std::size_t kMostKept = 3, kMostPits = 3;
// Pitting oedema of middle grade fills again in 15 to 60 s.
constexpr double kPitS = 30;
constexpr float kLeastPitMm = 0.25f;

/// Thickness of the swelling at a height, mm, as of a cylinder of the region's girth; order foot, ankle,
/// calf.
float swellingMm(const physiology::SimSnapshot& snapshot, float heightMm) {
    const std::size_t region = heightMm < 90 ? 0 : heightMm < 210 ? 1 : 2;
    if (region >= snapshot.tissue.size() || heightMm > 420) return 0;
    return static_cast<float>(snapshot.tissue[region].girthGainMm) / glm::two_pi<float>();
}

} // namespace

const physiology::Massage* TouchControl::massage(const std::string& id) const {
    if (id.empty() || id == "none") return nullptr;
    std::vector<std::string> known{"none"};
    for (const physiology::Massage& one : m_massages) {
        if (one.id == id) return &one;
        known.push_back(one.id);
    }
    throw core::Error(core::ErrorKind::Usage, "massage: '{}' is not allowed; give one of: {}", id,
                      fmt::join(known, ", "));
}

void TouchControl::update(const Input& input, const scene::RenderInput& pose,
                          const physiology::SimSnapshot& snapshot) {
    if (input.finger)
        follow(input, pose, snapshot);
    else
        lift(input, snapshot);
    fade(input);
    collect(input, snapshot);
}

void TouchControl::follow(const Input& input, const scene::RenderInput& pose,
                          const physiology::SimSnapshot&) {
    const auto point = m_surface.hit(*input.finger, pose);
    if (!point || m_taking) return; // the finger stays where it last met the skin
    if (!m_finger) {
        const auto same = std::find_if(m_kept.begin(), m_kept.end(), [&](const Finger& kept) {
            return glm::distance(kept.point.place, point->place) < 1.3f * kept.radiusMm;
        });
        if (same != m_kept.end()) {
            m_leaving.push_back(*same);
            m_kept.erase(same);
            m_taking = true;
            return;
        }
        m_finger = Finger{};
    }
    m_finger->point = *point;
    m_finger->pressureMmHg = input.pressureMmHg;
    m_finger->radiusMm = input.radiusMm;
}

void TouchControl::lift(const Input& input, const physiology::SimSnapshot& snapshot) {
    m_taking = false;
    if (!m_finger) return;
    if (input.keep) {
        if (m_kept.size() == kMostKept) {
            m_leaving.push_back(m_kept.front());
            m_kept.erase(m_kept.begin());
        }
        m_kept.push_back(*m_finger);
    } else {
        leavePit(*m_finger, snapshot);
        m_leaving.push_back(*m_finger);
    }
    m_finger.reset();
}

bool TouchControl::releaseKept() {
    const bool any = !m_kept.empty();
    m_leaving.insert(m_leaving.end(), m_kept.begin(), m_kept.end());
    m_kept.clear();
    return any;
}

void TouchControl::leavePit(const Finger& finger, const physiology::SimSnapshot& snapshot) {
    const float swelling = swellingMm(snapshot, finger.point.heightMm());
    const auto dent =
        m_surface.pad(finger.point, finger.radiusMm, static_cast<float>(finger.pressureMmHg * finger.share));
    // Fluid is pressed aside, flesh springs back: the pit is at most as deep as the fluid was thick.
    Pit pit{dent};
    pit.contact.kind = shared::kContactPit;
    pit.contact.depth = std::min(dent.depth, 0.9f * swelling);
    pit.contact.thickness = std::max(8.0f, 3 * swelling);
    pit.contact.radius = 0.6f * finger.radiusMm;
    pit.contact.mark = 0;
    if (pit.contact.depth < 2 * kLeastPitMm) return;
    if (m_pits.size() == kMostPits) m_pits.erase(m_pits.begin());
    m_pits.push_back(pit);
}

void TouchControl::fade(const Input& input) {
    const auto come = [&](Finger& f) { f.share = std::min(1.0, f.share + input.seconds / kComesInS); };
    if (m_finger) come(*m_finger);
    for (Finger& f : m_kept) come(f);
    for (Finger& f : m_leaving) f.share -= input.seconds / kGoesInS;
    std::erase_if(m_leaving, [](const Finger& f) { return f.share <= 0; });
    if (m_leaving.size() > 2) m_leaving.erase(m_leaving.begin(), m_leaving.end() - 2);
    const auto filled = static_cast<float>(std::exp(-input.simulatedS / kPitS));
    for (Pit& pit : m_pits) pit.contact.depth *= filled;
    std::erase_if(m_pits, [](const Pit& pit) { return pit.contact.depth < kLeastPitMm; });
}

void TouchControl::collect(const Input& input, const physiology::SimSnapshot& snapshot) {
    m_touches.clear();
    m_contacts.clear();
    const auto add = [&](const Finger& finger) {
        const double pressure = finger.pressureMmHg * finger.share;
        if (pressure < 0.5) return;
        auto contact = m_surface.pad(finger.point, finger.radiusMm, static_cast<float>(pressure));
        contact.mark = static_cast<float>(finger.share);
        m_contacts.push_back(contact);
        auto shares = m_surface.shares(contact);
        if (shares.empty()) return; // no vein is near: nothing for the blood
        m_touches.push_back({.heightMm = std::clamp(finger.point.heightMm(), 0.0f, 1400.0f),
                             .widthMm = 2 * finger.radiusMm,
                             .pressureMmHg = pressure,
                             .shares = std::move(shares)});
    };
    for (const Finger& finger : m_kept) add(finger);
    if (m_finger) add(*m_finger);
    for (const Finger& finger : m_leaving) add(finger);
    if (const auto* chosen = massage(input.massage)) {
        for (const physiology::TouchPressure& hand : chosen->at(snapshot.timeS, input.massageMmHg)) {
            auto contact = m_surface.band(static_cast<float>(hand.heightMm), static_cast<float>(hand.widthMm),
                                          static_cast<float>(hand.pressureMmHg));
            contact.mark = static_cast<float>(std::min(1.0, hand.pressureMmHg / 15));
            m_contacts.push_back(contact);
            m_touches.push_back(hand);
        }
    }
    for (const Pit& pit : m_pits) m_contacts.push_back(pit.contact);
    if (m_contacts.size() > shared::kMostContacts) m_contacts.resize(shared::kMostContacts);
    m_moving = m_finger.has_value() || !m_leaving.empty() || !m_pits.empty();
}

std::optional<ui::TouchReading> TouchControl::reading() const {
    const Finger* finger = m_finger ? &*m_finger : m_kept.empty() ? nullptr : &m_kept.back();
    if (!finger) return std::nullopt;
    const auto pressure = finger->pressureMmHg * finger->share;
    return ui::TouchReading{
        static_cast<double>(finger->point.heightMm()), pressure,
        static_cast<double>(
            m_surface.pad(finger->point, finger->radiusMm, static_cast<float>(pressure)).depth)};
}

} // namespace pump::app
