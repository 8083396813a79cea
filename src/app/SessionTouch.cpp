// The part of Session that lets the visitor press on the leg.

#include "app/Session.h"

#include <algorithm>

namespace pump::app {
namespace {

constexpr float kFingerMm = 11, kPalmMm = 32; ///< half widths

}

scene::Ray Session::rayThrough(glm::vec2 pixel) const {
    // As the picture is drawn: the camera of this frame, going along with what it looks at.
    const scene::CameraView& camera = m_input.camera;
    const glm::vec2 size(std::max(1, m_width), std::max(1, m_height));
    const glm::vec2 ndc = (pixel + 0.5f) / size * 2.0f - 1.0f;
    const glm::mat4 back = glm::inverse(camera.projection * camera.view);
    const glm::vec4 far = back * glm::vec4(ndc, 1, 1);
    return {camera.eye, glm::normalize(glm::vec3(far) / far.w - camera.eye)};
}

PointerControl::Place Session::pointerPlace(bool overInterface) const {
    return {.picture = m_layout.leg,
            .overInterface = overInterface,
            .contentScale = m_contentScale,
            .touches = m_settings.touch,
            .onSkin = [this](glm::vec2 pixel) {
                return !m_input.joints.empty() && m_touch.onSkin(rayThrough(pixel), m_input);
            }};
}

void Session::updateTouch(const FrameTick& tick) {
    TouchControl::Input input;
    if (const auto pixel = m_pointer.touching(); pixel && !m_input.joints.empty())
        input.finger = rayThrough(*pixel);
    input.pressureMmHg = m_settings.touchPressureMmHg;
    input.radiusMm = m_settings.touchTool == "palm" ? kPalmMm : kFingerMm;
    input.keep = m_settings.touchKeep;
    input.massage = m_settings.massage;
    input.massageMmHg = m_settings.massagePressureMmHg;
    if (const auto found = std::find_if(m_massages.begin(), m_massages.end(),
                                        [&](const auto& m) { return m.id == m_settings.massage; });
        found != m_massages.end() && input.massageMmHg > 0)
        input.massageMmHg = std::clamp(input.massageMmHg, found->lowMmHg, found->highMmHg);
    input.seconds = tick.seconds;
    const auto& snapshot = m_simulation.snapshot();
    input.simulatedS = std::max(0.0, snapshot.timeS - m_touchedAtS);
    m_touchedAtS = snapshot.timeS;
    m_touch.update(input, m_input, snapshot);
    if (m_touch.moving()) m_changed = true;
    if (m_touch.touches() == m_simulation.settings().body.touches) return;
    physiology::BodySettings body = m_simulation.settings().body;
    body.touches = m_touch.touches();
    m_simulation.setBody(body);
    m_changed = true;
}

} // namespace pump::app
